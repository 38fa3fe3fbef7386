"""Judgements on monitoring campaigns, self-assessment and accreditation files.
Pure: facts in, Ruling out; strata, stages, areas and terms come from the edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, add_months, add_years, codes, local_day


@rule("small_groups")
@dataclass(frozen=True, kw_only=True)
class SmallGroupsRule(Rule):
    """Which groups are too small to be shown in public (EM-1)."""

    group_min: int
    pseudonyms: bool

    def judge(self, size: int) -> Ruling:
        """Whether a figure about a group of this size may be published."""
        if size >= self.group_min:
            return self.allow("group_shown", size=size, group_min=self.group_min)
        # The size stays out of the facts: it is what suppression hides.
        return self.refuse("group_suppressed", group_min=self.group_min)


@dataclass(frozen=True, kw_only=True)
class SampleDesign:
    """A sample as designed, before its draw."""

    strata: Collection[str]
    allocation: str
    draw: str
    seed_published_at: datetime | None
    margin_percent: Decimal | None


@rule("sample_design")
@dataclass(frozen=True, kw_only=True)
class SampleRule(Rule):
    """What makes a sample representative (EM-2)."""

    strata: tuple[Named, ...]
    allocations: tuple[str, ...]
    draws: tuple[str, ...]
    seed_published: bool
    margin_percent_max: Decimal

    def judge(self, design: SampleDesign, now: datetime) -> Ruling:
        """Whether the design may be drawn now."""
        missing = [stratum for stratum in codes(self.strata) if stratum not in design.strata]
        seed, margin = design.seed_published_at, design.margin_percent
        facts = {"margin_percent": margin, "margin_percent_max": self.margin_percent_max,
                 "seed_published_at": seed, "allocation": design.allocation, "draw": design.draw}
        if missing:
            return self.refuse("strata_missing", missing=missing, **facts)
        if design.allocation not in self.allocations or design.draw not in self.draws:
            return self.refuse("sampling_method_unknown", **facts)
        if self.seed_published and (seed is None or seed >= now):
            return self.refuse("seed_not_published", **facts)
        if margin is None:
            return self.refuse("margin_not_stated", **facts)
        if margin > self.margin_percent_max:
            return self.refuse("margin_too_wide", **facts)
        return self.allow("sample_representative", **facts)


@rule("monitoring_parts")
@dataclass(frozen=True, kw_only=True)
class PartsRule(Rule):
    """What a work of a monitoring campaign consists of (EM-3, EM-5 to EM-10)."""

    parts: tuple[Named, ...]

    def judge(self, present: Collection[str]) -> Ruling:
        """Whether nothing is missing."""
        missing = [part for part in codes(self.parts) if part not in present]
        if missing:
            return self.refuse("parts_missing", missing=missing)
        return self.allow("parts_complete", parts=codes(self.parts))


@rule("quality_file")
@dataclass(frozen=True, kw_only=True)
class QualityFileRule(PartsRule):
    """What an accreditation plan or file consists of (AC-1d, AC-1e)."""


@rule("monitoring_stages")
@dataclass(frozen=True, kw_only=True)
class StagesRule(Rule):
    """The stages and phases of a campaign and how often there is one (EM-4)."""

    stages: tuple[Named, ...]
    phases: tuple[str, ...]
    every_years: int

    def judge(self, phase: str, stage: str, done: Collection[tuple[str, str]]) -> Ruling:
        """Whether a stage of a phase may begin, given the (phase, stage) pairs that are done."""
        order = [(each, code) for each in self.phases for code in codes(self.stages)]
        facts = {"phase": phase, "stage": stage}
        if (phase, stage) not in order:
            return self.refuse("stage_unknown", **facts)
        before = [list(pair) for pair in order[:order.index((phase, stage))] if pair not in done]
        if before:
            return self.refuse("stage_too_early", before=before, **facts)
        return self.allow("stage_open", **facts)

    def due_on(self, last_held_on: date) -> date:
        """The day by which the next campaign is held."""
        return add_years(last_held_on, self.every_years)

    def judge_period(self, last_held_on: date, now: datetime) -> Ruling:
        """Whether the next campaign is not overdue."""
        due = self.due_on(last_held_on)
        if local_day(now, self.zone) > due:
            return self.refuse("monitoring_overdue", last_held_on=last_held_on, due_on=due)
        return self.allow("monitoring_current", last_held_on=last_held_on, due_on=due)


@rule("recommendations")
@dataclass(frozen=True, kw_only=True)
class RecommendationRule(Rule):
    """What a recommendation must state before it is closed (EM-11)."""

    record: tuple[Named, ...]

    def judge(self, stated: Mapping[str, str]) -> Ruling:
        """Whether every field is filled in."""
        missing = [name for name in codes(self.record) if not stated.get(name, "").strip()]
        if missing:
            return self.refuse("recommendation_incomplete", missing=missing)
        return self.allow("recommendation_complete")


@rule("monitoring_access")
@dataclass(frozen=True, kw_only=True)
class AccessRule(Rule):
    """Which kind of organisation does what in a campaign (EM-12)."""

    rights: Mapping[str, tuple[str, ...]]

    def judge(self, organisation: str, action: str) -> Ruling:
        """Whether an organisation of this kind has that right."""
        if action in self.rights.get(organisation, ()):
            return self.allow("right_held", organisation=organisation, action=action)
        return self.refuse("right_not_held", organisation=organisation, action=action)


@rule("monitoring_areas")
@dataclass(frozen=True, kw_only=True)
class AreasRule(Rule):
    """The areas monitored besides tests (EM-13)."""

    areas: tuple[Named, ...]
    source_required: bool

    def judge(self, area: str, source: str) -> Ruling:
        """Whether an indicator form of this area, drawn from this source, is accepted."""
        if area not in codes(self.areas):
            return self.refuse("area_unknown", area=area, areas=codes(self.areas))
        if self.source_required and not source.strip():
            return self.refuse("indicator_without_source", area=area)
        return self.allow("indicator_accepted", area=area, source=source)

    def judge_coverage(self, areas: Collection[str]) -> Ruling:
        """Whether every area is covered."""
        missing = [area for area in codes(self.areas) if area not in areas]
        if missing:
            return self.refuse("areas_missing", missing=missing)
        return self.allow("areas_covered", count=len(self.areas))


@rule("self_assessment")
@dataclass(frozen=True, kw_only=True)
class SelfAssessmentRule(Rule):
    """How often an institution assesses itself and in which steps (AC-1a)."""

    every_years: int
    steps: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(self.every_years > 0, "every_years", "no period")

    def due_on(self, last_on: date) -> date:
        """The day by which the next self-assessment is complete."""
        return add_years(last_on, self.every_years)

    def judge(self, last_on: date, done: Collection[str], now: datetime) -> Ruling:
        """Whether the next self-assessment is complete or still in time."""
        missing = [step for step in codes(self.steps) if step not in done]
        due = self.due_on(last_on)
        facts = {"due_on": due, "missing": missing}
        if missing and local_day(now, self.zone) > due:
            return self.refuse("self_assessment_overdue", **facts)
        return self.allow("self_assessment_due" if missing else "self_assessment_complete", **facts)


@rule("remedies")
@dataclass(frozen=True, kw_only=True)
class RemediesRule(Rule):
    """By when remedies of shortcomings are organised (AC-1c)."""

    within_months: int
    in_self_assessment: bool

    def due_on(self, decided_on: date) -> date:
        """The last day for organising remedies."""
        return add_months(decided_on, self.within_months)

    def judge(self, decided_on: date, organised_on: date | None, now: datetime) -> Ruling:
        """Whether remedies were organised in time, or still can be."""
        due = self.due_on(decided_on)
        facts = {"decided_on": decided_on, "due_on": due, "organised_on": organised_on}
        if (organised_on or local_day(now, self.zone)) > due:
            return self.refuse("remedies_late" if organised_on else "remedies_overdue", **facts)
        return self.allow("remedies_organised" if organised_on else "remedies_due", **facts)


@rule("head_answers")
@dataclass(frozen=True, kw_only=True)
class HeadAnswersRule(Rule):
    """Whose signature answers for the truth of a report (AC-2)."""

    signed_by: str

    def judge(self, role: str, person: str) -> Ruling:
        """Whether the report carries the named signature it needs."""
        facts = {"role": role, "person": person, "signed_by": self.signed_by}
        if role == self.signed_by and person.strip():
            return self.allow("report_signed", **facts)
        return self.refuse("head_signature_missing", **facts)
