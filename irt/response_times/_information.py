"""Standard errors of the lognormal model from its expected information, in closed form.

A person's log times are normal with mean beta - slope z and covariance diag(v) + s 1 1' over the timed items, whose
inverse is A - A 1 1' A / P with A = diag(1 / v), P = 1 / s + sum 1 / v; means are orthogonal to (v, s).
"""

import numpy as np

from irt.arrays import Floats
from irt.response_times._em import Times


def mean_errors(data: Times, precision: Floats, person: Floats, s: float) -> tuple[Floats, float]:
    """Standard errors of beta, (n_items,), and of the slope (zero without a covariate).

    Parameters
    ----------
    precision : (n_items,)
        1 / v = alpha^2.
    person : (n_persons,)
        P of each person.
    s : float
        Variance of speed about the slope.
    """
    n_items = precision.size
    information = np.empty((n_items + 1, n_items + 1))
    information[:-1, :-1] = -np.outer(precision, precision) * data.gram(1.0 / person)
    information[np.arange(n_items), np.arange(n_items)] += precision * data.n_times
    if not data.sum_zz:
        return _errors(information[:-1, :-1]), 0.0
    weighted = data.weights * data.z / (s * person)
    information[:-1, -1] = information[-1, :-1] = -precision * (data.seen.T @ weighted)
    information[-1, -1] = float(weighted @ (data.z * (person - 1.0 / s)))
    errors = _errors(information)
    return errors[:-1], float(errors[-1])


def spread_errors(data: Times, precision: Floats, person: Floats, s: float) -> tuple[Floats, float]:
    """Standard errors of alpha, (n_items,), and of s.

    With W the inverse covariance, the information of v_i, v_k is W_ik^2 / 2, of v_i, s (W 1)_i^2 / 2 and of s
    (1' W 1)^2 / 2, summed over persons (Magnus & Neudecker 1988, ch. 15); the delta method leads to alpha.
    """
    n_items = precision.size
    once = np.asarray(data.seen.T @ (data.weights / person))
    twice = data.gram(person**-2)
    information = np.empty((n_items + 1, n_items + 1))
    information[:-1, :-1] = np.outer(precision**2, precision**2) * twice
    own = precision**2 * (data.n_times - 2 * precision * once)
    information[np.arange(n_items), np.arange(n_items)] += own
    information[:-1, -1] = information[-1, :-1] = (precision / s) ** 2 * np.diag(twice)
    total = person - 1.0 / s  # sum of 1 / v over the timed items
    information[-1, -1] = float(data.weights @ (total / (s * person)) ** 2)
    errors = _errors(0.5 * information)
    alpha: Floats = 0.5 * precision**1.5 * errors[:-1]
    return alpha, float(errors[-1])


def _errors(information: Floats) -> Floats:
    """Square roots of the diagonal of the inverse; inf for all where the information is singular."""
    try:
        variance = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return np.full(information.shape[0], np.inf)
    errors: Floats = np.sqrt(np.where(variance > 0, variance, np.inf))
    return errors
