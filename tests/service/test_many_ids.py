"""Whole sittings at once: more ids than a statement takes (SQLite 32,766 or 250,000, PostgreSQL 65,535) are asked in
parts, in the order in which one statement would have answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from sqlite3 import SQLITE_LIMIT_VARIABLE_NUMBER
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from proctor.rooms.desk import admissions, latest_checks
from server import delivery, grading
from server.candidates.cases.models import CandidateCase
from server.candidates.cases.queries import exempt
from server.core import db as databases
from server.core.clock import FrozenClock
from server.core.machine import Transition, moves_of
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery.absences.queries import Absence, reasons
from server.delivery.models import Step
from server.delivery.queries import sealed_until
from server.delivery.service import absences
from server.grading.models import Hold
from server.grading.queries import grades_of, held_sessions
from server.reports.leaks.meeting import by_sitting, meetings
from tests.factories.accounts import an_organisation
from tests.factories.delivery import a_sitting, absent_session, finished_session
from tests.factories.proctor import a_day

MANY = 70_000
SQLITE_TAKES = 32_766  # as SQLite is built, where nobody raised it


def many(ids: Collection[int]) -> list[int]:
    """These ids among as many as a country has candidates."""
    return [*ids, *range(10**6, 10**6 + MANY)]


@pytest.fixture
def work(platform: Platform) -> Iterator[Work]:
    with open_work(platform, SYSTEM) as work:
        raw: Any = work.db.connection().connection.driver_connection
        before = (
            raw.setlimit(SQLITE_LIMIT_VARIABLE_NUMBER, SQLITE_TAKES) if platform.database.is_sqlite else 0
        )
        yield work
        if platform.database.is_sqlite:
            raw.setlimit(SQLITE_LIMIT_VARIABLE_NUMBER, before)


READINGS: dict[str, Callable[[Work, list[int]], object]] = {
    "sessions": lambda work, ids: [ref.id for ref in delivery.session_refs(work, ids)],
    "grades": lambda work, ids: set(grades_of(work, ids)),
    "seals": lambda work, ids: sealed_until(work, ids, work.now),
    "holds": held_sessions,
    "reasons": lambda work, ids: set(reasons(work, ids)),
    "exemptions": exempt,
    "moves": lambda work, ids: [move.row_id for move in moves_of(work.db, "exam_session", ids)],
    "met": lambda work, ids: _graded_among(work, ids),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_whole_country_is_asked_about(work: Work, name: str) -> None:
    sitting = a_sitting(work, subjects=["history"])
    ids = [*(finished_session(work, sitting) for _ in range(2)), absent_session(work, sitting)]
    absences.record_reason(work, ids[2], Absence("illness", "hospital_certificate", "№ 12", "401-k"))
    for each in ids:
        grading.grade_session(work, each)
    work.db.add(Hold(session_id=ids[2], reason="sheet_changed", facts={}, made_at=work.now))
    registration_id = delivery.session_ref(work, ids[0]).registration_id
    work.db.add(_exempted(work, registration_id))
    work.db.flush()
    known = [registration_id] if name == "exemptions" else ids
    few = READINGS[name](work, known)
    assert few
    assert READINGS[name](work, many(known[::-1])) == few


def _exempted(work: Work, registration_id: int) -> CandidateCase:
    return CandidateCase(
        token=uuid4().hex, data_key=b"", kind="exemption", registration_id=registration_id, ground="olympiad",
        subjects=[], state="granted", filed_from=an_organisation(work, "ntc").id, filed_at=work.now, due_at=work.now,
    )  # fmt: skip


def _graded_among(work: Work, ids: Sequence[int]) -> set[int]:
    """Whose result a page of a leak counts, of these who were given the same item."""
    (version, *_others) = work.db.scalars(select(Step.item_version_id).where(Step.session_id == min(ids)))
    met = meetings(work, [version])[0]
    (row,) = by_sitting(work, [replace(met, session_id=each) for each in ids], None)
    return row.graded


def test_checks_and_admissions(platform: Platform, clock: FrozenClock, work: Work) -> None:
    day = a_day(platform, clock)
    here: Sequence[int] = day.scene.sessions[:2]
    day.run(*here)
    assert set(latest_checks(work, many(here))) == set(here)
    assert set(admissions(work, many(here))) == set(here)


def test_moves_come_in_the_order_in_which_they_were_made_whoever_moved(
    platform: Platform, clock: FrozenClock, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = a_day(platform, clock)
    ids = day.scene.sessions[:2]
    day.run(*ids)
    made = select(Transition.row_id, Transition.verb).where(Transition.machine == "exam_session")
    in_order = list(
        map(tuple, work.db.execute(made.where(Transition.row_id.in_(ids)).order_by(Transition.id)))
    )
    assert in_order != sorted(in_order, key=lambda move: move[0]), "they took turns"
    monkeypatch.setattr(databases, "AT_ONCE", 1)
    assert [(move.row_id, move.verb) for move in moves_of(work.db, "exam_session", ids)] == in_order
