"""Time that runs out while the line is down stands still until the proctor decides (DC-12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from proctor.incidents import service as incidents
from proctor.monitoring.models import Heartbeat
from proctor.monitoring.outages import fate_of
from proctor.monitoring.wire import GiveTimeAsk, IncidentAsk
from proctor.rooms import service
from proctor.rooms.models import RoomSitting
from proctor.rooms.service.running import let_go
from server.core.clock import FrozenClock
from server.core.errors import Denied, Refused, Stale
from server.core.machine import Transition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import expire_due_sessions, queries, verify_seal
from server.delivery.models import ExamSession, LateAnswer, Response, Section
from server.delivery.service import answering, breaks
from server.delivery.wire import Answer, RunnerState
from tests.factories.proctor import Day, a_day
from tests.service.test_lost_time import beat, ends, lost

WHY = "The power was cut"


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """Three candidates, two of whom run since the hour; both were heard up to five minutes before the end."""
    made = a_day(platform, clock)
    made.run(*made.scene.sessions[:2])
    beat(made, *made.scene.sessions[:2])
    heard(made, 300, *made.scene.sessions[:2])
    return made


def past_the_end(day: Day, seconds: float) -> None:
    end = ends(day, day.scene.sessions[0])[0]
    day.clock.advance((end - day.clock.now()).total_seconds() + seconds)


def heard(day: Day, before_s: float, *sessions: int) -> None:
    """Their pages were heard all along until so long before the end."""
    past_the_end(day, -before_s)
    with open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(Heartbeat).where(Heartbeat.session_id.in_(sessions)).values(seen_at=work.now))


def care(day: Day) -> int:
    return expire_due_sessions(day.platform, fate_of)


def stands(day: Day, session: int) -> tuple[str, datetime | None]:
    with day.platform.database.reading() as db:
        row = db.get_one(ExamSession, session)
        return row.state, row.paused_at


def page(day: Day, session: int) -> RunnerState:
    with open_reading(day.platform, Actor(frozenset({Role.CANDIDATE}), session)) as work:
        return queries.runner_state(work, queries.held(work))


def answer(day: Day, session: int, key: UUID) -> Any:
    """The page sends what it kept; what the server says of it."""
    with day.platform.database.reading() as db:
        section = db.execute(select(Section.id).where(Section.session_id == session)).scalar_one()
    with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), session)) as work:
        return answering.submit_response(work, Answer(section_id=section, seq=1, key=key, given=None, spent_ms=9000))


def rows(day: Day, table: type[Response | LateAnswer], session: int) -> list[str]:
    with day.platform.database.reading() as db:
        return list(db.execute(select(table.key).where(table.session_id == session)).scalars())


def test_DC_12_time_that_runs_out_in_a_silence_stands_still_at_its_end(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    end = ends(day, one)[0]
    heard(day, 5, two)
    past_the_end(day, 2)
    beat(day, two)
    assert care(day) == 2
    assert stands(day, one) == ("paused", end)
    assert stands(day, two)[0] == "submitted"
    with day.platform.database.reading() as db:
        move = db.execute(select(Transition).where(Transition.row_id == one).order_by(Transition.id.desc())).scalars()
        held = next(each for each in move if each.machine == "exam_session")
    assert (held.verb, held.ruling and held.ruling["clause"]) == ("pause", "DC-12.lost_time")
    seen = page(day, one)
    assert (seen.clock.phase, seen.clock.remaining_ms, seen.step, seen.times.is_held) == ("paused", 0, None, True)
    assert care(day) == 0


def test_DC_12_what_was_lost_is_given_back_and_the_kept_answer_counts_once(day: Day) -> None:
    one, key = day.scene.sessions[0], uuid4()
    past_the_end(day, 1800)
    care(day)
    for _again in range(2):
        refused = answer(day, one, key)
        assert isinstance(refused, Denied)
        assert refused.code == "is_paused"
    beat(day, one)
    assert lost(day, one) == 300
    with pytest.raises(Refused):
        day.do(incidents.give_time, GiveTimeAsk(seconds=301, reason=WHY), one)
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY), one)
    assert stands(day, one)[0] == "running"
    assert ends(day, one)[0] == day.clock.now() + timedelta(seconds=300)
    day.clock.advance(299)
    assert not answer(day, one, key).is_repeat
    assert answer(day, one, key).is_repeat
    assert rows(day, Response, one) == [str(key)]
    assert rows(day, LateAnswer, one) == []


def test_DC_12_let_go_without_time_it_is_closed_at_once_and_the_answer_is_late(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    key, end = uuid4(), ends(day, one)[0]
    past_the_end(day, 60)
    care(day)
    day.do(let_go, "nobody was there", one)
    assert (stands(day, one)[0], stands(day, two)[0]) == ("submitted", "paused")
    assert ends(day, one)[0] == end
    refused = answer(day, one, key)
    assert isinstance(refused, Denied)
    assert refused.code == "time_is_up"
    assert rows(day, LateAnswer, one) == [str(key)]
    with pytest.raises(Stale):
        day.do(let_go, "once more", one)
    with pytest.raises(Refused):
        day.do(incidents.give_time, GiveTimeAsk(seconds=60, reason=WHY), one)


def test_DC_12_a_room_is_given_back_at_once_though_nobody_was_heard_since(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    past_the_end(day, 600)
    care(day)
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY))
    assert {stands(day, each)[0] for each in (one, two)} == {"running"}
    again = ends(day, one)[0]
    assert again == day.clock.now() + timedelta(seconds=300)
    past_the_end(day, 400)
    care(day)
    assert stands(day, one) == ("paused", again)  # the line is still down: what was given is not lost either
    beat(day, one)
    assert lost(day, one) == 600


def test_DC_12_an_incident_that_is_over_gives_the_held_their_time(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    made = day.do(incidents.note_incident, IncidentAsk(kind="technical", text=WHY))
    past_the_end(day, 900)
    care(day)
    assert day.do(incidents.end_incident, made, gives_time=True) == 2
    assert ends(day, two)[0] == ends(day, one)[0] == day.clock.now() + timedelta(seconds=300)


def test_DC_12_a_silence_too_short_to_tell_waits_and_a_sign_of_life_ends_the_wait(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    heard(day, 5, one, two)
    past_the_end(day, 10)
    assert care(day) == 0
    seen = page(day, one)
    assert (seen.clock.phase, seen.clock.remaining_ms, seen.step) == ("running", 0, None)
    kept = answer(day, one, uuid4())
    assert isinstance(kept, Denied)
    assert kept.code == "is_paused"
    beat(day, one)
    assert care(day) == 1
    assert (stands(day, one)[0], stands(day, two)[0]) == ("submitted", "running")
    past_the_end(day, 25)
    assert care(day) == 1
    assert stands(day, two)[0] == "paused"


def test_DC_12_an_answer_in_the_last_second_is_a_sign_of_life(day: Day) -> None:
    one = day.scene.sessions[0]
    heard(day, 10, one)
    past_the_end(day, 0.5)
    assert not isinstance(answer(day, one, uuid4()), Denied)
    past_the_end(day, 2)
    care(day)
    assert stands(day, one)[0] == "submitted"


def test_DC_12_the_first_sign_after_the_end_shows_the_silence_before_it(day: Day) -> None:
    one = day.scene.sessions[0]
    past_the_end(day, 5)
    beat(day, one)
    care(day)
    assert stands(day, one)[0] == "paused"
    assert lost(day, one) == 300


def test_DC_12_a_pause_ended_for_all_closes_nobody_who_waits_for_a_decision(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.do(service.pause, "the lamp", two)
    past_the_end(day, 60)
    care(day)
    assert day.do(service.resume, "the lamp is back") == 1
    assert (stands(day, one)[0], stands(day, two)[0]) == ("paused", "running")
    with pytest.raises(Stale):
        day.do(service.resume, "go on", one)
    with pytest.raises(Denied), open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), one)) as work:
        breaks.end_break(work)


def test_DC_12_the_room_closes_over_what_was_not_decided(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    past_the_end(day, 60)
    care(day)
    day.do(service.close_room)
    assert {stands(day, each)[0] for each in (one, two)} == {"submitted"}
    assert care(day) == 0


def test_DC_12_where_nobody_can_decide_time_runs_out(day: Day) -> None:
    one = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(RoomSitting).values(state="planned"))
    past_the_end(day, 60)
    care(day)
    assert stands(day, one)[0] == "submitted"


def test_DC_12_that_time_stood_still_is_under_the_seal(day: Day) -> None:
    one = day.scene.sessions[0]
    past_the_end(day, 60)
    care(day)
    day.do(let_go, "nobody was there", one)
    with open_reading(day.platform, SYSTEM) as work:
        assert verify_seal(work, one)
    with open_work(day.platform, SYSTEM) as work:
        work.db.add(Transition(machine="exam_session", row_id=one, verb="pause", from_state="running",
                               to_state="paused", at=work.now, actor="system", reason=None,
                               ruling={"code": "time_stands", "allowed": True, "clause": "DC-12.lost_time",
                                       "facts": {"ends_at": work.now.isoformat()}}))  # fmt: skip
    with open_reading(day.platform, SYSTEM) as work:
        assert not verify_seal(work, one)


def test_DC_12_a_cut_before_the_first_sign_of_the_page_counts_from_the_sign_in(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock)
    day.run(*day.scene.sessions[:2])
    one = day.scene.sessions[0]
    day.at(60)
    with open_work(platform, SYSTEM) as work:
        work.db.get_one(ExamSession, one).code_used_at = work.now
    day.at(360)
    beat(day, one)
    assert lost(day, one) == 300
