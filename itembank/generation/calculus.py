"""Templates of the beginnings of analysis: derivatives, tangents, extrema, area, optimisation."""

from fractions import Fraction
from math import gcd

from itembank.generation import latex
from itembank.generation.template import Choice, Entry, as_formula, drawn, template
from itembank.generation.values import at, derivative, is_slope
from itembank.generation.wording import Said, measured

AREA = "calculus"
NONZERO = (-5, -4, -3, -2, 2, 3, 4, 5)


def cubic_with_extrema(r: int, s: int, c: int) -> tuple[int, int, int, int]:
    """The cubic whose derivative is 3(x-r)(x-s); r+s is even."""
    return 1, -3 * (r + s) // 2, 3 * r * s, c


@template(
    "DER",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn(NONZERO, NONZERO, NONZERO, range(3, 9)),
    check=lambda x, a, b, c, d: all(
        is_slope(at(x, t), lambda u: at((a, b, c, d), u), t) for t in range(-2, 3)
    ),
)
def derivative_of_a_polynomial(a: int, b: int, c: int, d: int) -> Choice:
    f = latex.polynomial((a, b, c, d))
    return Choice(
        Said(
            ky=f"$f(x) = {f}$ функциясынын туундусун тапкыла.",
            ru=f"Найдите производную функции $f(x) = {f}$.",
            en=f"Find the derivative of the function $f(x) = {f}$.",
        ),
        key=(3 * a, 2 * b, c),
        mistakes=(
            ((3 * a, 2 * b, c + d), "kept the constant term"),
            ((a, b, c), "lowered the powers without multiplying by them"),
            ((3 * a, 2 * b, 0), "took the derivative of the linear term for zero"),
        ),
        show=as_formula(latex.polynomial),
    )


@template(
    "DVA",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn((1, 2, 3), NONZERO, NONZERO, (-2, -1, 1, 2, 3)),
    check=lambda y, a, b, c, x: is_slope(y, lambda u: at((a, b, c, 0), u), x),
)
def value_of_a_derivative(a: int, b: int, c: int, x: int) -> Entry:
    f = latex.polynomial((a, b, c, 0))
    return Entry(
        Said(
            ky=f"$f(x) = {f}$ функциясынын туундусунун $x = {x}$ чекитиндеги маанисин тапкыла.",
            ru=f"Найдите значение производной функции $f(x) = {f}$ в точке $x = {x}$.",
            en=f"Find the value of the derivative of the function $f(x) = {f}$ at the point $x = {x}$.",
        ),
        key=3 * a * x**2 + 2 * b * x + c,
    )


@template(
    "VEL",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn((1, 2, 3, 4), range(2, 9), (2, 3, 4, 5, 6)),
    check=lambda v, a, b, t: is_slope(v, lambda u: a * u * u + b * u, t),
)
def velocity_of_a_point(a: int, b: int, t: int) -> Choice:
    s = latex.polynomial((a, b, 0), "t")
    return Choice(
        Said(
            ky=f"Чекит түз сызык боюнча $s(t) = {s}$ закону менен кыймылдайт, мында $s$ метр менен, $t$ "
            f"секунда менен өлчөнөт. Анын $t = {t}$ болгон учурдагы ылдамдыгын тапкыла.",
            ru=f"Точка движется прямолинейно по закону $s(t) = {s}$, где $s$ измеряется в метрах, $t$ — в "
            f"секундах. Найдите её скорость в момент времени $t = {t}$.",
            en=f"A point moves along a line so that $s(t) = {s}$, with $s$ in metres and $t$ in seconds. "
            f"Find its velocity at the moment $t = {t}$.",
        ),
        key=2 * a * t + b,
        mistakes=(
            (a * t * t + b * t, "computed the distance covered"),
            (a * t + b, "computed the mean velocity"),
            (2 * a * t, "left out the derivative of the linear term"),
            (2 * a, "computed the acceleration"),
        ),
        show=lambda v: measured(str(v), "м/с", "m/s"),
    )


