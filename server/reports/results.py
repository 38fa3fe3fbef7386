"""The results of a sitting as a table: one row a candidate, filtered and sorted as the reader asks.
Reads what grading stored; judges nothing anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from server import delivery, grading
from server.core.work import Work
from server.delivery.forms import session_of
from server.delivery.models import Seal
from server.grading import GradeRef
from server.grading.access import Circle
from server.grading.models import Eligibility, Hold
from server.grading.policy import Policy
from server.grading.queries import short_reasons

PAGE = 100
SEALED_STATES = ("submitted", "removed")
ORDERS = ("asc", "desc")


@dataclass(frozen=True)
class ResultRow:
    """One candidate; `is_eligible` is None before the decision, `hold` a reason while held without grades."""

    session_id: int
    registration_no: str
    name: str
    state: str
    seal: str
    grades: Mapping[str, GradeRef]
    is_eligible: bool | None
    reasons: tuple[str, ...]
    hold: str | None


@dataclass(frozen=True)
class Wish:
    """Which rows the reader wants, in which order; anything unknown counts as not asked."""

    q: str = ""
    state: str = ""
    grade: str = ""
    decision: str = ""
    sort: str = "number"
    order: str = "asc"
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wish:
        """The wish that a query string states."""
        page = args.get("page", "1")
        return cls(
            q=args.get("q", "").strip()[:80],
            state=args.get("state", ""),
            grade=args.get("grade", ""),
            decision=args.get("decision", ""),
            sort=args.get("sort", "number"),
            order=args.get("order", "asc") if args.get("order") in ORDERS else "asc",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """The query string of this wish with changes, without what is empty."""
        return {name: value for name, value in {**vars(self), **changes}.items() if value}


def result_rows(work: Work, sitting_id: int, policy: Policy, circle: Circle) -> list[ResultRow]:
    """Every candidate of the sitting within the circle."""
    sessions = [each for each in delivery.sessions_of_sitting(work, sitting_id) if circle.has(each)]
    ids = [session.id for session in sessions]
    grades, decisions = grading.grades_of(work, ids), _decisions(work, ids)
    holds, sealed = _holds(work, ids), _sealed(work, ids)
    rows = []
    for session in sessions:
        decision = decisions.get(session.id)
        hold = holds.get(session.id) if decision is None else None
        rows.append(
            ResultRow(
                session.id, session.registration_no, session.name, session.state,
                _seal(session.state, session.id in sealed, hold), grades.get(session.id, {}),
                decision.is_eligible if decision else None,
                tuple(short_reasons(policy, decision.ruling)) if decision else (), hold,
            )
        )  # fmt: skip
    return rows


def wanted_rows(rows: list[ResultRow], wish: Wish) -> list[ResultRow]:
    """The rows the reader asked for, sorted; those without a value stand last either way."""
    tests: list[Callable[[ResultRow], bool]] = []
    if wish.q:
        needle, numbered = wish.q.casefold(), session_of(wish.q)
        tests.append(
            lambda row: needle in row.name.casefold()
            or needle in row.registration_no.casefold()
            or row.session_id == numbered
        )
    if wish.state:
        tests.append(lambda row: row.state == wish.state)
    if wish.grade:
        tests.append(lambda row: any(ref.grade == wish.grade for ref in row.grades.values()))
    if wish.decision:
        tests.append(lambda row: _decision(row) == wish.decision)
    kept = [row for row in rows if all(test(row) for test in tests)]
    kept.sort(key=lambda row: row.registration_no)
    key = _sort_key(wish.sort)
    with_value = [row for row in kept if key(row) is not None]
    with_value.sort(key=key, reverse=wish.order == "desc")
    return with_value + [row for row in kept if key(row) is None]


def grade_counts(rows: list[ResultRow], policy: Policy, language: str) -> dict[str, dict[str, int]]:
    """How many candidates have each grade in each subject: titles → titles → number."""
    subjects, titles = policy.subject_titles(language), policy.grade_titles(language)
    present = {subject for row in rows for subject in row.grades}
    return {
        title: {
            grade_title: sum(row.grades[subject].grade == code for row in rows if subject in row.grades)
            for code, grade_title in titles.items()
        }
        for subject, title in subjects.items()
        if subject in present
    }


def _decision(row: ResultRow) -> str:
    if row.is_eligible is None:
        return "held" if row.hold else "none"
    return "kept" if row.is_eligible else "lost"


def _sort_key(sort: str) -> Callable[[ResultRow], Any]:
    plain: dict[str, Callable[[ResultRow], Any]] = {
        "number": lambda row: row.registration_no,
        "name": lambda row: row.name.casefold(),
        "state": lambda row: row.state,
        "seal": lambda row: row.seal,
        "decision": _decision,
    }
    if sort in plain:
        return plain[sort]
    return lambda row: row.grades[sort].exact_percent if sort in row.grades else None


def _seal(state: str, is_sealed: bool, hold: str | None) -> str:
    if hold == "seal_broken":
        return "broken"
    if is_sealed:
        return "sealed"
    if state in SEALED_STATES:
        return "missing"
    return "none" if state == "absent" else "open"


def _sealed(work: Work, ids: list[int]) -> set[int]:
    return set(work.db.execute(select(Seal.session_id).where(Seal.session_id.in_(ids))).scalars())


def _decisions(work: Work, ids: list[int]) -> dict[int, Eligibility]:
    query = select(Eligibility).where(Eligibility.session_id.in_(ids)).order_by(Eligibility.id)
    return {row.session_id: row for row in work.db.execute(query).scalars()}


def _holds(work: Work, ids: list[int]) -> dict[int, str]:
    query = select(Hold).where(Hold.session_id.in_(ids)).order_by(Hold.id)
    return {row.session_id: row.reason for row in work.db.execute(query).scalars()}
