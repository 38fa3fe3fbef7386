"""No statement of a candidate's or a console's way reads a whole table that grows: SQLite's plans say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from proctor.calls import service as calls
from proctor.incidents import service as incidents
from proctor.irregularities.service import remove
from proctor.monitoring import service as monitoring
from proctor.monitoring.departures import watched
from proctor.monitoring.queries import snapshot
from proctor.monitoring.wire import GiveTimeAsk, IncidentAsk
from proctor.rooms import service as rooms
from server.core import events
from server.core.clock import FrozenClock
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import evidence, queries, service, verify_seal
from server.delivery.devices import devices_view
from server.delivery.given import OptionGiven
from server.delivery.models import ExamSession
from server.delivery.pulse import heartbeat_reply
from server.delivery.service import answering, breaks, ending, replying
from server.delivery.service.giving import grants
from server.delivery.wire import Answer, CallAsk, Heartbeat, Leaving
from tests.factories import delivery as make
from tests.factories.proctor import Day, a_day, a_decision, a_removal, write_and_sign

GROWING = {
    "accommodation", "admission", "call", "candidate_message", "departure", "device", "exam_session", "heartbeat",
    "identity_check", "incident", "incident_end", "irregularity", "journal", "late_answer", "observer_remark", "outbox",
    "protocol", "registration", "response", "seal", "seat_assignment", "section", "signature", "silence", "step",
    "time_grant", "transition", "working",
}  # fmt: skip
Told = list[tuple[str, Any]]


@pytest.fixture
def told(work: Work) -> Iterator[Told]:
    """Every statement with its parameters, as it went to the database."""
    if work.db.connection().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's plans depend on how much it has counted")
    seen: Told = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        is_batch = isinstance(parameters, list)
        seen.append((statement, parameters[0] if is_batch else parameters))

    engine = work.db.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_no_growing_table_is_read_whole(work: Work, told: Told) -> None:
    session_id = make.a_running_session(work, make.a_sitting(work))
    service.seat_session(work, session_id, "1", "room:1")
    told.clear()
    go_through(work, session_id)
    nothing_is_read_whole(work, told, "step")


def test_nor_by_signs_of_life_calls_leavings_breaks_and_time_given_back(
    work: Work, told: Told, platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock)
    for each in day.scene.sessions[:2]:
        a_decision(work, each, "breaks", 10)
    day.run(*day.scene.sessions)
    told.clear()
    in_the_room(day)
    nothing_is_read_whole(work, told, "heartbeat")


def nothing_is_read_whole(work: Work, told: Told, known: str) -> None:
    plans = {row for each in list(told) for row in plan(work, *each)}
    steps = {step for step, _ in plans}
    assert any(step.startswith(f"SEARCH {known} USING") for step in steps), "the plans are really read"
    assert [p for p in plans if p[0].startswith("SCAN") and p[0].split()[1] in GROWING] == []
    assert [p for p in plans if "AUTOMATIC" in p[0]] == []


def in_the_room(day: Day) -> None:
    """One leaves the window, calls, takes a break; time is given back; one is removed; the console looks on."""
    one, two, three = day.scene.sessions
    room = day.scene.room
    left = Leaving(key=uuid4(), kind="window", ago_ms=900, away_ms=400)
    for seconds in (5, 90):
        day.at(seconds)
        for ask in (Heartbeat(), Heartbeat(leavings=[left])):
            with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), one)) as work:
                monitoring.store(work, monitoring.hear(work, one, ask), ask)
                heartbeat_reply(work)
    for candidate in (one, two):
        with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), candidate)) as work:
            calls.call_proctor(work, CallAsk(key=uuid4(), kind="mouse"))
            breaks.take_break(work)
    day.do(calls.move_call, one, "close")
    day.do(rooms.message, "I am coming")
    for candidate in (one, two):
        with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), candidate)) as work:
            breaks.end_break(work)
    noted = day.do(incidents.note_incident, IncidentAsk(kind="technical", text="No power", minutes_ago=1))
    day.do(incidents.give_time, GiveTimeAsk(seconds=10, reason="No power"), one)
    day.do(incidents.give_time, GiveTimeAsk(reason="No power"))
    day.do(incidents.end_incident, noted, gives_time=True)
    day.do(remove, three, a_removal())
    write_and_sign(day, three)
    with open_reading(day.platform, day.scene.proctor) as work:
        snapshot(work, room, str)
        devices_view(work, one)
        watched(work, one, day.scene.edition)
        grants(work, [one, two])


def go_through(work: Work, session_id: int) -> None:
    """Two answers, each sent twice; a reload, a sign of life; events handed on; the time runs out, and the seal."""
    session = work.db.get_one(ExamSession, session_id)
    section_id = session.sections[0].id
    candidate = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id, lease=session.lease))
    for seq in (1, 2):
        given = OptionGiven(kind="option", option="a")
        ask = Answer(section_id=section_id, seq=seq, key=uuid4(), given=given, spent_ms=1000)
        for _ in range(2):
            accepted = answering.submit_response(candidate, ask)
            assert isinstance(accepted, answering.Accepted)
            replying.answer_reply(candidate, accepted)
    queries.runner_state(candidate, queries.held(candidate))
    heartbeat_reply(candidate)
    work.close()
    events.mark_relayed(work.db, events.waiting(work.db), work.now)
    events.prune(work.db, work.now - timedelta(hours=1))
    assert session.ends_at is not None
    ending.expire(replace(work, now=session.ends_at + timedelta(minutes=1)), session, 0)
    work.db.flush()
    assert verify_seal(work, session_id)
    assert evidence(work, session_id)


def plan(work: Work, statement: str, parameters: Any) -> list[tuple[str, str]]:
    """(step of the plan, statement) of anything that reads or writes rows."""
    if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
        return []
    cursor = work.db.connection().connection.cursor()
    cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [(row[3], statement) for row in cursor.fetchall()]
