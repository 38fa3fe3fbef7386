"""Items with ordered categories 0 .. m - 1: the graded response and the (generalised) partial credit model.

Logistic metric (D = 1), as in `models`; items of one set may have different numbers of categories. The private
functions have categories first, (max_categories, n_theta, n_items): sums over them then add whole planes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeAlias

import numpy as np
from scipy.special import expit

from irt.arrays import Bools, Floats, Ints, frozen_floats, frozen_ragged, item_indices, theta_points
from irt.models import Theta


@dataclass(frozen=True, eq=False)
class _Categories:
    """What both models have: slopes `a` (n_items,) and boundaries `b` (n_items, max_categories - 1)."""

    a: Floats
    b: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", frozen_floats(self.a, "a"))
        object.__setattr__(self, "b", frozen_ragged(self.b, "b"))
        if self.b.shape[0] != self.a.size:
            raise ValueError("a and b must speak of the same number of items")
        if not (self.a > 0).all():
            raise ValueError("a must be positive")

    @classmethod
    def from_lists(cls, a: Sequence[float], b: Sequence[Sequence[float]]) -> Self:
        """Items of these slopes and boundaries, as many for each item as it has categories, less one."""
        if len(a) != len(b):
            raise ValueError("a and b must speak of the same number of items")
        padded = np.full((len(b), max(map(len, b), default=1)), np.nan)
        for row, boundaries in zip(padded, b, strict=True):
            row[: len(boundaries)] = frozen_floats(boundaries, "b")
        return cls(np.asarray(a), padded)

    def __len__(self) -> int:
        return self.a.size

    def __getitem__(self, key: slice | Ints | Bools) -> Self:
        """The items of a slice, an index array or a mask, with as many columns in `b` as before."""
        return type(self)(self.a[key], self.b[key])

    def take(self, indices: Sequence[int] | Ints) -> Self:
        """The items of these indices, in this order."""
        return self[item_indices(indices, len(self), may_repeat=True)]

    @cached_property
    def n_categories(self) -> Ints:
        """Number of categories of each item, (n_items,), read-only."""
        counts: Ints = 1 + np.isfinite(self.b).sum(axis=1, dtype=np.intp)
        counts.setflags(write=False)
        return counts

    @cached_property
    def exists(self) -> Bools:
        """Whether an item has a category, (n_items, max_categories), read-only."""
        exists: Bools = np.arange(self.b.shape[1] + 1) < self.n_categories[:, None]
        exists.setflags(write=False)
        return exists


@dataclass(frozen=True, eq=False)
class Graded(_Categories):
    """Graded response items: P(x >= k) = 1 / (1 + exp(-a (theta - b_k))), k = 1 .. m - 1.

    Parameters
    ----------
    a : (n_items,)
        Slope (> 0), in the logistic metric (D = 1).
    b : (n_items, max_categories - 1)
        Thresholds, strictly increasing along each row; nan after the last where an item has fewer categories.

    References
    ----------
    Samejima (1969), Psychometrika monograph 17.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        # The product, because a step that vanishes beside `a` would give a category without probability.
        if (self.a[:, None] * np.diff(self.b, axis=1) <= 0).any():
            raise ValueError("the thresholds b of a graded item must increase")

    @cached_property
    def log_widths(self) -> Floats:
        """log (1 - exp(-w)) for the logits w = a (b_{k+1} - b_k) that category k spans, (n_items, max_categories).

        Zero for the lowest and the highest category, which have no end.
        """
        steps = np.diff(self.b, axis=1)
        spans = self.a[:, None] * np.where(np.isnan(steps), np.inf, steps)
        widths: Floats = np.zeros((len(self), self.b.shape[1] + 1))
        widths[:, 1:-1] = np.log(-np.expm1(-spans))
        widths.setflags(write=False)
        return widths


@dataclass(frozen=True, eq=False)
class PartialCredit(_Categories):
    """Generalised partial credit items: P(x = k) proportional to exp(sum over j = 1 .. k of a (theta - b_j)).

    Parameters
    ----------
    a : (n_items,)
        Slope (> 0), in the logistic metric (D = 1); a = 1 for all is the partial credit model.
    b : (n_items, max_categories - 1)
        Step difficulties, in any order; nan after the last where an item has fewer categories.

    References
    ----------
    Muraki (1992), Applied Psychological Measurement 16, 159-176; Masters (1982), Psychometrika 47, 149-174.
    """


Polytomous: TypeAlias = Graded | PartialCredit


def log_prob(theta: Theta, items: Polytomous) -> Floats:
    """Log probability of each category, (n_theta, n_items, max_categories); finite, but -inf where there is none."""
    return np.moveaxis(_logs(theta_points(theta), items), 0, 2)


def log_prob_slope(theta: Theta, items: Polytomous) -> Floats:
    """Derivative of `log_prob` with respect to theta, of the same shape; zero where there is no category."""
    return np.moveaxis(_p_and_slopes(theta_points(theta), items)[1], 0, 2)


