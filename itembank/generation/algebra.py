"""Templates of algebra: equations, inequalities, systems, identities, progressions."""

from fractions import Fraction
from math import gcd, isclose, isqrt, sqrt

from itembank.generation import latex
from itembank.generation.template import Choice, Entry, as_formula, drawn, listed, template
from itembank.generation.values import Interval, Number, at, solves_everywhere
from itembank.generation.wording import Said

AREA = "algebra"


def both(roots: tuple[Number, Number]) -> Said:
    """The two roots as a sentence names them."""
    r, s = (f"${latex.number(root)}$" for root in roots)
    return Said(ky=f"{r} жана {s}", ru=f"{r} и {s}", en=f"{r} and {s}")


@template(
    "LIN",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn(
        range(3, 10),
        range(-9, 10),
        range(2, 9),
        range(-6, 7),
        given=lambda a, b, c, x: abs(a - c) > 1 and b and x,
    ),
    check=lambda x, a, b, c, root: a * x + b == c * x + (a * root + b - c * root),
)
def linear_equation(a: int, b: int, c: int, root: int) -> Choice:
    d = (a - c) * root + b
    equation = f"{latex.polynomial((a, b))} = {latex.polynomial((c, d))}"
    return Choice(
        Said(
            ky=f"Теңдемени чыгаргыла: ${equation}$.",
            ru=f"Решите уравнение ${equation}$.",
            en=f"Solve the equation ${equation}$.",
        ),
        key=Fraction(d - b, a - c),
        mistakes=(
            (Fraction(d + b, a - c), "moved the number without changing its sign"),
            (Fraction(d - b, a + c), "moved the unknown without changing its sign"),
            (-Fraction(d - b, a - c), "lost the sign in dividing"),
            (d - b - (a - c), "subtracted the coefficient instead of dividing by it"),
        ),
    )


@template(
    "SQR",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(range(2, 8), range(-7, 8), given=lambda a, b: gcd(a, b) == 1),
    check=lambda x, a, b: all(at(x, t) == (a * t + b) * (a * t + b) for t in range(3)),
)
def square_of_a_binomial(a: int, b: int) -> Choice:
    square = f"({latex.polynomial((a, b))})^{{2}}"
    return Choice(
        Said(
            ky=f"Туюнтманы көп мүчө түрүндө жазгыла: ${square}$.",
            ru=f"Представьте в виде многочлена: ${square}$.",
            en=f"Expand ${square}$.",
        ),
        key=(a * a, 2 * a * b, b * b),
        mistakes=(
            ((a * a, 0, b * b), "squared each term and left out the double product"),
            ((a * a, a * b, b * b), "did not double the product"),
            ((a, 2 * a * b, b * b), "did not square the coefficient of the unknown"),
        ),
        show=as_formula(latex.polynomial),
    )


@template(
    "ARI",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(range(-12, 20), (-5, -4, -3, 3, 4, 5, 6, 7), range(9, 22), given=lambda a, d, n: a),
    check=lambda x, a, d, n: x == list(range(a, a + n * d, d))[-1],
)
def term_of_an_arithmetic_progression(a: int, d: int, n: int) -> Entry:
    given = f"$a_{{1}} = {a}$"
    return Entry(
        Said(
            ky=f"Арифметикалык прогрессиянын биринчи мүчөсү {given}, айырмасы $d = {d}$. $a_{{{n}}}$ "
            "мүчөсүн тапкыла.",
            ru=f"Первый член арифметической прогрессии {given}, разность $d = {d}$. Найдите член "
            f"$a_{{{n}}}$.",
            en=f"The first term of an arithmetic progression is {given} and the common difference is $d = "
            f"{d}$. Find the term $a_{{{n}}}$.",
        ),
        key=a + (n - 1) * d,
    )


