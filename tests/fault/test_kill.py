"""The server is killed in the middle: no acknowledged answer is missing, everybody goes on where they were."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from server.delivery.models import Response
from server.jobs.robot import Browser, Candidate, any_answer
from tests.live import LiveServer

KILLS = 3


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path, count=4)
    server.start()
    yield server
    server.close()


def test_kill_9_loses_no_acknowledged_answer_and_no_time(live: LiveServer) -> None:
    seats = live.seats()
    live.admit(seats)
    candidates = [Candidate(Browser(live.origin), seat.registration_no, seat.code) for seat in seats]
    for candidate in candidates:
        candidate.sign_in()
    acknowledged: list[str] = []
    done = threading.Event()
    threads = [threading.Thread(target=_answer, args=(c, acknowledged, done)) for c in candidates[1:]]
    quiet = candidates[0]  # looks at an item and a clock across the crash
    seen, seen_at = quiet.refresh(), time.monotonic()
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(0.4)
        live.kill()
        time.sleep(0.3)
        live.start()
    after, after_at = quiet.refresh(), time.monotonic()
    time.sleep(0.4)
    done.set()
    for thread in threads:
        thread.join(60)
    with live.platform.database.reading() as db:
        kept = Counter(db.execute(select(Response.key)).scalars())
    assert len(acknowledged) > 10
    assert set(acknowledged) <= set(kept), "an acknowledged answer is missing"
    assert max(kept.values()) == 1
    assert after["step"] == seen["step"]
    passed_ms = (after_at - seen_at) * 1000
    assert abs(seen["clock"]["remaining_ms"] - after["clock"]["remaining_ms"] - passed_ms) < 1000


def _answer(candidate: Candidate, acknowledged: list[str], done: threading.Event) -> None:
    """Answers until told to stop, sending again under the same key whenever the server is away."""
    chance = random.Random(candidate.registration_no)
    while not done.is_set():
        step = candidate.state["step"]
        if step is None:
            return
        reply = candidate.answer(step, any_answer(step["item"], chance), 500)
        acknowledged.append(reply["key"])
        candidate.state["step"] = reply["step"]
        time.sleep(0.05)
