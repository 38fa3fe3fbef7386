"""Two families of disjoint quotas as a circulation, and whether it has a flow, for many states at once.

Exact for tiers crossed with areas; `_completion` brackets with it what enemies and further quotas add.
"""

from dataclasses import dataclass

import numpy as np

from irt._cells import Cells
from irt.arrays import Bools, Floats, Ints

_MOST_ROWS = 8  # 2^8 subsets of the smaller family


@dataclass(frozen=True, eq=False)
class Network:
    """The quotas that fit a two-way table of cells; the others are `extras`.

    Attributes
    ----------
    rows, columns : (n,)
        Quota numbers of the two families, the smaller one first; -1 stands for the items in none of them.
    extras : (n_extras,)
    place : (n_cells, n_rows * n_columns)
        One where the cell lies in the table, else zero.
    subsets : (2^n_rows, n_rows)
        Every subset of the rows as zeros and ones.
    """

    rows: Ints
    columns: Ints
    extras: Ints
    place: Floats
    subsets: Floats

    @classmethod
    def of(cls, cells: Cells) -> "Network":
        """The two-way table of these cells; quotas are placed by how few others they overlap."""
        overlaps = (cells.in_quota.astype(np.intp) @ cells.in_quota.T.astype(np.intp)) > 0
        families: tuple[list[int], list[int]] = ([], [])
        extras: list[int] = []
        for quota in np.argsort(overlaps.sum(axis=1), kind="stable").tolist():
            free = [family for family in families if not overlaps[quota, family].any()]
            (free[0] if free else extras).append(quota)
        smaller, larger = sorted(families, key=len)
        extras += smaller[_MOST_ROWS - 1 :]
        rows, row_of = _axis(cells, smaller[: _MOST_ROWS - 1])
        columns, column_of = _axis(cells, larger)
        bits = np.arange(1 << rows.size)[:, None] >> np.arange(rows.size)
        others = np.array(sorted(extras), dtype=np.intp)
        place = np.zeros((cells.n_cells, rows.size * columns.size))
        place[np.arange(cells.n_cells), row_of * columns.size + column_of] = 1
        return cls(rows, columns, others, place, (bits & 1).astype(np.float64))

    def least_places(self, minima: Ints) -> int:
        """A number of items below which these minima (n_quotas,) cannot all be met."""
        sides = [int(minima[side[side >= 0]].sum()) for side in (self.rows, self.columns)]
        return max(*sides, int(minima.max(initial=0)))

    def has_flow(self, places: int, minima: Ints, maxima: Ints, supply: Ints) -> Bools:
        """Whether `places` items can be drawn so that row and column quotas hold, for each case, (n_cases,).

        Parameters
        ----------
        places : int
        minima, maxima : (n_cases, n_quotas)
        supply : (n_cases, n_cells)
            Never negative.

        Notes
        -----
        Hoffman's condition: no set X of nodes may have to take in more than it can give out. X is a set of
        rows, a set of columns, and source and sink or not; given the rows, the worst columns are found one by
        one, so 4 x 2^n_rows inequalities decide exactly. All figures are whole and small, exact in floats.

        References
        ----------
        Hoffman (1960), Proc. Symposia in Applied Mathematics 10, 113-127.
        """
        n_cases, n_rows, n_columns = supply.shape[0], self.rows.size, self.columns.size
        # What no quota names (-1, the last) is bounded by the places alone.
        low = np.zeros((minima.shape[1] + 1, n_cases))
        high = np.full_like(low, places)
        low[:-1], high[:-1] = minima.T, maxima.T
        row_low, row_high = low[self.rows], high[self.rows]
        column_low, column_high = low[self.columns], high[self.columns]
        table = np.ascontiguousarray((supply.astype(np.float64) @ self.place).T)
        reach = (self.subsets @ table.reshape(n_rows, -1)).reshape(-1, n_columns, n_cases)
        taken = np.minimum(reach, column_high).sum(axis=1)
        lacking = np.maximum(column_low - reach, 0).sum(axis=1)
        needed = self.subsets @ row_low
        beside = (1 - self.subsets) @ row_high
        fits = (needed <= taken) & (needed + lacking <= places)
        fits &= (places <= beside + taken) & (lacking <= beside)
        flow: Bools = fits.all(axis=0) & (minima <= maxima).all(axis=1)
        return flow


def _axis(cells: Cells, family: list[int]) -> tuple[Ints, Ints]:
    """The quotas of one side of the table with the rest, if cells are left over, and each cell's place."""
    member = cells.in_quota[family]
    place = np.where(member.any(axis=0), member.argmax(axis=0) if family else 0, len(family))
    rest = [-1] if (place == len(family)).any() else []
    return np.array(family + rest, dtype=np.intp), place.astype(np.intp)
