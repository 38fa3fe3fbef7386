"""One candidate's results for the candidate, their school and the offices: each subject on its scale, and its areas."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

from server import delivery
from server.core.charts import Mark
from server.core.i18n import _, language, number
from server.core.ranges import Range, Ranges
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.delivery.bench import BENCHES
from server.delivery.sheets import SheetOf, sheets_of
from server.grading import GradeRef
from server.grading.plots import invented
from server.grading.policy import Policy
from server.grading.queries import Told, decision_text, percent_text, reason_texts, told_of
from server.reports.areas import AreaLine, area_lines, claim
from server.reports.rules import AreaStrengthsRule

SHARE = 0.9  # of a range: nine times in ten the level lies in it
_SDS = NormalDist().inv_cdf((1 + SHARE) / 2)


@dataclass(frozen=True)
class SubjectReport:
    """A subject: its grade, the range of the percent, and its areas with their plot."""

    code: str
    title: str
    grade: GradeRef
    grade_title: str
    percent: str
    low: float
    high: float
    areas: tuple[AreaLine, ...]
    plot: Ranges | None


@dataclass(frozen=True)
class ScoreReport:
    """All of it, as it was told; figures of a demonstration say so."""

    ref: SessionRef
    sitting: SittingRef
    policy: Policy
    decision: str
    is_eligible: bool
    reasons: tuple[str, ...]
    subjects: tuple[SubjectReport, ...]
    plot: Ranges
    is_invented: bool


def score_report(work: Work, session: SessionRef) -> ScoreReport | None:
    """The report on what was told of the session; None where nothing was told yet."""
    told = told_of(work, session)
    if told is None:
        return None
    sitting = delivery.sitting_ref(work, session.sitting_id)
    policy = Policy.of(sitting.edition)
    sheets = {each.subject: each for each in sheets_of(work, [session.id]).get(session.id, [])}
    is_invented = any(BENCHES.of(work, each).pool.is_demonstration for each in sheets.values())
    subjects = tuple(
        _subject(work, policy, told, code, sheets.get(code)) for code in sitting.subjects if code in told.grades
    )
    return ScoreReport(
        session, sitting, policy, decision_text(told.is_eligible), told.is_eligible,
        tuple(reason_texts(policy, told.ruling)), subjects, _scale(policy, subjects, is_invented), is_invented,
    )  # fmt: skip


def between(low: float, high: float) -> str:
    """A range of percents, as it is written."""
    return _("from %(low)s to %(high)s %%", low=number(low, 0), high=number(high, 0))


def _subject(work: Work, policy: Policy, told: Told, code: str, sheet: SheetOf | None) -> SubjectReport:
    grade, title = told.grades[code], policy.subject_titles(language())[code]
    areas: tuple[AreaLine, ...] = ()
    if sheet is not None:
        rule = policy.edition.get("DC-2.areas", AreaStrengthsRule)
        areas = area_lines(BENCHES.of(work, sheet), sheet.sheet, policy.times, rule)
    low, high = _about(float(grade.percent), grade.percent_sd)
    return SubjectReport(
        code, title, grade, policy.grade_titles(language())[grade.grade], percent_text(grade.percent), low, high,
        areas, _areas_plot(code, title, areas),
    )  # fmt: skip


def _about(percent: float, sd: float) -> tuple[float, float]:
    return max(0.0, percent - _SDS * sd), min(100.0, percent + _SDS * sd)


def _scale(policy: Policy, subjects: tuple[SubjectReport, ...], is_invented: bool) -> Ranges:
    """Each subject's percent with its range, and where the grades begin."""
    cuts = tuple(
        Mark("x", float(band.min_percent), f"{band.title(language())}: {number(float(band.min_percent), 0)}")
        for band in policy.cuts.grades if band.min_percent
    )  # fmt: skip
    said = (f"{each.title}: {each.percent}, {between(each.low, each.high)}." for each in subjects)
    rows = tuple(Range(each.title, each.percent, float(each.grade.percent), each.low, each.high) for each in subjects)
    title = _("Percent of the marks of the reference form, with the range of each")
    return Ranges("scale", title + invented(is_invented), " ".join(said), rows, cuts)


def _areas_plot(code: str, title: str, areas: tuple[AreaLine, ...]) -> Ranges | None:
    if not areas:
        return None
    rows = tuple(Range(each.title, f"{number(each.percent, 0)} %", each.percent, *_about(each.percent, each.sd))
                 for each in areas)  # fmt: skip
    said = (f"{each.title}: {number(each.percent, 0)} %, {claim(each.ruling)}." for each in areas)
    heading = _("%(subject)s: percent expected in each content area, with its range", subject=title)
    return Ranges(f"areas-{code}", heading, " ".join(said), rows)
