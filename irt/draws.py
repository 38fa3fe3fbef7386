"""Random draws that anyone can repeat in any language, years later: words cut from SHA-256 of a seed and a place."""

import hashlib
import math
from operator import index

WORD_BITS = 64
WORDS_A_DIGEST = 4


def block(seed: int, step: int, number: int) -> bytes:
    """The next `WORDS_A_DIGEST` words of (seed, step) after `number` such blocks, 32 bytes."""
    return hashlib.sha256(b"%d:%d:%d" % (seed, step, number)).digest()


class Draws:
    """The words of (seed, step): SHA-256 of the text `seed:step:0`, then `seed:step:1`, each cut into four.

    A function of (seed, step) only, so any step replays without the others. The words are big-endian.
    """

    def __init__(self, seed: int, step: int) -> None:
        if seed < 0 or step < 0:
            raise ValueError("seed and step must not be negative")
        self._seed, self._step, self._n_taken = index(seed), index(step), 0

    def word(self) -> int:
        """The next 64 bits."""
        number, place = divmod(self._n_taken, WORDS_A_DIGEST)
        digest = block(self._seed, self._step, number)
        self._n_taken += 1
        return int.from_bytes(digest[place * 8 : place * 8 + 8], "big")

    def below(self, k: int) -> int:
        """An even draw from 0 .. k - 1 out of one word; its bias is below k / 2^64."""
        if not 0 < k <= 1 << WORD_BITS:
            raise ValueError(f"a draw is from 1 .. 2^{WORD_BITS} numbers, not from {k}")
        return (self.word() * k) >> WORD_BITS

    def unit(self) -> float:
        """An even draw from [0, 1), with 53 bits."""
        return math.ldexp(self.word() >> 11, -53)

    def order(self, n: int) -> list[int]:
        """0 .. n - 1 in an order of which each is equally likely, one word for each."""
        words = [self.word() for _ in range(n)]
        return sorted(range(n), key=words.__getitem__)
