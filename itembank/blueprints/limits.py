"""The optional parts of a blueprint: how passages are used, how long a form may take, when a test may end early.
`Attributes` is what a blueprint looks at in the items of a pool."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irt.assembly import Passage, TimeBudget
from irt.models import Items
from irt.response_times import TimeParameters, time_budget
from irt.stopping import Classified, Criterion, StoppingRule, theta_cuts


@dataclass(frozen=True)
class PassageUse:
    """A passage gives (least, most) `items` in a row, or none; a test has (least, most) passages `per_test`."""

    items: tuple[int, int]
    per_test: tuple[int, int] | None = None

    def is_sound(self, length: int) -> bool:
        """Whether some test of this length can use passages so."""
        (least, most), (few, many) = self.items, self.per_test or (0, length)
        return 1 <= least <= most and 0 <= few <= many and few * least <= length

    def passages(self, names: Sequence[str | None]) -> tuple[Passage, ...]:
        """The passages of a pool, given the name of each item's (n_items,)."""
        members: dict[str, list[int]] = {}
        for at, name in enumerate(names):
            if name is not None:
                members.setdefault(name, []).append(at)
        return tuple(
            Passage(name, *self.items, np.array(at, dtype=np.intp)) for name, at in members.items()
        )


@dataclass(frozen=True)
class TimeLimit:
    """Of candidates as slow as the `slow` part of all, `coverage` finish any form within `limit_s` seconds.

    So no candidate is handed a slower form than another (van der Linden 2011)."""

    limit_s: float
    slow: float = 0.05
    coverage: float = 0.95

    def is_sound(self) -> bool:
        """Whether these are seconds and parts."""
        return 0 < self.limit_s < math.inf and 0 < self.slow < 1 and 0.5 <= self.coverage < 1

    def budget(self, times: TimeParameters, length: int) -> TimeBudget:
        """The limit as seconds that a form's items may sum to; ValueError where it leaves no time at all."""
        return time_budget(times, self.limit_s, length, times.speed_at(self.slow), self.coverage)


@dataclass(frozen=True)
class EarlyEnd:
    """From `minimum` items on, every quota's minimum met, the test ends as soon as its purpose is reached.

    That is a standard error of at most `se`, or every cut in `percents` of marks on the reference form decided
    with posterior probability `certainty`; whichever comes first of those given."""

    minimum: int
    se: float | None = None
    certainty: float | None = None
    percents: tuple[float, ...] = ()

    def is_sound(self, length: int) -> bool:
        """Whether a test of this length can end so."""
        cuts = self.certainty is not None and 0.5 < self.certainty < 1 and bool(self.percents)
        return (
            1 <= self.minimum <= length
            and (self.se is None or 0 < self.se < math.inf)
            and ((self.certainty is None and not self.percents) or cuts)
            and (self.se is not None or cuts)
            and all(0 < percent < 100 for percent in self.percents)
        )

    def rule(self, length: int, reference: Items) -> StoppingRule:
        """The stopping rule of a test of at most this length."""
        criteria: tuple[Criterion, ...] = ()
        if self.certainty is not None:
            criteria = (Classified(theta_cuts(reference, self.percents), self.certainty),)
        return StoppingRule(self.minimum, length, self.se, criteria)


@dataclass(frozen=True, kw_only=True)
class Attributes:
    """What a blueprint looks at in the items of a pool: each a column (n_items,).

    Items of a family are enemies. `times` is None where the items' response times are not calibrated."""

    tiers: Sequence[str]
    areas: Sequence[str]
    families: Sequence[str | None]
    passages: Sequence[str | None]
    times: TimeParameters | None = None

    def __len__(self) -> int:
        return len(self.tiers)
