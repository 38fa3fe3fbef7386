"""Where unscored items stand in a test, and which of them a candidate is offered: pure, drawn so that it repeats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from irt.draws import Draws

WHOLE = 1000  # counts are in thousandths of an answer
CHOICES = 3  # items offered for each that is given, where the nearest in difficulty is chosen


@dataclass(frozen=True)
class Layout:
    """At least `first` scored items before the first unscored one, `last` after the last, `apart` between two."""

    first: int
    last: int
    apart: int

    def most(self, length: int) -> int:
        """How many unscored items a test of `length` scored ones has room for."""
        return 0 if length < self.first + self.last else (length - self.first - self.last) // self.apart + 1

    def places(self, n: int, length: int, draws: Draws) -> tuple[int, ...]:
        """After how many scored items each of `n` unscored ones comes; every lawful way is equally likely.

        ValueError if the test has no room for so many."""
        if n > self.most(length):
            raise ValueError(f"no room for {n} unscored items in a test of {length}")
        if n == 0:
            return ()
        narrowed = length - self.last - self.first + 1 - (n - 1) * (self.apart - 1)
        chosen = sorted(draws.order(narrowed)[:n])
        return tuple(self.first + at + k * (self.apart - 1) for k, at in enumerate(chosen))


@dataclass(frozen=True)
class Kin:
    """What keeps two items out of one test: one family, or one passage."""

    family: str | None
    passage: str | None

    def clashes(self, other: Kin) -> bool:
        """Whether a candidate may get one of the two only."""
        is_family = self.family is not None and self.family == other.family
        return is_family or (self.passage is not None and self.passage == other.passage)


def offered(
    counts: Sequence[int], needed: int, kin: Sequence[Kin], closed: Collection[int], n: int, draws: Draws
) -> tuple[int, ...]:
    """Up to `n` items that do not clash, those with the fewest answers first chosen, in an order drawn by lot.

    Full ones (`needed`) and `closed` ones are left out."""
    words = [draws.word() for _ in counts]
    ready = [at for at, count in enumerate(counts) if count < needed * WHOLE and at not in closed]
    found: list[int] = []
    for at in sorted(ready, key=lambda at: (counts[at], words[at])):
        if len(found) < n and not any(kin[at].clashes(kin[other]) for other in found):
            found.append(at)
    return tuple(sorted(found, key=lambda at: words[at]))


def share(n_given: int, n_offered: int) -> int:
    """The part of an answer that each offered item may expect, in thousandths."""
    return WHOLE * min(n_given, n_offered) // n_offered if n_offered else 0


def nearest(guesses: Sequence[float], left: Sequence[int], theta: float) -> int:
    """Of the items left the one whose guessed difficulty is nearest to theta; of equals the first."""
    return min(left, key=lambda at: abs(guesses[at] - theta))


def spread(
    kin: Sequence[Kin], needed: int, n: int, n_offered: int, n_candidates: int, draws_of: Callable[[int], Draws]
) -> list[int]:
    """The answers each item may expect of so many candidates, in thousandths: what a plan is looked at by."""
    counts = [0] * len(kin)
    for k in range(n_candidates):
        given = offered(counts, needed, kin, (), n_offered, draws_of(k))
        for at in given:
            counts[at] += share(n, len(given))
    return counts
