"""Spec: what a blueprint fixes about a subject's test, as stored JSON and as constraints for the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np

from irt.ability import Grid
from irt.assembly import Constraints, label_quotas
from irt.exposure import Control
from irt.selection import Rule
from itembank.blueprints.limits import Attributes, EarlyEnd, PassageUse, TimeLimit

Bounds = Mapping[str, tuple[int, int]]
Titles = Mapping[str, Mapping[str, str]]
Method = Literal["shadow", "eligible"]
Part = TypeVar("Part")
MOST_WRITTEN = 10


@dataclass(frozen=True, kw_only=True)
class Spec:
    """Length, (minimum, maximum) per tier and area, how to choose items, and the prior of theta.

    `method` says among which items the rule chooses: the free ones of a shadow test, the best full test that is
    still possible; or all that leave some full test possible, which is quicker and measures a little worse.
    Passages and a time limit need the first. `exposure` holds down how often an item is seen.
    `standards` says of each area which part of the state standard its items follow (DC-7). After the `length` items
    come as many `written` tasks, the same for every candidate: people mark them, so they count for no quota."""

    length: int
    tiers: Bounds
    areas: Bounds
    area_titles: Titles = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    prepared_by: str = "ntc"
    rule: Rule = field(default_factory=Rule)
    method: Method = "shadow"
    grid: Grid = field(default_factory=Grid)
    reference_length: int = 60
    passages: PassageUse | None = None
    time: TimeLimit | None = None
    exposure: Control | None = None
    early_end: EarlyEnd | None = None
    written: int = 0

    def contradiction(self) -> str | None:
        """The first part that no test of this length can satisfy, whatever the items; None if all can be."""
        if self.length < 1 or self.reference_length < 1:
            return "length"
        for name, bounds in (("tiers", self.tiers), ("areas", self.areas)):
            low, high = (sum(pair[end] for pair in bounds.values()) for end in (0, 1))
            if not low <= self.length <= high or any(not 0 <= pair[0] <= pair[1] for pair in bounds.values()):
                return name
        if not 0 <= self.written <= MOST_WRITTEN:
            return "written"
        if self.passages is not None and not self.passages.is_sound(self.length):
            return "passages"
        if self.time is not None and not self.time.is_sound():
            return "time"
        if self.early_end is not None and not self.early_end.is_sound(self.length):
            return "early_end"
        if self.method == "eligible" and (self.passages or self.time):
            return "method"
        return None

    def minima(self) -> dict[str, int]:
        """How many items of each tier every candidate does at least."""
        return {tier: low for tier, (low, _) in self.tiers.items()}

    def constraints(self, pool: Attributes) -> Constraints:
        """The legal tests out of a pool of these items.

        ValueError if there is a time limit and it leaves no time at all, or the items' times are not known."""
        groups: dict[str, list[int]] = {}
        for at, family in enumerate(pool.families):
            if family is not None:
                groups.setdefault(family, []).append(at)
        enemies = tuple(np.array(group, dtype=np.intp) for group in groups.values() if len(group) > 1)
        quotas = label_quotas(pool.tiers, self.tiers) + label_quotas(pool.areas, self.areas)
        time = None
        if self.time is not None:
            if pool.times is None:
                raise ValueError("a time limit needs the response times of the items")
            time = self.time.budget(pool.times, self.length)
        if self.passages is None:
            return Constraints(len(pool), self.length, quotas, enemies, time=time)
        passages = self.passages.passages(pool.passages)
        return Constraints(len(pool), self.length, quotas, enemies, passages, self.passages.per_test, time)

    def to_json(self) -> dict[str, Any]:
        """The spec as plain JSON values."""
        return {
            "length": self.length,
            "tiers": {name: list(bounds) for name, bounds in self.tiers.items()},
            "areas": {name: list(bounds) for name, bounds in self.areas.items()},
            "area_titles": {name: dict(titles) for name, titles in self.area_titles.items()},
            "standards": dict(self.standards),
            "prepared_by": self.prepared_by,
            "rule": asdict(self.rule),
            "method": self.method,
            "grid": asdict(self.grid),
            "reference_length": self.reference_length,
            "passages": self.passages and asdict(self.passages),
            "time": self.time and asdict(self.time),
            "exposure": self.exposure and asdict(self.exposure),
            "early_end": self.early_end and asdict(self.early_end),
            "written": self.written,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Spec:
        """The spec that `to_json` wrote."""
        return cls(
            length=stored["length"],
            tiers={name: (low, high) for name, (low, high) in stored["tiers"].items()},
            areas={name: (low, high) for name, (low, high) in stored["areas"].items()},
            area_titles=stored["area_titles"],
            standards=stored["standards"],
            prepared_by=stored["prepared_by"],
            rule=Rule(**stored["rule"]),
            method=stored["method"],
            grid=Grid(**stored["grid"]),
            reference_length=stored["reference_length"],
            passages=_part(PassageUse, stored["passages"]),
            time=_part(TimeLimit, stored["time"]),
            exposure=_part(Control, stored["exposure"]),
            early_end=_part(EarlyEnd, stored["early_end"]),
            written=stored["written"],
        )


def _part(kind: Callable[..., Part], stored: Mapping[str, Any] | None) -> Part | None:
    """An optional part as stored; JSON knows no tuples, so lists become them."""
    if stored is None:
        return None
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()})
