"""Templates of geometry: triangles, rectangle, rhombus, circle, similar figures, cone."""

from fractions import Fraction
from math import cos, hypot, isclose, isqrt, radians, sin, sqrt

from itembank.generation import latex
from itembank.generation.template import Choice, Entry, as_formula, drawn, listed, template
from itembank.generation.wording import Said, decimal, measured

AREA = "geometry"
TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))
SINE_RADICAND = {30: 1, 60: 3, 120: 3, 150: 1}  # sin = √radicand / 2
COSINE_RADICAND = {30: 3, 60: 1, 120: 1, 150: 3}


def root_in_cm(square: Fraction | int) -> Said:
    return measured(latex.root_of(square), "см", "cm")


@template(
    "ISO",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn(range(22, 88, 2), given=lambda apex: apex not in (36, 60)),
    check=lambda x, apex: x + x + apex == 180,
)
def base_angle_of_an_isosceles_triangle(apex: int) -> Choice:
    return Choice(
        Said(
            ky=f"Тең капталдуу үч бурчтуктун чокусундагы бурчу ${apex}^\\circ$. Анын негизиндеги бурчун "
            "тапкыла.",
            ru=f"Угол при вершине равнобедренного треугольника равен ${apex}^\\circ$. Найдите угол при его "
            "основании.",
            en=f"The apex angle of an isosceles triangle is ${apex}^\\circ$. Find its base angle.",
        ),
        key=(180 - apex) // 2,
        mistakes=(
            (180 - apex, "found the sum of both base angles"),
            (180 - 2 * apex, "took the given angle for a base angle"),
            (90 - apex, "took the sum of the angles for a right angle"),
            (apex // 2, "halved the given angle"),
        ),
        show=as_formula(lambda x: f"{x}^\\circ"),
        natural=lambda x: 0 < x < 180,
    )


@template(
    "PYT",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(TRIPLES[:4], (1, 2, 3), given=lambda t, k: t[2] * k < 40),
    check=lambda x, t, k: x + (t[0] * k) ** 2 == (t[2] * k) ** 2,
)
def leg_of_a_right_triangle(t: tuple[int, int, int], k: int) -> Choice:
    """The answers are kept squared."""
    leg, hypotenuse = t[0] * k, t[2] * k
    return Choice(
        Said(
            ky=f"Тик бурчтуу үч бурчтуктун гипотенузасы {hypotenuse} см, катеттеринин бири {leg} см. Экинчи "
            "катетин тапкыла.",
            ru=f"Гипотенуза прямоугольного треугольника равна {hypotenuse} см, один из катетов равен {leg} "
            "см. Найдите второй катет.",
            en=f"The hypotenuse of a right triangle is {hypotenuse} cm long and one leg is {leg} cm long. "
            "Find the other leg.",
        ),
        key=(hypotenuse - leg) * (hypotenuse + leg),
        mistakes=(
            ((hypotenuse - leg) ** 2, "subtracted the sides instead of their squares"),
            (hypotenuse**2 + leg**2, "added the squares as if looking for the hypotenuse"),
            (hypotenuse + leg, "took the root of the sum of the sides"),
        ),
        show=root_in_cm,
    )


@template(
    "REC",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(range(24, 62, 2), range(4, 20), given=lambda p, a: 4 * a != p and 2 * a < p - 4),
    check=lambda x, p, a: 2 * (a + Fraction(x, a)) == p,
)
def area_of_a_rectangle(p: int, a: int) -> Choice:
    return Choice(
        Said(
            ky=f"Тик бурчтуктун периметри {p} см, бир жагы {a} см. Анын аянтын тапкыла.",
            ru=f"Периметр прямоугольника равен {p} см, одна из его сторон равна {a} см. Найдите его площадь.",
            en=f"The perimeter of a rectangle is {p} cm and one of its sides is {a} cm long. Find its area.",
        ),
        key=a * (p // 2 - a),
        mistakes=(
            (a * (p - a), "took the perimeter for the sum of two sides"),
            (a * (p - 2 * a), "did not halve the sum of the other two sides"),
            (a * p, "multiplied the side by the perimeter"),
            (p * p // 16, "took the rectangle for a square"),
        ),
        show=lambda x: measured(str(x), "см²", "cm²"),
    )


@template(
    "ARC",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(3, 25), (30, 40, 45, 60, 72, 80, 120, 135, 150), given=lambda r, a: r * a % 180 == 0),
    check=lambda x, r, a: x / Fraction(2 * r) == Fraction(a, 360),
)
def length_of_an_arc(r: int, a: int) -> Choice:
    """The answers are kept as multiples of pi."""
    return Choice(
        Said(
            ky=f"Айлананын радиусу {r} см. Анын ${a}^\\circ$ борбордук бурчуна туура келген жаасынын "
            "узундугун тапкыла.",
            ru=f"Радиус окружности равен {r} см. Найдите длину дуги, на которую опирается центральный угол "
            f"${a}^\\circ$.",
            en=f"The radius of a circle is {r} cm. Find the length of the arc of a central angle of "
            f"${a}^\\circ$.",
        ),
        key=Fraction(r * a, 180),
        mistakes=(
            (Fraction(r * a, 360), "took the radius for the diameter"),
            (Fraction(r * r * a, 360), "computed the area of the sector"),
            (Fraction(2 * r), "computed the length of the whole circle"),
            (Fraction(r * a, 90), "took the diameter for the radius"),
        ),
        show=lambda x: measured(latex.multiple(x, "\\pi"), "см", "cm"),
    )


@template(
    "SIM",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        range(4, 13),
        range(4, 19),
        range(12, 64, 2),
        given=lambda a, b, s: a < b and b % a and s * b * b % (a * a) == 0,
    ),
    check=lambda x, a, b, s: x == Fraction(b, 2) * (Fraction(2 * s, a) * Fraction(b, a)),
)
def area_of_a_similar_triangle(a: int, b: int, s: int) -> Entry:
    return Entry(
        Said(
            ky=f"Эки үч бурчтук окшош: биринчисинин {a} см жагына экинчисинин {b} см жагы туура келет. "
            f"Биринчи үч бурчтуктун аянты {s} см². Экинчи үч бурчтуктун аянтын (см² менен) тапкыла.",
            ru=f"Два треугольника подобны: стороне первого, равной {a} см, соответствует сторона второго, "
            f"равная {b} см. Площадь первого треугольника равна {s} см². Найдите площадь второго "
            "треугольника (в см²).",
            en=f"Two triangles are similar: a side of {a} cm in the first corresponds to a side of {b} cm "
            f"in the second. The area of the first triangle is {s} cm². Find the area of the second "
            "triangle (in cm²).",
        ),
        key=s * Fraction(b, a) ** 2,
    )


@template(
    "ARE",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        range(4, 13), range(5, 16), (30, 60, 120, 150), given=lambda a, b, angle: a < b and a * b % 4 == 0
    ),
    check=lambda x, a, b, angle: isclose(x[0] * sqrt(x[1]), a * b * sin(radians(angle)) / 2),
)
def area_of_a_triangle(a: int, b: int, angle: int) -> Choice:
    """The answers are pairs: coefficient and radicand."""
    sine = SINE_RADICAND[angle]
    return Choice(
        Said(
            ky=f"Үч бурчтуктун эки жагы {a} см жана {b} см, алардын арасындагы бурч ${angle}^\\circ$. Үч "
            "бурчтуктун аянтын тапкыла.",
            ru=f"Две стороны треугольника равны {a} см и {b} см, угол между ними равен ${angle}^\\circ$. "
            "Найдите площадь треугольника.",
            en=f"Two sides of a triangle are {a} cm and {b} cm long, and the angle between them is "
            f"${angle}^\\circ$. Find the area of the triangle.",
        ),
        key=(Fraction(a * b, 4), sine),
        mistakes=(
            ((Fraction(a * b, 2), sine), "left out the factor one half"),
            ((Fraction(a * b, 4), COSINE_RADICAND[angle]), "took the cosine instead of the sine"),
            ((Fraction(a * b, 2), 1), "left out the sine"),
            ((Fraction(a * b, 2), COSINE_RADICAND[angle]), "took the cosine and left out one half"),
        ),
        show=lambda x: measured(latex.surd(*x), "см²", "cm²"),
    )


