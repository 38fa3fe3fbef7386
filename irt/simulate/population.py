"""Whom a simulation is about: true thetas drawn from a mixture of normal distributions, and how they answer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from irt.arrays import Floats, frozen_floats
from irt.mixed import ItemSet, log_prob
from irt.models import Items, Theta, prob
from irt.simulate.streams import units, words

_HALF_STEP = 2.0**-54  # the units are multiples of 2^-53 from 0 on, and the normal deviate of 0 is infinite


@dataclass(frozen=True)
class Normal:
    """A part of the population: theta ~ N(mean, sd), of this relative size."""

    mean: float = 0.0
    sd: float = 1.0
    share: float = 1.0

    def __post_init__(self) -> None:
        if not np.isfinite([self.mean, self.sd, self.share]).all() or self.sd <= 0 or self.share <= 0:
            raise ValueError("a population part needs a finite mean, a positive sd and a positive share")


def thetas_of(parts: Sequence[Normal], n_persons: int, seed: int) -> Floats:
    """True thetas of n candidates, (n_persons,); the i-th depends on `seed` and i alone.

    One part is a normal population, several a mixture. The words used are the second and third of
    `Draws(seed, i)`, whose first is the candidate's own seed.
    """
    if not parts or n_persons < 1:
        raise ValueError("a population needs at least one part and one candidate")
    drawn = units(words([(seed, person) for person in range(n_persons)], 3))
    shares = frozen_floats([part.share for part in parts], "share")
    which = np.searchsorted(np.cumsum(shares)[:-1] / shares.sum(), drawn[:, 1], side="right")
    mean, sd = np.array([part.mean for part in parts]), np.array([part.sd for part in parts])
    thetas: Floats = mean[which] + sd[which] * ndtri(drawn[:, 2] + _HALF_STEP)
    return thetas


def upper_tails(theta: Theta, items: ItemSet) -> Floats:
    """P(x >= k) for k = 1 .. m - 1 of each item, (n_theta, n_items, max_categories - 1); 0 beyond an item's last.

    A candidate's score is the number of these that an even draw lies below.
    """
    if isinstance(items, Items):
        return prob(theta, items)[..., None]
    p = np.exp(log_prob(theta, items))
    tails: Floats = np.cumsum(p[..., :0:-1], axis=-1)[..., ::-1]
    return tails
