"""How surprising it is that one person had opened so many of the leaked items: hypergeometric, without flattery."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma


@dataclass(frozen=True)
class Overlap:
    """Of `n_leaked` items a person had opened `hits`, and `n_opened` of all `n_items` of these subjects."""

    hits: int
    n_leaked: int
    n_opened: int
    n_items: int

    @property
    def by_chance(self) -> float:
        """The probability of so many hits or more, had the leaked items been drawn from all by lot."""
        most = min(self.n_opened, self.n_leaked)
        return min(1.0, sum(self._exactly(hits) for hits in range(self.hits, most + 1)))

    @property
    def expected(self) -> float:
        """How many hits a lot would give on average."""
        return self.n_opened * self.n_leaked / self.n_items if self.n_items else 0.0

    def _exactly(self, hits: int) -> float:
        least = self.n_opened + self.n_leaked - self.n_items
        if hits < least:
            return 0.0
        return exp(
            _choose(self.n_leaked, hits) + _choose(self.n_items - self.n_leaked, self.n_opened - hits)
            - _choose(self.n_items, self.n_opened)
        )  # fmt: skip


def in_all(by_chance: float, n_people: int) -> float:
    """How many of so many people, had they opened as much, would by lot stand out like this."""
    return by_chance * n_people


def _choose(n: int, k: int) -> float:
    """The logarithm of the binomial coefficient."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
