"""Judgement on the control of results before their release: what is asked about, and when a list may be frozen.
Pure: facts in, Ruling out; every limit comes from the edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named


@rule("release_control")
@dataclass(frozen=True, kw_only=True)
class ReleaseControlRule(Rule):
    """Which results people look at before they are released, and how unusual one must be to be asked about (DC-22)."""

    required: bool
    checks: tuple[Named, ...]
    neighbours_m: Decimal
    common_min: int
    similarity_p: Decimal
    fit_p: Decimal
    timed_min: int
    rapid_percent_max: int
    fast_right_p: Decimal
    jump_sd: Decimal
    group_min: int

    def __post_init__(self) -> None:
        chances = (self.similarity_p, self.fit_p, self.fast_right_p)
        require(all(0 < each < 1 for each in chances), "similarity_p", "a chance lies between 0 and 1")
        require(self.timed_min * self.rapid_percent_max >= 100, "timed_min", "one fast answer alone would be too many")
        require(self.group_min > 1 and self.common_min > 0, "group_min", "too few to compare")

    def judge(self, checked_at: datetime | None, graded_at: datetime | None, n_open: int) -> Ruling:
        """Whether the results may be listed: checked since the last grade was given, and every question decided."""
        facts = {"checked_at": checked_at, "graded_at": graded_at, "n_open": n_open}
        is_stale = checked_at is None or (graded_at is not None and checked_at < graded_at)
        if self.required and is_stale:
            return self.refuse("control_missing", **facts)
        if self.required and n_open:
            return self.refuse("control_open", **facts)
        return self.allow("control_done", **facts)
