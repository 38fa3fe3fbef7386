"""The reference form (DC-20): a fixed choice from a pool, like the blueprint and over all difficulties.
Deterministic: the same pool and blueprint always give the same form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from irt.arrays import Bools, Floats
from itembank.blueprints.spec import Bounds, Spec


def reference_form(
    spec: Spec, tiers: Sequence[str], areas: Sequence[str], b: Floats, codes: Sequence[str]
) -> Bools:
    """Which items of the pool make the reference form, (n_items,) of bool."""
    cells: dict[str, dict[str, list[int]]] = {}
    for at, (tier, area) in enumerate(zip(tiers, areas, strict=True)):
        cells.setdefault(tier, {}).setdefault(area, []).append(at)
    wanted_areas = _area_shares(spec, areas)
    mask = np.zeros(len(tiers), dtype=np.bool_)
    for tier, n in _tier_counts(spec, tiers).items():
        supply = {area: len(members) for area, members in sorted(cells.get(tier, {}).items())}
        for area, count in _shared_out(n, {area: wanted_areas[area] for area in supply}, supply).items():
            by_difficulty = sorted(cells[tier][area], key=lambda at: (b[at], codes[at]))
            mask[_spread(by_difficulty, count)] = True
    return mask


def _tier_counts(spec: Spec, tiers: Sequence[str]) -> dict[str, int]:
    """Items per tier as the blueprint has them: the reference length, or what the scarcest tier allows."""
    shares = _middles(spec.tiers, spec.length)
    supply = {tier: tiers.count(tier) for tier in shares}
    length = min(
        [Fraction(spec.reference_length)] + [supply[t] / share for t, share in shares.items() if share]
    )
    return _shared_out(int(length), shares, supply)


def _area_shares(spec: Spec, areas: Sequence[str]) -> dict[str, Fraction]:
    """Each area's minimum, and of the places left free as much as the pool would fill by chance."""
    free = spec.length - sum(low for low, _ in spec.areas.values())
    return {
        area: (low + Fraction(free * areas.count(area), len(areas))) / spec.length
        for area, (low, _) in spec.areas.items()
    }


def _middles(bounds: Bounds, length: int) -> dict[str, Fraction]:
    """The part of a test that each name takes, halfway between its bounds, summing to one."""
    middles = {name: Fraction(low + min(high, length), 2) for name, (low, high) in bounds.items()}
    total = sum(middles.values())
    return {name: middle / total for name, middle in middles.items()}


def _shared_out(n: int, shares: Mapping[str, Fraction], supply: Mapping[str, int]) -> dict[str, int]:
    """n places, each to the name furthest below its share that still has items (Sainte-Laguë)."""
    given = dict.fromkeys(shares, 0)
    for _ in range(min(n, sum(supply[name] for name in shares))):
        open_names = [name for name in shares if given[name] < supply[name]]
        given[max(open_names, key=lambda name: shares[name] / (2 * given[name] + 1))] += 1
    return given


def _spread(members: Sequence[int], count: int) -> list[int]:
    """`count` members at even distances, from one end to the other."""
    return [members[(2 * i + 1) * len(members) // (2 * count)] for i in range(count)]
