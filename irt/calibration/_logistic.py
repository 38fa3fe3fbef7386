"""The 1- to 4-parameter logistic family in slope-intercept form: z = a theta + e, P = c + (d - c) logistic(z).

Columns of p: Rasch (e); 1PL and 2PL (a, e); 3PL adds logit c; 4PL adds logit(1 - d). b = -e / a.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, log_expit

from irt.arrays import Bools, Floats, Ints
from irt.calibration._priors import Beta, Lognormal, Priors, Reason
from irt.models import Items

LogisticModel: TypeAlias = Literal["Rasch", "1PL", "2PL", "3PL", "4PL"]
N_PARAMS: dict[LogisticModel, int] = {"Rasch": 1, "1PL": 2, "2PL": 2, "3PL": 3, "4PL": 4}
MIN_SLOPE = 1e-3  # below, theta says nothing of the answers, and rounding decides the sign
MAX_SLOPE = 10.0
MAX_DIFFICULTY = 15.0
MAX_LOGIT = 9.0
_MAX_Z = 700.0  # exp overflows beyond


@dataclass(frozen=True)
class LogisticFamily:
    """Dichotomous items of one model; see `Family` for what each method returns."""

    model: LogisticModel
    n_items: int
    priors: Priors

    n_categories = 2

    @property
    def n_params(self) -> int:
        return N_PARAMS[self.model]

    @property
    def used(self) -> Bools:
        return np.ones((self.n_items, self.n_params), dtype=np.bool_)

    @property
    def tied(self) -> tuple[int, ...]:
        return (0,) if self.model == "1PL" else ()

    @property
    def names(self) -> tuple[str, ...]:
        return ("b",) if self.model == "Rasch" else ("a", "b", "c", "d")[: self.n_params]

    def take(self, indices: Ints) -> "LogisticFamily":
        return LogisticFamily(self.model, len(indices), self.priors)

    def start(self, counts: Floats) -> Floats:
        """a = 1, c and d at the mode of their priors, e such that a N(0, 1) population answers as often right."""
        p = np.zeros((self.n_items, self.n_params))
        share = (counts[:, 1] + 0.5) / (counts.sum(axis=1) + 1.0)
        if self.n_params > 1:
            p[:, 0] = 1.0
        lower, upper = np.zeros(self.n_items), np.ones(self.n_items)
        if self.n_params > 2:
            p[:, 2] = _mode_logit(self.priors.lower, 0.15)
            lower = np.minimum(expit(p[:, 2]), share / 2)
        if self.n_params > 3:
            p[:, 3] = _mode_logit(self.priors.slip, 0.05)
            upper = np.maximum(1 - expit(p[:, 3]), (1 + share) / 2)
        known = (share - lower) / (upper - lower)
        # 1.16 = sqrt(1 + 1 / 1.702^2): the normal ogive averaged over N(0, 1), with slope 1 in the logistic metric
        p[:, -1 if self.n_params == 1 else 1] = 1.16 * np.log(known / (1 - known))
        return p

    def log_prob(self, p: Floats, nodes: Floats) -> Floats:
        if self.n_params < 3:
            z = self._z(p, nodes)
            return np.stack([log_expit(-z), log_expit(z)], axis=1)
        right, wrong, _ = self._curves(p, nodes)
        return np.log(np.stack([wrong, right], axis=1))

    def log_prior(self, p: Floats) -> Floats:
        total = np.zeros(self.n_items)
        if self._slope_prior is not None:
            mean, sd = self._slope_prior.mean, self._slope_prior.sd
            with np.errstate(invalid="ignore", divide="ignore"):
                density = -0.5 * ((np.log(p[:, 0]) - mean) / sd) ** 2
            # A tied slope is one parameter: it has one prior, spread over the items.
            total += np.where(p[:, 0] > 0, density, -np.inf) / self._n_sharing
        for column, prior in self._asymptote_priors():
            g = p[:, column]
            total += (prior.alpha - 1) * log_expit(g) + (prior.beta - 1) * log_expit(-g)
        return total

    def objective(self, p: Floats, r: Floats, nodes: Floats) -> Floats:
        value: Floats = np.einsum("jcq,jcq->j", r, self.log_prob(p, nodes)) + self.log_prior(p)
        return value

    def gradient_and_information(self, p: Floats, r: Floats, nodes: Floats) -> tuple[Floats, Floats]:
        right, wrong, slopes = self._curves(p, nodes)
        n = r.sum(axis=1)
        variance = right * wrong
        weighted = slopes / variance[:, None, :]
        gradient = (weighted @ (r[:, 1] - n * right)[..., None])[..., 0]
        information = (weighted * n[:, None, :]) @ slopes.transpose(0, 2, 1)
        if self._slope_prior is not None:
            mean, sd = self._slope_prior.mean, self._slope_prior.sd
            a = p[:, 0]
            gradient[:, 0] -= (np.log(a) - mean) / (sd**2 * a) / self._n_sharing
            information[:, 0, 0] += 1 / (sd * a) ** 2 / self._n_sharing
        for column, prior in self._asymptote_priors():
            share = expit(p[:, column])
            gradient[:, column] += (prior.alpha - 1) * (1 - share) - (prior.beta - 1) * share
            information[:, column, column] += (prior.alpha + prior.beta - 2) * share * (1 - share)
        return gradient, information

    def rescaled(self, p: Floats, mean: float, sd: float) -> Floats:
        moved = p.copy()
        if self.n_params == 1:
            moved[:, 0] += mean
            return moved
        moved[:, 0] *= sd
        moved[:, 1] += p[:, 0] * mean
        return moved

    def refusals(self, p: Floats) -> dict[int, Reason]:
        found: dict[int, Reason] = {}
        a, e = self._slope(p), p[:, 0 if self.n_params == 1 else 1]
        wild = (np.abs(a) > MAX_SLOPE) | (np.abs(e) > MAX_DIFFICULTY * np.abs(a))
        wild |= (np.abs(p[:, 2:]) > MAX_LOGIT).any(axis=1) | ~np.isfinite(p).all(axis=1)
        if self.n_params == 4:
            wild |= expit(p[:, 2]) + expit(p[:, 3]) >= 1
        for index in np.flatnonzero(wild | (a < MIN_SLOPE)):
            found[int(index)] = "negative_slope" if a[index] < MIN_SLOPE else "runaway"
        return found

    def to_items(self, p: Floats) -> Items:
        values = dict(zip(self.names, self.report(p).T, strict=True))
        zeros = np.zeros(self.n_items)
        return Items(
            values.get("a", zeros + 1), values["b"], values.get("c", zeros), values.get("d", zeros + 1)
        )

    def report(self, p: Floats) -> Floats:
        if self.n_params == 1:
            return -p
        reported = p.copy()
        reported[:, 1] = -p[:, 1] / p[:, 0]
        reported[:, 2:] = expit(p[:, 2:])
        reported[:, 3:] = 1 - reported[:, 3:]
        return reported

    def jacobian(self, p: Floats) -> Floats:
        if self.n_params == 1:
            return np.full((self.n_items, 1, 1), -1.0)
        jacobian = np.zeros((self.n_items, self.n_params, self.n_params))
        a, e = p[:, 0], p[:, 1]
        jacobian[:, 0, 0] = 1
        jacobian[:, 1, 0], jacobian[:, 1, 1] = e / a**2, -1 / a
        for column, sign in ((2, 1.0), (3, -1.0)):
            if column < self.n_params:
                share = expit(p[:, column])
                jacobian[:, column, column] = sign * share * (1 - share)
        return jacobian

    @property
    def _slope_prior(self) -> Lognormal | None:
        if self.n_params == 1:
            return None
        return self.priors.guessing_slope if self.n_params > 2 else self.priors.slope

    @property
    def _n_sharing(self) -> int:
        return self.n_items if self.tied else 1

    def _asymptote_priors(self) -> list[tuple[int, Beta]]:
        pairs = ((2, self.priors.lower), (3, self.priors.slip))
        return [(column, prior) for column, prior in pairs if prior is not None and column < self.n_params]

    def _slope(self, p: Floats) -> Floats:
        return np.ones(self.n_items) if self.n_params == 1 else p[:, 0]

    def _z(self, p: Floats, nodes: Floats) -> Floats:
        intercept = p[:, 0 if self.n_params == 1 else 1]
        z: Floats = np.clip(self._slope(p)[:, None] * nodes + intercept[:, None], -_MAX_Z, _MAX_Z)
        return z

    def _curves(self, p: Floats, nodes: Floats) -> tuple[Floats, Floats, Floats]:
        """P and 1 - P, each (n_items, n_nodes), and the derivatives of P, (n_items, n_params, n_nodes)."""
        z = self._z(p, nodes)
        rising, falling = expit(z), expit(-z)
        c = expit(p[:, 2:3]) if self.n_params > 2 else 0.0
        slip = expit(p[:, 3:4]) if self.n_params > 3 else 0.0
        right = c * falling + (1 - slip) * rising
        wrong = (1 - c) * falling + slip * rising
        slopes = np.empty((self.n_items, self.n_params, nodes.size))
        steepness = (1 - slip - c) * rising * falling
        if self.n_params == 1:
            slopes[:, 0] = steepness
            return right, wrong, slopes
        slopes[:, 0], slopes[:, 1] = steepness * nodes, steepness
        if self.n_params > 2:
            slopes[:, 2] = c * (1 - c) * falling
        if self.n_params > 3:
            slopes[:, 3] = -slip * (1 - slip) * rising
        return right, wrong, slopes


def _mode_logit(prior: Beta | None, otherwise: float) -> float:
    """Logit of the mode of a Beta prior."""
    if prior is None:
        return float(np.log(otherwise / (1 - otherwise)))
    return float(np.log((prior.alpha - 1) / (prior.beta - 1)))
