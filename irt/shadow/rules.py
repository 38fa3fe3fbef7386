"""A blueprint as a matrix of counting rules, and what is left of it once some items have been given.

All in whole numbers. What a remaining test is worth, and which is best, is left to `program` and `search`.
"""

from dataclasses import dataclass

import numpy as np

from irt._constraints import Constraints
from irt.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class Remaining:
    """What must still be done after the items given.

    Attributes
    ----------
    low, high : (n_rules,)
        Items still needed and still allowed by each rule.
    free : (n_items,) of bool
        Items that no rule alone forbids.
    open_passage : int
        The passage the last item belongs to, or -1: only of it may items come at once, and of others begun none.
    open_low, open_high : int
        Items of the open passage still needed and allowed.
    fresh : (n_passages,) of bool
        Passages not begun.
    n_passages : (int, int)
        How many of them are still needed and allowed.
    time : int or None
        Milliseconds left.
    """

    low: Ints
    high: Ints
    free: Bools
    open_passage: int
    open_low: int
    open_high: int
    fresh: Bools
    n_passages: tuple[int, int]
    time: int | None

    @property
    def places(self) -> int:
        """Items still to give."""
        return int(self.high[0])


@dataclass(frozen=True, eq=False)
class Rules:
    """Each rule counts its members in the test; the length is the first, then quotas, then enemy groups.

    Attributes
    ----------
    members : (n_rules, n_items)
        Zeros and ones.
    low, high : (n_rules,)
    cell_of : (n_items,)
        Items of a cell are alike in every quota.
    in_cell : (n_quotas + 1, n_cells) of bool
        Which quotas (and the length) count the items of a cell.
    is_plain : (n_items,) of bool
        In no passage and no enemy group.
    """

    constraints: Constraints
    members: Ints
    low: Ints
    high: Ints
    cell_of: Ints
    in_cell: Bools
    is_plain: Bools

    @classmethod
    def of(cls, constraints: Constraints) -> "Rules":
        """The rules of a blueprint, computed once per pool."""
        n_items, n_quotas = constraints.n_items, len(constraints.quotas)
        members = np.zeros((1 + n_quotas + len(constraints.enemies), n_items), dtype=np.intp)
        members[0] = 1
        for row, quota in enumerate(constraints.quotas, start=1):
            members[row] = quota.members
        for row, group in enumerate(constraints.enemies, start=1 + n_quotas):
            members[row, group] = 1
        patterns, cell_of = np.unique(members[: 1 + n_quotas], axis=1, return_inverse=True)
        no_floor, one = np.zeros(len(constraints.enemies)), np.ones(len(constraints.enemies))
        length = constraints.length
        return cls(
            constraints,
            members,
            np.concatenate(([length], [q.minimum for q in constraints.quotas], no_floor)).astype(np.intp),
            np.concatenate(([length], [q.maximum for q in constraints.quotas], one)).astype(np.intp),
            cell_of.ravel().astype(np.intp),
            patterns.astype(np.bool_),
            (constraints.passage_of < 0) & ~members[1 + n_quotas :].any(axis=0),
        )

    def remaining(self, administered: Ints) -> Remaining | None:
        """What is left to do after these items in step order; None when they already break a rule."""
        counted = self.members[:, administered].sum(axis=1)
        if (counted > self.high).any():
            return None
        high = self.high - counted
        free = ~self.members[high == 0].any(axis=0)
        free[administered] = False
        time = self._time_left(administered)
        if time is not None and time < 0:
            return None
        if not self.constraints.passages and self.constraints.n_passages is None:
            return Remaining(
                np.maximum(self.low - counted, 0), high, free, -1, 0, 0, np.zeros(0, np.bool_), (0, 0), time
            )
        return self._with_passages(administered, np.maximum(self.low - counted, 0), high, free, time)

    def _time_left(self, administered: Ints) -> int | None:
        if (budget := self.constraints.time) is None:
            return None
        return budget.limit - int(budget.of_item[administered].sum())

    def _with_passages(
        self, administered: Ints, low: Ints, high: Ints, free: Bools, time: int | None
    ) -> Remaining | None:
        """The same with the passages begun: all but the last one's are over, and must have had their minimum."""
        passages, passage_of = self.constraints.passages, self.constraints.passage_of
        begun: dict[int, int] = {}
        last = -1
        for number in passage_of[administered].tolist():
            if number >= 0:
                if number in begun and number != last:
                    return None
                begun[number] = begun.get(number, 0) + 1
            last = number
        least, most = self.constraints.n_passages or (0, len(passages))
        if len(begun) > most or any(
            count > passages[number].maximum or (number != last and count < passages[number].minimum)
            for number, count in begun.items()
        ):
            return None
        fresh = np.ones(len(passages), dtype=np.bool_)
        fresh[list(begun)] = False
        over = [number for number in begun if number != last]
        free &= ~np.isin(passage_of, over)
        given = begun.get(last, 0)
        open_low = max(passages[last].minimum - given, 0) if given else 0
        open_high = passages[last].maximum - given if given else 0
        left = (max(least - len(begun), 0), most - len(begun))
        return Remaining(low, high, free, last if given else -1, open_low, open_high, fresh, left, time)