@template(
    "QUA",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn((1, 2, 3), range(-7, 6), range(-4, 9), given=lambda a, r, s: r < s and r and s and r + s),
    check=lambda x, a, r, s: x[0] != x[1] and all(a * t * t == a * (r + s) * t - a * r * s for t in x),
)
def quadratic_equation(a: int, r: int, s: int) -> Choice:
    b, c = -a * (r + s), a * r * s
    half = isqrt(b * b - 4 * a * c)
    equation = f"{latex.polynomial((a, b, c))} = 0"
    return Choice(
        Said(
            ky=f"Теңдемени чыгаргыла: ${equation}$.",
            ru=f"Решите уравнение ${equation}$.",
            en=f"Solve the equation ${equation}$.",
        ),
        key=(Fraction(-b - half, 2 * a), Fraction(-b + half, 2 * a)),
        mistakes=(
            ((Fraction(b - half, 2 * a), Fraction(b + half, 2 * a)), "took b instead of -b"),
            ((Fraction(-b - half, a), Fraction(-b + half, a)), "divided by a instead of 2a"),
            ((Fraction(min(-r, s)), Fraction(max(-r, s))), "lost the sign of one root"),
            ((Fraction(min(r, -s)), Fraction(max(r, -s))), "lost the sign of one root"),
        ),
        show=both,
        natural=lambda x: x[0] != x[1],
    )


@template(
    "INE",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(-9, 16), range(2, 9), range(-6, 7), ("le", "ge"), given=lambda a, b, x, sign: a and x),
    check=lambda x, a, b, root, sign: solves_everywhere(
        [x], lambda t: t == root or (a - b * t < a - b * root) == (sign == "le")
    ),
)
def linear_inequality(a: int, b: int, root: int, sign: str) -> Choice:
    c = a - b * root
    bound = Fraction(c - a, -b)
    above, below = Interval(bound, None), Interval(None, bound)
    lost_above, lost_below = Interval(-bound, None), Interval(None, -bound)
    if sign == "ge":
        above, below, lost_above, lost_below = below, above, lost_below, lost_above
    inequality = f"{a} - {b}x \\{sign} {c}"
    return Choice(
        Said(
            ky=f"Барабарсыздыкты чыгаргыла: ${inequality}$.",
            ru=f"Решите неравенство ${inequality}$.",
            en=f"Solve the inequality ${inequality}$.",
        ),
        key=above,
        mistakes=(
            (below, "did not turn the sign when dividing by a negative number"),
            (lost_above, "lost the sign of the bound"),
            (lost_below, "divided by a positive coefficient"),
        ),
        show=as_formula(latex.interval),
    )


@template(
    "SYS",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        range(2, 6),
        range(2, 6),
        range(1, 5),
        range(-5, 8),
        range(-5, 8),
        given=lambda a, b, c, x, y: gcd(a, b) == 1 and x and y and abs(x) != abs(y),
    ),
    check=lambda v, a, b, c, x, y: a * (v[0] - x) == b * (y - v[1]) and c * (v[0] - x) == v[1] - y,
)
def system_of_equations(a: int, b: int, c: int, x: int, y: int) -> Choice:
    first = f"{latex.sum_of(latex.multiple(a, 'x'), latex.multiple(b, 'y'))} = {a * x + b * y}"
    second = f"{latex.multiple(c, 'x')} - y = {c * x - y}"
    # Adding b times the second equation to the first leaves x alone.
    found = Fraction(a * x + b * y + b * (c * x - y), a + b * c)
    other = c * found - (c * x - y)
    return Choice(
        Said(
            ky=f"Теңдемелер системасын чыгаргыла: ${first}$, ${second}$. $(x; y)$ түгөйүн көрсөткүлө.",
            ru=f"Решите систему уравнений ${first}$, ${second}$. Укажите пару $(x; y)$.",
            en=f"Solve the system of equations ${first}$, ${second}$. Give the pair $(x; y)$.",
        ),
        key=(found, other),
        mistakes=(
            ((other, found), "wrote the unknowns in the wrong order"),
            ((found, -other), "lost the sign in finding the second unknown"),
            ((found + b, other - a), "tried the pair in the first equation only"),
        ),
        show=as_formula(latex.pair),
    )


