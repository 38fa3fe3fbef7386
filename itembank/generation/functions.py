"""Templates of functions: values, lines, parabolas, domains, ranges, composition."""

from fractions import Fraction
from math import isclose, pi, sin

from itembank.generation import latex
from itembank.generation.template import Choice, as_formula, drawn, template
from itembank.generation.values import Interval, at, solves_everywhere
from itembank.generation.wording import Said

AREA = "functions"


@template(
    "VAL",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(
        (2, 3, 4, 5), (-7, -5, -4, -3, 3, 4, 5, 7), range(-9, 10), (-4, -3, -2), given=lambda a, b, c, x: c
    ),
    check=lambda y, a, b, c, x: y == at((a, b, c), x),
)
def value_of_a_function(a: int, b: int, c: int, x: int) -> Choice:
    f = latex.polynomial((a, b, c))
    return Choice(
        Said(
            ky=f"$f(x) = {f}$ функциясы берилген. $f({x})$ маанисин тапкыла.",
            ru=f"Дана функция $f(x) = {f}$. Найдите $f({x})$.",
            en=f"The function $f(x) = {f}$ is given. Find $f({x})$.",
        ),
        key=a * x**2 + b * x + c,
        mistakes=(
            (-a * x**2 + b * x + c, "kept the minus sign of the argument when squaring"),
            (a * x**2 - b * x + c, "lost the minus sign of the argument in the linear term"),
            ((a * x) ** 2 + b * x + c, "squared the coefficient together with the argument"),
        ),
    )


@template(
    "SLO",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(
        range(-5, 4),
        range(-6, 7),
        range(-2, 8),
        range(-6, 7),
        given=lambda a, b, c, d: a < c and b != d and a and d and a + c and abs(b - d) != c - a,
    ),
    check=lambda k, a, b, c, d: b + k * (c - a) == d,
)
def slope_of_a_line(a: int, b: int, c: int, d: int) -> Choice:
    points = f"$A({a}; {b})$", f"$B({c}; {d})$"
    return Choice(
        Said(
            ky=f"{points[0]} жана {points[1]} чекиттери аркылуу өткөн түз сызыктын бурчтук коэффициентин "
            "тапкыла.",
            ru=f"Найдите угловой коэффициент прямой, проходящей через точки {points[0]} и {points[1]}.",
            en=f"Find the slope of the line through the points {points[0]} and {points[1]}.",
        ),
        key=Fraction(d - b, c - a),
        mistakes=(
            (Fraction(c - a, d - b), "divided the change of x by the change of y"),
            (Fraction(b - d, c - a), "subtracted the coordinates in different orders"),
            (Fraction(b + d, a + c), "added the coordinates instead of subtracting them"),
            (Fraction(a - c, d - b), "turned the quotient over and lost its sign"),
        ),
        natural=lambda k: k != 0 and Fraction(k).denominator <= 9,
    )


@template(
    "CRO",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn((-5, -4, -3, -2, 2, 3, 4, 5), range(-6, 7), given=lambda k, x: x and abs(x) != 1),
    check=lambda p, k, x: p[1] == 0 and k * p[0] - k * x == 0,
)
def crossing_with_the_x_axis(k: int, x: int) -> Choice:
    b = -k * x
    line = f"y = {latex.polynomial((k, b))}"
    return Choice(
        Said(
            ky=f"${line}$ функциясынын графиги $Ox$ огун кайсы чекитте кесип өтөт?",
            ru=f"В какой точке график функции ${line}$ пересекает ось $Ox$?",
            en=f"At which point does the graph of the function ${line}$ cross the $Ox$ axis?",
        ),
        key=(Fraction(-b, k), Fraction(0)),
        mistakes=(
            ((Fraction(0), Fraction(b)), "gave the crossing with the other axis"),
            ((Fraction(b, k), Fraction(0)), "lost the sign in solving for x"),
            ((Fraction(0), Fraction(-b, k)), "wrote the coordinates in the wrong order"),
        ),
        show=as_formula(latex.pair),
    )


