"""Judgements on what the proctor is shown of a seat, and on calls for help: thresholds, kinds, how often.
Pure: facts and `now` in, Ruling out; numbers and words come from the edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes, find, whole_seconds

INDICATORS = {"silence", "away", "left", "quick", "unsent", "battery"}


@dataclass(frozen=True, kw_only=True)
class Indicator(Named):
    """A figure of a seat with two thresholds; where it is `falling`, less is worse."""

    warn_at: int
    alarm_at: int
    falling: bool = False


@dataclass(frozen=True, kw_only=True)
class CallKind(Named):
    """What a candidate may call the proctor for; `needs_text` if a few words must say what it is."""

    needs_text: bool = False


@rule("watch")
@dataclass(frozen=True, kw_only=True)
class WatchRule(Rule):
    """What the console shows of each seat, what a candidate may call for, and the answers kept ready (DC-15)."""

    asks_full_screen: bool
    settle_s: int
    call_every_s: int
    indicators: tuple[Indicator, ...]
    calls: tuple[CallKind, ...]
    answers: tuple[Named, ...]

    def __post_init__(self) -> None:
        require(set(codes(self.indicators)) == INDICATORS, "indicators", f"are {', '.join(sorted(INDICATORS))}")
        for each in self.indicators:
            ordered = each.alarm_at < each.warn_at if each.falling else each.warn_at < each.alarm_at
            require(ordered, "indicators", f"{each.code}: an alarm is graver than a warning")

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code; an unknown one is a bug."""
        return next(each for each in self.indicators if each.code == code)

    def judge_call(self, kind: str, text: str, last_at: datetime | None, now: datetime) -> Ruling:
        """Whether the proctor is called: technical matters only, in words where asked for, and not too often."""
        found = find(self.calls, kind)
        if found is None:
            return self.refuse("call_not_technical", kind=kind, kinds=codes(self.calls))
        if found.needs_text and not text.strip():
            return self.refuse("call_without_words", kind=kind)
        if last_at is not None and now < last_at + timedelta(seconds=self.call_every_s):
            wait_s = self.call_every_s - whole_seconds(last_at, now)
            return self.refuse("call_too_soon", kind=kind, wait_s=wait_s)
        return self.allow("proctor_called", kind=kind)