def info(theta: Theta, items: Polytomous) -> Floats:
    """Fisher information of each item, (n_theta, n_items): sum over k of P'_k^2 / P_k. Zero, never nan, far out.

    With s the slope of log P this is the mean of s^2, so nothing is divided by a vanishing P.

    References
    ----------
    Samejima (1969); Muraki (1993), Applied Psychological Measurement 17, 351-363.
    """
    p, slopes = _p_and_slopes(theta_points(theta), items)
    information: Floats = (p * slopes * slopes).sum(axis=0)
    return information


def info_slope_term(theta: Theta, items: Polytomous) -> Floats:
    """Warm's J of each item, sum over k of P'_k P''_k / P_k, (n_theta, n_items): the mean of s^3.

    Notes
    -----
    P' = P s and P'' = P (s^2 + s'), so J is the mean of s^3 + s s'. The mean of s s' is zero in both models: with
    partial credit s' is the same for all k, and s has mean zero; with graded responses P_k s_k s'_k is
    a^3 (w_{k+1}^2 - w_k^2), where w = L (1 - L) at each threshold, which cancels along the item. Hence J = I' too.
    """
    p, slopes = _p_and_slopes(theta_points(theta), items)
    term: Floats = (p * slopes * slopes * slopes).sum(axis=0)
    return term


def expected_score(theta: Theta, items: Polytomous) -> Floats:
    """Expected score of each item, 0 .. m - 1, (n_theta, n_items)."""
    return _mean_score(np.exp(_logs(theta_points(theta), items)))


def _logs(points: Floats, items: Polytomous) -> Floats:
    """Log probability of each category, (max_categories, n_theta, n_items)."""
    return _log_graded(points, items) if isinstance(items, Graded) else _log_partial_credit(points, items)


def _p_and_slopes(points: Floats, items: Polytomous) -> tuple[Floats, Floats]:
    """P of each category and the slope of its log, each (max_categories, n_theta, n_items)."""
    p = np.exp(_logs(points, items))
    slopes = _graded_slopes(points, items) if isinstance(items, Graded) else _deviations(p, items)
    slopes *= items.a
    slopes *= items.exists.T[:, None]
    return p, slopes


def _logits(points: Floats, items: Graded) -> Floats:
    """Logit of P(x >= k) for k = 1 .. , (max_categories - 1, n_theta, n_items); -inf where there is no category k."""
    thresholds = np.where(np.isnan(items.b), np.inf, items.b).T
    logits: Floats = items.a * (points[:, None] - thresholds[:, None])
    return logits


def _log_graded(points: Floats, items: Graded) -> Floats:
    """log (L(u) - L(v)) = log L(u) + log L(-v) + log (1 - exp(v - u)) for the logits u > v of P(x >= k), P(x > k)."""
    z = _logits(points, items)
    bend = np.log1p(np.exp(-np.abs(z)))  # log L(z) and log L(-z) share it, and neither is rounded off
    logs: Floats = np.repeat(items.log_widths.T[:, None], points.size, axis=1)
    logs[1:] += np.minimum(z, 0.0) - bend
    logs[:-1] += np.minimum(-z, 0.0) - bend
    return logs


def _graded_slopes(points: Floats, items: Graded) -> Floats:
    """1 - L(u) - L(v), the slope of log P over a, for the logits u > v of P(x >= k), P(x > k)."""
    z = _logits(points, items)
    slopes: Floats = np.zeros((z.shape[0] + 1, *z.shape[1:]))
    slopes[1:] += expit(-z)
    slopes[:-1] -= expit(z)
    return slopes


def _log_partial_credit(points: Floats, items: PartialCredit) -> Floats:
    """The exponents less the log of the sum of their exponentials."""
    steps = np.cumsum(np.nan_to_num(items.b), axis=1)
    ladder = np.hstack((np.zeros((len(items), 1)), steps)).T
    ladder[~items.exists.T] = np.inf
    k = np.arange(ladder.shape[0])
    exponents = items.a * (k[:, None, None] * points[:, None] - ladder[:, None])
    top = np.argmax(exponents, axis=0)[None]
    exponents -= np.take_along_axis(exponents, top, axis=0)
    others = np.exp(exponents)
    # The 1 of the likeliest category goes into log1p, lest the rare ones be rounded off beside it.
    np.put_along_axis(others, top, 0.0, axis=0)
    exponents -= np.log1p(others.sum(axis=0))
    return exponents


def _deviations(p: Floats, items: PartialCredit) -> Floats:
    """k - E[x], the slope of log P over a; from whichever end of the scores is nearer, lest it be rounded off there."""
    k = np.arange(p.shape[0], dtype=np.float64)[:, None, None]
    top = items.n_categories - 1.0
    above_lowest = _mean_score(p)
    below_top = (p * np.maximum(top - k, 0.0)).sum(axis=0)
    deviations: Floats = np.where(above_lowest < below_top, k - above_lowest, k - top + below_top)
    return deviations


def _mean_score(p: Floats) -> Floats:
    """Mean of k under P, (n_theta, n_items)."""
    mean: Floats = (p * np.arange(p.shape[0])[:, None, None]).sum(axis=0)
    return mean
