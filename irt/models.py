"""Item response functions of the 1- to 4-parameter logistic model, and what derives from them.

All is vectorised: theta (n_theta,) by items (n_items,); estimation is left to `ability` and `calibration`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_expit

from irt.arrays import Bools, Floats, Ints, frozen_floats, item_indices, theta_points

Theta: TypeAlias = float | Sequence[float] | npt.NDArray[np.floating]

D = 1.702  # the scale at which a logistic curve comes closest to a normal ogive, everywhere within .01


@dataclass(frozen=True, eq=False)
class Items:
    """Parameters of n items in the logistic metric (D = 1): P = c + (d - c) / (1 + exp(-a (theta - b))).

    Parameters
    ----------
    a, b, c, d : (n_items,)
        Slope (> 0), difficulty, lower and upper asymptote (0 <= c < d <= 1). Copied and made read-only.
        Slopes in the normal metric (D = 1.702) go through `logistic_slopes` first.

    References
    ----------
    Birnbaum (1968), in Lord & Novick, ch. 17; Barton & Lord (1981), ETS RR-81-20, for `d`.
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    def __post_init__(self) -> None:
        for name in ("a", "b", "c", "d"):
            object.__setattr__(self, name, frozen_floats(getattr(self, name), name))
        if not self.a.shape == self.b.shape == self.c.shape == self.d.shape:
            raise ValueError("a, b, c and d must have the same length")
        if not (self.a > 0).all():
            raise ValueError("a must be positive")
        if not ((self.c >= 0) & (self.c < self.d) & (self.d <= 1)).all():
            raise ValueError("asymptotes must satisfy 0 <= c < d <= 1")

    @classmethod
    def from_lists(
        cls,
        a: Sequence[float],
        b: Sequence[float],
        c: Sequence[float] | None = None,
        d: Sequence[float] | None = None,
    ) -> "Items":
        """Items of these parameters; without `c` nobody guesses (c = 0), without `d` nobody slips (d = 1)."""
        n_items = len(b)
        lower = np.zeros(n_items) if c is None else np.asarray(c)
        upper = np.ones(n_items) if d is None else np.asarray(d)
        return cls(np.asarray(a), np.asarray(b), lower, upper)

    def __len__(self) -> int:
        return self.a.size

    def __getitem__(self, key: slice | Ints | Bools) -> "Items":
        """The items of a slice, an index array or a mask; always `Items`, never a scalar."""
        return Items(self.a[key], self.b[key], self.c[key], self.d[key])

    def take(self, indices: Sequence[int] | Ints) -> "Items":
        """The items of these indices, in this order."""
        return self[item_indices(indices, len(self), may_repeat=True)]

    @cached_property
    def n_categories(self) -> Ints:
        """Number of categories of each item, always 2, (n_items,), read-only."""
        counts: Ints = np.full(len(self), 2, dtype=np.intp)
        counts.setflags(write=False)
        return counts


def logistic_slopes(a: Sequence[float] | Floats) -> Floats:
    """Slopes for the logistic metric used here (D = 1) out of slopes in the normal metric: D a, D = 1.702.

    References
    ----------
    Camilli (1994), Journal of Educational and Behavioral Statistics 19, 293-295, for the constant.
    """
    slopes: Floats = D * frozen_floats(a, "a")
    return slopes


def _logistic(theta: Theta, items: Items) -> tuple[Floats, Floats]:
    """The logistic and its complement, each (n_theta, n_items) and each with full relative precision."""
    z = items.a * (theta_points(theta)[:, None] - items.b)
    return expit(z), expit(-z)


def prob(theta: Theta, items: Items) -> Floats:
    """Probability of a right answer, (n_theta, n_items)."""
    rising, falling = _logistic(theta, items)
    p: Floats = items.c * falling + items.d * rising
    return p


def log_prob(theta: Theta, items: Items) -> Floats:
    """Log probability of each category, (n_theta, n_items, 2): [..., 0] wrong, [..., 1] right. Always finite.

    Computed as log-sums of log-logistics, so neither category loses precision where its probability vanishes.
    """
    z = items.a * (theta_points(theta)[:, None] - items.b)
    log_rising, log_falling = log_expit(z), log_expit(-z)
    with np.errstate(divide="ignore"):  # log 0 = -inf is the right weight of an absent asymptote
        log_c, log_d = np.log(items.c), np.log(items.d)
        log_not_c, log_not_d = np.log1p(-items.c), np.log1p(-items.d)
    logs = np.empty((*z.shape, 2))
    logs[..., 0] = np.logaddexp(log_not_c + log_falling, log_not_d + log_rising)
    logs[..., 1] = np.logaddexp(log_c + log_falling, log_d + log_rising)
    return logs


def log_prob_slope(theta: Theta, items: Items) -> Floats:
    """Derivative of `log_prob` with respect to theta, (n_theta, n_items, 2)."""
    rising, falling = _logistic(theta, items)
    slope = items.a * (items.d - items.c) * rising * falling
    slopes = np.empty((*slope.shape, 2))
    slopes[..., 0] = -_ratio(slope, (1 - items.c) * falling + (1 - items.d) * rising)
    slopes[..., 1] = _ratio(slope, items.c * falling + items.d * rising)
    return slopes


def info(theta: Theta, items: Items) -> Floats:
    """Fisher information, (n_theta, n_items), of each item. Zero, never nan, where prob is 0 or 1.

    References
    ----------
    Lord (1980), Applications of item response theory, ch. 5: I = P'^2 / (P Q).
    """
    rising, falling = _logistic(theta, items)
    both = rising * falling
    p = items.c * falling + items.d * rising
    q = (1 - items.c) * falling + (1 - items.d) * rising
    scale = items.a * (items.d - items.c)
    # both / (p q) stays near 1 where both underflows squared, so the order of these factors matters.
    information: Floats = scale * scale * both * _ratio(both, p * q)
    return information


def info_slope_term(theta: Theta, items: Items) -> Floats:
    """Warm's J of each item, P' P'' / (P Q) = a (1 - 2 L) I with L the logistic, (n_theta, n_items)."""
    rising, falling = _logistic(theta, items)
    term: Floats = items.a * (falling - rising) * info(theta, items)
    return term


def _ratio(over: Floats, under: Floats) -> Floats:
    """over / under, and zero where `under` has underflowed to zero."""
    quotient: Floats = np.divide(over, under, out=np.zeros_like(over), where=under > 0)
    return quotient
