"""Judgements on recordings: how often one is heard, for how long a play may be asked for again, and who may pause it.
Pure: facts in, Ruling out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.core.regulation import Rule, Ruling, rule


@rule("listening")
@dataclass(frozen=True, kw_only=True)
class ListeningRule(Rule):
    """A recording is played as often as its item says, never more often than the edition allows.

    A play counts once it was handed out. A line that was torn meanwhile costs nothing: for the length of the
    recording and `margin_s` more, the same play is handed out again to whoever asked for it."""

    plays_max: int
    margin_s: int
    may_pause: bool
    pause_with: tuple[str, ...]
    returns_max: int = 0

    def most(self, plays: int) -> int:
        """How often a recording is heard that its item gives so many plays."""
        return min(plays, self.plays_max)

    def judge(self, plays: int, used: int, returned: int = 0) -> Ruling:
        """Whether there is another play of one that was handed out so often, and of that so often given back."""
        most = self.most(plays)
        if used - returned >= most:
            return self.refuse("plays_used_up", most=most, used=used)
        return self.allow("play_given", most=most, play=used + 1)

    def judge_return(self, used: int, returned: int, *, is_last_returned: bool) -> Ruling:
        """Whether the last play is given back: once each, and of one recording no more often than the edition says."""
        facts = {"most": self.returns_max, "returned": returned, "used": used}
        if used == 0 or is_last_returned:
            return self.refuse("no_play_to_return", **facts)
        if returned >= self.returns_max:
            return self.refuse("plays_returned_up", **facts)
        return self.allow("play_returned", **facts)

    def judge_again(self, duration_s: float, since_s: float) -> Ruling:
        """Whether a play is handed out again, so long after it was given."""
        if since_s > duration_s + self.margin_s:
            return self.refuse("play_is_over", margin_s=self.margin_s)
        return self.allow("play_repeated", margin_s=self.margin_s)

    def may_be_paused(self, effects: Collection[str]) -> bool:
        """Whether a candidate with these conditions may stop a recording and go on with it."""
        return self.may_pause or not set(self.pause_with).isdisjoint(effects)