@template(
    "TGN",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        (1, 2, 3), NONZERO, range(-7, 8), (-2, -1, 1, 2, 3), given=lambda a, b, c, x: c and 2 * a * x + b
    ),
    check=lambda v, a, b, c, x: all(at((a, b, c), x + h) - at(v, x + h) == a * h * h for h in (-1, 0, 1)),
)
def tangent_to_a_parabola(a: int, b: int, c: int, x: int) -> Choice:
    f = (a, b, c)
    slope, y = at(derivative(f), x), at(f, x)
    return Choice(
        Said(
            ky=f"$y = {latex.polynomial(f)}$ функциясынын графигине абсциссасы $x_{{0}} = {x}$ болгон "
            "чекитте жүргүзүлгөн жаныманын теңдемесин тапкыла.",
            ru=f"Найдите уравнение касательной к графику функции $y = {latex.polynomial(f)}$ в точке с "
            f"абсциссой $x_{{0}} = {x}$.",
            en=f"Find the equation of the tangent to the graph of the function $y = {latex.polynomial(f)}$ "
            f"at the point with abscissa $x_{{0}} = {x}$.",
        ),
        key=(slope, y - slope * x),
        mistakes=(
            ((slope, y), "took the ordinate of the point for the constant term"),
            ((slope, y + slope * x), "lost the sign in writing the line through the point"),
            ((slope, -slope * x), "left out the ordinate of the point"),
            ((y, slope), "exchanged the value of the function and of the derivative"),
        ),
        show=as_formula(lambda v: f"y = {latex.polynomial(v)}"),
        natural=lambda v: v[0] != 0,
    )


@template(
    "EXT",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        range(-4, 4),
        range(-2, 6),
        range(1, 8),
        (True, False),
        given=lambda r, s, c, top: r < s and (r + s) % 2 == 0 and r + s and r and s,
    ),
    check=lambda x, r, s, c, top: all(
        (at(cubic_with_extrema(r, s, c), x + h) < at(cubic_with_extrema(r, s, c), x)) == top
        and at(cubic_with_extrema(r, s, c), x + h) != at(cubic_with_extrema(r, s, c), x)
        for h in (Fraction(-1, 10), Fraction(1, 10))
    ),
)
def extremum_of_a_cubic(r: int, s: int, c: int, top: bool) -> Choice:
    f = cubic_with_extrema(r, s, c)
    key, other = (r, s) if top else (s, r)
    word = ("максимум", "максимума", "maximum") if top else ("минимум", "минимума", "minimum")
    return Choice(
        Said(
            ky=f"$y = {latex.polynomial(f)}$ функциясынын {word[0]} чекитин тапкыла.",
            ru=f"Найдите точку {word[1]} функции $y = {latex.polynomial(f)}$.",
            en=f"Find the {word[2]} point of the function $y = {latex.polynomial(f)}$.",
        ),
        key=key,
        mistakes=(
            (other, "exchanged maximum and minimum"),
            (-key, "took the roots of the derivative with the opposite signs"),
            (-other, "took the opposite signs and exchanged maximum and minimum"),
            (int(at(f, key)), "gave the value of the function instead of the point"),
        ),
        show=as_formula(lambda x: f"x = {x}"),
    )


@template(
    "CHN",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn((2, 3, 4, 5), NONZERO, (3, 4, 5, 6), given=lambda a, b, n: gcd(a, b) == 1),
    check=lambda v, a, b, n: all(
        is_slope(v[0] * (a * t + b) ** v[1], lambda u: (a * u + b) ** n, t)
        for t in (Fraction(2 - b, a), Fraction(1 - b, a))
    ),
)
def derivative_of_a_power(a: int, b: int, n: int) -> Choice:
    """The answers are pairs: coefficient and exponent of the same binomial."""
    inner = f"({latex.polynomial((a, b))})"
    return Choice(
        Said(
            ky=f"$f(x) = {inner}^{{{n}}}$ функциясынын туундусун тапкыла.",
            ru=f"Найдите производную функции $f(x) = {inner}^{{{n}}}$.",
            en=f"Find the derivative of the function $f(x) = {inner}^{{{n}}}$.",
        ),
        key=(n * a, n - 1),
        mistakes=(
            ((n, n - 1), "left out the derivative of the inner function"),
            ((n * a, n), "did not lower the power"),
            ((a, n - 1), "did not multiply by the power"),
        ),
        show=as_formula(lambda v: latex.multiple(v[0], latex.power(inner, v[1]))),
    )


