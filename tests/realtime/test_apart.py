"""Sockets in a realtime process of their own, fed through Redis, in each of its three modes."""

from __future__ import annotations

import base64
import json
import logging
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import websocket
from flask import Flask

from server.core.masters import Ring
from server.core.work import Platform
from server.web import realtime, relay
from server.web.background import Background
from server.web.config import ASYNC_MODES, Config
from tests.conftest import MASTER, SECRET
from tests.realtime.ground import (
    FROZEN_S,
    NAMESPACE,
    ROOM,
    ROOT,
    Console,
    Process,
    Redis,
    a_ticket,
    commit,
    free_port,
    is_refused,
    realtime_process,
    until,
)

PAGE = "https://exam.test"


@dataclass
class Apart:
    """A web process without sockets, a Redis, and a realtime process that can be killed."""

    origin: str
    platform: Platform
    background: Background
    redis: Redis
    process: Process

    def console(self, topic: str = ROOM) -> Console:
        return Console(self.origin, {"ticket": a_ticket(self.platform, topic)}, page=PAGE)


@pytest.fixture
def mode() -> str:
    return "threading"


@pytest.fixture
def apart(
    committing: Platform, redis_server: Redis, mode: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Apart]:
    monkeypatch.setattr(relay, "PULSE_S", 1.0)
    monkeypatch.setattr(realtime, "PULSE_S", 1.0)
    origin = f"http://127.0.0.1:{free_port()}"
    settings = {
        "SYNAK_SECRET_KEY": base64.b64encode(SECRET).decode(),
        "SYNAK_PUBLIC_ORIGIN": PAGE,
        "SYNAK_REDIS_URL": redis_server.url,
        "SYNAK_ASYNC_MODE": mode,
    }
    process = realtime_process(settings, origin)
    process.start()
    back = Background()
    platform = Platform(committing.database, committing.clock, committing.vault, back.announce)
    config = Config("sqlite://", Ring(MASTER), SECRET, PAGE, redis_server.url, origin)
    back.start(platform, realtime.attach(Flask("web"), config, platform))
    yield Apart(origin, platform, back, redis_server, process)
    redis_server.signal(signal.SIGCONT)
    back.stop()
    process.end()


@pytest.mark.parametrize("mode", ASYNC_MODES)
def test_a_console_hears_through_redis_and_comes_back_after_a_crash(apart: Apart, mode: str) -> None:
    console, lags = apart.console(), []
    for n in range(1, 11):
        started = time.monotonic()
        commit(apart.platform, n)
        until(lambda n=n: n in console.versions(), 5)
        lags.append(console.heard_at(n) - started)
    logging.getLogger("test").warning("%s: lag %.0f ms", mode, statistics.median(lags) * 1000)
    apart.background.emit("seen", ROOM, {"session_id": 7})
    until(lambda: console.all_of("seen"), 10)
    until(lambda: [p["v"] for p in console.all_of("pulse")][-1:] == [10], 10)
    assert is_refused(apart.origin, {"ticket": a_ticket(apart.platform) + "A"}, page=PAGE)
    assert is_refused(apart.origin, {"ticket": a_ticket(apart.platform)}, page="https://elsewhere.test")

    apart.process.end()
    assert console.is_closed.wait(10)
    commit(apart.platform, 11)  # nobody hears it; the next snapshot has it
    apart.process.start()
    again = apart.console()
    commit(apart.platform, 12)
    until(lambda: 12 in again.versions(), 10)
    again.close()


@pytest.mark.parametrize("mode", ASYNC_MODES)
def test_a_slow_reader_gets_whole_messages(apart: Apart, mode: str) -> None:
    """More than the buffers hold waits in the sender, which must not take half a message for sent."""
    address = apart.origin.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)]
    slow = websocket.create_connection(address, timeout=10, origin=PAGE, sockopt=small)
    slow.recv()
    slow.send("40" + NAMESPACE + "," + json.dumps({"ticket": a_ticket(apart.platform)}))
    assert slow.recv().startswith("40")
    for n in range(16):
        apart.background.emit("seen", ROOM, {"n": n, "filling": "x" * 500_000})
    time.sleep(1)  # it does not read
    heard: list[Any] = []
    end = time.monotonic() + 10
    while heard[-1:] != [15] and time.monotonic() < end:
        packet = slow.recv()
        if packet == "2":
            slow.send("3")
        elif '"seen"' in packet[:40]:
            heard.append(json.loads(packet[packet.index(",") + 1 :])[1]["n"])
    # Signs of life may be dropped when Redis is slow; what comes is whole and in order.
    assert heard == sorted(set(heard))
    assert len(heard) >= 8
    slow.close()


def test_events_missed_while_redis_was_gone_show_in_the_pulse(apart: Apart) -> None:
    console = apart.console()
    commit(apart.platform, 1)
    until(lambda: console.versions() == [1], 10)
    apart.redis.end()
    commit(apart.platform, 2)
    apart.redis.start()  # it kept nothing, not even who listens
    until(lambda: [p["v"] for p in console.all_of("pulse")][-1:] == [2], 10)
    commit(apart.platform, 3)
    until(lambda: 3 in console.versions(), 10)
    assert not console.is_closed.is_set()
    console.close()


def test_a_frozen_redis_loses_nothing(apart: Apart) -> None:
    console = apart.console()
    commit(apart.platform, 1)
    until(lambda: console.versions() == [1], 10)
    apart.redis.signal(signal.SIGSTOP)
    took = []
    end, n = time.monotonic() + FROZEN_S, 1
    while time.monotonic() < end:
        n += 1
        started = time.perf_counter()
        commit(apart.platform, n)
        apart.background.emit("seen", ROOM, {"session_id": n})
        took.append(time.perf_counter() - started)
        time.sleep(0.02)
    apart.redis.signal(signal.SIGCONT)
    until(lambda: n in console.versions(), 5)
    first = list(dict.fromkeys(console.versions()))
    assert first == list(range(1, n + 1)), "each event, in order; some twice"
    assert statistics.median(took) < FROZEN_S / 2, "a commit waits for Redis"
    console.close()


def test_the_realtime_process_is_well_and_loads_no_feature(
    apart: Apart,
) -> None:
    with urllib.request.urlopen(apart.origin + "/health", timeout=5) as reply:
        assert json.load(reply) == {"status": "ok"}
    loaded = (
        "import sys, server.web.realtime; "
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in ('proctor', 'itembank', 'irt') "
        "or m.startswith(('server.delivery', 'server.grading', 'server.reports', 'server.accounts'))))"
    )
    said = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == ""