@template(
    "COS",
    tier="raised",
    area=AREA,
    count=3,
    cases=listed((5, 8, 60), (6, 10, 120), (4, 6, 60)),
    check=lambda x, a, b, angle: isclose(
        sqrt(x), hypot(b - a * cos(radians(angle)), a * sin(radians(angle)))
    ),
)
def third_side_of_a_triangle(a: int, b: int, angle: int) -> Choice:
    """The answers are kept squared; twice the cosine is 1 or -1."""
    twice_cosine = 1 if angle == 60 else -1
    return Choice(
        Said(
            ky=f"Үч бурчтуктун эки жагы {a} см жана {b} см, алардын арасындагы бурч ${angle}^\\circ$. "
            "Үчүнчү жагын тапкыла.",
            ru=f"Две стороны треугольника равны {a} см и {b} см, угол между ними равен ${angle}^\\circ$. "
            "Найдите третью сторону.",
            en=f"Two sides of a triangle are {a} cm and {b} cm long, and the angle between them is "
            f"${angle}^\\circ$. Find the third side.",
        ),
        key=a * a + b * b - a * b * twice_cosine,
        mistakes=(
            (a * a + b * b, "used the theorem of Pythagoras"),
            (a * a + b * b + a * b * twice_cosine, "took the wrong sign of the cosine"),
            (a * a + b * b - 2 * a * b * twice_cosine, "took 1 for the cosine"),
        ),
        show=root_in_cm,
        natural=lambda x: x > 0,
    )


