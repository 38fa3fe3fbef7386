"""Response times that follow the lognormal model, for tests."""

from __future__ import annotations

import numpy as np

from irt.response_times import TimeParameters

SIGMA = 0.35


def a_bank(n_items: int, seed: int = 1) -> TimeParameters:
    """Items of about a minute, some steadier than others."""
    rng = np.random.default_rng(seed)
    return TimeParameters(rng.uniform(1.2, 2.8, n_items), rng.normal(4.0, 0.4, n_items), SIGMA)


def times(parameters: TimeParameters, tau: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Seconds of each person of these speeds on each item."""
    noise = rng.normal(size=(tau.size, len(parameters)))
    return np.exp(parameters.beta - tau[:, None] + noise / parameters.alpha)


def some(seconds: np.ndarray, n_given: int, rng: np.random.Generator) -> np.ndarray:
    """Each person keeps the times of `n_given` items drawn at random."""
    order = rng.random(seconds.shape).argsort(axis=1)
    return np.where(order < n_given, seconds, np.nan)
