"""Items alike in every quota and enemy group, gathered into cells; the state of a test as counts of cells.

All later reasoning about completions is about counts per cell; only this module maps them back to items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from irt.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class State:
    """What is left to do: places, minima and maxima per quota, and items usable per cell (capped by need).

    Two tests in the same state have the same completions by cell, whatever the items they came by.
    """

    places: int
    minima: Ints
    maxima: Ints
    supply: Ints

    def key(self) -> bytes:
        """The state as bytes."""
        return (
            np.concatenate(([self.places], self.minima, self.maxima, self.supply)).astype(np.int32).tobytes()
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """The pool by cell.

    Attributes
    ----------
    cell_of : (n_items,)
    family : (n_items,)
        The enemy group of an item whose enemies are all alike in quotas (a number), else -1. Such a group only
        makes its cell smaller: the cell holds as many items as it has families, whichever they are.
    size : (n_cells,)
        Most items a test may take of the cell: all of it (one for each family), or one if its items belong
        to an enemy group that reaches into other cells.
    in_quota : (n_quotas, n_cells) of bool
    in_group : (n_groups, n_cells) of bool
        Enemy groups that reach into several cells.
    """

    length: int
    cell_of: Ints
    family: Ints
    size: Ints
    in_quota: Bools
    in_group: Bools
    minima: Ints
    maxima: Ints

    @classmethod
    def of(
        cls, n_items: int, length: int, quotas: Sequence[tuple[Bools, int, int]], enemies: Sequence[Ints]
    ) -> "Cells":
        """The cells of a pool with these quotas (members, minimum, maximum) and enemy groups."""
        of_quota = np.zeros((len(quotas), n_items), dtype=np.bool_)
        for row, (members, _, _) in enumerate(quotas):
            of_quota[row] = members
        family, wide = _families(of_quota, enemies)
        of_group = np.zeros((len(wide), n_items), dtype=np.bool_)
        for row, group in enumerate(wide):
            of_group[row, group] = True
        patterns, cell_of = np.unique(np.vstack((of_quota, of_group)), axis=1, return_inverse=True)
        cell_of = cell_of.ravel().astype(np.intp)
        in_quota, in_group = patterns[: len(quotas)], patterns[len(quotas) :]
        return cls(
            length,
            cell_of,
            family,
            np.where(in_group.any(axis=0), 1, _capacity(cell_of, family, patterns.shape[1])).astype(np.intp),
            in_quota,
            in_group,
            np.array([minimum for _, minimum, _ in quotas], dtype=np.intp),
            np.array([maximum for _, _, maximum in quotas], dtype=np.intp),
        )

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.size.size

    @cached_property
    def n_families(self) -> int:
        """One more than the highest number of a family."""
        return int(self.family.max(initial=-1)) + 1

    @cached_property
    def quota_counts(self) -> Ints:
        """`in_quota` as zeros and ones."""
        return self.in_quota.astype(np.intp)

    @cached_property
    def group_counts(self) -> Ints:
        """`in_group` as zeros and ones."""
        return self.in_group.astype(np.intp)

    @cached_property
    def are_enemies(self) -> Bools:
        """Whether items of two cells (or two of one cell) share an enemy group, (n_cells, n_cells)."""
        enemies: Bools = (self.group_counts.T @ self.group_counts) > 0
        return enemies

    def state(self, administered: Ints, length: int) -> State | None:
        """The state of a test of `length`; None when nothing may follow: complete, or a constraint broken."""
        used = np.bincount(self.cell_of[administered], minlength=self.n_cells)
        places = length - administered.size
        of_quota = self.quota_counts @ used
        if places <= 0 or (of_quota > self.maxima).any() or self.has_twins(administered):
            return None
        maxima = np.minimum(self.maxima - of_quota, places)
        minima = np.maximum(self.minima - of_quota, 0)
        supply = np.minimum(self.size - used, places)
        if maxima.size:
            supply = np.minimum(supply, np.where(self.in_quota, maxima[:, None], places).min(axis=0))
        if self.in_group.size:
            of_group = self.group_counts @ used
            if (of_group > 1).any():
                return None
            supply[self.in_group[of_group > 0].any(axis=0)] = 0
        return State(places, minima, maxima, supply)

    def has_twins(self, administered: Ints) -> bool:
        """Whether two of the items are of one family."""
        families = [number for number in self.family[administered].tolist() if number >= 0]
        return len(set(families)) < len(families)

    def spent(self, administered: Ints) -> Bools:
        """The items that may not follow because they, or one of their family, were given; (n_items,) of bool."""
        is_met = np.zeros(self.n_families + 1, dtype=np.bool_)  # the last stands for no family (-1)
        is_met[self.family[administered]] = True
        is_met[-1] = False
        gone: Bools = is_met[self.family]
        gone[administered] = True
        return gone

    def pick(self, counts: Ints) -> tuple[int, ...]:
        """Item indices with this many items of each cell: the lowest numbers of each, one of a family."""
        first = np.flatnonzero(_is_first_of_family(self.family))
        chosen = [first[self.cell_of[first] == cell][:count] for cell, count in enumerate(counts)]
        return tuple(sorted(np.concatenate(chosen).tolist()))


def _families(of_quota: Bools, enemies: Sequence[Ints]) -> tuple[Ints, list[Ints]]:
    """The family of each item (-1 for none), and the groups that are no family: they cross quotas or each other."""
    family = np.full(of_quota.shape[1], -1, dtype=np.intp)
    groups_of_item = np.zeros(of_quota.shape[1], dtype=np.intp)
    for group in enemies:
        groups_of_item[group] += 1
    wide = []
    for number, group in enumerate(enemies):
        is_alike = (of_quota[:, group] == of_quota[:, group[:1]]).all()
        if is_alike and (groups_of_item[group] == 1).all():
            family[group] = number
        else:
            wide.append(group)
    return family, wide


def _is_first_of_family(family: Ints) -> Bools:
    """Every item without a family, and the lowest number of each family; (n_items,) of bool."""
    first = np.zeros(family.size, dtype=np.bool_)
    first[np.unique(family, return_index=True)[1]] = True
    first[family < 0] = True
    return first


def _capacity(cell_of: Ints, family: Ints, n_cells: int) -> Ints:
    """How many items a test may take of each cell, one of a family; (n_cells,)."""
    capacity: Ints = np.bincount(cell_of[_is_first_of_family(family)], minlength=n_cells)
    return capacity
