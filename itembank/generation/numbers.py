"""Templates of numbers and calculations: per cent, fractions, powers, roots, logarithms, digits."""

from fractions import Fraction
from math import isclose, isqrt, log

from itembank.generation import latex
from itembank.generation.template import Choice, Entry, as_formula, drawn, listed, template
from itembank.generation.wording import Said, decimal, everywhere

AREA = "numbers"


@template(
    "PER",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn(range(240, 920, 20), (15, 20, 30, 35, 40, 45, 60, 65), given=lambda n, p: n * p % 100 == 0),
    check=lambda x, n, p: Fraction(x, n) == Fraction(p, 100),
)
def per_cent_of_a_number(n: int, p: int) -> Choice:
    part = n * p // 100
    return Choice(
        Said(
            ky=f"Мектепте {n} окуучу окуйт. Алардын {p} пайызы спорт менен машыгат. Канча окуучу спорт "
            "менен машыгат?",
            ru=f"В школе учатся {n} детей, {p} % из них занимаются спортом. Сколько детей занимаются "
            "спортом?",
            en=f"A school has {n} students, and {p}% of them do sports. How many students do sports?",
        ),
        key=part,
        mistakes=(
            (n - part, "took the rest instead of the part"),
            (Fraction(n, p), "divided by the per cent"),
            (n - p, "subtracted the per cent as if it were a count"),
            (p, "took the per cent for the count"),
        ),
        natural=lambda x: 0 < x < n and Fraction(x).denominator == 1,
    )


@template(
    "FRA",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(
        range(1, 8),
        range(3, 13),
        range(1, 8),
        range(3, 13),
        given=lambda a, b, c, d: (
            a < b
            and c < d
            and b < d
            and d % b
            and Fraction(a, b).denominator == b
            and Fraction(c, d).denominator == d
            and Fraction(a, b) + Fraction(c, d) < 1
        ),
    ),
    check=lambda x, a, b, c, d: x - Fraction(c, d) == Fraction(a, b),
)
def sum_of_fractions(a: int, b: int, c: int, d: int) -> Choice:
    shown = f"\\frac{{{a}}}{{{b}}} + \\frac{{{c}}}{{{d}}}"
    return Choice(
        Said(ky=f"Эсептегиле: ${shown}$.", ru=f"Вычислите: ${shown}$.", en=f"Calculate ${shown}$."),
        key=Fraction(a, b) + Fraction(c, d),
        mistakes=(
            (Fraction(a + c, b + d), "added numerators and denominators separately"),
            (Fraction(a + c, b * d), "found the common denominator but did not expand the numerators"),
            (Fraction(a * c, b * d), "multiplied instead of adding"),
            (Fraction(a + c, d), "added the numerators over the greater denominator"),
        ),
        natural=lambda x: x.denominator <= 60,
    )


@template(
    "ORD",
    tier="basic",
    area=AREA,
    count=4,
    cases=drawn(
        range(-15, 16), range(3, 10), range(2, 10), range(5, 16), given=lambda a, b, c, d: a and c + 2 < d
    ),
    check=lambda x, a, b, c, d: x == a + sum(d - c for _ in range(b)),
)
def order_of_operations(a: int, b: int, c: int, d: int) -> Entry:
    shown = f"{a} - {b} \\cdot ({c} - {d})"
    return Entry(
        Said(
            ky=f"Туюнтманын маанисин тапкыла: ${shown}$.",
            ru=f"Найдите значение выражения ${shown}$.",
            en=f"Find the value of the expression ${shown}$.",
        ),
        key=a - b * (c - d),
    )


@template(
    "POW",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        (2, 3, 5, 7),
        range(2, 8),
        range(2, 6),
        (2, 3, 4),
        range(2, 9),
        given=lambda b, m, n, k, q: m != q < m + n * k,
    ),
    check=lambda x, b, m, n, k, q: b**m * (b**n) ** k == Fraction(b) ** (x + q),
)
def powers_of_one_base(b: int, m: int, n: int, k: int, q: int) -> Choice:
    over = f"{latex.power(b, m)} \\cdot \\left({latex.power(b, n)}\\right)^{{{k}}}"
    shown = f"\\frac{{{over}}}{{{latex.power(b, q)}}}"
    return Choice(
        Said(
            ky=f"Туюнтманы негизи {b} болгон даража түрүндө жазгыла: ${shown}$.",
            ru=f"Представьте выражение в виде степени с основанием {b}: ${shown}$.",
            en=f"Write the expression as a power of {b}: ${shown}$.",
        ),
        key=m + n * k - q,
        mistakes=(
            (m + n + k - q, "added exponents in a power of a power"),
            (m * n * k - q, "multiplied exponents in a product of powers"),
            (m + n * k + q, "added the exponent of the denominator"),
            (m + n**k - q, "raised the exponent to the outer power"),
        ),
        show=as_formula(lambda e: f"{b}^{{{e}}}"),
        natural=lambda e: 1 < e < 40,
    )


