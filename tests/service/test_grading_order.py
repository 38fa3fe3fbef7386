"""Whoever is graded in whatever order, one by one, many at once or by what a worker read ahead: nobody twice, nobody
who is not finished, and nothing that stood is another afterwards (DC-14, DC-20)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.core.errors import CatError
from server.core.work import Work
from server.delivery import session_ref
from server.delivery.absences.queries import Absence
from server.delivery.service import absences
from server.grading import service
from server.grading.gathering import Gathered
from server.grading.models import Eligibility, Grade, Score
from tests.factories.delivery import (
    Planned,
    a_running_session,
    a_sitting,
    absent_session,
    answer_all,
    every_second,
    finished_session,
    removed_session,
    right,
)
from tests.factories.grading import alter_response

ACTS = ("one", "one", "all", "all", "gather", "write", "write", "finish", "alter", "excuse", "take back")
SAID = Absence("illness", "hospital_certificate", "No. 4", "Order 5")
Rows = dict[type, dict[int, tuple[object, ...]]]


@dataclass
class Ground:
    """Two who are finished, one at work, one removed, one absent; what was read ahead, and what stood so far."""

    sitting: Planned
    sessions: tuple[int, ...]
    running: int
    absent: int
    ahead: Gathered | None = None
    rows: Rows = field(default_factory=dict)


@pytest.fixture
def ground(work: Work) -> Ground:
    sitting = a_sitting(work, subjects=["history"])
    ids = [finished_session(work, sitting, each) for each in (right, every_second)]
    running, absent = a_running_session(work, sitting), absent_session(work, sitting)
    found = (*ids, running, removed_session(work, sitting), absent)
    work.db.flush()
    return Ground(sitting, found, running, absent)


def press(work: Work, ground: Ground, act: str, n: int) -> None:
    """One command; what is refused changes nothing."""
    session_id = ground.sessions[n % len(ground.sessions)]
    done = [each for each in ground.sessions if session_ref(work, each).state in service.FINISHED]
    if act == "one":
        service.grade_session(work, session_id)
    elif act == "all":
        service.grade_sessions(work, done[n % 3 :])
    elif act == "gather":
        ground.ahead = service.gather(work, done)
    elif act == "write" and ground.ahead is not None:
        service.grade_sessions(work, [each for each in done if each in ground.ahead.scores or each == ground.absent],
                               ahead=ground.ahead)  # fmt: skip
    elif act == "finish" and session_ref(work, ground.running).state == "running":
        answer_all(work, ground.running, right)
    elif act == "alter":
        alter_response(work, ground.sessions[1], spent_ms=n + 1)
    elif act == "excuse":
        absences.record_reason(work, ground.absent, SAID)
        service.reconsider_absence(work, ground.absent)
    elif act == "take back":
        absences.withdraw_reason(work, ground.absent, "Order 6")
        service.reconsider_absence(work, ground.absent)


def check(work: Work, ground: Ground) -> None:
    """One first score of a section, one first grade of a subject, one first decision; each followed once at most."""
    for model, whose in ((Score, "section_id"), (Grade, "score_id"), (Eligibility, "session_id")):
        rows = list(work.db.scalars(select(model)))
        first = Counter(getattr(row, whose) for row in rows if row.supersedes_id is None)
        assert all(n == 1 for n in first.values()), "somebody was graded twice"
        assert all(n == 1 for n in Counter(row.supersedes_id for row in rows if row.supersedes_id).values())
        found = {row.id: tuple(getattr(row, column.key) for column in row.__table__.columns) for row in rows}
        known = ground.rows.get(model, {})
        assert {id_: found.get(id_) for id_ in known} == known, "what stood is another, or gone"
        ground.rows[model] = found
    decided = set(work.db.scalars(select(Eligibility.session_id)))
    assert all(session_ref(work, each).state in service.FINISHED for each in decided)
    assert set(work.db.scalars(select(Grade.session_id))) <= decided


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), min_size=8, max_size=20))
def test_no_order_of_commands_gives_a_grade_twice(work: Work, ground: Ground, presses: list[tuple[str, int]]) -> None:
    point = work.db.begin_nested()
    try:
        ground.ahead, ground.rows = None, {}
        for n, (act, by) in enumerate(presses):
            with suppress(CatError), work.db.begin_nested():
                press(replace(work, now=work.now + timedelta(seconds=n)), ground, act, by)
            check(work, ground)
    finally:
        point.rollback()
        work.db.expire_all()
