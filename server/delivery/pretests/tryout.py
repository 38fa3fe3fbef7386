"""Tryout: the items of a plan as a test sees them, behind those of its pool; which comes now, if one does. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from irt.draws import Draws
from itembank.pretests.places import nearest
from itembank.pretests.plan import FrozenPlan
from server.delivery.pretests.seeds import Seeds


@dataclass(frozen=True)
class Found:
    """What is tried out now: its index, its place in the plan, the number of scored items it was due after, and
    from which of the plan's it was taken."""

    index: int
    at: int
    due: int
    offered: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Tryout:
    """A plan beside a pool whose tests have at least `least` scored items; `passages` are those of the pool's items.

    Its items have the indices from `start` on."""

    plan: FrozenPlan
    start: int
    least: int
    passages: Sequence[str | None]

    @property
    def indices(self) -> range:
        """The indices of its items."""
        return range(self.start, self.start + len(self.plan.codes))

    def find(
        self, seeds: Seeds, indices: Sequence[int], following: tuple[int, float], draws: Draws
    ) -> Found | None:
        """What is tried out before the scored item that would follow (its index, and theta); None where that comes."""
        met = self._met(indices)
        if seeds.offered is None or not seeds.may_follow(len(indices)) or len(met) >= seeds.count:
            return None
        n_scored, layout = len(indices) - len(met), self.plan.layout
        due = layout.places(seeds.count, self.least, draws)[len(met)]
        if not due <= n_scored <= self.least - layout.last or self._is_too_close(indices, following[0]):
            return None
        left = tuple(at for at in seeds.offered if at not in met)
        at = nearest(self.plan.guesses, left, following[1]) if self.plan.is_near else left[0]
        return Found(self.start + at, at, due, left)

    def is_missed(self, seeds: Seeds, indices: Sequence[int]) -> bool:
        """Whether something was to be tried out and has no place any more: a passage stood where it should."""
        n_met = len(self._met(indices))
        n_scored = len(indices) - n_met
        return seeds.may_follow(len(indices)) and n_met < seeds.count and n_scored > self.least - self.plan.layout.last

    def _met(self, indices: Sequence[int]) -> list[int]:
        return [index - self.start for index in indices if index in self.indices]

    def _is_too_close(self, indices: Sequence[int], following: int) -> bool:
        """Whether the last one tried out is too near, or the place lies within a passage."""
        since = next((n for n, index in enumerate(reversed(indices)) if index in self.indices), None)
        if since is not None and since < self.plan.layout.apart:
            return True
        passage = self.passages[following]
        return passage is not None and bool(indices) and passage == self.passages[indices[-1]]
