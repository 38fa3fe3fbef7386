"""What calibration knows of ordered categories under any model; the models themselves are in `_polytomous`.

Items of a block may have different numbers of categories; what an item does not have is marked by `used`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.calibration._priors import Lognormal, Priors, Reason

MIN_SLOPE = 1e-3  # below, theta says nothing of the answers, and rounding decides the sign
_RUNAWAY_A = 10.0
_RUNAWAY_B = 20.0


@dataclass(frozen=True, eq=False)
class Ordered(ABC):
    """What both models share: a slope in column 0 of p, categories that some items lack, a prior on the slope.

    Parameters
    ----------
    categories : (n_items,)
        Categories of each item, 2 or more.
    priors : Priors
        Of which `slope` is used.
    n_categories : int
        The width of p: at least the most categories of any item, and that when left out.
    """

    categories: Ints
    priors: Priors = field(default_factory=Priors)
    n_categories: int = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        categories = np.asarray(self.categories)
        if categories.ndim != 1 or categories.dtype.kind not in "iu" or not (categories >= 2).all():
            raise ValueError("each item needs a number of categories, 2 or more")
        object.__setattr__(self, "categories", categories.astype(np.intp))
        object.__setattr__(self, "n_categories", max(self.n_categories, int(categories.max(initial=2))))

    @property
    def n_items(self) -> int:
        return self.categories.size

    @property
    def n_params(self) -> int:
        return self.n_categories

    @cached_property
    def exists(self) -> Bools:
        """Whether an item has a category, (n_items, n_categories)."""
        has: Bools = np.arange(self.n_categories) < self.categories[:, None]
        return has

    @property
    def used(self) -> Bools:
        """An item with m categories has m parameters, the first m."""
        return self.exists

    @property
    def tied(self) -> tuple[int, ...]:
        return ()

    @property
    def slope_prior(self) -> Lognormal | None:
        """The prior of a free slope."""
        return self.priors.slope

    @property
    def names(self) -> tuple[str, ...]:
        return ("a", *(f"b{k}" for k in range(1, self.n_categories)))

    def take(self, indices: Ints) -> Self:
        """The family of these items, with as many columns of p as before."""
        return replace(self, categories=self.categories[indices])

    def rescaled(self, p: Floats, mean: float, sd: float) -> Floats:
        """Parameters that give to (theta - mean) / sd the probabilities that p gives to theta; sd is 1 for a PCM."""
        q = p + mean * p[:, :1] * self._intercept_weights
        q[:, 0] *= sd
        return q

    def log_prior(self, p: Floats) -> Floats:
        """Log prior of each slope, (n_items,); -inf where it is not positive but has a prior."""
        prior = self.slope_prior
        return np.zeros(p.shape[0]) if prior is None else _log_lognormal(prior, p[:, 0])

    def objective(self, p: Floats, r: Floats, nodes: Floats) -> Floats:
        """Expected complete-data log-likelihood plus log prior of each item, (n_items,)."""
        log_p = np.where(self.exists[..., None], self.log_prob(p, nodes), 0.0)
        value: Floats = np.einsum("ikq,ikq->i", r, log_p) + self.log_prior(p)
        return value

    def gradient_and_information(self, p: Floats, r: Floats, nodes: Floats) -> tuple[Floats, Floats]:
        """With s_k the derivative of log P_k: the sums of r_k s_k, and of n P_k s_k s_k' where n = sum of r_k."""
        slopes = self._log_prob_derivative(p, nodes)
        expected = r.sum(axis=1, keepdims=True) * np.exp(self.log_prob(p, nodes))
        gradient = np.einsum("ikq,ikmq->im", r, slopes)
        weighted = slopes * expected[:, :, None]
        left, right = (s.transpose(0, 2, 1, 3).reshape(*p.shape, -1) for s in (weighted, slopes))
        information = left @ right.transpose(0, 2, 1)
        if self.slope_prior is not None:
            mean, sd = self.slope_prior.mean, self.slope_prior.sd
            a = p[:, 0]
            gradient[:, 0] -= (np.log(a) - mean) / (sd**2 * a)
            information[:, 0, 0] += 1 / (sd * a) ** 2
        gradient[~self.used] = 0.0
        either = ~self.used[:, :, None] | ~self.used[:, None, :]
        return gradient, np.where(either, np.eye(self.n_params), information)

    def refusals(self, p: Floats) -> dict[int, Reason]:
        """Items with a slope not above zero, or parameters beyond all that is reasonable."""
        reasons: dict[int, Reason] = {}
        backwards = p[:, 0] < MIN_SLOPE
        b = self.report(np.where(backwards[:, None], 1.0, p))[:, 1:]
        far = (p[:, 0] > _RUNAWAY_A) | (np.where(self.exists[:, 1:], np.abs(b), 0.0) > _RUNAWAY_B).any(axis=1)
        for i in np.flatnonzero(backwards | far | ~np.isfinite(np.where(self.used, p, 0.0)).all(axis=1)):
            reasons[int(i)] = "negative_slope" if backwards[i] else "runaway"
        return reasons

    def report(self, p: Floats) -> Floats:
        """a and the boundaries b = -(intercept) / a, (n_items, n_categories); nan where an item has none."""
        b = np.where(self.exists[:, 1:], -self._intercepts(p) / p[:, :1], np.nan)
        return np.hstack((p[:, :1], b))

    def jacobian(self, p: Floats) -> Floats:
        """Derivative of a and b, (n_items, n_categories, n_params); zero where an item has no such parameter."""
        a = p[:, 0]
        jacobian = np.zeros((*p.shape, p.shape[1]))
        jacobian[:, 0, 0] = 1.0
        jacobian[:, 1:, 0] = self._intercepts(p) / a[:, None] ** 2
        jacobian[:, 1:, 1:] = -self._intercept_derivative(p) / a[:, None, None]
        both = self.used[:, :, None] & self.used[:, None, :]
        return np.where(both, jacobian, 0.0)

    @property
    @abstractmethod
    def _intercept_weights(self) -> Floats:
        """How many slopes a theta of 1 adds to each parameter, (n_items, n_params); 0 where there is none."""

    @abstractmethod
    def log_prob(self, p: Floats, nodes: Floats) -> Floats:
        """Log probability of each category, (n_items, n_categories, n_nodes); -inf where there is none."""

    @abstractmethod
    def start(self, counts: Floats) -> Floats:
        """Starting values (n_items, n_params) from answers per category (n_items, n_categories)."""

    @abstractmethod
    def _log_prob_derivative(self, p: Floats, nodes: Floats) -> Floats:
        """Derivative of `log_prob`, (n_items, n_categories, n_params, n_nodes); finite everywhere."""

    @abstractmethod
    def _intercepts(self, p: Floats) -> Floats:
        """What a theta is added to at each boundary, (n_items, n_categories - 1); any number where there is none."""

    @abstractmethod
    def _intercept_derivative(self, p: Floats) -> Floats:
        """Derivative of the intercepts by the parameters after the slope, (n_items, n_categories - 1, same)."""


def _log_lognormal(prior: Lognormal, a: Floats) -> Floats:
    """Log density of log a up to a constant, (n_items,); minus infinity where a is not positive."""
    log_a = np.log(a, where=a > 0, out=np.full_like(a, np.inf))
    density: Floats = -0.5 * ((log_a - prior.mean) / prior.sd) ** 2
    return density
