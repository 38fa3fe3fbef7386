"""Spec: what a blueprint fixes about a subject's test, as stored JSON and as constraints for the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from irt.ability import Grid
from irt.assembly import Constraints, label_quotas
from irt.selection import Rule

Bounds = Mapping[str, tuple[int, int]]
Titles = Mapping[str, Mapping[str, str]]
Method = Literal["shadow", "eligible"]


@dataclass(frozen=True, kw_only=True)
class Spec:
    """Length, (minimum, maximum) per tier and area, how to choose items, and the prior of theta.

    `method` says among which items the rule chooses: the free ones of a shadow test, the best full test that is
    still possible; or all that leave some full test possible, which is quicker and measures a little worse.
    `standards` says of each area which part of the state standard its items follow (DC-7)."""

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

    def contradiction(self) -> str | None:
        """The first family of quotas that cannot fill the length, whatever the items; None if all can."""
        if self.length < 1 or self.reference_length < 1:
            return "length"
        for name, bounds in (("tiers", self.tiers), ("areas", self.areas)):
            low, high = (sum(pair[end] for pair in bounds.values()) for end in (0, 1))
            if not low <= self.length <= high or any(not 0 <= pair[0] <= pair[1] for pair in bounds.values()):
                return name
        return None

    def minima(self) -> dict[str, int]:
        """How many items of each tier every candidate does at least."""
        return {tier: low for tier, (low, _) in self.tiers.items()}

    def constraints(
        self, tiers: Sequence[str], areas: Sequence[str], families: Sequence[str | None]
    ) -> Constraints:
        """The legal tests out of a pool whose items have these tiers, areas and families."""
        groups: dict[str, list[int]] = {}
        for at, family in enumerate(families):
            if family is not None:
                groups.setdefault(family, []).append(at)
        enemies = tuple(np.array(group, dtype=np.intp) for group in groups.values() if len(group) > 1)
        quotas = label_quotas(tiers, self.tiers) + label_quotas(areas, self.areas)
        return Constraints(len(tiers), self.length, quotas, enemies)

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
        )
