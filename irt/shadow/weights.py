"""Criterion values as whole numbers, so that "better" means the same on every machine, and ties are settled."""

import numpy as np

from irt.arrays import Bools, Floats, Ints

STEPS = 1 << 18  # the best value of the pool; a step is 4e-6 of it
_SPREAD = 8


def whole_weights(values: Floats) -> Ints:
    """The criterion (n_items,) in whole numbers, no two of them alike: of equal items the lower number leads.

    A step of the criterion is divided by item number, and a little unevenly, so that of two tests of equal
    value as a rule one has the greater sum and the optimum is unique.
    """
    if values.ndim != 1 or values.size == 0:
        raise ValueError("a criterion is one value for each item")
    # One comparison pair instead of isfinite: nan fails both.
    if not (values.min() >= 0 and values.max() < np.inf):
        raise ValueError("a criterion must be finite and not negative")
    n_items, top = values.size, float(values.max())
    number = np.arange(n_items, dtype=np.intp)
    uneven = (number * 2654435761 >> 7) % _SPREAD
    ties = (n_items - 1 - number) * _SPREAD + uneven
    steps = np.rint(values / top * STEPS).astype(np.intp) if top > 0 else np.zeros(n_items, dtype=np.intp)
    weights: Ints = steps * (n_items * _SPREAD) + ties
    return weights


def penalised(weights: Ints, allowed: Bools, length: int) -> Ints:
    """Weights under which a test with fewer items that are not `allowed` always beats one with more."""
    fine = (length + 1) * int(weights.max() + 1)
    lowered: Ints = np.where(allowed, weights, weights - fine)
    return lowered
