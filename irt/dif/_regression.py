"""Logistic regressions of many items at once, each on its match and a group, by safeguarded Newton steps."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from irt.arrays import Bools, Floats

_MAX_STEPS = 60
_TOLERANCE = 1e-9
_SEPARATED = 1e-7  # least share of the information at zero that a maximum may have


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients and standard errors (n_items, n_terms), log-likelihoods and convergence (n_items,)."""

    beta: Floats
    se: Floats
    log_lik: Floats
    converged: Bools


def fit(y: Floats, match: Floats, counts: Floats, focal: Bools, n_terms: int) -> Fit:
    """The maxima of logit P = b0 + b1 match + b2 focal + b3 match focal, the first `n_terms` of these.

    Parameters
    ----------
    y, match, counts : (n_persons, n_items)
        0 or 1; what persons are matched on, of mean about 0 and sd about 1; how many persons a row is, 0 where
        the item was not seen.
    focal : (n_persons,) of bool

    Notes
    -----
    All sums of the Newton step are those of 1, match and match^2 within each group, so one pass over the data
    serves every item. A step that lowers an item's log-likelihood is halved for that item. Where right and
    wrong can be told apart without error the likelihood has no maximum (Albert & Anderson 1984, Biometrika 71,
    1-10): its information vanishes, and `converged` is False.
    """
    beta = np.zeros((y.shape[1], n_terms))
    log_lik, gradient, information = _pass(y, match, counts, focal, beta)
    at_zero = np.linalg.eigvalsh(information)[:, 0]
    step = _newton(information, gradient)
    for _ in range(_MAX_STEPS):
        promised = (step * gradient).sum(axis=1)
        if (promised <= _TOLERANCE).all():
            break
        trial = beta + step
        found = _pass(y, match, counts, focal, trial)
        better = found[0] >= log_lik - 1e-12 * np.abs(log_lik)
        beta[better] = trial[better]
        for kept, new in zip((log_lik, gradient, information), found, strict=True):
            kept[better] = new[better]
        step = np.where(better[:, None], _newton(information, gradient), step / 2)
    converged = (promised <= _TOLERANCE) & (np.linalg.eigvalsh(information)[:, 0] > _SEPARATED * at_zero)
    inverse = np.full_like(information, np.nan)
    inverse[converged] = np.linalg.inv(information[converged])
    se = np.sqrt(np.diagonal(inverse, axis1=1, axis2=2))
    return Fit(beta, se, log_lik, converged)


def _newton(information: Floats, gradient: Floats) -> Floats:
    """Newton steps, (n_items, n_terms), kept finite where the information is nearly singular."""
    ridge = 1e-12 * np.trace(information, axis1=1, axis2=2) + 1e-300
    damped = information + ridge[:, None, None] * np.eye(gradient.shape[1])
    step: Floats = np.linalg.solve(damped, gradient[..., None])[..., 0]
    return step


def _pass(
    y: Floats, match: Floats, counts: Floats, focal: Bools, beta: Floats
) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood (n_items,), gradient (n_items, n_terms) and information (n_items, n_terms, n_terms)."""
    n_terms = beta.shape[1]
    whole = np.zeros((beta.shape[0], 4))
    whole[:, :n_terms] = beta
    log_lik, sums, moments = np.zeros(beta.shape[0]), [], []
    for group, added in ((~focal, 0.0), (focal, 1.0)):
        m, n, scored = match[group], counts[group], y[group]
        eta = (whole[:, 0] + added * whole[:, 2]) + (whole[:, 1] + added * whole[:, 3]) * m
        log_lik += (n * (scored * eta + log_expit(-eta))).sum(axis=0)
        p = expit(eta)
        residual, weight = n * (scored - p), n * p * (1 - p)
        sums.append(np.stack((residual.sum(axis=0), (residual * m).sum(axis=0)), axis=1))
        first, second = (weight * m).sum(axis=0), (weight * m * m).sum(axis=0)
        moments.append(np.stack((weight.sum(axis=0), first, first, second), axis=1).reshape(-1, 2, 2))
    of_all, of_focal = moments[0] + moments[1], moments[1]
    gradient = np.concatenate((sums[0] + sums[1], sums[1]), axis=1)[:, :n_terms]
    information = np.block([[of_all, of_focal], [of_focal, of_focal]])[:, :n_terms, :n_terms]
    return log_lik, gradient, information