@template(
    "EXQ",
    tier="raised",
    area=AREA,
    count=3,
    cases=listed(((2, 2), 3, 3, -1), ((3, 2), 2, 4, -4), ((2, 3), -2, 5, 1)),
    check=lambda x, base, k, q, n: isclose(
        float(base[0] ** base[1]) ** float(x + k), float(base[0] ** q) ** float(x + n) * base[0]
    ),
)
def exponential_equation(base: tuple[int, int], k: int, q: int, n: int) -> Entry:
    """The left base is b^p and the right one b^q."""
    b, p = base
    left = f"{b**p}^{{{latex.polynomial((1, k))}}}"
    right = f"{b} \\cdot {b**q}^{{{latex.polynomial((1, n))}}}"
    return Entry(
        Said(
            ky=f"Теңдемени чыгаргыла: ${left} = {right}$.",
            ru=f"Решите уравнение ${left} = {right}$.",
            en=f"Solve the equation ${left} = {right}$.",
        ),
        key=Fraction(q * n + 1 - p * k, p - q),
    )


@template(
    "QIN",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        range(-7, 5),
        range(-3, 9),
        (True, False),
        given=lambda r, s, up: s - r > 1 and r and s and abs(r) != abs(s),
    ),
    check=lambda x, r, s, up: solves_everywhere(
        x, lambda t: ((r + s) * t - t * t >= r * s) == up or t in (r, s)
    ),
)
def quadratic_inequality(r: int, s: int, up: bool) -> Choice:
    """-(x-r)(x-s), to be at least zero if `up`, else at most zero."""
    shown = latex.polynomial((-1, r + s, -r * s)) + (" \\ge 0" if up else " \\le 0")
    between = (Interval(r, s),)
    outside = (Interval(None, r), Interval(s, None))
    mirrored = (Interval(-s, -r),) if up else (Interval(None, -s), Interval(-r, None))
    swapped = (Interval(None, -s), Interval(-r, None)) if up else (Interval(-s, -r),)
    return Choice(
        Said(
            ky=f"Барабарсыздыкты чыгаргыла: ${shown}$.",
            ru=f"Решите неравенство ${shown}$.",
            en=f"Solve the inequality ${shown}$.",
        ),
        key=between if up else outside,
        mistakes=(
            (outside if up else between, "overlooked that the parabola opens downwards"),
            (mirrored, "took the roots with the opposite signs"),
            (swapped, "took the roots with the opposite signs and the parabola opening upwards"),
        ),
        show=as_formula(latex.union),
    )


@template(
    "VIE",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        range(-9, 10),
        range(-7, 8),
        given=lambda p, q: p and q and p * p > 4 * q and isqrt(p * p - 4 * q) ** 2 != p * p - 4 * q,
    ),
    check=lambda x, p, q: isclose(
        x, ((-p + sqrt(p * p - 4 * q)) / 2) ** 2 + ((-p - sqrt(p * p - 4 * q)) / 2) ** 2
    ),
)
def sum_of_squares_of_roots(p: int, q: int) -> Choice:
    equation = f"{latex.polynomial((1, p, q))} = 0"
    asked = "$x_{1}^{2} + x_{2}^{2}$"
    return Choice(
        Said(
            ky=f"$x_{{1}}$ жана $x_{{2}}$ сандары ${equation}$ теңдемесинин тамырлары. {asked} маанисин "
            "тапкыла.",
            ru=f"Числа $x_{{1}}$ и $x_{{2}}$ — корни уравнения ${equation}$. Найдите {asked}.",
            en=f"The numbers $x_{{1}}$ and $x_{{2}}$ are the roots of the equation ${equation}$. Find "
            f"{asked}.",
        ),
        key=p * p - 2 * q,
        mistakes=(
            (p * p, "took the square of the sum for the sum of the squares"),
            (p * p + 2 * q, "took the product of the roots with the wrong sign"),
            (p * p - q, "subtracted the product once instead of twice"),
            (p * p - 4 * q, "computed the discriminant"),
        ),
        natural=lambda x: x > 0,
    )
