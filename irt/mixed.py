"""Tests whose items follow different models, and the functions that hold for any set of items.

What `models` says of dichotomous items and `polytomous` of ordered categories is put together here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from irt import models, polytomous
from irt.arrays import Floats, Indices, Ints, item_indices
from irt.models import Items, Theta
from irt.polytomous import Graded, PartialCredit

Part: TypeAlias = Items | Graded | PartialCredit


@dataclass(frozen=True, eq=False)
class Mixed:
    """Several sets of items as one test, in any order.

    Parameters
    ----------
    parts : sequence of Items, Graded or PartialCredit
        At least one.
    places : sequence of (n_items of the part,), optional
        The number in the test of each item of each part; together they are 0 .. n_items - 1, each once.
        Without it the parts follow one another.
    """

    parts: Sequence[Part]
    places: Sequence[Indices] = ()

    def __post_init__(self) -> None:
        parts = tuple(self.parts)
        if not parts or not all(isinstance(part, Part) for part in parts):
            raise ValueError("a mixed test is made of Items, Graded and PartialCredit, at least one of them")
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "places", _checked_places([len(part) for part in parts], self.places))

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def take(self, indices: Indices) -> "Mixed":
        """The items of these indices, in this order."""
        wanted = item_indices(indices, len(self), may_repeat=True)
        part_of = np.empty(len(self), dtype=np.intp)
        number_in_part = np.empty(len(self), dtype=np.intp)
        for number, (_, places) in enumerate(self.placed):
            part_of[places] = number
            number_in_part[places] = np.arange(places.size)
        places_now = [np.flatnonzero(part_of[wanted] == number) for number in range(len(self.parts))]
        parts = [
            part.take(number_in_part[wanted[places]])
            for part, places in zip(self.parts, places_now, strict=True)
        ]
        return Mixed(parts, places_now)

    @cached_property
    def placed(self) -> tuple[tuple[Part, Ints], ...]:
        """Each part with its places in the test."""
        return tuple(
            (part, np.asarray(places, dtype=np.intp))
            for part, places in zip(self.parts, self.places, strict=True)
        )

    @cached_property
    def n_categories(self) -> Ints:
        """Number of categories of each item, (n_items,), read-only."""
        counts = np.empty(len(self), dtype=np.intp)
        for part, places in self.placed:
            counts[places] = part.n_categories
        counts.setflags(write=False)
        return counts


ItemSet: TypeAlias = Items | Graded | PartialCredit | Mixed


def log_prob(theta: Theta, items: ItemSet) -> Floats:
    """Log probability of each category, (n_theta, n_items, max_categories); -inf where an item has no such category."""
    return _of_each(models.log_prob, polytomous.log_prob, theta, items, -np.inf)


def log_prob_slope(theta: Theta, items: ItemSet) -> Floats:
    """Derivative of `log_prob` with respect to theta, of the same shape; zero where there is no category."""
    return _of_each(models.log_prob_slope, polytomous.log_prob_slope, theta, items)


def info(theta: Theta, items: ItemSet) -> Floats:
    """Fisher information of each item, (n_theta, n_items). Zero, never nan, far out."""
    return _of_each(models.info, polytomous.info, theta, items)


def info_slope_term(theta: Theta, items: ItemSet) -> Floats:
    """Warm's J of each item, sum over k of P'_k P''_k / P_k, (n_theta, n_items)."""
    return _of_each(models.info_slope_term, polytomous.info_slope_term, theta, items)


def expected_score(theta: Theta, items: ItemSet) -> Floats:
    """Expected score of each item, 0 .. m - 1, (n_theta, n_items)."""
    return _of_each(models.prob, polytomous.expected_score, theta, items)


def _of_each(
    dichotomous: Callable[[Theta, Items], Floats],
    ordered: Callable[[Theta, Graded | PartialCredit], Floats],
    theta: Theta,
    items: ItemSet,
    absent: float = 0.0,
) -> Floats:
    """What the function of their model says of the items; `absent` where a category does not exist."""
    if isinstance(items, Mixed):
        return _joined([_of_each(dichotomous, ordered, theta, part, absent) for part in items.parts], items, absent)
    return dichotomous(theta, items) if isinstance(items, Items) else ordered(theta, items)


def _joined(blocks: Sequence[Floats], items: Mixed, absent: float) -> Floats:
    """The parts' figures in the order of the test."""
    categories = max(block.shape[2:] for block in blocks)
    whole: Floats = np.full((blocks[0].shape[0], len(items), *categories), absent)
    for block, (_, places) in zip(blocks, items.placed, strict=True):
        if block.ndim == 2:
            whole[:, places] = block
        else:
            whole[:, places, : block.shape[2]] = block
    return whole


def _checked_places(sizes: list[int], places: Sequence[Indices]) -> tuple[Ints, ...]:
    """The places as read-only index vectors that are 0 .. n_items - 1 together, each once."""
    ends = np.cumsum(sizes)
    if len(places) == 0:
        places = [np.arange(end - size, end) for size, end in zip(sizes, ends, strict=True)]
    vectors = [np.array(one, dtype=None if np.size(one) else np.intp) for one in places]
    if [vector.shape for vector in vectors] != [(size,) for size in sizes]:
        raise ValueError("one place is needed for each item of each part")
    if any(vector.dtype.kind not in "iu" for vector in vectors):
        raise ValueError("places must be integers")
    together = np.concatenate(vectors)
    if not np.array_equal(np.sort(together), np.arange(together.size)):
        raise ValueError("the places must be 0 .. n_items - 1, each once")
    frozen = tuple(vector.astype(np.intp) for vector in vectors)
    for vector in frozen:
        vector.setflags(write=False)
    return frozen