@template(
    "VER",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn((-3, -2, -1, 1, 2, 3), (-4, -3, -2, -1, 1, 2, 3, 4), range(-9, 10), given=lambda a, h, c: c),
    check=lambda p, a, h, c: all(at((a, -2 * a * h, c), p[0] + t) - p[1] == a * t * t for t in (-1, 0, 1)),
)
def vertex_of_a_parabola(a: int, h: int, c: int) -> Choice:
    b = -2 * a * h
    x = Fraction(-b, 2 * a)
    y = c - Fraction(b * b, 4 * a)
    f = f"y = {latex.polynomial((a, b, c))}"
    return Choice(
        Said(
            ky=f"${f}$ квадраттык функциясынын графиги — парабола. Анын чокусунун координаталарын тапкыла.",
            ru=f"График квадратичной функции ${f}$ — парабола. Найдите координаты её вершины.",
            en=f"The graph of the quadratic function ${f}$ is a parabola. Find the coordinates of its "
            "vertex.",
        ),
        key=(x, y),
        mistakes=(
            ((-x, y), "lost the minus sign of the abscissa"),
            ((x, Fraction(c)), "took the constant term for the ordinate"),
            ((2 * x, Fraction(c)), "divided by a instead of 2a"),
        ),
        show=as_formula(latex.pair),
    )


@template(
    "DOM",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        (1, 2, 3),
        range(-6, 7),
        (1, 2, 3, 4),
        range(-3, 10),
        given=lambda p, a, q, b: a and b and a + b and b > a + 1,
    ),
    check=lambda x, p, a, q, b: solves_everywhere([x], lambda t: p * t >= p * a and q * t <= q * b),
)
def domain_of_two_roots(p: int, a: int, q: int, b: int) -> Choice:
    second = latex.sum_of(str(q * b), latex.multiple(-q, "x"))
    shown = f"y = \\sqrt{{{latex.polynomial((p, -p * a))}}} + \\sqrt{{{second}}}"
    return Choice(
        Said(
            ky=f"Функциянын аныкталуу областын тапкыла: ${shown}$.",
            ru=f"Найдите область определения функции ${shown}$.",
            en=f"Find the domain of the function ${shown}$.",
        ),
        key=Interval(a, b),
        mistakes=(
            (Interval(a, b, closed=False), "left out the points where a root is zero"),
            (Interval(-b, -a), "lost the signs in solving the conditions"),
            (Interval(a, None), "used the condition of the first root only"),
            (Interval(None, b), "used the condition of the second root only"),
        ),
        show=as_formula(latex.interval),
    )


@template(
    "COM",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn((2, 3, 4, 5), range(-7, 8), range(-6, 7), (-3, -2, 2, 3), given=lambda a, b, c, t: b and c),
    check=lambda y, a, b, c, t: Fraction(y - b, a) - t * t == c,
)
def composition_of_functions(a: int, b: int, c: int, t: int) -> Choice:
    f, g = f"$f(x) = {latex.polynomial((a, b))}$", f"$g(x) = {latex.polynomial((1, 0, c))}$"
    inner, outer = t * t + c, a * t + b
    return Choice(
        Said(
            ky=f"{f} жана {g} функциялары берилген. $f(g({t}))$ маанисин тапкыла.",
            ru=f"Даны функции {f} и {g}. Найдите $f(g({t}))$.",
            en=f"The functions {f} and {g} are given. Find $f(g({t}))$.",
        ),
        key=a * inner + b,
        mistakes=(
            (outer * outer + c, "applied the functions in the opposite order"),
            (outer * inner, "multiplied the values of the functions"),
            (outer + inner, "added the values of the functions"),
        ),
    )


