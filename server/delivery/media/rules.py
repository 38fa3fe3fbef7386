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

    def most(self, plays: int) -> int:
        """How often a recording is heard that its item gives so many plays."""
        return min(plays, self.plays_max)

    def judge(self, plays: int, used: int) -> Ruling:
        """Whether there is another play of a recording that was played so often."""
        most = self.most(plays)
        if used >= most:
            return self.refuse("plays_used_up", most=most, used=used)
        return self.allow("play_given", most=most, play=used + 1)

    def judge_again(self, duration_s: float, since_s: float) -> Ruling:
        """Whether a play is handed out again, so long after it was given."""
        if since_s > duration_s + self.margin_s:
            return self.refuse("play_is_over", margin_s=self.margin_s)
        return self.allow("play_repeated", margin_s=self.margin_s)

    def may_be_paused(self, effects: Collection[str]) -> bool:
        """Whether a candidate with these conditions may stop a recording and go on with it."""
        return self.may_pause or not set(self.pause_with).isdisjoint(effects)
