"""Judgements on recordings: how long they are kept, what gaps are tolerable, how samples are drawn.
Pure: facts in, Ruling out; periods and criteria come from the edition."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.core.regulation import Rule, Ruling, rule
from server.core.terms import Named, codes, local_day


@rule("video_archive")
@dataclass(frozen=True, kw_only=True)
class ArchiveRule(Rule):
    """How long recordings are kept and which gaps are shown (VS-1)."""

    retention_days: int
    gap_max_s: int

    def keep_until(self, recorded_at: datetime) -> date:
        """The last day on which a recording must still be there."""
        return local_day(recorded_at, self.zone) + timedelta(days=self.retention_days)

    def judge(self, recorded_at: datetime, now: datetime, holds: Collection[str] = ()) -> Ruling:
        """Whether a recording may be deleted now; a hold (an appeal, an inquiry) always stops it."""
        until = self.keep_until(recorded_at)
        facts = {"recorded_at": recorded_at, "keep_until": until, "holds": sorted(holds)}
        if holds:
            return self.refuse("recording_held", **facts)
        if local_day(now, self.zone) <= until:
            return self.refuse("recording_kept", **facts)
        return self.allow("recording_deletable", **facts)

    def judge_gap(self, ended_at: datetime, resumed_at: datetime) -> Ruling:
        """Whether the time between two segments is no gap worth showing."""
        gap = resumed_at - ended_at
        facts = {"gap_s": gap, "gap_max_s": self.gap_max_s, "ended_at": ended_at, "resumed_at": resumed_at}
        if gap > timedelta(seconds=self.gap_max_s):
            return self.refuse("recording_gap", **facts)
        return self.allow("recording_unbroken", **facts)


@rule("surveillance_report")
@dataclass(frozen=True, kw_only=True)
class SurveillanceReportRule(Rule):
    """What the report on surveillance holds and who receives it (VS-2)."""

    report_to: str
    parts: tuple[Named, ...]

    def judge(self, parts: Collection[str], recipient: str) -> Ruling:
        """Whether the report is complete and goes to the right place."""
        missing = [part for part in codes(self.parts) if part not in parts]
        facts = {"recipient": recipient, "report_to": self.report_to, "missing": missing}
        if recipient != self.report_to:
            return self.refuse("report_recipient", **facts)
        if missing:
            return self.refuse("report_incomplete", **facts)
        return self.allow("report_complete", **facts)


@dataclass(frozen=True, kw_only=True)
class SamplingPlan:
    """A plan of sample checks: its criteria, how much is drawn at random, and when it was fixed."""

    criteria: Collection[str]
    random_percent: int
    fixed_at: datetime | None
    institutions: Collection[str]


@rule("sample_checks")
@dataclass(frozen=True, kw_only=True)
class SampleChecksRule(Rule):
    """Sample checks follow criteria fixed before the draw and reach every institution (VS-3)."""

    fixed_in_advance: bool
    all_institutions: bool
    random_percent_min: int
    criteria: tuple[Named, ...]

    def judge(self, plan: SamplingPlan, institutions: Collection[str], now: datetime) -> Ruling:
        """Whether a sample may be drawn by this plan now."""
        unknown = sorted(set(plan.criteria) - set(codes(self.criteria)))
        left_out = sorted(set(institutions) - set(plan.institutions))
        facts = {"criteria": sorted(plan.criteria), "fixed_at": plan.fixed_at,
                 "random_percent": plan.random_percent, "random_percent_min": self.random_percent_min}
        if unknown or not plan.criteria:
            return self.refuse("criteria_unknown", unknown=unknown, **facts)
        if self.fixed_in_advance and (plan.fixed_at is None or plan.fixed_at >= now):
            return self.refuse("criteria_not_fixed", **facts)
        if self.all_institutions and left_out:
            return self.refuse("institutions_left_out", institutions=left_out, **facts)
        if plan.random_percent < self.random_percent_min:
            return self.refuse("random_part_too_small", **facts)
        return self.allow("sample_drawable", **facts)


@rule("surveillance_schedule")
@dataclass(frozen=True, kw_only=True)
class SurveillanceScheduleRule(Rule):
    """How often surveillance is checked (VS-4)."""

    every_days: int

    def due_on(self, last_on: date) -> date:
        """The day by which the next check is done."""
        return last_on + timedelta(days=self.every_days)

    def judge(self, last_on: date, now: datetime) -> Ruling:
        """Whether the next check is not overdue."""
        due = self.due_on(last_on)
        if local_day(now, self.zone) > due:
            return self.refuse("check_overdue", last_on=last_on, due_on=due)
        return self.allow("check_current", last_on=last_on, due_on=due)
