"""Judgements on items being tried out: how many a test may have, where, how much time they add.
Pure: facts in, Ruling out; numbers come from the edition."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named


@rule("pretest")
@dataclass(frozen=True, kw_only=True)
class PretestRule(Rule):
    """What a test may hold of unscored items; they count for no tier (DC-8)."""

    percent_max: int
    first_min: int
    last_min: int
    apart_min: int
    time_percent: int
    told: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(self.first_min >= 1, "first_min", "a test begins with a scored item")
        require(self.apart_min >= 1, "apart_min", "unscored items are never next to each other")

    def judge(self, n: int, length: int, first: int, last: int, apart: int) -> Ruling:
        """Whether a test of `length` scored items may hold `n` unscored ones, placed so."""
        most = length * self.percent_max // 100
        facts = {"n": n, "most": most, "first_min": self.first_min, "last_min": self.last_min,
                 "apart_min": self.apart_min}
        if n > most:
            return self.refuse("pretest_too_many", **facts)
        if first < self.first_min:
            return self.refuse("pretest_too_early", **facts)
        if last < self.last_min:
            return self.refuse("pretest_too_late", **facts)
        if apart < self.apart_min:
            return self.refuse("pretest_too_close", **facts)
        return self.allow("pretest_lawful", **facts)

    def extra_s(self, n: int, length: int, limit_s: int) -> int:
        """The seconds that so many unscored items add to a section of `length` scored ones."""
        return n * limit_s * self.time_percent // (100 * length)
