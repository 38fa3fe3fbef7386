"""Judgements on who sits which subjects, in which language, who is exempt and who gets another test.
Pure: facts in, Ruling out; numbers and lists come from the edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import MonthDay, Named, codes, end_of_day, find, in_time, local_day


@rule("organisers")
@dataclass(frozen=True, kw_only=True)
class OrganiserRule(Rule):
    """Who may open a programme, and which kinds of organisation take part (DC-1)."""

    organisers: tuple[Named, ...]
    participants: tuple[Named, ...]

    def judge(self, organisation: str) -> Ruling:
        """Whether an organisation of this kind may open a programme."""
        if organisation in codes(self.organisers):
            return self.allow("organiser", organisation=organisation)
        return self.refuse("not_organiser", organisation=organisation, organisers=codes(self.organisers))


@rule("subjects_required")
@dataclass(frozen=True, kw_only=True)
class SubjectsRule(Rule):
    """How many subjects a candidate sits, and which the programme may name (DC-3)."""

    minimum: int
    subjects: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(len(self.subjects) >= self.minimum, "subjects", "fewer than the minimum")

    def judge(self, chosen: Sequence[str], offered: Collection[str]) -> Ruling:
        """Whether a registration names enough different subjects of the programme."""
        facts = {"chosen": list(chosen), "count": len(set(chosen)), "minimum": self.minimum}
        repeated = sorted({subject for subject in chosen if chosen.count(subject) > 1})
        if repeated:
            return self.refuse("subject_repeated", subjects=repeated, **facts)
        foreign = sorted(set(chosen) - set(offered))
        if foreign:
            return self.refuse("subject_not_offered", subjects=foreign, **facts)
        if len(chosen) < self.minimum:
            return self.refuse("too_few_subjects", **facts)
        return self.allow("subjects_accepted", **facts)

    def judge_programme(self, subjects: Sequence[str]) -> Ruling:
        """Whether the ministry's list for the year is long enough and knows only subjects of this edition."""
        return self.judge(subjects, codes(self.subjects))


@rule("test_language")
@dataclass(frozen=True, kw_only=True)
class LanguageRule(Rule):
    """The test speaks the candidate's language of instruction (DC-4). An empty fallback means: none."""

    languages: tuple[Named, ...]
    fixed: Mapping[str, str]
    fallback: str

    def language_of(self, subject: str, instruction: str) -> str:
        """The language this subject must be given in to a candidate so instructed."""
        return self.fixed.get(subject, instruction)

    def judge(self, subject: str, instruction: str, available: Collection[str]) -> Ruling:
        """In which language a candidate gets the subject, if the bank has it in that language."""
        language = self.language_of(subject, instruction)
        facts = {"subject": subject, "instruction": instruction, "wanted": language}
        if instruction not in codes(self.languages):
            return self.refuse("language_not_offered", offered=codes(self.languages), **facts)
        if language in available:
            return self.allow("language_given", language=language, **facts)
        if self.fallback and self.fallback in available:
            return self.allow("language_fallback", language=self.fallback, **facts)
        return self.refuse("language_version_missing", available=sorted(available), **facts)


Effect = Literal["extra_percent", "break_minutes", "text_percent", "separate_room", "person", "transcript"]
MEASURED = ("extra_percent", "break_minutes", "text_percent")


@dataclass(frozen=True, kw_only=True)
class AccommodationKind(Named):
    """A condition a candidate may have, what it does, and the most of it where it is measured."""

    effect: Effect
    most: int = 0


