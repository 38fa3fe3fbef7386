"""Forms made alike: items of the same kind change places until no exchange brings the forms' information closer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from irt._constraints import Constraints
from irt.arrays import Bools, Floats, Ints

MOST_SWAPS = 1000
LEAST_GAIN = 1e-12
Swap = tuple[float, int, int, int, int]


class Parity:
    """The forms as they are being changed; common items and those of passages keep their places.

    What is made small is the sum over forms and points of ((information - target) / target)²."""

    def __init__(self, constraints: Constraints, info: Floats, own: list[Ints], common: Ints) -> None:
        self._constraints, self._common = constraints, common
        self._place = np.full(constraints.n_items, len(own), dtype=np.intp)  # the last stands for no form
        for form, items in enumerate(own):
            self._place[items] = form
        self._place[common] = -1
        reached = np.array([info[:, np.concatenate((items, common))].sum(axis=1) for items in own])
        target = reached.mean(axis=0)
        self._scaled = info / target[:, None]
        self._off = reached / target - 1
        self._kind = _kinds(constraints)
        self._groups = np.zeros((len(constraints.enemies), constraints.n_items), dtype=np.intp)
        for row, group in enumerate(constraints.enemies):
            self._groups[row, group] = 1
        self._n_forms = len(own)

    def settled(self) -> tuple[list[Ints], int]:
        """The own items of each form when no exchange helps any more, and how many there were."""
        for n in range(MOST_SWAPS):
            best = min(self._swaps(), default=None)
            if best is None:
                return self._own(), n
            _gain, form, other, item, instead = best
            change = self._scaled[:, instead] - self._scaled[:, item]
            self._off[form] += change
            if other < self._n_forms:
                self._off[other] -= change
            self._place[item], self._place[instead] = other, form
        return self._own(), MOST_SWAPS

    def _own(self) -> list[Ints]:
        return [np.flatnonzero(self._place == form) for form in range(self._n_forms)]

    def _swaps(self) -> Iterator[Swap]:
        """The best exchange of each two places, the last place being the items in no form."""
        for form, other in combinations(range(self._n_forms + 1), 2):
            mine, theirs = (np.flatnonzero((self._place == at) & (self._kind >= 0)) for at in (form, other))
            if not (mine.size and theirs.size):
                continue
            change = self._scaled[:, None, theirs] - self._scaled[:, mine, None]
            loss = ((2 * self._off[form][:, None, None] + change) * change).sum(axis=0)
            may = self._kind[mine][:, None] == self._kind[theirs][None, :]
            may &= self._is_legal(form, mine, theirs)
            if other < self._n_forms:
                loss += ((change - 2 * self._off[other][:, None, None]) * change).sum(axis=0)
                may &= self._is_legal(other, theirs, mine).T
            loss[~may] = np.inf
            at = int(loss.argmin())
            row, column = divmod(at, theirs.size)
            if loss[row, column] < -LEAST_GAIN:
                yield float(loss[row, column]), form, other, int(mine[row]), int(theirs[column])

    def _is_legal(self, form: int, leaving: Ints, coming: Ints) -> Bools:
        """Whether the form has no enemies and time enough with each coming item for each leaving one."""
        members = np.concatenate((np.flatnonzero(self._place == form), self._common))
        counts = self._groups[:, members].sum(axis=1)
        after = counts[:, None, None] - self._groups[:, leaving, None] + self._groups[:, None, coming]
        legal: Bools = (after <= 1).all(axis=0)
        if (time := self._constraints.time) is not None:
            spent = time.of_item[members].sum()
            legal &= spent - time.of_item[leaving][:, None] + time.of_item[coming][None, :] <= time.limit
        return legal


def _kinds(constraints: Constraints) -> Ints:
    """Items with the same number count for the same quotas, (n_items,); -1 for those of a passage."""
    members = np.array([quota.members for quota in constraints.quotas] or [np.ones(constraints.n_items, np.bool_)])
    kind = np.unique(members, axis=1, return_inverse=True)[1].ravel().astype(np.intp)
    kind[constraints.passage_of >= 0] = -1
    return kind
