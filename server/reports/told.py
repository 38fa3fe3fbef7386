"""What an office outside the testing centre sees of a session and a sitting: what was released, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server import delivery
from server.core.work import Work
from server.grading import GradeRef, lists
from server.grading.access import Circle
from server.grading.lists.standing import Row
from server.grading.policy import Policy
from server.grading.queries import decision_text, listed_grades, reason_texts, short_reasons, told_of
from server.reports.candidate import SessionPage
from server.reports.results import ResultRow


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


def rows_as_told(
    work: Work, sitting_id: int, policy: Policy, circle: Circle, rows: list[ResultRow]
) -> list[ResultRow]:
    """The rows with what the newest released list says of each, and nothing else of results."""
    sitting = delivery.sitting_ref(work, sitting_id)
    if circle.is_whole or sitting.is_released_at_once:
        return rows
    released = lists.newest_released(work, sitting_id)
    told = {row.session_id: row for row in lists.rows_of(work, released.id, circle)} if released else {}
    grades = listed_grades(work, [each["id"] for row in told.values() for each in row.grades])
    return [_as_told(policy, each, told.get(each.session_id), grades.get(each.session_id, {})) for each in rows]


def _as_told(policy: Policy, row: ResultRow, told: Row | None, grades: Mapping[str, GradeRef]) -> ResultRow:
    if told is None or told.is_eligible is None:
        return replace(row, grades={}, is_eligible=None, reasons=(), hold=told.hold if told else None)
    reasons = tuple(short_reasons(policy, {"facts": {"reasons": told.reasons}}))
    return replace(row, grades=grades, is_eligible=told.is_eligible, reasons=reasons, hold=None)