@rule("accommodations")
@dataclass(frozen=True, kw_only=True)
class AccommodationRule(Rule):
    """Under which conditions a candidate may sit the test by a recorded decision (DC-12)."""

    kinds: tuple[AccommodationKind, ...]
    order_required: bool
    evidence_required: bool

    def __post_init__(self) -> None:
        for kind in self.kinds:
            require((kind.most > 0) == (kind.effect in MEASURED), "kinds", "a measured kind has a most, no other")

    def judge(self, kind: str, extent: int, order: str, evidence: str) -> Ruling:
        """Whether a decision may give a candidate that much of it."""
        facts = {"kind": kind, "extent": extent, "order": order, "evidence": evidence}
        found = find(self.kinds, kind)
        if found is None:
            return self.refuse("accommodation_unknown", kinds=codes(self.kinds), **facts)
        least = 1 if found.most else 0
        if not least <= extent <= found.most:
            return self.refuse("accommodation_extent", least=least, most=found.most, **facts)
        if self.order_required and not order.strip():
            return self.refuse("order_missing", **facts)
        if self.evidence_required and not evidence.strip():
            return self.refuse("accommodation_evidence_missing", **facts)
        return self.allow("accommodation_granted", effect=found.effect, **facts)

    def judge_room(self, n_alone: int, n_seated: int) -> Ruling:
        """Whether so many who need a room of their own may sit among so many."""
        facts = {"alone": n_alone, "seated": n_seated}
        if n_alone and n_seated > 1:
            return self.refuse("separate_room_shared", **facts)
        return self.allow("room_fits_conditions", **facts)


@dataclass(frozen=True, kw_only=True)
class Ground(Named):
    """A ground of exemption and where the act states it."""

    source: str


@dataclass(frozen=True, kw_only=True)
class ExemptionCase:
    """An application for exemption as filed."""

    ground: str
    papers: Collection[str]
    filed_at: datetime
    test_on: date | None


@rule("exemption")
@dataclass(frozen=True, kw_only=True)
class ExemptionRule(Rule):
    """Who need not sit the test, and by when it must be asked (DC-17)."""

    grounds: tuple[Ground, ...]
    papers: tuple[Named, ...]
    before_days: int
    sits_attestation: bool

    def latest_on(self, test_on: date) -> date:
        """The last day on which an application counts."""
        return test_on - timedelta(days=self.before_days)

    def judge(self, case: ExemptionCase) -> Ruling:
        """Whether the application is complete, in time and on a ground of the act; the ministry decides.

        As long as no day is fixed for the test, none is too late."""
        latest = self.latest_on(case.test_on) if case.test_on else None
        facts = {"ground": case.ground, "filed_at": case.filed_at, "latest_on": latest}
        ground = find(self.grounds, case.ground)
        if ground is None:
            return self.refuse("exemption_ground_unknown", grounds=codes(self.grounds), **facts)
        missing = [paper for paper in codes(self.papers) if paper not in case.papers]
        if missing:
            return self.refuse("exemption_papers_missing", missing=missing, **facts)
        if latest and local_day(case.filed_at, self.zone) > latest:
            return self.refuse("exemption_filed_late", before_days=self.before_days, **facts)
        return self.allow("exemption_admissible", source=ground.source,
                          sits_attestation=self.sits_attestation, **facts)


@dataclass(frozen=True, kw_only=True)
class Reason(Named):
    """A valid reason for absence and the kinds of paper that prove it."""

    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MakeUpCase:
    """An absence, its papers and the number of the ministry's decision, if taken."""

    reason: str
    evidence: Collection[str]
    decision: str


@rule("make_up")
@dataclass(frozen=True, kw_only=True)
class MakeUpRule(Rule):
    """Who gets an additional test (DC-18)."""

    reasons: tuple[Reason, ...]
    evidence: tuple[Named, ...]
    decision_required: bool
    unseen_items: bool

    def __post_init__(self) -> None:
        for reason in self.reasons:
            known = set(codes(self.evidence))
            require(set(reason.evidence) <= known, "reasons", "evidence of no listed kind")

    def judge(self, case: MakeUpCase) -> Ruling:
        """Whether the absence earns an additional test."""
        reason = find(self.reasons, case.reason)
        if reason is None:
            return self.refuse("reason_not_valid", reason=case.reason, reasons=codes(self.reasons))
        facts = {"reason": case.reason, "evidence": sorted(case.evidence), "decision": case.decision}
        if not set(reason.evidence) & set(case.evidence):
            return self.refuse("evidence_missing", accepted=reason.evidence, **facts)
        if self.decision_required and not case.decision.strip():
            return self.refuse("decision_missing", **facts)
        return self.allow("make_up_granted", **facts)

    def judge_pool(self, subject: str, n_met: int, is_enough: bool) -> Ruling:
        """Whether a pool without what the candidate has met still holds a whole test."""
        return _enough(self, subject, n_met, is_enough)


