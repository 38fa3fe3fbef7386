"""Random draws that anyone can repeat in any language, years later: words cut from SHA-256 of a seed and a place."""

import hashlib
import math

WORD_BITS = 64
_WORDS_A_DIGEST = 4


class Draws:
    """The words of (seed, step): SHA-256 of the text `seed:step:0`, then `seed:step:1`, each cut into four.

    A function of (seed, step) only, so any step replays without the others. The words are big-endian.
    """

    def __init__(self, seed: int, step: int) -> None:
        if seed < 0 or step < 0:
            raise ValueError("seed and step must not be negative")
        self._seed, self._step, self._n_taken = seed, step, 0

    def word(self) -> int:
        """The next 64 bits."""
        block, place = divmod(self._n_taken, _WORDS_A_DIGEST)
        digest = hashlib.sha256(f"{self._seed}:{self._step}:{block}".encode()).digest()
        self._n_taken += 1
        return int.from_bytes(digest[place * 8 : place * 8 + 8], "big")

    def below(self, k: int) -> int:
        """An even draw from 0 .. k - 1 out of one word; its bias is below k / 2^64."""
        return (self.word() * k) >> WORD_BITS

    def unit(self) -> float:
        """An even draw from [0, 1), with 53 bits."""
        return math.ldexp(self.word() >> 11, -53)

    def order(self, n: int) -> list[int]:
        """0 .. n - 1 in an order of which each is equally likely, one word for each."""
        words = [self.word() for _ in range(n)]
        return sorted(range(n), key=words.__getitem__)
