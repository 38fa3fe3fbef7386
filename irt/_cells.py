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
    size : (n_cells,)
        Most items a test may take of the cell: all of it, or one if its items are enemies of each other.
    in_quota : (n_quotas, n_cells) of bool
    in_group : (n_groups, n_cells) of bool
        Enemy groups.
    """

    length: int
    cell_of: Ints
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
        traits = np.zeros((len(quotas) + len(enemies), n_items), dtype=np.bool_)
        for row, (members, _, _) in enumerate(quotas):
            traits[row] = members
        for row, group in enumerate(enemies, start=len(quotas)):
            traits[row, group] = True
        patterns, cell_of = np.unique(traits, axis=1, return_inverse=True)
        in_quota, in_group = patterns[: len(quotas)], patterns[len(quotas) :]
        count = np.bincount(cell_of.ravel(), minlength=patterns.shape[1])
        return cls(
            length,
            cell_of.ravel().astype(np.intp),
            np.where(in_group.any(axis=0), 1, count).astype(np.intp),
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
    def are_enemies(self) -> Bools:
        """Whether items of two cells (or two of one cell) share an enemy group, (n_cells, n_cells)."""
        in_group = self.in_group.astype(np.intp)
        enemies: Bools = (in_group.T @ in_group) > 0
        return enemies

    def state(self, administered: Ints, length: int) -> State | None:
        """The state of a test of `length`; None when nothing may follow: complete, or a constraint broken."""
        used = np.bincount(self.cell_of[administered], minlength=self.n_cells)
        places = length - administered.size
        of_quota = self.in_quota @ used
        of_group = self.in_group @ used
        if places <= 0 or (of_quota > self.maxima).any() or (of_group > 1).any():
            return None
        maxima = np.minimum(self.maxima - of_quota, places)
        minima = np.maximum(self.minima - of_quota, 0)
        supply = np.minimum(self.size - used, places)
        if maxima.size:
            supply = np.minimum(supply, np.where(self.in_quota, maxima[:, None], places).min(axis=0))
        if of_group.any():
            supply[self.in_group[of_group > 0].any(axis=0)] = 0
        return State(places, minima, maxima, supply)

    def pick(self, counts: Ints) -> tuple[int, ...]:
        """Item indices with this many items of each cell: the lowest numbers of each."""
        chosen = [np.flatnonzero(self.cell_of == cell)[:count] for cell, count in enumerate(counts)]
        return tuple(sorted(np.concatenate(chosen).tolist()))
