"""How use is held down: from counts, or chances found beforehand, to the items open to one candidate."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from irt.arrays import Bools, Floats
from irt.draws import Draws
from irt.exposure.counters import Counters, ratio
from irt.exposure.random_part import uniforms

Method = Literal["restricted", "progressive_restricted", "eligibility"]
_METHODS = ("restricted", "progressive_restricted", "eligibility")


@dataclass(frozen=True)
class Control:
    """No item is to be given to more than a part `r_max` of the candidates.

    restricted: an item at `r_max` rests until its rate has fallen (Revuelta & Ponsoda 1998).
    progressive_restricted: so too, and the criterion begins at random (see `progressive`) and ends as
    information, the faster the smaller `acceleration` (Barrada et al. 2008).
    eligibility: items are made ineligible at random, the more the nearer they are to `r_max`
    (van der Linden & Veldkamp 2004).
    """

    method: Method
    r_max: float
    acceleration: float = 1.0

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            raise ValueError(f"unknown method of exposure control {self.method!r}")
        if not 0 < self.r_max <= 1:
            raise ValueError("r_max must lie in (0, 1]")
        if not 0 <= self.acceleration < np.inf:
            raise ValueError("acceleration must be finite and not negative")


@dataclass(frozen=True)
class SympsonHetter:
    """Each item is open to a candidate with its own fixed chance, found by simulation before the sitting.

    The original draws when an item is selected, once for each candidate and item; drawn when the test begins, it
    is the same experiment (`irt.simulate.sympson_hetter_chances` finds the chances).

    Attributes
    ----------
    r_max : float
        What the chances were made for.
    chances : (n_items,)
        P(given | selected), K in the papers, in (0, 1].
    """

    r_max: float
    chances: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "chances", tuple(map(float, self.chances)))
        if not 0 < self.r_max <= 1:
            raise ValueError("r_max must lie in (0, 1]")
        if not all(0 < chance <= 1 for chance in self.chances):
            raise ValueError("chances must lie in (0, 1]")

    @cached_property
    def k(self) -> Floats:
        """The chances as an array, read-only."""
        k = np.array(self.chances)
        k.setflags(write=False)
        return k


def available(control: Control | SympsonHetter, counters: Counters, least: int, rng: Draws) -> Bools:
    """The items one candidate may get as far as exposure goes, (n_items,), decided when the test begins.

    Never fewer than `least`: the least exposed, or those with the best chances, are let in again, so that no test
    runs out of items. One word of `rng` is taken where chances decide, none otherwise. Of counters with theta
    groups, pass one's.
    """
    if counters.n_administered.ndim != 1:
        raise ValueError("pass the counters of one theta group")
    if not 0 <= least <= counters.n_administered.size:
        raise ValueError("the pool has fewer items than are needed")
    last: Floats = counters.rates
    if isinstance(control, SympsonHetter):
        if control.k.size != counters.n_administered.size:
            raise ValueError("one chance is needed for each item")
        last = -control.k
        mask: Bools = uniforms(rng.word(), control.k.size) < control.k
    elif control.method == "eligibility":
        mask = uniforms(rng.word(), last.size) < eligibility(counters, control.r_max)
    else:
        mask = counters.rates < control.r_max
    if int(mask.sum()) < least:
        order = np.lexsort((last, ~mask))
        mask[order[:least]] = True
    return mask


def eligibility(counters: Counters, r_max: float, feasible: float = 1.0) -> Floats:
    """Probability with which each item is to be eligible for the next candidate; shape of `n_administered`.

    Parameters
    ----------
    counters : Counters
    r_max : float
    feasible : float
        Part of the candidates for whom a legal test of eligible items existed; 1 where ineligible items stay
        reachable at a price, so that there always is one.

    Notes
    -----
    min(1, 1 - 1 / F + r_max E / (A F)) with A the number of candidates to whom the item was given, E of those
    for whom it was eligible (or who had no legal test without ineligible items), F `feasible`; 1 for items
    never given, and never below 0.

    References
    ----------
    van der Linden & Veldkamp (2004), Journal of Educational and Behavioral Statistics 29, 273-291; (2007),
    ibid. 32, 398-418, for theta groups.
    """
    if not (0 < r_max <= 1 and 0 < feasible <= 1):
        raise ValueError("r_max and feasible must lie in (0, 1]")
    given = counters.n_administered
    open_to_given = ratio(counters.n_eligible, given)
    wanted = np.where(given > 0, 1 - 1 / feasible + r_max * open_to_given / feasible, 1.0)
    chance: Floats = np.clip(wanted, 0.0, 1.0)
    return chance


def sympson_hetter(selected: Floats, r_max: float, length: int) -> Floats:
    """Probability of giving each item once it is selected, K (n_items,): r_max / P(selected), at most 1.

    To be repeated with simulations under the new K until the highest rate has settled near `r_max`
    (`irt.simulate.sympson_hetter_chances` does it). The `length` items selected least keep K = 1, so that a test
    can always be completed.

    References
    ----------
    Sympson & Hetter (1985), Proc. 27th annual meeting of the Military Testing Association, 973-977; van der
    Linden (2003), Journal of Educational and Behavioral Statistics 28, 249-265, on its properties.
    """
    rates = np.asarray(selected, dtype=np.float64)
    if rates.ndim != 1 or not ((rates >= 0) & (rates <= 1)).all():
        raise ValueError("selection rates must be a vector in 0 .. 1")
    if not (0 < r_max <= 1 and 0 <= length <= rates.size):
        raise ValueError("r_max must lie in (0, 1], and the length within the pool")
    chance: Floats = r_max / np.maximum(rates, r_max)
    chance[np.argsort(rates, kind="stable")[:length]] = 1.0
    return chance
