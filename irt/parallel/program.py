"""Several forms at once as one integer program: which item goes into which form, and which into all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import LinearConstraint
from scipy.sparse import coo_array, csr_array, vstack

from irt._constraints import Constraints
from irt._program import solve_near
from irt.arrays import Floats, Ints

GAP = 0.01
NODES = 2000
# An item in every form is worth less than it would be in one, so that there are no more of them than needed.
COMMON_WORTH = 0.5
Rows = tuple[csr_array, Floats, Floats]


@dataclass(frozen=True, eq=False)
class FormsProgram:
    """The program of `n_forms` legal forms that share `common` = (least, most) items, and no other.

    Variables are laid out block by block: each form's own items and passages, then the common items and passages."""

    constraints: Constraints
    n_forms: int
    common: tuple[int, int]

    @cached_property
    def width(self) -> int:
        """Variables of a block: items, then passages."""
        return self.constraints.n_items + len(self.constraints.passages)

    def solved(self, values: Floats) -> list[Ints] | bool | None:
        """The own items of each form and then the common ones; None if there are no such forms, False if none of
        them was found within the limit. The sum of `values` (n_items,) is within GAP of the
        highest, items in every form counted by COMMON_WORTH."""
        n_items, n_blocks = self.constraints.n_items, self.n_forms + 1
        worth = np.concatenate((values, np.zeros(self.width - n_items)))
        cost = -np.concatenate((np.tile(worth, self.n_forms), COMMON_WORTH * worth))
        upper = np.ones(n_blocks * self.width)
        if self.common[1] == 0:
            upper[self.n_forms * self.width :] = 0
        matrices, low, high = zip(*self._rows(), strict=True)
        rows = LinearConstraint(vstack(matrices, format="csr"), np.concatenate(low), np.concatenate(high))
        found = solve_near(cost, rows, upper, GAP, NODES)
        if found is None or found is False:
            return found
        blocks = np.asarray(found).reshape(n_blocks, self.width)[:, :n_items]
        return [np.flatnonzero(block) for block in blocks]

    def _rows(self) -> Iterator[Rows]:
        one_form, bounds = self._of_a_form()
        for form in range(self.n_forms):
            yield self._placed(one_form, [form, self.n_forms]), *bounds
        n_blocks = self.n_forms + 1
        once = csr_array(np.eye(self.width))
        # An item, and a passage, is of one form or of all.
        yield self._placed(once, list(range(n_blocks))), np.full(self.width, -np.inf), np.ones(self.width)
        shared = np.zeros((1, self.width))
        shared[0, : self.constraints.n_items] = 1
        least, most = (np.array([float(end)]) for end in self.common)
        yield self._placed(csr_array(shared), [self.n_forms]), least, most
        if self.constraints.passages:
            whole, (low, high) = self._of_passages()
            for block in range(n_blocks):
                yield self._placed(whole, [block]), low, high

    def _placed(self, rows: csr_array, blocks: list[int]) -> csr_array:
        """The same rows in each of these blocks side by side."""
        whole = coo_array(rows)
        columns = np.concatenate([whole.col + block * self.width for block in blocks])
        shape = (whole.shape[0], (self.n_forms + 1) * self.width)
        again = len(blocks)
        return csr_array((np.tile(whole.data, again), (np.tile(whole.row, again), columns)), shape=shape)

    def _of_a_form(self) -> tuple[csr_array, tuple[Floats, Floats]]:
        """Length, quotas, enemies, number of passages and time of one form."""
        own, n_items = self.constraints, self.constraints.n_items
        counted = [(np.ones(n_items), float(own.length), float(own.length))]
        counted += [(q.members.astype(np.float64), float(q.minimum), float(q.maximum)) for q in own.quotas]
        for group in own.enemies:
            row = np.zeros(n_items)
            row[group] = 1
            counted.append((row, -np.inf, 1.0))
        if own.time is not None:
            counted.append((own.time.of_item.astype(np.float64), -np.inf, float(own.time.limit)))
        rows = np.zeros((len(counted) + 1, self.width))
        for at, (row, _low, _high) in enumerate(counted):
            rows[at, :n_items] = row
        rows[-1, n_items:] = 1
        few, many = own.n_passages or (0, len(own.passages))
        low = np.array([*(low for _row, low, _high in counted), float(few)])
        high = np.array([*(high for _row, _low, high in counted), float(many)])
        return csr_array(rows), (low, high)

    def _of_passages(self) -> tuple[csr_array, tuple[Floats, Floats]]:
        """A passage of a block gives none of its items, or its minimum to its maximum."""
        own = self.constraints
        rows = np.zeros((2 * len(own.passages), self.width))
        for at, passage in enumerate(own.passages):
            rows[2 * at : 2 * at + 2, passage.items] = 1
            rows[2 * at, own.n_items + at] = -passage.minimum
            rows[2 * at + 1, own.n_items + at] = -passage.maximum
        nothing, endless = np.zeros(len(own.passages)), np.full(len(own.passages), np.inf)
        low = np.column_stack((nothing, -endless)).ravel()
        high = np.column_stack((endless, nothing)).ravel()
        return csr_array(rows), (low, high)
