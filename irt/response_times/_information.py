"""Standard errors of the lognormal model from its expected information, in closed form.

A person's log times are normal with covariance diag(v) + s 1 1' over the timed items, whose inverse is
A - A 1 1' A / P with A = diag(1 / v), P = 1 / s + sum 1 / v; beta is orthogonal to (v, s).
"""

from collections.abc import Callable

import numpy as np

from irt.arrays import Floats

Gram = Callable[[Floats], Floats]


def beta_errors(precision: Floats, n_times: Floats, gram: Gram, person: Floats) -> Floats:
    """Standard errors of beta, (n_items,).

    Parameters
    ----------
    precision : (n_items,)
        1 / v = alpha^2.
    n_times : (n_items,)
        Weighted number of times of each item.
    gram : callable
        u (n_persons,) to sum over persons of weight * u * seen seen', (n_items, n_items).
    person : (n_persons,)
        P of each person.
    """
    information = np.diag(precision * n_times) - np.outer(precision, precision) * gram(1.0 / person)
    return _errors(information)


def spread_errors(
    precision: Floats, gram: Gram, person: Floats, sigma: float, weights: Floats
) -> tuple[Floats, float]:
    """Standard errors of alpha, (n_items,), and of sigma.

    With W the inverse covariance, the information of v_i, v_k is W_ik^2 / 2, of v_i, s (W 1)_i^2 / 2 and of s
    (1' W 1)^2 / 2, summed over persons (Magnus & Neudecker 1988, ch. 15); the delta method leads to alpha, sigma.
    """
    n_items = precision.size
    once, twice = gram(1.0 / person), gram(person**-2)
    information = np.empty((n_items + 1, n_items + 1))
    information[:-1, :-1] = np.outer(precision**2, precision**2) * twice
    own = precision**2 * (np.diag(gram(np.ones_like(person))) - 2 * precision * np.diag(once))
    information[np.arange(n_items), np.arange(n_items)] += own
    information[:-1, -1] = information[-1, :-1] = (precision / sigma**2) ** 2 * np.diag(twice)
    total = person - sigma**-2  # sum of 1 / v over the timed items
    information[-1, -1] = float(weights @ (total / (sigma**2 * person)) ** 2)
    errors = _errors(0.5 * information)
    alpha: Floats = 0.5 * precision**1.5 * errors[:-1]
    return alpha, float(errors[-1] / (2 * sigma))


def _errors(information: Floats) -> Floats:
    """Square roots of the diagonal of the inverse; inf for all where the information is singular."""
    try:
        variance = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return np.full(information.shape[0], np.inf)
    errors: Floats = np.sqrt(np.where(variance > 0, variance, np.inf))
    return errors