@template(
    "ARX",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(range(2, 7), (1, 2, 3), given=lambda k, m: m * k**3 % 6 == 0),
    check=lambda x, k, m: x == Fraction(k, 6) * (4 * m * Fraction(k, 2) * (k - Fraction(k, 2))),
)
def area_under_a_parabola(k: int, m: int) -> Choice:
    """Between the roots 0 and k of mx(k-x)."""
    curve = f"y = {latex.sum_of(latex.multiple(m * k, 'x'), latex.multiple(-m, 'x^{2}'))}"
    return Choice(
        Said(
            ky=f"${curve}$ параболасы жана $Ox$ огу менен чектелген фигуранын аянтын тапкыла.",
            ru=f"Найдите площадь фигуры, ограниченной параболой ${curve}$ и осью $Ox$.",
            en=f"Find the area of the figure bounded by the parabola ${curve}$ and the $Ox$ axis.",
        ),
        key=Fraction(m * k**3, 2) - Fraction(m * k**3, 3),
        mistakes=(
            (Fraction(m * k**3, 4), "multiplied the base by the greatest height"),
            (Fraction(m * k**3, 8), "took the area of the triangle inside"),
            (Fraction(m * k**3, 3), "integrated the quadratic term only"),
            (Fraction(m * k**3, 2), "integrated the linear term only"),
        ),
    )


@template(
    "MAX",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        range(-3, 1),
        range(1, 4),
        range(-9, 10),
        range(-5, -1),
        range(2, 6),
        given=lambda r, s, c, m, n: (r + s) % 2 == 0 and r + s and c and m < r and s < n,
    ),
    check=lambda x, r, s, c, m, n: (
        x == max(at(cubic_with_extrema(r, s, c), Fraction(t, 10)) for t in range(10 * m, 10 * n + 1))
    ),
)
def greatest_value_on_a_segment(r: int, s: int, c: int, m: int, n: int) -> Entry:
    f = cubic_with_extrema(r, s, c)
    shown, segment = f"f(x) = {latex.polynomial(f)}", f"[{m}; {n}]"
    return Entry(
        Said(
            ky=f"${shown}$ функциясынын ${segment}$ кесиндисиндеги эң чоң маанисин тапкыла.",
            ru=f"Найдите наибольшее значение функции ${shown}$ на отрезке ${segment}$.",
            en=f"Find the greatest value of the function ${shown}$ on the interval ${segment}$.",
        ),
        key=int(max(at(f, r), at(f, n))),
    )


@template(
    "OPT",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(range(24, 145, 12)),
    check=lambda x, length: x == max(Fraction(w, 4) * (length - Fraction(w, 2)) for w in range(2 * length)),
)
def plot_beside_a_wall(length: int) -> Choice:
    return Choice(
        Said(
            ky=f"Тик бурчтуу жер тилкеси бир жагынан дубалга такалат, калган үч жагы узундугу {length} м "
            "тосмо менен тосулат. Тилкенин эң чоң аянты канча болушу мүмкүн?",
            ru="Прямоугольный участок одной стороной примыкает к стене, а с трёх остальных сторон его "
            f"обносят забором длиной {length} м. Какова наибольшая возможная площадь участка?",
            en="A rectangular plot lies along a wall on one side, and its other three sides are fenced "
            f"with {length} m of fence. What is the greatest possible area of the plot?",
        ),
        key=length * length // 8,
        mistakes=(
            (Fraction(length**2, 16), "shared the fence among four sides"),
            (Fraction(length**2, 9), "made the three sides equal"),
            (Fraction(length**2, 4), "multiplied the two halves of the fence"),
        ),
        show=lambda x: measured(str(x), "м²", "m²"),
        natural=lambda x: Fraction(x).denominator == 1,
    )
