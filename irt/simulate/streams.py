"""The words of many `Draws` at once, as arrays."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from irt.arrays import Floats, Ints
from irt.draws import WORDS_A_DIGEST, block

Words = npt.NDArray[np.uint64]
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


def words(places: Sequence[tuple[int, int]], n: int) -> Words:
    """The first n words of `Draws(seed, step)` for each (seed, step), (n_places, n)."""
    numbers = range(-(-n // WORDS_A_DIGEST))
    digests = [block(seed, step, number) for seed, step in places for number in numbers]
    whole = np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)
    return whole.reshape(len(places), -1)[:, :n]


def units(drawn: Words) -> Floats:
    """`Draws.unit` of each word."""
    return (drawn >> np.uint64(11)).astype(np.float64) * 2.0**-53


def below(drawn: Words, k: int | Ints) -> Ints:
    """`Draws.below(k)` of each word, for k < 2^32: the upper half of the 128-bit product, in two parts."""
    factor = np.asarray(k, dtype=np.uint64)
    if not ((factor >= 1) & (factor <= _LOW)).all():
        raise ValueError("1 <= k < 2^32 is needed")
    carry = ((drawn & _LOW) * factor) >> _HALF
    return (((drawn >> _HALF) * factor + carry) >> _HALF).astype(np.intp)