@template(
    "CHG",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(
        range(400, 4200, 200),
        (10, 20, 25, 30, 40),
        (10, 20, 25, 30, 40),
        given=lambda n, p, q: n * p * q % 10_000 == 0,
    ),
    check=lambda x, n, p, q: x / Fraction(100 - q, 100) - n == Fraction(p * n, 100),
)
def price_changed_twice(n: int, p: int, q: int) -> Choice:
    return Choice(
        Said(
            ky=f"Товардын баасы {n} сом эле. Адегенде анын баасы {p} пайызга көтөрүлдү, андан кийин жаңы "
            f"баасы {q} пайызга төмөндөдү. Товар эми канча сом турат?",
            ru=f"Товар стоил {n} сомов. Сначала его цена повысилась на {p} %, а затем новая цена снизилась "
            f"на {q} %. Сколько сомов стоит товар теперь?",
            en=f"An article cost {n} som. First its price rose by {p}%, then the new price fell by {q}%. "
            "What does the article cost now, in som?",
        ),
        key=n * (100 + p) * (100 - q) // 10_000,
        mistakes=(
            (n + Fraction(n * (p - q), 100), "took both per cents of the first price"),
            (Fraction(n * (100 + p), 100), "stopped after the first change"),
            (Fraction(n * (100 - p) * (100 - q), 10_000), "lowered the price twice"),
            (Fraction(n * (100 + p) * (100 + q), 10_000), "raised the price twice"),
        ),
    )


@template(
    "RAD",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(2, 8), range(2, 8), (3, 5, 7), given=lambda a, b, k: a != b),
    check=lambda x, a, b, k: x[0] ** 2 * x[1] == a * a * k + b * b * k + 2 * isqrt(a * a * k * b * b * k),
)
def sum_of_roots(a: int, b: int, k: int) -> Choice:
    first, second = a * a * k, b * b * k
    return Choice(
        Said(
            ky=f"Туюнтманы жөнөкөйлөткүлө: $\\sqrt{{{first}}} + \\sqrt{{{second}}}$.",
            ru=f"Упростите выражение $\\sqrt{{{first}}} + \\sqrt{{{second}}}$.",
            en=f"Simplify the expression $\\sqrt{{{first}}} + \\sqrt{{{second}}}$.",
        ),
        key=(a + b, k),
        mistakes=(
            ((1, first + second), "added the numbers under the roots"),
            ((a * b, k), "multiplied the factors taken out"),
            ((a + b, 2 * k), "added what remains under the roots as well"),
        ),
        show=as_formula(lambda x: latex.surd(*x)),
    )


@template(
    "LOG",
    tier="raised",
    area=AREA,
    count=3,
    cases=listed(((2, 2, 3), (3, 1, -2)), ((3, 2, 5), (5, 1, -1)), ((2, 4, 3), (7, 2, 1))),
    check=lambda x, p, q: isclose(
        x, log(p[0] ** p[2], p[0] ** p[1]) + log(float(q[0]) ** q[2], q[0] ** q[1])
    ),
)
def sum_of_logarithms(first: tuple[int, int, int], second: tuple[int, int, int]) -> Entry:
    """Each triple (b, m, n) stands for the logarithm of b^n to the base b^m."""
    shown = " + ".join(f"\\log_{{{b**m}}} {latex.number(Fraction(b) ** n)}" for b, m, n in (first, second))
    return Entry(
        Said(
            ky=f"Эсептегиле: ${shown}$. Жоопту ондук бөлчөк түрүндө жазгыла.",
            ru=f"Вычислите: ${shown}$. Ответ запишите десятичной дробью.",
            en=f"Calculate ${shown}$. Write the answer as a decimal.",
        ),
        key=Fraction(first[2], first[1]) + Fraction(second[2], second[1]),
    )


@template(
    "MIX",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(
        range(100, 700, 50),
        range(5, 45, 5),
        range(100, 700, 50),
        range(5, 75, 5),
        given=lambda m, p, n, q: m != n and q - p >= 10 and (m * p + n * q) % (m + n) == 0,
    ),
    check=lambda x, m, p, n, q: m * (x - p) == n * (q - x),
)
def mixture_of_solutions(m: int, p: int, n: int, q: int) -> Choice:
    return Choice(
        Said(
            ky=f"Туздун {p} пайыздык {m} г эритмесин анын {q} пайыздык {n} г эритмеси менен аралаштырышты. "
            "Пайда болгон эритмеде канча пайыз туз бар?",
            ru=f"Смешали {m} г {p}-процентного и {n} г {q}-процентного раствора соли. Сколько процентов "
            "соли в полученном растворе?",
            en=f"{m} g of a {p}% salt solution were mixed with {n} g of a {q}% salt solution. What is the "
            "percentage of salt in the mixture?",
        ),
        key=(m * p + n * q) // (m + n),
        mistakes=(
            (Fraction(p + q, 2), "took the mean of the percentages without the masses"),
            (Fraction(m * q + n * p, m + n), "weighted each percentage by the other mass"),
            (q - p, "subtracted the percentages"),
            (p + q, "added the percentages"),
        ),
        show=lambda x: everywhere(decimal(x)),
        natural=lambda x: 0 < x < 100 and 2 % Fraction(x).denominator == 0,
    )


@template(
    "LAS",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn((2, 3, 7, 8), range(2019, 2060)),
    check=lambda x, b, n: x == (b ** ((n - 1) % 4 + 1)) % 10,
)
def last_digit_of_a_power(b: int, n: int) -> Choice:
    return Choice(
        Said(
            ky=f"${b}^{{{n}}}$ санынын акыркы цифрасын тапкыла.",
            ru=f"Найдите последнюю цифру числа ${b}^{{{n}}}$.",
            en=f"Find the last digit of the number ${b}^{{{n}}}$.",
        ),
        key=pow(b, n, 10),
        mistakes=(
            (pow(b, n + 1, 10), "counted the period of the digits from the zeroth power"),
            (pow(b, n - 1, 10), "stopped one place too early in the period"),
            (pow(b, n + 2, 10), "took the period for two digits instead of four"),
        ),
    )
