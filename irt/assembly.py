"""Blueprint constraints as arrays, and which items may come next so that they can all still be met.

Decides legality only; which of the eligible items is best is `selection`'s affair. With passages or a time
budget each item depends on the rest of the test, which `shadow` assembles; here such pools are only proved.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from irt._cells import Cells
from irt._completion import extendable
from irt._constraints import (
    MILLISECONDS,
    Constraints,
    Passage,
    Quota,
    TimeBudget,
    Violation,
    label_quotas,
    violations,
)
from irt._network import Network
from irt._program import shortfalls
from irt.arrays import Bools, Indices, Ints, item_indices
from irt.shadow.feasible import nearest

__all__ = [
    "Assembly",
    "Constraints",
    "Feasible",
    "Infeasible",
    "Passage",
    "Quota",
    "Shortage",
    "TimeBudget",
    "Violation",
    "feasibility",
    "label_quotas",
    "violations",
]

_MEMO_LIMIT = 50_000


Kind = Literal[
    "too_few_items",
    "too_few_members",
    "minima_exceed_length",
    "maxima_below_length",
    "combination",
    "too_little_time",
]


@dataclass(frozen=True)
class Shortage:
    """One reason why no legal test exists: the quotas concerned (none = the test's length) and items missing.

    too_few_items, too_few_members: the pool lacks `missing` items, in all or in the quota.
    minima_exceed_length, maxima_below_length: disjoint quotas contradict the length by `missing`.
    combination: met together, constraints leave `missing` places of this quota (or of the test) unfilled; of
    "passages" `missing` stay unused.
    too_little_time: the quickest test that is otherwise legal takes `missing` seconds (rounded up) too long.
    """

    kind: Kind
    quotas: tuple[str, ...]
    missing: int


@dataclass(frozen=True)
class Feasible:
    """A legal test exists; `example` is one, as item indices, passages together."""

    example: tuple[int, ...]


@dataclass(frozen=True)
class Infeasible:
    """No legal test exists, for these reasons."""

    reasons: tuple[Shortage, ...]


@dataclass(frozen=True, eq=False)
class Assembly:
    """Constraints made ready for decisions; it keeps no state but a memo, so one serves all sessions."""

    constraints: Constraints
    cells: Cells
    network: Network
    _memo: dict[bytes, Bools] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, constraints: Constraints) -> "Assembly":
        """The assembly of a pool, computed once per pool; ValueError if it has passages or a time budget."""
        if not constraints.counts_only:
            raise ValueError("a test with passages or a time budget is assembled by irt.shadow")
        cells = Cells.of(
            constraints.n_items,
            constraints.length,
            [(q.members, q.minimum, q.maximum) for q in constraints.quotas],
            constraints.enemies,
        )
        return cls(constraints, cells, Network.of(cells))

    def eligible(self, indices: Indices, met_by: int | None = None) -> Bools:
        """Exactly the items after which a legal test of full length remains possible, (n_items,) of bool.

        All false when the test is complete, or when `indices` already breaks a constraint.

        Parameters
        ----------
        indices : (n_administered,)
        met_by : int, optional
            For tests that may stop early: of the eligible items only those that also let every minimum be
            met by this length, or else as soon after it as can be. Without it a criterion leaves the tiers it
            likes least to the very end. It never allows what the blueprint forbids.

        Notes
        -----
        Items alike in quotas and enemies form a cell, so the answer depends on counts per cell alone and is
        remembered by them. Bounds from a circulation (Hoffman 1960) settle tiers crossed with areas exactly;
        what enemies and further quotas leave open is decided by an integer program.
        """
        administered = item_indices(indices, self.constraints.n_items)
        open_cells = self._open_cells(administered, self.constraints.length)
        if met_by is not None:
            open_cells = self._early(administered, open_cells, met_by)
        mask: Bools = open_cells[self.cells.cell_of] & ~self.cells.spent(administered)
        return mask

    def is_met(self, indices: Indices) -> bool:
        """`Constraints.is_met` of these items."""
        return self.constraints.is_met(item_indices(indices, self.constraints.n_items))

    def _early(self, administered: Ints, open_cells: Bools, met_by: int) -> Bools:
        """Of the open cells those that let the minima be met soonest, but not sooner than needed."""
        used = np.bincount(self.cells.cell_of[administered], minlength=self.cells.n_cells)
        owed = self.network.least_places(np.maximum(self.cells.minima - self.cells.in_quota @ used, 0))
        if owed:
            for length in range(max(met_by, administered.size + owed), self.constraints.length):
                early = open_cells & self._open_cells(administered, length)
                if early.any():
                    return early
        return open_cells

    def _open_cells(self, administered: Ints, length: int) -> Bools:
        state = self.cells.state(administered, length)
        if state is None:
            return np.zeros(self.cells.n_cells, dtype=np.bool_)
        key = state.key()
        known = self._memo.get(key)
        if known is None:
            known = extendable(self.cells, self.network, state)
            if len(self._memo) >= _MEMO_LIMIT:
                self._memo.clear()
            self._memo[key] = known
        return known


def feasibility(constraints: Constraints) -> Feasible | Infeasible:
    """Whether the pool holds a legal test: an example, or what is wrong and by how many items."""
    plain = tuple(_plain_shortages(constraints))
    if plain:
        return Infeasible(plain)
    if not constraints.counts_only:
        return _proved_by_items(constraints)
    cells = Assembly.of(constraints).cells
    counts, of_quotas, of_length = shortfalls(cells)
    names = [((quota.name,), short) for quota, short in zip(constraints.quotas, of_quotas, strict=True)]
    missing = tuple(Shortage("combination", name, int(n)) for name, n in [*names, ((), of_length)] if n)
    return Infeasible(missing) if missing else Feasible(cells.pick(counts))


def _proved_by_items(constraints: Constraints) -> Feasible | Infeasible:
    """The same where it matters which items come together: passages and time."""
    found = nearest(constraints)
    lacks: list[tuple[tuple[str, ...], int]] = [
        ((q.name,), int(n)) for q, n in zip(constraints.quotas, found.of_quotas, strict=True)
    ]
    lacks += [(("passages",), found.of_passages), ((), found.of_length)]
    missing = tuple(Shortage("combination", name, n) for name, n in lacks if n)
    if missing:
        return Infeasible(missing)
    if found.overtime:
        return Infeasible((Shortage("too_little_time", ("time",), -(-found.overtime // MILLISECONDS)),))
    if violations(constraints, found.items):
        raise AssertionError("the solver returned a test that breaks a constraint")
    return Feasible(found.items)


def _plain_shortages(constraints: Constraints) -> Iterable[Shortage]:
    """The reasons that a single quota, or quotas that share no item, suffice to see."""
    if constraints.n_items < constraints.length:
        yield Shortage("too_few_items", (), constraints.length - constraints.n_items)
    for quota in constraints.quotas:
        if (size := int(quota.members.sum())) < quota.minimum:
            yield Shortage("too_few_members", (quota.name,), quota.minimum - size)
    for family in _disjoint_families(constraints.quotas):
        names = tuple(quota.name for quota in family)
        if (over := sum(quota.minimum for quota in family) - constraints.length) > 0:
            yield Shortage("minima_exceed_length", names, over)
        covers = np.any([quota.members for quota in family], axis=0).all()
        if covers and (under := constraints.length - sum(quota.maximum for quota in family)) > 0:
            yield Shortage("maxima_below_length", names, under)


def _disjoint_families(quotas: Iterable[Quota]) -> list[list[Quota]]:
    """Quotas gathered, in their order, into families whose members share no item."""
    families: list[list[Quota]] = []
    for quota in quotas:
        for family in families:
            if not any((quota.members & other.members).any() for other in family):
                family.append(quota)
                break
        else:
            families.append([quota])
    return families
