"""Judgements on the marks of written work: when two agree, when a third is needed, which of them stand, until when.
Pure: facts in, Ruling out; tolerance, rounding and terms come from the edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, Term, codes, in_time

WHOLE = Decimal(1)
_MODES = {"down": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_CEILING}


@rule("written_marks")
@dataclass(frozen=True, kw_only=True)
class WrittenMarksRule(Rule):
    """Two markers, a third on disagreement, and which marks stand (CS-14.2).

    `maximum` is what a task is worth unless the office says otherwise; marks may differ by `tolerance_percent` of it.
    `third` says what a third mark does: the mean of the nearest two, of all, the middle one, or it stands alone."""

    maximum: int
    maximum_most: int
    tolerance_percent: Decimal
    agreed: Literal["mean", "higher", "lower"]
    third: Literal["nearest_two", "all", "middle", "third"]
    rounding: Literal["none", "down", "up", "half_up", "half_even"]
    correct_within_min: int
    agreement_min: Decimal
    term: Term
    give_back: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(0 < self.maximum <= self.maximum_most, "maximum", "no points to give, or too many")
        require(0 <= self.tolerance_percent <= 100, "tolerance_percent", "no share of the points")
        require(len(self.give_back) > 0, "give_back", "a marker who knows the writer must be able to say so")

    def is_apart(self, one: Decimal, other: Decimal, maximum: int) -> bool:
        """Whether two marks differ by more than is tolerated."""
        return abs(one - other) * 100 > self.tolerance_percent * maximum

    def judge(self, marks: Sequence[Decimal], maximum: int) -> Ruling:
        """The points that two or three marks make, with which of them stand; refused while a mark is missing."""
        facts = {"marks": list(marks), "maximum": maximum, "tolerance_percent": self.tolerance_percent}
        if len(marks) <= 1:
            return self.refuse("marks_missing", **facts)
        first, second = marks[0], marks[1]
        third = marks[2] if len(marks) > 2 else None
        if third is None and self.is_apart(first, second, maximum):
            return self.refuse("third_marker_needed", **facts)
        used = (0, 1) if third is None else self._standing(marks)
        points = self._rounded(self._made_of([marks[at] for at in used], is_pair=third is None))
        return self.allow("marks_settled", points=points, used=list(used), **facts)

    def judge_scale(self, maximum: int) -> Ruling:
        """Whether a task may be worth so many points."""
        facts = {"maximum": maximum, "most": self.maximum_most}
        if 0 < maximum <= self.maximum_most:
            return self.allow("scale_lawful", **facts)
        return self.refuse("scale_unlawful", **facts)

    def judge_correction(self, made_at: datetime, now: datetime, is_third_drawn: bool) -> Ruling:
        """Whether a marker may still correct their own mark: soon after it, and before a third was drawn."""
        last = made_at + timedelta(minutes=self.correct_within_min)
        facts = {"last_at": last, "minutes": self.correct_within_min}
        if is_third_drawn:
            return self.refuse("mark_is_being_settled", **facts)
        if not in_time(now, last):
            return self.refuse("mark_stands", **facts)
        return self.allow("mark_correctable", **facts)

    def judge_return(self, reason: str) -> Ruling:
        """Whether a work may be given back for this reason."""
        if reason in codes(self.give_back):
            return self.allow("work_given_back", reason=reason)
        return self.refuse("give_back_reason_unknown", reason=reason, reasons=codes(self.give_back))

    def last(self, last_test_at: datetime) -> datetime:
        """By when the work of a sitting is to be marked."""
        return self.term.last(last_test_at, self.zone, self.calendar)

    def _standing(self, marks: Sequence[Decimal]) -> tuple[int, ...]:
        """Which of three marks stand; of pairs equally near the one that gives more."""
        if self.third == "third":
            return (2,)
        if self.third == "all":
            return (0, 1, 2)
        if self.third == "middle":
            return (sorted(range(len(marks)), key=lambda at: marks[at])[1],)
        pairs = combinations(range(len(marks)), 2)
        return min(
            pairs, key=lambda pair: (abs(marks[pair[0]] - marks[pair[1]]), -marks[pair[0]] - marks[pair[1]])
        )

    def _made_of(self, marks: Sequence[Decimal], is_pair: bool) -> Decimal:
        if is_pair and self.agreed != "mean":
            return max(marks) if self.agreed == "higher" else min(marks)
        return sum(marks, Decimal(0)) / len(marks)

    def _rounded(self, points: Decimal) -> Decimal:
        places = Decimal(1) / 100
        if self.rounding == "none":
            return points.quantize(places, rounding=ROUND_HALF_UP).normalize()
        return points.quantize(WHOLE, rounding=_MODES[self.rounding])