@template(
    "RHO",
    tier="raised",
    area=AREA,
    count=3,
    cases=listed(((3, 4, 5), 2), ((3, 4, 5), 5), ((7, 24, 25), 1), ((3, 4, 5), 4)),
    check=lambda x, t, k: t[2] * k * x == 4 * Fraction(t[0] * k * t[1] * k, 2),
)
def height_of_a_rhombus(t: tuple[int, int, int], k: int) -> Choice:
    first, second = 2 * t[0] * k, 2 * t[1] * k
    side = isqrt(first * first + second * second) // 2
    height = Fraction(first * second, 2 * side)
    return Choice(
        Said(
            ky=f"Ромбдун диагоналдары {first} см жана {second} см. Ромбдун бийиктигин тапкыла.",
            ru=f"Диагонали ромба равны {first} см и {second} см. Найдите высоту ромба.",
            en=f"The diagonals of a rhombus are {first} cm and {second} cm long. Find the height of the "
            "rhombus.",
        ),
        key=height,
        mistakes=(
            (2 * height, "took the product of the diagonals for the area"),
            (height / 2, "found the distance from the centre to a side"),
            (Fraction(side), "took the side for the height"),
            (Fraction(first + second, 4), "took the mean of the half diagonals"),
        ),
        show=lambda x: Said(ky=f"{decimal(x)} см", ru=f"{decimal(x)} см", en=f"{decimal(x)} cm"),
    )


@template(
    "CON",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(TRIPLES, (1, 2, 3), (0, 1), given=lambda t, k, i: t[i] * k % 3 == 0 and t[2] * k < 30),
    check=lambda x, t, k, i: (Fraction(3 * x) / (t[i] * k) ** 2) ** 2 == (t[2] * k) ** 2 - (t[i] * k) ** 2,
)
def volume_of_a_cone(t: tuple[int, int, int], k: int, i: int) -> Choice:
    """The answers are kept as multiples of pi; leg i of the triple is the radius."""
    radius, slant = t[i] * k, t[2] * k
    height = isqrt(slant**2 - radius**2)
    return Choice(
        Said(
            ky=f"Конустун негизинин радиусу {radius} см, түзүүчүсү {slant} см. Конустун көлөмүн тапкыла.",
            ru=f"Радиус основания конуса равен {radius} см, образующая равна {slant} см. Найдите объём "
            "конуса.",
            en=f"The base radius of a cone is {radius} cm and its slant height is {slant} cm. Find its "
            "volume.",
        ),
        key=radius**2 * height // 3,
        mistakes=(
            (radius**2 * height, "left out the factor one third"),
            (Fraction(radius**2 * slant, 3), "took the slant height for the height"),
            (Fraction(radius * height**2, 3), "exchanged the radius and the height"),
            (radius * slant, "computed the lateral surface"),
        ),
        show=lambda x: measured(latex.multiple(x, "\\pi"), "см³", "cm³"),
    )
