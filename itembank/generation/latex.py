"""LaTeX of exact values, in the small dialect that becomes clean MathML; the sentence adds the dollar signs.
Decimals never stand in a formula, since their separator depends on the language."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from itembank.generation.values import Interval

Number = Fraction | int


def number(value: Number) -> str:
    """3, -3, \\frac{3}{4}, -\\frac{3}{4}."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    return f"{'-' if value < 0 else ''}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def multiple(value: Number, of: str) -> str:
    """value · of, with 1 and -1 unwritten: 2\\pi, -x, \\frac{3\\pi}{4}."""
    value = Fraction(value)
    sign, n, d = "-" if value < 0 else "", abs(value.numerator), value.denominator
    top = of if n == 1 else f"{n}{of}"
    return f"{sign}{top}" if d == 1 else f"{sign}\\frac{{{top}}}{{{d}}}"


def power(base: str | int, exponent: int | str) -> str:
    return str(base) if exponent == 1 else f"{base}^{{{exponent}}}"


def polynomial(coefficients: Sequence[Number], variable: str = "x") -> str:
    """Highest power first: (1, 0, -2) is x^{2} - 2."""
    written = ""
    for degree, value in zip(reversed(range(len(coefficients))), coefficients, strict=True):
        if value == 0:
            continue
        size = abs(Fraction(value))
        term = multiple(size, power(variable, degree)) if degree else number(size)
        if written:
            written += f" {'-' if value < 0 else '+'} {term}"
        else:
            written = f"-{term}" if value < 0 else term
    return written or "0"


def sum_of(*terms: str) -> str:
    """Terms joined by their own signs: ("2x", "-3y") is 2x - 3y."""
    first, *rest = terms
    return first + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in rest)


def surd(coefficient: Number, radicand: int) -> str:
    """coefficient · √radicand as given: 3\\sqrt{2}, \\frac{5\\sqrt{3}}{2}."""
    return number(coefficient) if radicand == 1 else multiple(coefficient, f"\\sqrt{{{radicand}}}")


def root_of(square: Number) -> str:
    """√square with every square factor taken out; square is a natural number."""
    n = int(square)
    outside = next(k for k in range(isqrt(n), 0, -1) if n % (k * k) == 0)
    return surd(outside, n // (outside * outside))


def pair(values: tuple[Number, Number]) -> str:
    return f"({number(values[0])}; {number(values[1])})"


def interval(piece: Interval) -> str:
    left = "-\\infty" if piece.low is None else number(piece.low)
    right = "\\infty" if piece.high is None else number(piece.high)
    opening = "[" if piece.low is not None and piece.closed else "("
    closing = "]" if piece.high is not None and piece.closed else ")"
    return f"\\left{opening}{left}; {right}\\right{closing}"


def union(pieces: Sequence[Interval]) -> str:
    return " \\cup ".join(interval(piece) for piece in pieces)
