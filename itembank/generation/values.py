"""Exact values an answer can have besides a number, and the few operations templates and their checks share.
Polynomials are coefficient tuples, highest power first."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

Number = Fraction | int


class Interval(NamedTuple):
    """From low to high, None meaning infinite; closed says whether the finite ends belong to it."""

    low: Number | None
    high: Number | None
    closed: bool = True

    def __contains__(self, x: object) -> bool:
        assert isinstance(x, Fraction | int)
        if self.low is not None and (x < self.low or (x == self.low and not self.closed)):
            return False
        return self.high is None or x < self.high or (x == self.high and self.closed)


def at(coefficients: Sequence[Number], x: Number) -> Number:
    """The polynomial's value at x."""
    value: Number = 0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def derivative(coefficients: Sequence[Number]) -> tuple[Number, ...]:
    degree = len(coefficients) - 1
    return tuple(c * (degree - i) for i, c in enumerate(coefficients[:-1]))


def is_slope(k: Number, f: Callable[[Fraction], Number], x: Number) -> bool:
    """k is the limit of f's difference quotient at x, as far as a step of a millionth can tell."""
    h, x = Fraction(1, 10**6), Fraction(x)
    return abs((f(x + h) - f(x - h)) / (2 * h) - k) < Fraction(1, 1000)


def solves_everywhere(pieces: Iterable[Interval], condition: Callable[[Fraction], bool]) -> bool:
    """The pieces hold exactly the points of a fine grid where the condition is true."""
    pieces = tuple(pieces)
    grid = (Fraction(n, 6) for n in range(-240, 241))
    return all(any(x in piece for piece in pieces) == condition(x) for x in grid)
