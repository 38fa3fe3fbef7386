"""Judgements on scores: the grade of a percent, the right to the certificate, delivery and notice of results.
Pure: facts in, Ruling out; cuts and days come from the edition. The percent is the service's work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, Term, codes, in_time

# A percent is computed in binary floats: 3/4 of 400 summed from probabilities arrives as 74.99999999999997.
# What differs by less than this is the same percent, so that no candidate loses a grade to the arithmetic.
NOISE = Decimal("1e-9")
_MODES = {"down": ROUND_DOWN, "half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def exact_percent(percent: float | Decimal) -> Decimal:
    """The decimal percent a float stands for, free of binary noise; ValueError outside 0..100."""
    value = percent if isinstance(percent, Decimal) else Decimal(repr(float(percent)))
    if not value.is_finite():
        raise ValueError(f"no percent: {percent!r}")
    value = value.quantize(NOISE, rounding=ROUND_HALF_EVEN)
    if not 0 <= value <= 100:
        raise ValueError(f"no percent: {percent!r}")
    return value


@dataclass(frozen=True, kw_only=True)
class GradeBand(Named):
    """A grade and the least percent that earns it."""

    min_percent: Decimal


@dataclass(frozen=True)
class Weights:
    """How a percent of the reference form and the points of written tasks make one percent of all points."""

    form: float = 1.0
    added: float = 0.0
    whole: float = 1.0

    def percent(self, on_form: float) -> float:
        """The percent of all points of whoever has this percent of the form's."""
        return (on_form * self.form + 100.0 * self.added) / self.whole

    def spread(self, sd: float) -> float:
        """The sd of that percent: written points are counted, not estimated."""
        return sd * self.form / self.whole

    def on_form(self, percent: float) -> float:
        """The percent of the form that makes this percent of all points; below 0 or above 100 where none does."""
        return (percent * self.whole - 100.0 * self.added) / self.form


