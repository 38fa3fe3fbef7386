"""What an office outside the testing centre sees of a session and a sitting: what was released, no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from server import delivery
from server.core.work import Work
from server.delivery.models import ExamSession
from server.grading import GradeRef, lists
from server.grading.access import Circle
from server.grading.lists.models import ResultRow as Listed
from server.grading.lists.queries import rows_with, within
from server.grading.lists.standing import Row
from server.grading.policy import Policy
from server.grading.queries import decision_text, listed_grades, reason_texts, short_reasons, told_of
from server.reports.candidate import SessionPage
from server.reports.results import Entry, ResultRow, Results, Standing, sessions


def session_as_told(work: Work, page: SessionPage) -> SessionPage:
    """The page with the released grades and decision; before a release without anything from which they follow."""
    told = told_of(work, page.ref)
    shown: dict[str, Any] = {"holds": (), "journal": ()}  # lines of the journal name grades and reasons of holds
    if told is None:
        return replace(page, sections=(), decision=None, is_eligible=None, reasons=(), **shown)
    sections = tuple(replace(each, grade=told.grades.get(each.subject)) for each in page.sections)
    return replace(
        page, sections=sections, decision=decision_text(told.is_eligible), is_eligible=told.is_eligible,
        reasons=tuple(reason_texts(page.policy, told.ruling)), **shown,
    )  # fmt: skip


def results_for(work: Work, sitting_id: int, policy: Policy, circle: Circle) -> Results:
    """The results of a sitting as an office of that circle may see them."""
    if circle.is_whole or delivery.sitting_ref(work, sitting_id).is_released_at_once:
        return Standing(work, sitting_id, policy, circle)
    released = lists.newest_released(work, sitting_id)
    return AsTold(work, sitting_id, policy, circle, released.id if released else None)


@dataclass(frozen=True)
class AsTold:
    """The candidates of a circle with what a released list says of each, and nothing else of results."""

    work: Work
    sitting_id: int
    policy: Policy
    circle: Circle
    list_id: int | None

    def entries(self) -> list[Entry]:
        """Every candidate of the sitting within the circle."""
        told = (Listed.session_id == ExamSession.id) & (Listed.list_id == self.list_id)
        query = sessions(self.sitting_id, self.circle, Listed.is_eligible, Listed.hold).outerjoin(Listed, told)
        return [Entry.of(row) for row in self.work.db.execute(query)]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many of them have each grade in each subject."""
        return Counter((each["subject"], each["grade"]) for _session_id, each in self._grades)

    def graded(self, grade: str) -> Collection[int]:
        """Whose grade it is in any subject."""
        return {session_id for session_id, each in self._grades if each["grade"] == grade}

    def percents(self, subject: str) -> Mapping[int, float]:
        """Session → the percent in a subject, as it was told."""
        return {session_id: float(each["percent"]) for session_id, each in self._grades if each["subject"] == subject}

    def rows(self, entries: Sequence[Entry]) -> list[ResultRow]:
        """These entries with all there is to show."""
        decided = [each.session_id for each in entries if each.is_eligible is not None]
        told = {row.session_id: row for row in rows_with(self.work, self.list_id or 0, decided)}
        grades = listed_grades(self.work, [each["id"] for row in told.values() for each in row.grades])
        return [_as_told(self.policy, each, told.get(each.session_id), grades) for each in entries]

    @cached_property
    def _grades(self) -> list[tuple[int, Mapping[str, Any]]]:
        query = select(Listed.session_id, Listed.grades).where(Listed.list_id == self.list_id, within(self.circle))
        rows = self.work.db.execute(query.where(Listed.is_eligible.is_not(None)))
        return [(session_id, each) for session_id, grades in rows for each in grades]


def _as_told(
    policy: Policy, entry: Entry, told: Row | None, grades: Mapping[int, Mapping[str, GradeRef]]
) -> ResultRow:  # fmt: skip
    if told is None:
        return ResultRow(entry, {}, ())
    reasons = tuple(short_reasons(policy, {"facts": {"reasons": told.reasons}}))
    return ResultRow(entry, grades.get(entry.session_id, {}), reasons)
