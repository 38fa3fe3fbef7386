"""Sockets inside the web process: who is let in, what they hear, and that they can hold nothing up."""

from __future__ import annotations

import base64
import json
import logging
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import websocket
from flask import Flask
from werkzeug.serving import make_server

from server.core.masters import Ring
from server.core.roles import Role
from server.core.vault import Vault
from server.core.work import Platform
from server.edge.sockets import TICKET_S, make_ticket, read_ticket
from server.web import doorkeeper, realtime, relay
from server.web.background import Background
from server.web.config import Config
from tests.realtime.ground import NAMESPACE, ROOM, Console, a_ticket, commit, free_port, is_refused, until

PAGE = "http://exam.test"


@dataclass
class Web:
    """A web process in small: sockets and background, and one port."""

    origin: str
    platform: Platform
    background: Background

    def console(self, topic: str = ROOM) -> Console:
        return Console(self.origin, {"ticket": a_ticket(self.platform, topic)}, page=PAGE)

    def raw(self) -> websocket.WebSocket:
        """A websocket that speaks no Socket.IO by itself."""
        address = self.origin.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        return websocket.create_connection(address, timeout=5, origin=PAGE)


@pytest.fixture
def web(committing: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(relay, "PULSE_S", 0.5)
    monkeypatch.setattr(doorkeeper, "ROUND_S", 0.05)
    back = Background()
    platform = Platform(committing.database, committing.clock, committing.vault, back.announce)
    app = Flask("web")
    config = Config("sqlite://", Ring(bytes(32)), bytes(32), public_origin=PAGE, sockets=4)
    line = realtime.attach(app, config, platform)
    back.start(platform, line)
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Web(f"http://127.0.0.1:{server.server_port}", platform, back)
    server.shutdown()
    thread.join(10)
    back.stop()


def test_a_console_hears_what_is_committed(web: Web) -> None:
    console, lags = web.console(), []
    for n in range(1, 11):
        started = time.monotonic()
        commit(web.platform, n)
        until(lambda n=n: n in console.versions(), 5)
        lags.append(console.heard_at(n) - started)
    envelope = console.all_of("events")[0]
    assert (envelope["topic"], envelope["events"][0]["name"]) == (ROOM, "seat:moved")
    assert console.versions() == list(range(1, 11))
    logging.getLogger("test").warning("in process: lag %.0f ms", statistics.median(lags) * 1000)
    console.close()


def test_events_of_one_moment_come_in_one_frame(web: Web) -> None:
    console = web.console()
    for n in range(1, 31):
        commit(web.platform, n)
    until(lambda: console.versions()[-1:] == [30], 10)
    assert console.versions() == list(range(1, 31))
    assert len(console.all_of("events")) < 15
    console.close()


def test_a_console_hears_pulses_and_signs_of_life(web: Web) -> None:
    console = web.console()
    web.background.emit("seen", ROOM, {"session_id": 7, "presence": {}})
    until(lambda: console.all_of("seen") == [{"session_id": 7, "presence": {}}], 10)
    until(lambda: [p["v"] for p in console.all_of("pulse")][-1:] == [0], 4)  # though nothing has happened yet
    commit(web.platform, 1)
    until(lambda: console.all_of("pulse")[-1]["v"] == 1, 10)
    console.close()


def _tickets(platform: Platform) -> dict[str, Any]:
    now, vault = platform.clock.now(), platform.vault
    good = make_ticket(vault, ROOM, Role.PROCTOR, now)
    body, _, mac = good.partition(".")
    nested = base64.urlsafe_b64encode(b"[" * 250).decode().rstrip("=")
    other_room = base64.urlsafe_b64encode(json.dumps(["room:2", "proctor", 2**40]).encode()).decode()
    return {
        "missing": None,
        "empty": {},
        "not a text": {"ticket": [good]},
        "not a dict": good,
        "mangled": {"ticket": "?.?"},
        "without signature": {"ticket": body},
        "signed by another": {"ticket": make_ticket(Vault(bytes(32), bytes(32)), ROOM, Role.PROCTOR, now)},
        "signature of another body": {"ticket": f"{other_room}.{mac}"},
        "a nest": {"ticket": f"{nested}.{mac}"},
        "too long": {"ticket": "A" * 1000},
        "too old": {"ticket": make_ticket(vault, ROOM, Role.PROCTOR, now - timedelta(seconds=TICKET_S + 2))},
        "a candidate's": {"ticket": make_ticket(vault, ROOM, Role.CANDIDATE, now)},
        "the centre's": {"ticket": make_ticket(vault, ROOM, Role.CENTRE, now)},
    }


def test_only_a_proctors_fresh_and_true_ticket_admits(web: Web) -> None:
    for name, auth in _tickets(web.platform).items():
        if name not in ("missing", "empty"):
            assert is_refused(web.origin, auth, page=PAGE), name
    for auth in (None, {}):
        assert is_refused(web.origin, auth, page=PAGE)
    assert not is_refused(web.origin, {"ticket": a_ticket(web.platform)}, page=PAGE)


def test_within_its_minute_a_ticket_admits_again_and_then_no_more(committing: Platform) -> None:
    now = committing.clock.now()
    ticket = make_ticket(committing.vault, ROOM, Role.PROCTOR, now)
    for later in (0, 1, TICKET_S - 1):
        at = now + timedelta(seconds=later)
        assert read_ticket(committing.vault, ticket, at) == (ROOM, Role.PROCTOR)
    assert read_ticket(committing.vault, ticket, now + timedelta(seconds=TICKET_S + 1)) is None


def test_another_page_another_namespace_another_transport_are_refused(web: Web) -> None:
    auth = {"ticket": a_ticket(web.platform)}
    assert is_refused(web.origin, auth, page="http://elsewhere.test")
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(
            web.origin.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket",
            origin="http://else.test",
        )
    raw = web.raw()
    raw.recv()
    raw.send("40")  # the root namespace
    assert raw.recv().startswith("44")
    raw.close()


def test_a_topic_is_heard_by_its_own_listeners_alone(web: Web) -> None:
    mine, theirs = web.console(), web.console("room:2")
    commit(web.platform, 1, "room:2")
    commit(web.platform, 2, "room:2")
    until(lambda: theirs.versions() == [1, 2], 10)
    commit(web.platform, 1)
    until(lambda: mine.versions() == [1], 10)
    assert {e["topic"] for e in mine.all_of("events")} == {ROOM}
    mine.close()
    theirs.close()


def test_what_a_client_says_is_not_heard(web: Web) -> None:
    loud, other = web.console(), web.console()
    elsewhere = {"ticket": a_ticket(web.platform, "room:2")}
    for name in ("events", "seen", "pulse", "message", "enter_room", "trigger_event", "disconnect"):
        loud.client.emit(name, {"topic": ROOM, "events": [{"v": 99}]}, namespace=NAMESPACE)
    loud.client.emit("connect", ({}, elsewhere), namespace=NAMESPACE)  # as if it were the library's own
    commit(web.platform, 1, "room:2")
    commit(web.platform, 1)
    until(lambda: loud.versions() == other.versions() == [1], 10)
    assert {e["topic"] for e in loud.all_of("events")} == {ROOM}
    assert not loud.is_closed.is_set()
    loud.close()
    other.close()


def test_no_more_sockets_than_allowed(web: Web) -> None:
    consoles = [web.console() for _ in range(4)]
    assert is_refused(web.origin, {"ticket": a_ticket(web.platform)}, page=PAGE)
    consoles.pop().close()
    until(lambda: not is_refused(web.origin, {"ticket": a_ticket(web.platform)}, page=PAGE), 5)
    for console in consoles:
        console.close()


def test_a_socket_without_a_ticket_is_closed_and_keeps_no_thread(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.console().close()  # what starts with the first socket has started
    before = until(lambda: threading.active_count())
    idle = [web.raw() for _ in range(3)]  # they never answer, not even when the line is closed
    until(lambda: threading.active_count() > before, 5)
    monkeypatch.setattr(doorkeeper, "ADMITTED_WITHIN_S", 0.2)
    # Readers and requests; a ping that was put off keeps its thread a little longer.
    held = ("Base._thread", "process_request_thread")
    until(lambda: not [t.name for t in threading.enumerate() if any(each in t.name for each in held)], 5)
    for each in idle:
        each.close()


def test_after_an_hour_a_console_shows_a_new_ticket(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    console = web.console()
    monkeypatch.setattr(doorkeeper, "LIFE_S", 0.2)
    assert console.is_closed.wait(10)


def test_a_message_too_large_ends_the_socket(web: Web) -> None:
    raw = web.raw()
    raw.recv()
    raw.send("4" + "x" * 1_000_000)
    with suppress(OSError, websocket.WebSocketException):
        while raw.recv():
            pass
    assert not raw.connected
