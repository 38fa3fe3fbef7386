"""The server is down when a subject's time ends: nothing acknowledged is lost, the rest is for the proctor to decide.

The deadline is moved near while the server is down; how long it then is down is real."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from proctor.monitoring.models import Heartbeat
from server.core.clock import SystemClock
from server.delivery.models import ExamSession, LateAnswer, Response, Section
from server.delivery.rules import LostTimeRule
from server.jobs.robot import Candidate, Rejected, any_answer
from server.jobs.simulate import proctor_at
from server.jobs.verify import verify
from tests.factories.proctor import the_edition
from tests.fault.conftest import Room, insist, send

pytestmark = pytest.mark.xdist_group("robots")
LEAST_S = the_edition().get("DC-12.lost_time", LostTimeRule).gap_min_s
NEAR_S = 20
WHY = "the power was cut"


def test_a_deadline_that_passes_while_the_server_is_down_takes_nothing_from_anybody(room: Room) -> None:
    live, candidates = room.live, room.candidates(2)
    chance, acknowledged = random.Random(7), []
    for each in candidates:
        each.heartbeat()
        acknowledged.append(_answer(each, chance))
    kept = [(each.state["step"], str(uuid4())) for each in candidates]
    live.kill()
    ids = [each.state["session_id"] for each in candidates]
    ends_at = _bring_the_end_near(room, ids)
    time.sleep(max(LEAST_S, NEAR_S) + 1)
    live.start()
    for each, (step, key) in zip(candidates, kept, strict=True):
        assert send(each, step, any_answer(step["item"], chance), key) == "is_paused"
        insist(each.heartbeat)
        insist(partial(_stands, each))
    assert _lost(room, ids) == [int((ends_at - each).total_seconds()) for each in _heard(room, ids)]
    _decide(room, ids)
    first, second = candidates
    step, key = kept[0]
    acknowledged.append(key)
    assert send(first, step, any_answer(step["item"], chance), key)["step"] is not None
    step, late = kept[1]
    assert send(second, step, any_answer(step["item"], chance), late) == "time_is_up"
    assert second.refresh()["clock"]["phase"] == "between"
    second.begin_next()
    assert second.state["clock"]["phase"] == "running"
    counted = room.counted(*candidates)
    assert set(counted) == set(acknowledged)
    assert set(counted.values()) == {1}
    assert _late(room, ids) == [late]
    assert verify(live.platform, replays=True).faults == []


def _answer(candidate: Candidate, chance: random.Random) -> str:
    step, key = candidate.state["step"], str(uuid4())
    candidate.state["step"] = send(candidate, step, any_answer(step["item"], chance), key)["step"]
    return key


def _bring_the_end_near(room: Room, ids: list[int]) -> datetime:
    ends_at = SystemClock().now() + timedelta(seconds=NEAR_S)
    running = (Section.session_id.in_(ids)) & (Section.state == "running")
    with room.live.platform.database.writing() as db:
        db.execute(update(Section).where(running).values(ends_at=ends_at))
    return ends_at


def _heard(room: Room, ids: list[int]) -> list[datetime]:
    last = select(func.max(Response.received_at)).where(Response.session_id.in_(ids)).group_by(Response.session_id)
    with room.live.platform.database.reading() as db:
        return list(db.execute(last.order_by(Response.session_id)).scalars())


def _stands(candidate: Candidate) -> dict[str, Any]:
    state = candidate.refresh()
    if not state["times"]["is_held"]:
        time.sleep(0.2)
        raise ValueError("not yet")
    return state


def _lost(room: Room, ids: list[int]) -> list[int]:
    lost = select(Heartbeat.lost_s).where(Heartbeat.session_id.in_(ids)).order_by(Heartbeat.session_id)
    with room.live.platform.database.reading() as db:
        return list(db.execute(lost).scalars())


def _late(room: Room, ids: list[int]) -> list[str]:
    with room.live.platform.database.reading() as db:
        return list(db.execute(select(LateAnswer.key).where(LateAnswer.session_id.in_(ids))).scalars())


def _decide(room: Room, ids: list[int]) -> None:
    """The first has back what was lost, not a second more; the second is let go."""
    browser, at = proctor_at(room.live.origin, room.live.room_sitting_id), f"/proctor/rooms/{room.live.room_sitting_id}"
    with pytest.raises(Rejected):
        browser.post(f"{at}/sessions/{ids[0]}/give-time", {"seconds": 600, "reason": WHY})
    browser.post(f"{at}/sessions/{ids[0]}/give-time", {"reason": WHY})
    browser.post(f"{at}/sessions/{ids[1]}/let-go", {"reason": WHY})
    browser.close()
    with room.live.platform.database.reading() as db:
        given_s = db.execute(select(ExamSession.given_s).where(ExamSession.id == ids[0])).scalar_one()
    assert given_s == _lost(room, ids)[0]
