"""A response matrix as the quality statistics see it: checked once, with row counts and what was not seen.

Leaves every statistic to the modules that import it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irt.arrays import MOST_PERSONS, Bools, Floats, Ints, score_matrix

Matrix: TypeAlias = npt.NDArray[Any] | Sequence[Sequence[float]]
Weights: TypeAlias = npt.NDArray[Any] | Sequence[float] | None


@dataclass(frozen=True, eq=False)
class Responses:
    """Scores of persons on items.

    Attributes
    ----------
    x : (n_persons, n_items)
        Categories 0, 1, .., nan where the item was not seen.
    seen : (n_persons, n_items) of bool
    weights : (n_persons,)
        How many persons each row stands for.
    """

    x: Floats
    seen: Bools
    weights: Floats

    @classmethod
    def of(
        cls,
        x: Matrix,
        weights: Weights = None,
        n_categories: Sequence[int] | Ints | None = None,
        unseen_allowed: bool = False,
    ) -> "Responses":
        """`x` checked: whole scores from 0, below `n_categories` of the item; each item seen, or else allowed."""
        values: Floats = score_matrix(x).astype(np.float64)
        if 0 in values.shape:
            raise ValueError("x must be a matrix of at least one person by one item")
        if (values < 0).any():
            raise ValueError("x must hold whole numbers from 0, or nan where an item was not seen")
        counts = row_counts(weights, values.shape[0])
        seen: Bools = ~np.isnan(values)
        if not unseen_allowed:
            refuse("seen by nobody", counts @ seen == 0)
        if n_categories is not None:
            limits = np.asarray(n_categories)
            if limits.shape != (values.shape[1],):
                raise ValueError(f"x has {values.shape[1]} items, the parameters are of {limits.size}")
            refuse("with a score that does not exist", (seen & (np.nan_to_num(values) >= limits)).any(axis=0))
        return cls(values, seen, counts)

    @property
    def n_items(self) -> int:
        """Number of items."""
        return int(self.x.shape[1])

    @property
    def n_rows(self) -> int:
        """Number of rows, each of `weights` persons."""
        return int(self.x.shape[0])

    @property
    def n_persons(self) -> float:
        """Number of persons, all rows counted by their weight."""
        return float(self.weights.sum())

    @cached_property
    def n_seen(self) -> Floats:
        """Persons who saw each item, (n_items,)."""
        persons: Floats = self.weights @ self.seen
        return persons

    @property
    def is_complete(self) -> bool:
        """Whether everybody saw every item."""
        return bool(self.seen.all())

    @cached_property
    def filled(self) -> Floats:
        """`x` with 0 where an item was not seen, for sums that `seen` masks."""
        return np.where(self.seen, self.x, 0.0)

    @cached_property
    def max_scores(self) -> Floats:
        """The highest score anybody earned on each item, at least 1, (n_items,)."""
        highest: Floats = np.maximum(self.filled.max(axis=0), 1.0)
        return highest

    @cached_property
    def earned(self) -> Floats:
        """Marks of each person, (n_persons,)."""
        marks: Floats = self.filled.sum(axis=1)
        return marks

    @cached_property
    def possible(self) -> Floats:
        """Highest marks on the items each person saw, (n_persons,)."""
        marks: Floats = self.seen @ self.max_scores
        return marks

    def slices(self, size: int) -> Iterator[slice]:
        """Consecutive rows, `size` at a time, so that memory does not grow with the number of persons."""
        return (slice(start, start + size) for start in range(0, self.n_rows, size))


def refuse(what: str, at_fault: npt.ArrayLike) -> None:
    """ValueError naming the items at fault, the first ten of them, if there is one."""
    indices = np.flatnonzero(at_fault)
    if indices.size:
        listed = ", ".join(map(str, indices[:10])) + (", .." if indices.size > 10 else "")
        raise ValueError(f"items {what}: {listed}")


def ratio(over: Floats, under: Floats) -> Floats:
    """over / under, nan where `under` is zero."""
    out = np.full(np.broadcast_shapes(over.shape, under.shape), np.nan)
    quotient: Floats = np.divide(over, under, out=out, where=under != 0)
    return quotient


def person_values(values: npt.NDArray[Any] | Sequence[float], n_rows: int, name: str) -> Floats:
    """One finite number for each row of the responses, (n_rows,)."""
    array: Floats = np.asarray(values, dtype=np.float64)
    if array.shape != (n_rows,):
        raise ValueError(f"{name} needs one number for each row")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array


def row_counts(weights: Weights, n_rows: int) -> Floats:
    """How many persons each row stands for, (n_rows,), one each without `weights`; not negative, some positive,
    and together no more than can be counted."""
    if weights is None:
        return np.ones(n_rows)
    counts = person_values(weights, n_rows, "weights")
    if (counts < 0).any() or not counts.any():
        raise ValueError("weights must not be negative, nor all zero")
    if counts.max() > MOST_PERSONS or counts.sum() > MOST_PERSONS:  # the sum of the largest would overflow
        raise ValueError(f"weights must not sum to more than {MOST_PERSONS:g}")
    return counts
