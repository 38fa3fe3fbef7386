"""No statement of a candidate's way reads a whole table that grows with the answers: SQLite's plans say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from server.core import events
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery import evidence, queries, service, verify_seal
from server.delivery.models import ExamSession
from server.delivery.pulse import heartbeat_reply
from server.delivery.service import answering, ending, replying
from server.delivery.wire import Answer, OptionGiven
from tests.factories import delivery as make

GROWING = {
    "candidate_message", "exam_session", "journal", "late_answer", "outbox", "response", "seal", "section", "step",
    "transition",
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
    plans = {row for each in list(told) for row in plan(work, *each)}
    steps = {step for step, _ in plans}
    assert any(step.startswith("SEARCH step USING INDEX") for step in steps), "the plans are really read"
    assert [p for p in plans if p[0].startswith("SCAN") and p[0].split()[1] in GROWING] == []
    assert [p for p in plans if "AUTOMATIC" in p[0]] == []


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
