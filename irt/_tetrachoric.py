"""Tetrachoric correlations of all pairs of 0/1 items at once."""

import numpy as np
from scipy.special import ndtr, ndtri

from irt.arrays import Floats

LIMIT = 0.999  # beyond it a table of four cells says no more
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_HALVINGS = 40


def tetrachoric(p_first: Floats, p_second: Floats, p_both: Floats) -> Floats:
    """The correlation of two normal variables that gives these proportions above a threshold, elementwise.

    Parameters
    ----------
    p_first, p_second, p_both : (n,)
        Proportions right on either item and on both; strictly between their bounds (see `with_half_a_person`).

    Notes
    -----
    P(both) rises with the correlation, so it is found by halving; within +-LIMIT.

    References
    ----------
    Pearson (1901); Divgi (1979), Psychometrika 44, 169-172. The integral: Drezner & Wesolowsky (1990), Journal of
    Statistical Computation and Simulation 35, 101-107.
    """
    h, k = ndtri(p_first), ndtri(p_second)
    low, high = np.full(h.shape, -LIMIT), np.full(h.shape, LIMIT)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_low = both_below(h, k, middle) < p_both
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    correlation: Floats = (low + high) / 2
    return correlation


def both_below(h: Floats, k: Floats, correlation: Floats) -> Floats:
    """P(X < h, Y < k) of two standard normal variables of this correlation, elementwise.

    P = ndtr(h) ndtr(k) + 1 / (2 pi) int_0^asin(r) exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) dt.
    """
    end = np.arcsin(correlation)[..., None]
    angle = end * (_NODES + 1) / 2
    h_, k_ = h[..., None], k[..., None]
    exponent = (h_**2 + k_**2 - 2 * h_ * k_ * np.sin(angle)) / (2 * np.cos(angle) ** 2)
    integral = (np.exp(-exponent) * _WEIGHTS).sum(axis=-1) * end[..., 0] / 2
    probability: Floats = ndtr(h) * ndtr(k) + integral / (2 * np.pi)
    return probability


def with_half_a_person(both: Floats, first: Floats, second: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Proportions of counts (right on both, on the first, on the second, of n); half a person in each empty cell."""
    cells = np.stack([both, first - both, second - both, n - first - second + both])
    cells = np.where(cells < 0.5, 0.5, cells)
    total = cells.sum(axis=0)
    return (cells[0] + cells[1]) / total, (cells[0] + cells[2]) / total, cells[0] / total
