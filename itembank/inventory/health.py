"""Bank health: how many items each cell of a blueprint has, how many it needs, and so what is to be written next."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itembank.authoring.models import OPEN_STATES
from itembank.blueprints.spec import Spec

USABLE = frozenset({"approved", "in_use"})
COMING = frozenset({*OPEN_STATES, "pretest", "calibrated"})
OLD = timedelta(days=5 * 365)
WHOLE = 1.0


@dataclass(frozen=True)
class Held:
    """An item of the bank in its newest version, as its health is judged by."""

    tier: str
    area: str
    state: str
    is_whole: bool  # written in every language the subject is examined in, none of them stale
    made_at: datetime
    b: float | None = None
    n_given: int = 0

    @property
    def is_coming(self) -> bool:
        """Whether it will be usable once it is written, tried out or translated, so that none is to be begun."""
        return self.state in COMING or (self.state in USABLE and not self.is_whole)


@dataclass(frozen=True)
class Cell:
    """A tier of an area: what there is, what is on its way, and what the blueprint needs."""

    area: str
    tier: str
    usable: int
    coming: int
    needed: int

    @property
    def missing(self) -> int:
        """How many are still to be written beside those on their way."""
        return max(0, self.needed - self.usable - self.coming)

    @property
    def share(self) -> float:
        """The part of what is needed that can be used today; 1 where nothing is needed."""
        return self.usable / self.needed if self.needed else WHOLE


@dataclass(frozen=True)
class Health:
    """A subject's bank against its newest blueprint."""

    subject: str
    cells: tuple[Cell, ...]
    states: Mapping[str, int]
    n_partial: int
    n_old: int
    n_never_given: int
    given: tuple[int, ...]
    difficulties: tuple[float, ...]

    @property
    def areas(self) -> list[str]:
        """The areas in the blueprint's order, then those it does not know."""
        return list(dict.fromkeys(cell.area for cell in self.cells))

    @property
    def to_write(self) -> list[Cell]:
        """The cells that lack items, the emptiest first."""
        return sorted((cell for cell in self.cells if cell.missing), key=lambda cell: (cell.share, -cell.missing))


def health_of(subject: str, spec: Spec, held: Sequence[Held], now: datetime) -> Health:
    """The subject's health; every cell of the blueprint stands in it, one that is empty too."""
    usable = Counter((each.area, each.tier) for each in held if each.state in USABLE and each.is_whole)
    coming = Counter((each.area, each.tier) for each in held if each.is_coming)
    needed = needs(spec)
    names = [(area, tier) for area in spec.areas for tier in spec.tiers]
    names += sorted({*usable, *coming} - set(names))
    in_service = [each for each in held if each.state in USABLE]
    return Health(
        subject,
        tuple(Cell(*name, usable[name], coming[name], needed.get(name, 0)) for name in names),
        Counter(each.state for each in held),
        sum(not each.is_whole for each in in_service),
        sum(now - each.made_at > OLD for each in in_service),
        sum(not each.n_given for each in in_service),
        tuple(each.n_given for each in in_service),
        tuple(each.b for each in in_service if each.b is not None),
    )


def needs(spec: Spec) -> dict[tuple[str, str], int]:
    """How many items each cell needs so that no item is given to more candidates than the exposure limit allows.

    A tier's items are shared among the areas by what each area must have at least. With a limit r a candidate's
    n items of a cell have to come from n / r of them (the sum of exposure rates is the test's length: Chen, Ankenmann &
    Spray 2003); without a limit half may see the same item."""
    limit = spec.exposure.r_max if spec.exposure else 0.5
    shares = _shares({area: bounds[0] for area, bounds in spec.areas.items()})
    return {
        (area, tier): math.ceil(shares[area] * high / limit)
        for area in spec.areas for tier, (_low, high) in _tiers(spec).items()
    }  # fmt: skip


def _tiers(spec: Spec) -> dict[str, tuple[int, int]]:
    """The bounds of each tier, no higher than what the others leave of the length."""
    lows = sum(low for low, _ in spec.tiers.values())
    return {tier: (low, min(high, spec.length - lows + low)) for tier, (low, high) in spec.tiers.items()}


def _shares(minima: Mapping[str, int]) -> dict[str, float]:
    """Each area's part of a test: as their minima are to one another, or alike where there are none."""
    total = sum(minima.values())
    return {area: low / total if total else 1 / len(minima) for area, low in minima.items()}


def histogram(values: Iterable[float], edges: Sequence[float]) -> list[int]:
    """How many values lie from each edge to the next; those outside stand in the first and the last."""
    counts = [0] * (len(edges) - 1)
    for value in values:
        at = sum(value >= edge for edge in edges[1:-1])
        counts[at] += 1
    return counts
