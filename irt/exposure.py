"""How often items are seen, and how it is held down: from counts a database can keep to the mask of a session.

Everything is a function of counts and draws; who counts, and when, is the caller's affair. Which tests are
legal is `assembly`'s: the blueprint is law, exposure is a goal.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Floats, Ints
from irt.draws import Draws

Method = Literal["restricted", "progressive_restricted", "eligibility"]
_METHODS = ("restricted", "progressive_restricted", "eligibility")
_GOLDEN, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


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


@dataclass(frozen=True, eq=False)
class Counters:
    """What has happened so far. With theta groups every array has one more, leading, dimension.

    Attributes
    ----------
    n_candidates : () or (n_groups,)
        Candidates counted.
    n_administered, n_eligible : (n_items,) or (n_groups, n_items)
        Of these, to how many the item was given, and for how many it was eligible.
    """

    n_candidates: Floats
    n_administered: Floats
    n_eligible: Floats

    def __post_init__(self) -> None:
        for name in ("n_candidates", "n_administered", "n_eligible"):
            counts = np.array(getattr(self, name), dtype=np.float64)
            if not (np.isfinite(counts).all() and (counts >= 0).all()):
                raise ValueError(f"{name} must be finite and not negative")
            counts.setflags(write=False)
            object.__setattr__(self, name, counts)
        if self.n_administered.ndim < 1 or self.n_administered.shape != self.n_eligible.shape:
            raise ValueError("n_administered and n_eligible must have the same shape, items last")
        if self.n_candidates.shape != self.n_administered.shape[:-1]:
            raise ValueError("n_candidates must have one number for each theta group")
        most = self.n_candidates[..., None] * (1 + 1e-9)  # faded counts are not whole
        if (self.n_administered > most).any() or (self.n_eligible > most).any():
            raise ValueError(
                "no item can have been given, or eligible, more often than there were candidates"
            )

    @classmethod
    def none(cls, n_items: int, n_groups: int | None = None) -> "Counters":
        """The counters before the first candidate."""
        groups = () if n_groups is None else (n_groups,)
        return cls(np.zeros(groups), np.zeros((*groups, n_items)), np.zeros((*groups, n_items)))

    def after(self, n_candidates: npt.ArrayLike, administered: Floats, eligible: Floats,
              fading: float = 1.0) -> "Counters":  # fmt: skip
        """The counters when these more have been counted; earlier ones weigh `fading` (in (0, 1]) as much."""
        if not 0 < fading <= 1:
            raise ValueError("fading must lie in (0, 1]")
        return Counters(
            fading * self.n_candidates + np.asarray(n_candidates, dtype=np.float64),
            fading * self.n_administered + administered,
            fading * self.n_eligible + eligible,
        )

    @property
    def rates(self) -> Floats:
        """Exposure rate of each item, zero before the first candidate; shape of `n_administered`."""
        return _ratio(self.n_administered, self.n_candidates[..., None])


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
    ratio = _ratio(counters.n_eligible, given)
    wanted = np.where(given > 0, 1 - 1 / feasible + r_max * ratio / feasible, 1.0)
    chance: Floats = np.clip(wanted, 0.0, 1.0)
    return chance


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


def progressive(information: Floats, free: Bools, weight: float, draws: Floats) -> Floats:
    """The progressive criterion (1 - W) R H + W I of each item; the arguments' last axis is the items'.

    Parameters
    ----------
    information : (..., n_items)
        I, the criterion it is mixed with.
    free : (..., n_items) of bool
        H is the highest information among these (0 if none).
    weight : float
        W, from `progressive_weight`.
    draws : (..., n_items)
        R, even on [0, 1), from `uniforms`.

    References
    ----------
    Revuelta & Ponsoda (1998), Journal of Educational Measurement 35, 311-327.
    """
    highest = np.where(free, information, 0.0).max(axis=-1, keepdims=True)
    mixed: Floats = draws * ((1 - weight) * highest)
    mixed += weight * information
    return mixed


def progressive_weight(n_administered: int, length: int, acceleration: float = 1.0) -> float:
    """W for the next item: 0 for the first, 1 for the last, rising as the sum of (f - 1)^acceleration.

    References
    ----------
    Barrada, Olea, Ponsoda & Abad (2008), British Journal of Mathematical and Statistical Psychology 61, 493-513.
    """
    if not 0 <= n_administered < length:
        raise ValueError("0 <= n_administered < length is needed")
    steps = np.arange(1.0, length) ** acceleration
    return float(steps[:n_administered].sum() / steps.sum()) if length > 1 else 1.0


def uniforms(word: int | npt.NDArray[np.uint64], n: int) -> Floats:
    """n even draws from [0, 1), with 32 bits, for each word of a `Draws`, (n,) or (n_words, n).

    The words of SplitMix64 begun at `word`, each giving two draws, first its lower half and then its upper.
    Cheap where every item of a pool needs a draw, and repeatable in any language.

    References
    ----------
    Steele, Lea & Flood (2014), Proc. OOPSLA, 453-472.
    """
    start = np.asarray(word, dtype=np.uint64)[..., None]
    # Unsigned arrays wrap around, as is meant.
    mixed = start + np.arange(1, (n + 1) // 2 + 1, dtype=np.uint64) * _GOLDEN
    mixed ^= mixed >> np.uint64(30)
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    halves = mixed.astype("<u8", copy=False).view("<u4")[..., :n]
    return np.asarray(halves * 2.0**-32, dtype=np.float64)


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


@dataclass(frozen=True, eq=False)
class Exposure:
    """What became of the items: `rates` (n_items,), and of two candidates' tests the part they share.

    chi_square: sum of (rate - L / n)^2 / (L / n), zero when all items are used alike (Chang & Ying 1999).
    """

    rates: Floats
    overlap: float
    chi_square: float

    @property
    def highest(self) -> float:
        """The highest rate."""
        return float(self.rates.max())

    @property
    def unused(self) -> float:
        """Part of the items nobody got."""
        return float((self.rates == 0).mean())


def exposure(indices: Ints, n_items: int) -> Exposure:
    """The exposure of tests given as rows of item numbers, (n_persons, length), -1 after the end of a test."""
    tests = np.asarray(indices)
    if tests.ndim != 2 or tests.shape[0] == 0 or tests.dtype.kind not in "iu":
        raise ValueError("tests must be rows of item numbers, at least one")
    if tests.size and not (tests.min() >= -1 and tests.max() < n_items):
        raise ValueError(f"item numbers must lie in -1 .. {n_items - 1}")
    counts = np.bincount(tests[tests >= 0], minlength=n_items)
    rates = np.asarray(counts / tests.shape[0], dtype=np.float64)
    even = float(rates.mean())
    uneven = float(((rates - even) ** 2).sum() / even) if even > 0 else 0.0
    return Exposure(rates, overlap(counts, tests.shape[0]), uneven)


def overlap(n_administered: Ints | Floats, n_candidates: int) -> float:
    """Mean number of items that two candidates share over the mean length; nan for fewer than two candidates.

    sum m (m - 1) / (N (N - 1)) counts the shared items of all pairs exactly, whatever the lengths.

    References
    ----------
    Chen, Ankenmann & Spray (2003), Journal of Educational Measurement 40, 129-145.
    """
    counts = np.asarray(n_administered, dtype=np.float64)
    total = float(counts.sum())
    if n_candidates < 2 or total == 0:
        return float("nan")
    shared = float((counts * (counts - 1)).sum()) / (n_candidates * (n_candidates - 1))
    return shared / (total / n_candidates)


def _ratio(over: Floats, under: Floats) -> Floats:
    """over / under, and zero where `under` is zero."""
    shape = np.broadcast_shapes(over.shape, under.shape)
    return np.asarray(np.divide(over, under, out=np.zeros(shape), where=under > 0), dtype=np.float64)
