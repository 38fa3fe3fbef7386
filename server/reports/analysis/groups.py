"""Groups of candidates and their figures: how many, the mean percent with its range, the shares of the grades."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from server import accounts
from server.accounts.queries import departments_of
from server.candidates.models import Registration
from server.candidates.rules import LanguageRule
from server.core.i18n import _, language
from server.core.terms import find
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.models import ExamSession
from server.grading.lists.standing import Row
from server.reports.areas import SDS
from server.reports.rules import AggregatesRule, GroupFiguresRule


@dataclass(frozen=True)
class Figures:
    """Of the candidates of a group who have a grade in a subject; without a mean they are too few to show."""

    n: int
    mean: float | None = None
    half: float = 0.0
    shares: tuple[float, ...] = ()


@dataclass(frozen=True)
class Group:
    """A school, a district or a language: how many are in it, how many keep the right, and its subjects."""

    title: str
    n: int
    is_shown: bool
    kept: int | None
    subjects: dict[str, Figures]


@dataclass(frozen=True)
class Breakdown:
    """By what it is, and its groups; `hidden` of them are too small, or would be found out by a subtraction."""

    code: str
    title: str
    groups: tuple[Group, ...]

    @property
    def hidden(self) -> int:
        return sum(not each.is_shown for each in self.groups)


def breakdowns(
    work: Work, sitting: SittingRef, rows: Sequence[Row], grades: Sequence[str]
) -> tuple[Breakdown, ...]:
    """Every breakdown the edition names that is of people, of these rows."""
    rule = sitting.edition.get("DC-2", AggregatesRule)
    small = sitting.edition.get("DC-2.groups", GroupFiguresRule)
    found = []
    for code, named in _namers(work, sitting, rows).items():
        if rule.judge(code).allowed:
            by_title: dict[str, list[Row]] = {}
            for row in rows:
                by_title.setdefault(named(row), []).append(row)
            groups = _shown(small, [(title, by_title[title]) for title in sorted(by_title)], sitting.subjects, grades)
            entry = find(rule.breakdowns, code)
            found.append(Breakdown(code, entry.title(language()) if entry else code, groups))
    return tuple(found)


def whole(sitting: SittingRef, title: str, rows: Sequence[Row], grades: Sequence[str]) -> Group:
    """All of the rows as one group; too few are not shown."""
    small = sitting.edition.get("DC-2.groups", GroupFiguresRule)
    return _group(title, rows, sitting.subjects, grades, is_shown=small.judge(_graded(rows)).allowed)


def _namers(work: Work, sitting: SittingRef, rows: Sequence[Row]) -> dict[str, Callable[[Row], str]]:
    """How a row is named in each breakdown."""
    departments = departments_of(work, {row.centre_id for row in rows})
    titles = {id_: accounts.organisation_of(work, id_).name(language()) for id_ in set(departments.values())}
    tongues = sitting.edition.get("DC-4", LanguageRule).languages
    registered = select(Registration.id, Registration.language).join(ExamSession)
    spoken = dict(work.db.execute(registered.where(ExamSession.sitting_id == sitting.id)).all())

    def by_language(row: Row) -> str:
        entry = find(tongues, spoken[row.registration_id])
        return entry.title(language()) if entry else spoken[row.registration_id]

    return {
        "school": lambda row: row.school,
        "district": lambda row: titles.get(departments.get(row.centre_id, 0), _("no department")),
        "language": by_language,
    }


def _shown(
    small: GroupFiguresRule, groups: list[tuple[str, list[Row]]], subjects: Iterable[str], grades: Sequence[str]
) -> tuple[Group, ...]:
    """Groups that are too small without figures; one alone would be found by subtracting the others from the whole."""
    hidden = {title for title, rows in groups if not small.judge(_graded(rows)).allowed}
    if len(hidden) == 1 and len(groups) > 1:
        hidden.add(min((_graded(rows), title) for title, rows in groups if title not in hidden)[1])
    return tuple(
        _group(title, rows, subjects, grades, is_shown=title not in hidden) for title, rows in groups
    )


def _graded(rows: Sequence[Row]) -> int:
    """How many of them there are figures of."""
    return sum(bool(row.grades) for row in rows)


def _group(title: str, rows: Sequence[Row], subjects: Iterable[str], grades: Sequence[str], *, is_shown: bool) -> Group:
    if not is_shown:
        return Group(title, len(rows), is_shown=False, kept=None, subjects={})
    kept = sum(bool(row.is_eligible) for row in rows)
    return Group(title, len(rows), is_shown=True, kept=kept,
                 subjects={subject: figures(rows, subject, grades) for subject in subjects})  # fmt: skip


def figures(rows: Sequence[Row], subject: str, grades: Sequence[str]) -> Figures:
    """The figures of those among the rows who have a grade in the subject."""
    found = [each for row in rows for each in row.grades if each["subject"] == subject]
    if not found:
        return Figures(0, shares=(0.0,) * len(grades))
    percents, counted = np.array([float(each["percent"]) for each in found]), Counter(each["grade"] for each in found)
    half = SDS * float(percents.std(ddof=1)) / math.sqrt(len(found)) if len(found) > 1 else math.inf
    return Figures(len(found), float(percents.mean()), half, tuple(counted[each] / len(found) for each in grades))