@template(
    "SIN",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn((2, 3, 4, 5), (2, 3, 4), range(-4, 8), given=lambda a, k, b: b and a != b and abs(b) != 1),
    check=lambda x, a, k, b: (
        isclose(float(x.low), min(b - a * sin(k * t * pi / 720) for t in range(1440)))
        and isclose(float(x.high), max(b - a * sin(k * t * pi / 720) for t in range(1440)))
    ),
)
def range_of_a_sine(a: int, k: int, b: int) -> Choice:
    shown = f"y = {b} - {a}\\sin {k}x"
    return Choice(
        Said(
            ky=f"Функциянын маанилеринин көптүгүн тапкыла: ${shown}$.",
            ru=f"Найдите множество значений функции ${shown}$.",
            en=f"Find the range of the function ${shown}$.",
        ),
        key=Interval(b - a, b + a),
        mistakes=(
            (Interval(-a, a), "left out the shift along the axis of ordinates"),
            (Interval(b - 1, b + 1), "left out the factor before the sine"),
            (Interval(b - a * k, b + a * k), "multiplied by the coefficient of the argument as well"),
        ),
        show=as_formula(latex.interval),
    )


@template(
    "SEG",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        (-3, -2, -1, 1, 2, 3),
        range(-6, 8),
        range(-3, 1),
        range(1, 7),
        given=lambda h, c, m, n: m < h < n and abs(h - m) != abs(n - h) and c,
    ),
    check=lambda x, h, c, m, n: (
        x.closed
        and [x.low, x.high]
        == [pick(at((1, -2 * h, c), Fraction(t, 4)) for t in range(4 * m, 4 * n + 1)) for pick in (min, max)]
    ),
)
def range_on_a_segment(h: int, c: int, m: int, n: int) -> Choice:
    f = (1, -2 * h, c)
    lowest, left, right = c - h * h, at(f, m), at(f, n)
    shown, segment = f"y = {latex.polynomial(f)}", f"[{m}; {n}]"
    return Choice(
        Said(
            ky=f"${shown}$ функциясынын ${segment}$ кесиндисиндеги маанилеринин көптүгүн тапкыла.",
            ru=f"Найдите множество значений функции ${shown}$ на отрезке ${segment}$.",
            en=f"Find the range of the function ${shown}$ on the interval ${segment}$.",
        ),
        key=Interval(lowest, max(left, right)),
        mistakes=(
            (Interval(min(left, right), max(left, right)), "looked at the ends of the segment only"),
            (Interval(lowest, min(left, right)), "took the lower end for the greatest value"),
            (Interval(lowest, None), "ignored the segment"),
        ),
        show=as_formula(latex.interval),
    )


@template(
    "TCH",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        range(-6, 7),
        range(-5, 6),
        range(-5, 6),
        given=lambda b, k, m: b and k and m and (b - k) % 2 == 0 and abs(b) != abs(k),
    ),
    check=lambda c, b, k, m: all(
        at((1, b, c), Fraction(k - b, 2) + t) - k * (Fraction(k - b, 2) + t) - m == t * t for t in (-1, 0, 1)
    ),
)
def line_touching_a_parabola(b: int, k: int, m: int) -> Choice:
    curve = f"y = {latex.sum_of(latex.polynomial((1, b, 0)), 'c')}"
    line = f"y = {latex.polynomial((k, m))}"
    gap = Fraction((b - k) ** 2, 4)
    return Choice(
        Said(
            ky=f"$c$ параметринин кандай маанисинде ${line}$ түз сызыгы менен ${curve}$ параболасынын бир "
            "гана жалпы чекити болот?",
            ru=f"При каком значении $c$ прямая ${line}$ и парабола ${curve}$ имеют ровно одну общую точку?",
            en=f"For which value of $c$ do the line ${line}$ and the parabola ${curve}$ have exactly one "
            "common point?",
        ),
        key=m + gap,
        mistakes=(
            (gap, "left out the constant term of the line"),
            (m - gap, "lost the sign in solving the discriminant equation"),
            (m + Fraction((b + k) ** 2, 4), "added the linear coefficients instead of subtracting them"),
            (m + 4 * gap, "left out the 4 in the discriminant"),
        ),
    )