@rule("grade_cuts")
@dataclass(frozen=True, kw_only=True)
class GradeCutsRule(Rule):
    """The grade of a percent: rounded as the edition says, then the highest band reached (DC-20).

    `written` says how the points of written tasks count: as points beside those expected on the reference form, or as
    a share of the percent, `written_share` of a hundred, however many they are."""

    rounding: Literal["down", "half_up", "half_even", "none"]
    places: int
    percent_of: Literal["reference_form", "given_items"]
    grades: tuple[GradeBand, ...]
    written: Literal["points", "share"] = "points"
    written_share: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        cuts = [band.min_percent for band in self.grades]
        require(all(high > low for high, low in pairwise(cuts)), "grades", "the cuts do not fall")
        require(bool(cuts) and cuts[-1] == 0, "grades", "no grade for every percent down to zero")
        require(cuts[0] <= 100, "grades", "a cut above 100")
        is_share = 0 < self.written_share < 100 if self.written == "share" else self.written_share == 0
        require(is_share, "written_share", "a share of a hundred, where written work has one")

    def weights(self, form_points: float, written: Decimal, maximum: int) -> Weights:
        """How the points of a section's written tasks count beside a reference form of so many points."""
        if not 0 <= written <= maximum:
            raise ValueError(f"{written} of {maximum} points")
        if maximum == 0:
            return Weights()
        if self.written == "points":
            return Weights(form_points, float(written), form_points + maximum)
        share = float(self.written_share)
        return Weights(100.0 - share, float(written * self.written_share) / maximum, 100.0)

    def rounded(self, percent: float | Decimal) -> Decimal:
        """The percent that is compared with the cuts."""
        value = exact_percent(percent)
        if self.rounding == "none":
            return value
        return value.quantize(Decimal(1).scaleb(-self.places), rounding=_MODES[self.rounding])

    def band(self, percent: float | Decimal) -> GradeBand:
        """The grade of a percent."""
        return self._reached(self.rounded(percent))

    def _reached(self, compared: Decimal) -> GradeBand:
        return next(band for band in self.grades if compared >= band.min_percent)

    def judge(self, percent: float | Decimal) -> Ruling:
        """The grade, with the percent before and after rounding and the cut it reached."""
        exact = exact_percent(percent)
        compared = self.rounded(exact)
        band = self._reached(compared)
        return self.allow("graded", grade=band.code, min_percent=band.min_percent, rounding=self.rounding,
                          percent=exact, compared=compared)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A candidate at the end: the grade per subject (None: not graded) and what forfeits the right.

    `spared` is why an absence costs nothing: "exempt" (DC-17) or "excused" (DC-18)."""

    grades: Mapping[str, str | None]
    forfeits: Collection[str] = ()
    spared: str | None = None


@rule("distinction")
@dataclass(frozen=True, kw_only=True)
class DistinctionRule(Rule):
    """Who has the right to the certificate with distinction (DC-21)."""

    grades: tuple[str, ...]
    forfeits: tuple[Named, ...]

    def judge(self, standing: Standing) -> Ruling:
        """The right, or every reason why it is lost; a forfeit the edition does not know is a bug."""
        unknown = set(standing.forfeits) - set(codes(self.forfeits))
        if unknown:
            raise ValueError(f"unknown forfeits {sorted(unknown)}")
        reasons: list[dict[str, str]] = [
            {"reason": each} for each in codes(self.forfeits) if each in standing.forfeits]
        if standing.spared:
            reasons.append({"reason": standing.spared})
        for subject, grade in sorted(standing.grades.items()):
            if grade is None and not standing.spared:
                reasons.append({"reason": "not_graded", "subject": subject})
            elif grade is not None and grade not in self.grades:
                reasons.append({"reason": "grade", "subject": subject, "grade": grade})
        if not standing.grades:
            reasons.append({"reason": "no_subjects"})
        if reasons:
            return self.refuse("distinction_lost", reasons=reasons, grades=standing.grades)
        return self.allow("distinction_earned", reasons=[], grades=standing.grades)


@rule("results_delivery")
@dataclass(frozen=True, kw_only=True)
class ResultsDeliveryRule(Rule):
    """By when results reach the departments, and whose signatures a list bears before it is released (DC-22)."""

    term: Term
    signed_by: tuple[str, ...]
    signatures: int

    def judge_signer(self, office: str) -> Ruling:
        """Whether the offices of such an organisation sign lists of results."""
        facts = {"office": office, "signed_by": self.signed_by}
        if office in self.signed_by:
            return self.allow("list_signer", **facts)
        return self.refuse("no_list_signer", **facts)

    def judge_signed(self, signers: Collection[int]) -> Ruling:
        """Whether so many different persons have signed that the list may be released."""
        facts = {"signed": len(set(signers)), "needed": self.signatures}
        is_enough = len(set(signers)) >= self.signatures
        return self.allow("list_signed", **facts) if is_enough else self.refuse("list_unsigned", **facts)

    def judge_again(self, version: int) -> Ruling:
        """That a corrected list is delivered: the term of the first delivery says nothing of it."""
        return self.allow("correction_delivered", version=version)

    def last(self, last_test_at: datetime) -> datetime:
        """The last moment of the term that began on the last test day."""
        return self.term.last(last_test_at, self.zone, self.calendar)

    def judge(self, last_test_at: datetime, delivered_at: datetime | None, now: datetime) -> Ruling:
        """Whether results were delivered in time, or still can be."""
        last = self.last(last_test_at)
        facts = {"last_test_at": last_test_at, "due_at": last, "delivered_at": delivered_at}
        if not in_time(delivered_at or now, last):
            return self.refuse("delivered_late" if delivered_at else "delivery_overdue", **facts)
        return self.allow("delivered_in_time" if delivered_at else "delivery_due", **facts)


@rule("results_notice")
@dataclass(frozen=True, kw_only=True)
class ResultsNoticeRule(Rule):
    """Who approves final results, who is told, and by when (DC-29)."""

    approved_by: str
    term: Term
    recipients: tuple[Named, ...]

    def last(self, appeals_ended_at: datetime) -> datetime:
        """The last moment for telling."""
        return self.term.last(appeals_ended_at, self.zone, self.calendar)

    def judge_approval(self, organisation: str) -> Ruling:
        """Whether this organisation approves the results."""
        facts = {"organisation": organisation, "approved_by": self.approved_by}
        if organisation == self.approved_by:
            return self.allow("approver", **facts)
        return self.refuse("not_approver", **facts)

    def judge(self, appeals_ended_at: datetime, told: Mapping[str, datetime], now: datetime) -> Ruling:
        """Whether everybody was told in time, or still can be."""
        last = self.last(appeals_ended_at)
        late = [who for who in codes(self.recipients) if not in_time(told.get(who, now), last)]
        waiting = [who for who in codes(self.recipients) if who not in told]
        facts = {"due_at": last, "late": late, "waiting": waiting}
        if late:
            return self.refuse("notice_late", **facts)
        return self.allow("notice_due" if waiting else "notice_given", **facts)


@rule("choice_subject")
@dataclass(frozen=True, kw_only=True)
class ChoiceSubjectRule(Rule):
    """How many subjects of choice a confirmed candidate still sits, and among which (DC-31)."""

    count: int
    subjects: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(0 <= self.count <= len(self.subjects), "count", "more than there are to choose among")

    def judge(self, chosen: Collection[str], exempt: Collection[str]) -> Ruling:
        """Whether the choice has the right number, among what is offered, and none the candidate is exempt from."""
        facts = {"chosen": sorted(chosen), "count": self.count}
        clash = sorted(set(chosen) & set(exempt))
        if clash:
            return self.refuse("choice_is_exempt", exempt=clash, **facts)
        if len(set(chosen)) != self.count:
            return self.refuse("choice_count", **facts)
        if not set(chosen) <= set(codes(self.subjects)):
            return self.refuse("choice_unknown", offered=codes(self.subjects), **facts)
        return self.allow("choice_recorded", **facts)


@rule("not_confirmed")
@dataclass(frozen=True, kw_only=True)
class NotConfirmedRule(Rule):
    """On what papers a candidate whose right is not confirmed is admitted to attestation (DC-32)."""

    papers: tuple[Named, ...]

    def judge(self, papers: Collection[str]) -> Ruling:
        """Whether the case is complete."""
        missing = [paper for paper in codes(self.papers) if paper not in papers]
        if missing:
            return self.refuse("attestation_papers_missing", missing=missing)
        return self.allow("attestation_admitted", papers=sorted(papers))


@rule("result_access")
@dataclass(frozen=True, kw_only=True)
class ResultAccessRule(Rule):
    """Who is no third party to a result (CS-5)."""

    readers: tuple[str, ...]
    logged: bool
    actors: tuple[str, ...]

    def judge_act(self, office: str) -> Ruling:
        """Whether offices of this kind act on the results that concern them, and do not read them alone."""
        facts = {"office": office, "actors": self.actors}
        return self.allow("office_acts", **facts) if office in self.actors else self.refuse("office_reads", **facts)

    def judge(self, reader: str, concerns_reader: bool) -> Ruling:
        """Whether this role may read a result that is, or is not, within its own circle."""
        facts = {"reader": reader, "concerns_reader": concerns_reader, "logged": self.logged}
        if reader in self.readers and concerns_reader:
            return self.allow("result_readable", **facts)
        return self.refuse("third_party", **facts)


@rule("coded_work")
@dataclass(frozen=True, kw_only=True)
class CodedWorkRule(Rule):
    """Who sees a code in place of a name (CS-14.2)."""

    readers_of_codes: tuple[str, ...]
    decoding_logged: bool

    def judge(self, role: str) -> Ruling:
        """Whether this role may see the name on written work."""
        facts = {"role": role, "logged": self.decoding_logged}
        if role in self.readers_of_codes:
            return self.refuse("code_only", **facts)
        return self.allow("name_readable", **facts)
