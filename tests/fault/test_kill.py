"""The server is killed in the middle: no acknowledged answer is missing, everybody goes on where they were."""

from __future__ import annotations

import random
import threading
import time
from uuid import uuid4

import pytest

from server.jobs.robot import Candidate, any_answer
from server.jobs.verify import verify
from tests.fault.conftest import Room, insist, send

pytestmark = pytest.mark.xdist_group("robots")
KILLS = 3
SLACK_S = 0.1
BETWEEN = 4


def test_kill_9_loses_no_acknowledged_answer_and_no_time(room: Room) -> None:
    live, candidates = room.live, room.candidates(4)
    acknowledged: list[str] = []
    done = threading.Event()
    threads = [threading.Thread(target=_answer, args=(c, acknowledged, done)) for c in candidates[1:]]
    quiet = candidates[0]  # looks at an item and a clock across the crash
    before_s, seen, seen_s = time.monotonic(), quiet.refresh(), time.monotonic()
    for thread in threads:
        thread.start()
    for n in range(1, KILLS + 1):
        insist(lambda n=n: enough(acknowledged, n * BETWEEN))
        live.kill()
        time.sleep(0.3)
        live.start()
    asked_s, after, after_s = time.monotonic(), quiet.refresh(), time.monotonic()
    insist(lambda: enough(acknowledged, (KILLS + 1) * BETWEEN))
    done.set()
    for thread in threads:
        thread.join(120)
    kept = room.counted(*candidates)
    assert set(acknowledged) <= set(kept), "an acknowledged answer is missing"
    assert max(kept.values()) == 1
    assert after["step"] == seen["step"]
    assert verify(live.platform, replays=True).faults == []
    passed_s = (seen["clock"]["remaining_ms"] - after["clock"]["remaining_ms"]) / 1000
    assert asked_s - seen_s - SLACK_S <= passed_s <= after_s - before_s + SLACK_S, "the clock stood or jumped"


def enough(acknowledged: list[str], count: int) -> None:
    """So many answers are acknowledged; TimeoutError if not yet."""
    if len(acknowledged) < count:
        raise TimeoutError


def _answer(candidate: Candidate, acknowledged: list[str], done: threading.Event) -> None:
    """Answers until told to stop, sending again under the same key whenever the server is away."""
    chance = random.Random(candidate.registration_no)
    while not done.is_set():
        step = candidate.state["step"]
        if step is None:
            return
        key, given = str(uuid4()), any_answer(step["item"], chance)
        reply = insist(lambda step=step, given=given, key=key: send(candidate, step, given, key))
        acknowledged.append(key)
        candidate.state["step"] = reply["step"]
        time.sleep(0.1)
