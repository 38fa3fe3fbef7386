"""A blueprint as arrays: quotas, enemies, passages and a time budget, and which of them a test breaks.

Only says what a legal test is; whether one exists is `assembly`'s affair, which is best is `shadow`'s.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Indices, Ints, frozen_floats, item_indices

MILLISECONDS = 1000


@dataclass(frozen=True, eq=False)
class Quota:
    """At least `minimum` and at most `maximum` items of the test are among `members` (n_items,) of bool."""

    name: str
    minimum: int
    maximum: int
    members: Bools

    def __post_init__(self) -> None:
        members = np.array(self.members)
        if members.ndim != 1 or members.dtype != np.bool_:
            raise ValueError(f"quota {self.name!r}: members must be a boolean vector")
        if not 0 <= self.minimum <= self.maximum:
            raise ValueError(f"quota {self.name!r}: 0 <= minimum <= maximum is needed")
        members.setflags(write=False)
        object.__setattr__(self, "members", members)


def label_quotas(labels: Sequence[str], bounds: Mapping[str, tuple[int, int]]) -> tuple[Quota, ...]:
    """One quota (minimum, maximum) per label named in `bounds`, given the label of every item (n_items,)."""
    column = np.asarray(labels, dtype=object)
    return tuple(
        Quota(label, low, high, np.asarray(column == label, dtype=np.bool_))
        for label, (low, high) in bounds.items()
    )


@dataclass(frozen=True, eq=False)
class Passage:
    """Items about one text, given together in a row: none of them, or `minimum` to `maximum`."""

    name: str
    minimum: int
    maximum: int
    items: Ints

    def __post_init__(self) -> None:
        items = np.array(self.items)
        if items.ndim != 1 or items.size == 0 or items.dtype.kind not in "iu":
            raise ValueError(f"passage {self.name!r}: items must be a vector of item numbers")
        if not 1 <= self.minimum <= self.maximum:
            raise ValueError(f"passage {self.name!r}: 1 <= minimum <= maximum is needed")
        items = items.astype(np.intp)
        items.setflags(write=False)
        object.__setattr__(self, "items", items)


@dataclass(frozen=True, eq=False)
class TimeBudget:
    """The expected seconds of a test's items (n_items,) sum to at most `seconds`; counted in milliseconds."""

    seconds: float
    expected: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        expected = frozen_floats(self.expected, "expected seconds")
        if not (np.isfinite(self.seconds) and self.seconds > 0 and (expected >= 0).all()):
            raise ValueError("a time budget needs positive seconds and items that take no less than none")
        if max(self.seconds, expected.max(initial=0.0)) > 1e9:
            raise ValueError("seconds beyond 1e9 are no time for a test")
        object.__setattr__(self, "expected", expected)

    @property
    def limit(self) -> int:
        """The budget in whole milliseconds."""
        return int(np.rint(self.seconds * MILLISECONDS))

    @cached_property
    def of_item(self) -> Ints:
        """Expected whole milliseconds of each item, (n_items,)."""
        whole: Ints = np.rint(self.expected * MILLISECONDS).astype(np.intp)
        return whole