@rule("additional_sitting")
@dataclass(frozen=True, kw_only=True)
class AdditionalSittingRule(Rule):
    """By which day an additional sitting is ordered and made known (DC-19)."""

    publish_by: MonthDay
    order_required: bool

    def judge(self, held_on: date, order: str, published_at: datetime | None, now: datetime) -> Ruling:
        """Whether the sitting was made known in time; late notice is refused so that it can be flagged."""
        last = self.publish_by.of(held_on.year)
        facts = {"held_on": held_on, "publish_by": last, "order": order, "published_at": published_at}
        if self.order_required and not order.strip():
            return self.refuse("order_missing", **facts)
        if not in_time(published_at or now, end_of_day(last, self.zone)):
            return self.refuse("published_late" if published_at else "publication_overdue", **facts)
        return self.allow("published_in_time" if published_at else "publication_due", **facts)


@rule("costs")
@dataclass(frozen=True, kw_only=True)
class CostsRule(Rule):
    """Who bears which costs (DC-35, DC-36)."""

    payer: str
    costs: tuple[Named, ...]
    fee_asked: bool

    def judge(self, cost: str) -> Ruling:
        """Whether the system may ask a fee for this cost."""
        facts = {"cost": cost, "payer": self.payer, "covered": cost in codes(self.costs)}
        if self.fee_asked and facts["covered"]:
            return self.allow("fee_asked", **facts)
        return self.refuse("no_fee", **facts)


@rule("term_extension")
@dataclass(frozen=True, kw_only=True)
class ExtensionRule(Rule):
    """How far the term is extended for a valid absence (CS-12)."""

    consent_required: bool
    extension_days_max: int

    def judge(self, due_on: date, extended_to: date, has_valid_reason: bool, consent: str) -> Ruling:
        """Whether the term may be extended to that day."""
        facts = {"due_on": due_on, "extended_to": extended_to, "days_max": self.extension_days_max}
        if not has_valid_reason:
            return self.refuse("extension_without_reason", **facts)
        if not timedelta() < extended_to - due_on <= timedelta(days=self.extension_days_max):
            return self.refuse("extension_too_long", **facts)
        if self.consent_required and not consent.strip():
            return self.refuse("consent_missing", **facts)
        return self.allow("term_extended", consent=consent, **facts)


@rule("repeat_test")
@dataclass(frozen=True, kw_only=True)
class RepeatRule(Rule):
    """How often, and after what, a failed test may be repeated (CS-18)."""

    advice_required: bool
    repeats_max: int
    unseen_items: bool
    grades: tuple[str, ...]

    def debts(self, grades: Mapping[str, str]) -> tuple[str, ...]:
        """The subjects whose grade is a debt, in their order."""
        return tuple(subject for subject, grade in grades.items() if grade in self.grades)

    def judge(self, repeats_done: int, advised: bool) -> Ruling:
        """Whether one more repeat is open."""
        facts = {"repeats_done": repeats_done, "repeats_max": self.repeats_max, "advised": advised}
        if repeats_done >= self.repeats_max:
            return self.refuse("no_repeat_left", **facts)
        if self.advice_required and not advised:
            return self.refuse("advice_missing", **facts)
        return self.allow("repeat_granted", **facts)

    def judge_pool(self, subject: str, n_met: int, is_enough: bool) -> Ruling:
        """Whether a pool without what the candidate has met still holds a whole test."""
        return _enough(self, subject, n_met, is_enough)


def _enough(judge: Rule, subject: str, n_met: int, is_enough: bool) -> Ruling:
    if not is_enough:
        return judge.refuse("unseen_items_too_few", subject=subject, n_met=n_met)
    return judge.allow("unseen_items_suffice", subject=subject, n_met=n_met)
