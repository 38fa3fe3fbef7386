"""What the page of an analysis shows: its breakdowns in one subject as plots and tables, and the content areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.core.charts import Mark
from server.core.i18n import _, language, number
from server.core.ranges import Range, Ranges
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.bench import BENCHES
from server.delivery.sheets import sheets_of
from server.grading.plots import invented
from server.grading.policy import Policy
from server.reports.analysis.groups import Breakdown, Group, breakdowns, whole
from server.reports.analysis.told import Told
from server.reports.areas import GroupArea, group_areas
from server.reports.demonstration import has_demonstration_pool
from server.reports.rules import AreaStrengthsRule, GroupFiguresRule

MOST = 500  # candidates whose answers the areas are read from; of more, every so-manieth


@dataclass(frozen=True)
class Analysis:
    """One's own circle, everybody, each breakdown with its plot, and the areas with theirs."""

    own: Group
    everybody: Group
    breakdowns: tuple[tuple[Breakdown, Ranges], ...]
    areas: tuple[GroupArea, ...]
    areas_plot: Ranges | None
    is_invented: bool


def analysis(work: Work, sitting: SittingRef, policy: Policy, told: Told, subject: str) -> Analysis:
    """The analysis of these rows in the subject."""
    grades = [band.code for band in policy.cuts.grades]
    sitting = replace(sitting, subjects=(subject,))
    is_invented = has_demonstration_pool(work, sitting.id)
    own = whole(sitting, _("Yours"), told.rows, grades)
    # Where next to nobody else sat, the mean of all would tell of those few.
    others = len(told.everybody) - len(told.rows)
    is_apart = sitting.edition.get("DC-2.groups", GroupFiguresRule).judge(others).allowed
    beside = told.everybody if is_apart or not others else told.rows
    everybody = whole(sitting, _("All candidates"), beside, grades)
    found = breakdowns(work, sitting, told.rows, grades)
    plots = tuple((each, _plot(each, everybody, policy, subject, is_invented)) for each in found)
    areas = _areas(work, sitting, policy, told.sessions, subject) if own.is_shown else ()
    return Analysis(own, everybody, plots, areas, _areas_plot(areas, is_invented), is_invented)


def _plot(breakdown: Breakdown, everybody: Group, policy: Policy, subject: str, is_invented: bool) -> Ranges:
    title = policy.subject_titles(language())[subject]
    rows = tuple(_range(each, subject) for each in breakdown.groups)
    mean = everybody.subjects[subject].mean if everybody.is_shown else None
    marks = () if mean is None else (Mark("x", mean, f"{everybody.title}: {number(mean, 1)}"),)
    heading = _("%(subject)s: mean percent, %(breakdown)s", subject=title, breakdown=breakdown.title)
    said = " ".join(f"{row.name}: {row.figure}." for row in rows)
    return Ranges(f"by-{breakdown.code}", heading + invented(is_invented), said, rows, marks)


def _range(group: Group, subject: str) -> Range:
    figures = group.subjects.get(subject)
    if figures is None or figures.mean is None:
        return Range(group.title, _("too few to show") if not group.is_shown else "–")
    low, high = max(0.0, figures.mean - figures.half), min(100.0, figures.mean + figures.half)
    return Range(group.title, number(figures.mean, 1), figures.mean, low, high)


def _areas(
    work: Work, sitting: SittingRef, policy: Policy, session_ids: Sequence[int], subject: str
) -> tuple[GroupArea, ...]:
    """The areas by the answers of those whose sheets were sealed."""
    step = -(-len(session_ids) // MOST) or 1
    sheets = [
        each for found in sheets_of(work, session_ids[::step]).values() for each in found if each.subject == subject
    ]
    if not sheets:
        return ()
    rule = sitting.edition.get("DC-2.areas", AreaStrengthsRule)
    return group_areas(BENCHES.of(work, sheets[0]), [each.sheet for each in sheets], policy.times, rule)


def _areas_plot(areas: tuple[GroupArea, ...], is_invented: bool) -> Ranges | None:
    if not areas:
        return None
    rows = tuple(Range(each.title, number(each.points, 1), each.points, each.low, each.high) for each in areas)
    reach = max(5.0, *(abs(value) for each in areas for value in (each.low, each.high)))
    heading = _("Points of percent above or below the rest of the subject, by content area")
    said = " ".join(f"{each.title}: {number(each.points, 1)}." for each in areas)
    return Ranges("areas", heading + invented(is_invented), said, rows, (Mark("x", 0.0, ""),), (-reach, reach))