@dataclass(frozen=True, eq=False)
class Constraints:
    """What makes a test of `length` items legal.

    Parameters
    ----------
    n_items, length : int
    quotas : tuple of Quota
        May overlap in any way. Decisions are fastest when they fall into two families of disjoint quotas
        (tiers and areas), with few others.
    enemies : tuple of (n_members,) index arrays
        At most one item of each group. Groups may share items.
    passages : tuple of Passage
        Share no item.
    n_passages : (int, int), optional
        Least and most passages of a test; any number when not given.
    time : TimeBudget, optional
    """

    n_items: int
    length: int
    quotas: tuple[Quota, ...] = ()
    enemies: tuple[Ints, ...] = ()
    passages: tuple[Passage, ...] = ()
    n_passages: tuple[int, int] | None = None
    time: TimeBudget | None = None

    def __post_init__(self) -> None:
        if self.n_items < 1 or self.length < 1:
            raise ValueError("a pool and a test need at least one item")
        object.__setattr__(self, "quotas", tuple(self.quotas))
        object.__setattr__(self, "passages", tuple(self.passages))
        if any(quota.members.size != self.n_items for quota in self.quotas):
            raise ValueError("each quota must say of every item of the pool whether it is a member")
        groups = tuple(item_indices(group, self.n_items) for group in self.enemies)
        object.__setattr__(self, "enemies", groups)
        if self.passages:
            item_indices(np.concatenate([passage.items for passage in self.passages]), self.n_items)
        if self.n_passages is not None and not 0 <= self.n_passages[0] <= self.n_passages[1]:
            raise ValueError("numbers of passages must satisfy 0 <= least <= most")
        if self.time is not None and self.time.expected.size != self.n_items:
            raise ValueError("expected seconds are needed for every item of the pool")

    def is_met(self, administered: Indices) -> bool:
        """Whether quotas and passages already have their minima, so that stopping now leaves a legal shorter test."""
        given = np.asarray(administered, dtype=np.intp)
        if not all(int(quota.members[given].sum()) >= quota.minimum for quota in self.quotas):
            return False
        counts = np.bincount(self.passage_of[given] + 1, minlength=len(self.passages) + 1)[1:].tolist()
        begun = [(count, passage) for count, passage in zip(counts, self.passages, strict=True) if count]
        is_least = len(begun) >= (self.n_passages or (0,))[0]
        return is_least and all(count >= passage.minimum for count, passage in begun)

    @property
    def counts_only(self) -> bool:
        """Whether a test is legal by how many of which items it has: no passages and no time budget."""
        return not self.passages and not (self.n_passages or (0,))[0] and self.time is None

    @property
    def is_free(self) -> bool:
        """Whether any item may follow any other: no quotas, no enemies, nothing else."""
        return self.counts_only and not (self.quotas or self.enemies)

    @cached_property
    def passage_of(self) -> Ints:
        """The passage number of each item, -1 for none, (n_items,), read-only."""
        of_item = np.full(self.n_items, -1, dtype=np.intp)
        for number, passage in enumerate(self.passages):
            of_item[passage.items] = number
        of_item.setflags(write=False)
        return of_item


@dataclass(frozen=True)
class Violation:
    """An administered test breaks a constraint: counted `count` where `minimum` .. `maximum` is allowed.

    Of a passage the items are counted, and in "... in a row" its unbroken runs; time is in milliseconds.
    """

    name: str
    count: int
    minimum: int
    maximum: int


def violations(constraints: Constraints, indices: Indices) -> tuple[Violation, ...]:
    """Every constraint a finished test breaks, its items in step order; empty when it is legal.

    Counted from the constraints themselves, sharing nothing with the programs that assemble tests.
    """
    administered = item_indices(indices, constraints.n_items)
    in_test = np.zeros(constraints.n_items, dtype=np.bool_)
    in_test[administered] = True
    counted = [("length", administered.size, constraints.length, constraints.length)]
    counted += [
        (q.name, int(q.members[administered].sum()), q.minimum, q.maximum) for q in constraints.quotas
    ]
    counted += [
        (f"enemies {number}", int(in_test[group].sum()), 0, 1)
        for number, group in enumerate(constraints.enemies)
    ]
    counted += _of_passages(constraints, administered)
    if constraints.time is not None:
        total = int(constraints.time.of_item[administered].sum())
        counted.append(("time", total, 0, constraints.time.limit))
    return tuple(Violation(*row) for row in counted if not row[2] <= row[1] <= row[3])


def _of_passages(constraints: Constraints, administered: Ints) -> Iterable[tuple[str, int, int, int]]:
    """What is counted of the passages: items and runs of each one used, and how many are used."""
    numbers = constraints.passage_of[administered]
    is_new = np.diff(numbers, prepend=-1) != 0
    used = sorted(set(numbers[numbers >= 0].tolist()))
    for number in used:
        passage, given = constraints.passages[number], numbers == number
        yield passage.name, int(given.sum()), passage.minimum, passage.maximum
        yield f"{passage.name} in a row", int((given & is_new).sum()), 0, 1
    if constraints.n_passages is not None:
        yield "passages", len(used), *constraints.n_passages
