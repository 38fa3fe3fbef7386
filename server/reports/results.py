"""The results of a sitting as a table: one row a candidate, filtered and sorted as the reader asks.
Everybody is looked through in few columns; only those on the page are read whole. Judges nothing anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from server import grading
from server.candidates.cases.queries import is_called_off
from server.core.terms import typed_page
from server.core.work import Work
from server.delivery.forms import session_of
from server.delivery.models import ExamSession, Seal
from server.grading import GradeRef
from server.grading.access import Circle
from server.grading.models import Eligibility, Grade, Hold, Score
from server.grading.policy import Policy
from server.grading.queries import short_reasons

PAGE = 100
SEALED_STATES = ("submitted", "removed")
ORDERS = ("asc", "desc")
SESSION = (ExamSession.id, ExamSession.registration_no, ExamSession.name, ExamSession.state, Seal.session_id)


class Entry(NamedTuple):
    """One candidate in few columns; `is_eligible` is None before the decision, `hold` a reason while held."""

    session_id: int
    registration_no: str
    name: str
    state: str
    seal: str
    is_eligible: bool | None
    hold: str | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> Entry:
        """The entry of a row of `SESSION` with the decision and the reason of a hold."""
        id_, number, name, state, sealed, is_eligible, reason = row
        hold = reason if is_eligible is None else None
        return cls(id_, number, name, state, _seal(state, sealed is not None, hold), is_eligible, hold)

    @property
    def decision(self) -> str:
        """The code of how the decision stands."""
        if self.is_eligible is None:
            return "held" if self.hold else "none"
        return "kept" if self.is_eligible else "lost"


@dataclass(frozen=True)
class ResultRow:
    """An entry with its grades by subject, and the reasons of the decision."""

    entry: Entry
    grades: Mapping[str, GradeRef]
    reasons: tuple[str, ...]


class Results(Protocol):
    """Where the results of a sitting are read from: as they stand, or as they were told."""

    def entries(self) -> list[Entry]:
        """Every candidate of the sitting within the circle."""

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many of them have each grade in each subject."""

    def graded(self, grade: str) -> Collection[int]:
        """Whose grade it is in any subject."""

    def percents(self, subject: str) -> Mapping[int, float]:
        """Session → the percent in a subject."""

    def rows(self, entries: Sequence[Entry]) -> list[ResultRow]:
        """These entries with all there is to show."""


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
        return cls(
            q=args.get("q", "").strip()[:80],
            state=args.get("state", ""),
            grade=args.get("grade", ""),
            decision=args.get("decision", ""),
            sort=args.get("sort", "number"),
            order=args.get("order", "asc") if args.get("order") in ORDERS else "asc",
            page=typed_page(args.get("page", "")),
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """The query string of this wish with changes, without what is empty."""
        return {name: value for name, value in {**vars(self), **changes}.items() if value}


@dataclass(frozen=True)
class Standing:
    """The results of a circle as they stand."""

    work: Work
    sitting_id: int
    policy: Policy
    circle: Circle

    def entries(self) -> list[Entry]:
        """Every candidate of the sitting within the circle."""
        decided = self._of_circle(Eligibility, Eligibility.session_id, Eligibility.is_eligible)
        held = self._of_circle(Hold, Hold.session_id, Hold.reason).order_by(Hold.id)
        decisions = dict(map(tuple, self.work.db.execute(decided.where(_stands(Eligibility)))))
        holds = dict(map(tuple, self.work.db.execute(held)))
        return [
            Entry.of((*row, decisions.get(row.id), holds.get(row.id)))
            for row in self.work.db.execute(sessions(self.sitting_id, self.circle))
        ]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many of them have each grade in each subject."""
        query = self._grades(Grade.subject, Grade.grade, func.count()).group_by(Grade.subject, Grade.grade)
        return {(subject, grade): n for subject, grade, n in self.work.db.execute(query)}

    def graded(self, grade: str) -> Collection[int]:
        """Whose grade it is in any subject."""
        return set(self.work.db.scalars(self._grades(Grade.session_id).where(Grade.grade == grade)))

    def percents(self, subject: str) -> Mapping[int, float]:
        """Session → the percent in a subject, as exact as it was computed."""
        query = self._grades(Grade.session_id, Score.percent).join(Score, Score.id == Grade.score_id)
        return dict(map(tuple, self.work.db.execute(query.where(Grade.subject == subject))))

    def rows(self, entries: Sequence[Entry]) -> list[ResultRow]:
        """These entries with all there is to show."""
        ids = [each.session_id for each in entries]
        grades = grading.grades_of(self.work, ids)
        decided = select(Eligibility.session_id, Eligibility.ruling).where(Eligibility.session_id.in_(ids))
        rulings = dict(map(tuple, self.work.db.execute(decided.where(_stands(Eligibility)))))
        return [
            ResultRow(each, grades.get(each.session_id, {}),
                      tuple(short_reasons(self.policy, ruling)) if (ruling := rulings.get(each.session_id)) else ())
            for each in entries
        ]  # fmt: skip

    def _grades(self, *columns: Any) -> Select[Any]:
        return self._of_circle(Grade, *columns).where(_stands(Grade))

    def _of_circle(self, table: type[Eligibility | Grade | Hold], *columns: Any) -> Select[Any]:
        query = select(*columns).select_from(table).join(ExamSession, ExamSession.id == table.session_id)
        return query.where(*in_circle(self.sitting_id, self.circle))


def sessions(sitting_id: int, circle: Circle, *columns: Any) -> Select[Any]:
    """The sessions of a sitting within the circle, as `Entry.of` takes them with the columns of whoever asks."""
    query = select(*SESSION, *columns).select_from(ExamSession).outerjoin(Seal, Seal.session_id == ExamSession.id)
    return query.where(*in_circle(sitting_id, circle))


def in_circle(sitting_id: int, circle: Circle) -> tuple[ColumnElement[bool], ...]:
    """That a session is of the sitting, somebody is expected in it, and it lies in the circle."""
    own = ExamSession.centre_id.in_(circle.centres) | ExamSession.registration_id.in_(circle.registrations)
    is_of = (ExamSession.sitting_id == sitting_id, ~is_called_off(ExamSession.registration_id))
    return is_of if circle.is_whole else (*is_of, own)


def wanted(results: Results, entries: Sequence[Entry], wish: Wish) -> list[Entry]:
    """The entries the reader asked for, sorted; those without a value stand last either way."""
    tests: list[Callable[[Entry], bool]] = []
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
        graded = results.graded(wish.grade)
        tests.append(lambda row: row.session_id in graded)
    if wish.decision:
        tests.append(lambda row: row.decision == wish.decision)
    kept = [row for row in entries if all(test(row) for test in tests)]
    kept.sort(key=lambda row: row.registration_no)
    key = _sort_key(results, wish.sort)
    with_value = [row for row in kept if key(row) is not None]
    with_value.sort(key=key, reverse=wish.order == "desc")
    return with_value + [row for row in kept if key(row) is None]


def grade_counts(results: Results, policy: Policy, language: str) -> dict[str, dict[str, int]]:
    """How many candidates have each grade in each subject: titles → titles → number."""
    subjects, titles = policy.subject_titles(language), policy.grade_titles(language)
    counts = results.counts()
    present = {subject for subject, _grade in counts}
    return {
        title: {grade_title: counts.get((subject, code), 0) for code, grade_title in titles.items()}
        for subject, title in subjects.items()
        if subject in present
    }


def _sort_key(results: Results, sort: str) -> Callable[[Entry], Any]:
    plain: dict[str, Callable[[Entry], Any]] = {
        "number": lambda row: row.registration_no,
        "name": lambda row: row.name.casefold(),
        "state": lambda row: row.state,
        "seal": lambda row: row.seal,
        "decision": lambda row: row.decision,
    }
    if sort in plain:
        return plain[sort]
    percents = results.percents(sort)
    return lambda row: percents.get(row.session_id)


def _stands(table: type[Eligibility] | type[Grade]) -> ColumnElement[bool]:
    """That nothing supersedes the row."""
    later = aliased(table)
    return ~select(later.id).where(later.supersedes_id == table.id).exists()


def _seal(state: str, is_sealed: bool, hold: str | None) -> str:
    if hold == "seal_broken":
        return "broken"
    if is_sealed:
        return "sealed"
    if state in SEALED_STATES:
        return "missing"
    return "none" if state == "absent" else "open"
