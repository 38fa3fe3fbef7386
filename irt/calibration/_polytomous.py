"""The graded response and the (generalised) partial credit model as calibration sees them: free of bounds."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from irt.arrays import Bools, Floats
from irt.calibration._ordered import Ordered
from irt.calibration._priors import Lognormal
from irt.polytomous import Graded, PartialCredit

_UNSEEN = 0.5  # added to each count when starting, so that no category starts with probability zero
_START_NODES = np.linspace(-5.0, 5.0, 41)
_START_FITTINGS = 20
_MOST = 30.0  # log of the widest gap between two thresholds that is still told from a wider one


@dataclass(frozen=True, eq=False)
class GradedFamily(Ordered):
    """Graded response items; p is the slope, the first intercept, and the logs of the gaps to the next ones.

    P(x >= k) = L(a theta + d_k) with d_1 > d_2 > ..., which the logs of the gaps d_k - d_(k+1) cannot break.

    References
    ----------
    Samejima (1969), Psychometrika monograph 17; Baker & Kim (2004), Item response theory, ch. 8.
    """

    def start(self, counts: Floats) -> Floats:
        """Slope 1 and the intercepts that give the marginal proportions when theta ~ N(0, 1)."""
        smooth = np.where(self.exists, counts + _UNSEEN, 0.0)
        at_least = smooth[:, ::-1].cumsum(axis=1)[:, ::-1]
        with np.errstate(divide="ignore", invalid="ignore"):  # boundaries that do not exist
            d = np.sqrt(4 / 3) * np.log(at_least[:, 1:] / (at_least[:, :1] - at_least[:, 1:]))
            log_gaps = np.log(d[:, :-1] - d[:, 1:])
        p = np.hstack((np.ones((self.n_items, 1)), d[:, :1], log_gaps))
        return np.where(self.used, p, 0.0)

    def log_prob(self, p: Floats, nodes: Floats) -> Floats:
        """log (L(u) - L(v)) = log L(u) + log L(-v) + log (1 - exp(v - u)), so nothing cancels where P vanishes."""
        u = self._logits(p, nodes)
        logs = np.zeros((*p.shape, nodes.size))
        logs[:, 1:] = log_expit(u)
        logs[:, :-1] += log_expit(-u)
        logs[:, 1:-1] += np.log(-np.expm1(-self._gaps(p)))[..., None]
        logs[~self.exists] = -np.inf
        return logs

    def _log_prob_derivative(self, p: Floats, nodes: Floats) -> Floats:
        """All intercepts move P_k by 1 - L(u) - L(v); the gap under category k also by L(v) + 1 / (exp(gap) - 1)."""
        rising = expit(self._logits(p, nodes))
        together = np.zeros((*p.shape, nodes.size))
        together[:, 1:] = 1 - rising
        together[:, :-1] -= rising
        gaps = np.where(self.used[:, 2:], self._gaps(p), 0.0)
        slopes = np.zeros((*p.shape, p.shape[1], nodes.size))
        slopes[:, :, 0] = together * nodes
        slopes[:, :, 1] = together
        # gap / (exp(gap) - 1), written so that a wide gap does not overflow
        ratio = np.divide(gaps * np.exp(-gaps), -np.expm1(-gaps), out=np.ones_like(gaps), where=gaps > 0)
        for k in range(
            1, p.shape[1] - 1
        ):  # the gap between thresholds k and k + 1 is what category k is wide
            gap = gaps[:, k - 1, None]
            slopes[:, k, k + 1] = gap * rising[:, k] + ratio[:, k - 1, None]
            slopes[:, k + 1 :, k + 1] = -gap[:, None] * together[:, k + 1 :]
        return slopes

    @property
    def _intercept_weights(self) -> Floats:
        """The first intercept moves with theta, the gaps stay."""
        weights = np.zeros(self.used.shape)
        weights[:, 1] = 1.0
        return weights

    def _gaps(self, p: Floats) -> Floats:
        """Distances between neighbouring intercepts, (n_items, n_categories - 2); infinite where there is none."""
        gaps: Floats = np.exp(np.clip(p[:, 2:], -_MOST, _MOST))
        return np.where(self.used[:, 2:], gaps, np.inf)

    def _intercepts(self, p: Floats) -> Floats:
        """d_1 > d_2 > ..., minus infinity for a boundary that an item does not have."""
        intercepts: Floats = p[:, 1:2] - np.hstack((np.zeros((p.shape[0], 1)), self._gaps(p).cumsum(axis=1)))
        return intercepts

    def _logits(self, p: Floats, nodes: Floats) -> Floats:
        logits: Floats = p[:, 0, None, None] * nodes + self._intercepts(p)[..., None]
        return logits

    def _intercept_derivative(self, p: Floats) -> Floats:
        """1 by the first intercept; minus the gap by its log, for all intercepts after it."""
        n = p.shape[1] - 1
        derivative = np.ones((p.shape[0], n, n))
        after = np.arange(n)[:, None] > np.arange(n - 1)
        derivative[:, :, 1:] = -np.where(after, np.where(self.used[:, 2:], self._gaps(p), 0.0)[:, None], 0.0)
        return derivative

    def to_items(self, p: Floats) -> Graded:
        """The items of these parameters; needs slopes above zero."""
        reported = self.report(p)
        return Graded(reported[:, 0], reported[:, 1:])


@dataclass(frozen=True, eq=False)
class PartialCreditFamily(Ordered):
    """Partial credit items: P_k proportional to exp(k a theta + e_k), e_0 = 0; p is the slope and e_1, e_2, ...

    With `free_slope` each item has its own slope (the GPCM). Without it all slopes are held at 1 (the PCM), where
    `start` puts them, and the spread of the population is for the caller to estimate.

    References
    ----------
    Muraki (1992), Applied Psychological Measurement 16, 159-176; Masters (1982), Psychometrika 47, 149-174.
    """

    free_slope: bool = True

    @property
    def used(self) -> Bools:
        """An item with m categories has m parameters, the slope among them only when it is free."""
        used = self.exists.copy()
        used[:, 0] = self.free_slope
        return used

    @property
    def slope_prior(self) -> Lognormal | None:
        """The prior of a free slope."""
        return self.priors.slope if self.free_slope else None

    def start(self, counts: Floats) -> Floats:
        """Slopes of 1 and the intercepts that give the marginal proportions when theta ~ N(0, 1)."""
        smooth = np.where(self.exists, counts + _UNSEEN, 0.0)
        wanted = smooth / smooth.sum(axis=1, keepdims=True)
        density = np.exp(-0.5 * _START_NODES**2)
        density /= density.sum()
        p = np.zeros(self.exists.shape)
        p[:, 0] = 1.0
        for _ in range(_START_FITTINGS):
            given = np.exp(self.log_prob(p, _START_NODES)) @ density
            ratio = np.divide(wanted, given, out=np.ones_like(given), where=self.exists)
            p[:, 1:] += np.log(ratio[:, 1:] / ratio[:, :1]) * self.exists[:, 1:]
        return p

    def log_prob(self, p: Floats, nodes: Floats) -> Floats:
        """The exponents less the log of the sum of their exponentials."""
        exponents = self._exponents(p, nodes)
        highest = exponents.max(axis=1, keepdims=True)
        exponents -= highest
        exponents -= np.log(np.exp(exponents).sum(axis=1, keepdims=True))
        return exponents

    def _log_prob_derivative(self, p: Floats, nodes: Floats) -> Floats:
        """theta (k - E[k]) by the slope; (1 if j = k) - P_j by e_j."""
        prob = np.exp(self.log_prob(p, nodes))
        k = np.arange(self.n_categories)
        slopes = np.empty((*p.shape, p.shape[1], nodes.size))
        slopes[:, :, 0] = nodes * (k[:, None] - np.einsum("k,ikq->iq", k, prob)[:, None])
        slopes[:, :, 1:] = np.eye(k.size)[:, 1:, None] - prob[:, None, 1:]
        return slopes

    @property
    def _intercept_weights(self) -> Floats:
        """k for e_k."""
        weights: Floats = np.where(self.exists, np.arange(float(self.n_categories)), 0.0)
        return weights

    def _exponents(self, p: Floats, nodes: Floats) -> Floats:
        k = np.arange(self.n_categories)[:, None]
        e = np.hstack((np.zeros((p.shape[0], 1)), p[:, 1:]))
        exponents: Floats = k * (p[:, 0, None, None] * nodes) + e[..., None]
        exponents[~self.exists] = -np.inf
        return exponents

    def _intercepts(self, p: Floats) -> Floats:
        """Of the step from k - 1 to k: e_k - e_(k-1)."""
        return np.diff(p[:, 1:], axis=1, prepend=0.0)

    def _intercept_derivative(self, p: Floats) -> Floats:
        n = p.shape[1] - 1
        return np.broadcast_to(np.eye(n) - np.eye(n, k=-1), (p.shape[0], n, n))

    def to_items(self, p: Floats) -> PartialCredit:
        """The items of these parameters; needs slopes above zero."""
        reported = self.report(p)
        return PartialCredit(reported[:, 0], reported[:, 1:])
