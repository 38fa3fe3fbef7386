"""The progressive criterion, random first and information last, and the draws it needs of every item."""

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Floats

_GOLDEN, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


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
