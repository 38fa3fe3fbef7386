"""What candidates chose instead of the key: shares by ability, correlations, and the options at fault by name.

Scores are left to `classical`; ability comes from the caller, and must where the test was adaptive.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irt._responses import Matrix, Responses, Weights, person_values
from irt.arrays import Bools, Floats, Ints
from irt.classical import total_score, weighted_correlation

MOST_OPTIONS = 1000  # the table has a place for each, of each item


@dataclass(frozen=True)
class Option:
    """One option of one item, both counted from 0."""

    item: int
    option: int


@dataclass(frozen=True, eq=False)
class Distractors:
    """How the options of each item worked; nan where an option does not exist.

    Attributes
    ----------
    n : (n_items, max_options)
        Persons who chose the option.
    share : (n_items, n_groups, max_options)
        Part of each ability group that chose it, the weakest group first; nan where a group is empty.
    correlation : (n_items, max_options)
        Of choosing the option with ability; nan also where all or none chose it.
    chosen_by_nobody : options nobody chose
    better_than_key : options, not the key, whose correlation is positive and above the key's
    """

    n: Floats
    share: Floats
    correlation: Floats
    chosen_by_nobody: tuple[Option, ...]
    better_than_key: tuple[Option, ...]


def distractors(
    chosen: Matrix,
    keys: Sequence[int] | Ints,
    n_options: Sequence[int] | Ints,
    theta: Sequence[float] | Floats | None = None,
    *,
    weights: Weights = None,
    n_groups: int = 5,
) -> Distractors:
    """The table of options.

    Parameters
    ----------
    chosen : (n_persons, n_items)
        Option chosen, from 0; nan where the item was not seen. Code an omission as an option of its own.
    keys, n_options : (n_items,)
        The right option, and how many there are.
    theta : (n_persons,), optional
        Ability; without it the part right of the other items seen (of no use on adaptive tests).
    weights : (n_persons,), optional
    n_groups : int
        Groups of equal size by ability among those who saw the item; persons of equal ability stay together.

    References
    ----------
    Haladyna & Rodriguez (2013), Developing and validating test items, ch. 18.
    """
    key, counts = _options(keys, n_options)
    data = Responses.of(chosen, weights, counts)
    if type(n_groups) is not int or n_groups < 1:
        raise ValueError("n_groups must be a whole number of at least 1")
    ability = None if theta is None else person_values(theta, data.n_rows, "theta")
    right = Responses.of(np.where(data.seen, data.x == key, np.nan), data.weights)
    shape = (data.n_items, int(counts.max()))
    n, correlation = np.full(shape, np.nan), np.full(shape, np.nan)
    share = np.full((shape[0], n_groups, shape[1]), np.nan)
    for item in range(data.n_items):
        level = total_score(right, without=item) if ability is None else ability
        mass = data.weights * data.seen[:, item]
        group = _groups(level, mass, n_groups)
        sizes = np.bincount(group[group >= 0], mass[group >= 0], minlength=n_groups)
        for option in range(counts[item]):
            picked = mass * (data.x[:, item] == option)
            within = np.bincount(group[group >= 0], picked[group >= 0], minlength=n_groups)
            n[item, option] = picked.sum()
            share[item, :, option] = np.divide(
                within, sizes, out=np.full(n_groups, np.nan), where=sizes > 0
            )
            is_chosen = (data.x[:, item] == option).astype(np.float64)
            correlation[item, option] = weighted_correlation(is_chosen, level, mass)
    return Distractors(n, share, correlation, _named(n == 0), _named(_is_rival(correlation, key)))


def _options(keys: Sequence[int] | Ints, n_options: Sequence[int] | Ints) -> tuple[Ints, Ints]:
    key, counts = np.asarray(keys), np.asarray(n_options)
    if key.ndim != 1 or key.shape != counts.shape or key.dtype.kind not in "iu" or counts.dtype.kind not in "iu":
        raise ValueError("keys and n_options need one whole number for each item")
    if (counts > MOST_OPTIONS).any():
        raise ValueError(f"an item may have {MOST_OPTIONS} options at most")
    if not ((key >= 0) & (key < counts)).all():
        raise ValueError("each key must be one of the item's options")
    return key.astype(np.intp), counts.astype(np.intp)


def _groups(level: Floats, mass: Floats, n_groups: int) -> Ints:
    """Number of each person's ability group, -1 for those without weight or level; ties share a group."""
    group = np.full(level.size, -1, dtype=np.intp)
    counted = np.flatnonzero((mass > 0) & ~np.isnan(level))
    if counted.size:
        values, inverse = np.unique(level[counted], return_inverse=True)
        at_value = np.bincount(inverse, mass[counted], minlength=values.size)
        midrank = (np.cumsum(at_value) - at_value / 2) / at_value.sum()
        group[counted] = np.minimum((midrank * n_groups).astype(np.intp), n_groups - 1)[inverse]
    return group


def _is_rival(correlation: Floats, key: Ints) -> Bools:
    of_key = correlation[np.arange(key.size), key]
    bar = np.maximum(np.where(np.isnan(of_key), -math.inf, of_key), 0.0)
    rival: Bools = np.nan_to_num(correlation, nan=-math.inf) > bar[:, None]
    rival[np.arange(key.size), key] = False
    return rival


def _named(at_fault: Bools) -> tuple[Option, ...]:
    return tuple(Option(int(item), int(option)) for item, option in np.argwhere(at_fault))
