"""The whole product with its sockets: a console follows a running room; a frozen Redis slows no answer."""

from __future__ import annotations

import logging
import random
import signal
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as Refused

from server.jobs.demonstration.centre import PASSWORD
from server.jobs.robot import Browser, Candidate, any_answer
from server.jobs.simulate import Seated
from tests.live import LiveServer
from tests.realtime.ground import FROZEN_S, Console, Process, Redis, free_port, realtime_process, until


class Follower:
    """A proctor's console as stream.ts keeps it: a snapshot, events after it, a new snapshot after a gap."""

    def __init__(self, live: LiveServer) -> None:
        self.browser = Browser(live.origin)
        self.browser.open("/sign-in")
        self.browser.submit("/sign-in", {"login": "proctor2", "password": PASSWORD})
        self.path = f"/proctor/rooms/{live.room_sitting_id}"
        self.page = self.browser.open(self.path)
        self.snapshot = self.fetch()
        where = self.snapshot["realtime_origin"] or live.origin
        self.console = Console(where, {"ticket": self.snapshot["ticket"]}, page=live.origin)

    def fetch(self) -> Any:
        return self.browser.get(self.path + "/snapshot")

    def position(self) -> int:
        """How far the console is, by the versions heard without a gap after its snapshot."""
        v, heard = int(self.snapshot["v"]), set(self.console.versions())
        while v + 1 in heard:
            v += 1
        return v


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path, count=4)
    yield server
    server.close()


@pytest.fixture
def process(live: LiveServer, redis_server: Redis) -> Iterator[Process]:
    """The product with its sockets apart."""
    origin = f"http://127.0.0.1:{free_port()}"
    live.env |= {"SYNAK_REDIS_URL": redis_server.url, "SYNAK_REALTIME_ORIGIN": origin}
    process = realtime_process({k: v for k, v in live.env.items() if k.startswith("SYNAK_")}, origin)
    process.start()
    yield process
    redis_server.signal(signal.SIGCONT)
    process.end()


def _running(live: LiveServer) -> list[Candidate]:
    seats: list[Seated] = live.seats()
    live.admit(seats)
    candidates = [Candidate(Browser(live.origin), seat.registration_no, seat.code) for seat in seats]
    for candidate in candidates:
        candidate.sign_in()
        if candidate.state["clock"]["phase"] == "between":
            candidate.begin_next()
    return candidates


def _answer(candidate: Candidate) -> None:
    step = candidate.state["step"]
    reply = candidate.answer(step, any_answer(step["item"], random.Random(7)), 500)
    candidate.state["step"] = reply["step"]


def _keep_answering(candidate: Candidate, done: threading.Event, took: list[float]) -> None:
    while not done.is_set() and candidate.state["step"] is not None:
        started = time.perf_counter()
        _answer(candidate)
        candidate.heartbeat()
        took.append(time.perf_counter() - started)
        time.sleep(0.1)


def test_a_console_sees_an_act(live: LiveServer) -> None:
    live.start()
    candidates = _running(live)
    follower = Follower(live)
    assert follower.snapshot["realtime_origin"] is None
    lags = []
    for _ in range(5):
        before = follower.position()
        started = time.monotonic()
        _answer(candidates[0])
        until(lambda before=before: follower.position() > before, 5)
        lags.append(time.monotonic() - started)
    logging.getLogger("test").warning("product: answer to console %.0f ms", statistics.median(lags) * 1000)
    assert until(lambda: follower.console.all_of("pulse"), 8)[0]["topic"] == follower.snapshot["topic"]
    candidates[0].heartbeat()
    until(lambda: follower.console.all_of("seen"), 10)
    follower.console.close()


def test_a_frozen_redis_slows_no_answer_and_consoles_catch_up(
    live: LiveServer, process: Process, redis_server: Redis
) -> None:
    live.start()
    candidates = _running(live)
    follower = Follower(live)
    took: list[float] = []
    done = threading.Event()
    threads = [threading.Thread(target=_keep_answering, args=(each, done, took)) for each in candidates]
    redis_server.signal(signal.SIGSTOP)
    for thread in threads:
        thread.start()
    time.sleep(FROZEN_S)
    redis_server.signal(signal.SIGCONT)
    thawed = time.monotonic()
    done.set()
    for thread in threads:
        thread.join(30)
    end = follower.fetch()["v"]
    assert end > follower.snapshot["v"] + 10
    until(lambda: follower.position() >= end, 10)
    logging.getLogger("test").warning(
        "frozen Redis: %d answers, median %.0f ms, longest %.0f ms; caught up after %.1f s",
        len(took), statistics.median(took) * 1000, max(took) * 1000, time.monotonic() - thawed,
    )  # fmt: skip
    assert statistics.median(took) < FROZEN_S / 2, "an answer waits for Redis"
    follower.console.close()


def _follow(live: LiveServer, seconds: float = 20.0) -> Follower:
    """A console that tries until it is connected, as stream.ts does: each time a new snapshot, a new ticket."""
    until_s = time.monotonic() + seconds
    while True:
        try:
            return Follower(live)
        except Refused:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.2)


def test_pages_may_connect_where_the_sockets_are(live: LiveServer, process: Process) -> None:
    live.start()
    follower = Follower(live)
    origin = live.env["SYNAK_REALTIME_ORIGIN"]
    assert follower.snapshot["realtime_origin"] == origin
    with urllib.request.urlopen(live.origin, timeout=5) as page:
        policy = page.headers["Content-Security-Policy"]
    assert f"connect-src 'self' {origin.replace('http', 'ws')}" in policy
    process.end()
    assert follower.console.is_closed.wait(10)
    process.start()
    again = _follow(live)
    assert again.console.client.connected
    again.console.close()
