"""Templates of probability and statistics: equally likely outcomes, combinations, averages, events."""

from fractions import Fraction
from itertools import combinations, product
from math import comb, perm
from random import Random

from itembank.generation.template import Choice, Entry, drawn, sampled, template
from itembank.generation.wording import Said, decimal, everywhere

AREA = "probability"


def is_probability(x: Fraction | int) -> bool:
    return 0 < x < 1


def in_a_row(values: tuple[int, ...]) -> str:
    return ", ".join(str(value) for value in values)


def times_ru(n: int) -> str:
    return f"{n} {'раза' if n in (2, 3, 4) else 'раз'}"


@template(
    "URN",
    tier="basic",
    area=AREA,
    count=5,
    cases=drawn(
        range(5, 10), range(5, 10), range(5, 10), given=lambda r, b, g: len({r, b, g}) == 3 and r + b + g < 21
    ),
    check=lambda x, r, b, g: x * len("r" * r + "b" * b + "g" * g) == ("r" * r + "b" * b + "g" * g).count("b"),
)
def ball_from_a_box(r: int, b: int, g: int) -> Choice:
    total = r + b + g
    return Choice(
        Said(
            ky=f"Кутуда {total} шар бар: {r} кызыл, {b} көк жана {g} жашыл. Кутудан туш келди бир шар "
            "алынды. Анын көк болуу ыктымалдуулугун тапкыла.",
            ru=f"В коробке {total} шаров: {r} красных, {b} синих и {g} зелёных. Из коробки наугад взяли "
            "один шар. Найдите вероятность того, что он синий.",
            en=f"A box holds {total} balls: {r} red, {b} blue and {g} green. One ball is taken at random. "
            "Find the probability that it is blue.",
        ),
        key=Fraction(b, total),
        mistakes=(
            (Fraction(b, r + g), "compared with the other balls instead of all balls"),
            (Fraction(r + g, total), "found the probability of the opposite event"),
            (Fraction(1, 3), "took the three colours for equally likely"),
            (Fraction(1, b), "divided one by the favourable outcomes"),
        ),
        natural=is_probability,
    )


@template(
    "AVG",
    tier="basic",
    area=AREA,
    count=4,
    cases=sampled(lambda rng: tuple(rng.sample(range(3, 40), rng.choice((4, 5))))),
    check=lambda x, *numbers: sum(number - x for number in numbers) == 0,
)
def arithmetic_mean(*numbers: int) -> Entry:
    row = in_a_row(numbers)
    return Entry(
        Said(
            ky=f"Сандардын арифметикалык орточосун тапкыла: {row}.",
            ru=f"Найдите среднее арифметическое чисел: {row}.",
            en=f"Find the arithmetic mean of the numbers {row}.",
        ),
        key=Fraction(sum(numbers), len(numbers)),
    )


def unsorted_row(rng: Random) -> tuple[int, ...]:
    """Seven different numbers with a whole mean, the middle one not already in the middle."""
    while True:
        row = rng.sample(range(2, 30), 7)
        if sum(row) % 7 == 0 and len({sorted(row)[3], row[3], sum(row) // 7}) == 3:
            return tuple(row)


@template(
    "MED",
    tier="basic",
    area=AREA,
    count=4,
    cases=sampled(unsorted_row),
    check=lambda x, *row: sum(n < x for n in row) == sum(n > x for n in row) == len(row) // 2,
)
def median_of_a_row(*row: int) -> Choice:
    ordered = sorted(row)
    return Choice(
        Said(
            ky=f"Сандар катарынын медианасын тапкыла: {in_a_row(row)}.",
            ru=f"Найдите медиану ряда чисел: {in_a_row(row)}.",
            en=f"Find the median of the numbers {in_a_row(row)}.",
        ),
        key=ordered[3],
        mistakes=(
            (row[3], "took the middle number without ordering the row"),
            (sum(row) // 7, "computed the arithmetic mean"),
            (ordered[-1] - ordered[0], "computed the spread of the row"),
            ((ordered[-1] + ordered[0]) // 2, "took the middle between the least and the greatest"),
        ),
    )


@template(
    "WOR",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(3, 10), range(5, 10), given=lambda w, b: w != b),
    check=lambda x, w, b: (
        x == Fraction(sum(pair == ("w", "w") for pair in combinations("w" * w + "b" * b, 2)), comb(w + b, 2))
    ),
)
def two_balls_at_once(w: int, b: int) -> Choice:
    n = w + b
    return Choice(
        Said(
            ky=f"Кутуда {n} шар бар: {w} ак, калгандары кара. Туш келди эки шар бир убакта алынды. "
            "Эки шардын тең ак болуу ыктымалдуулугун тапкыла.",
            ru=f"В коробке {n} шаров: {w} белых, остальные чёрные. Наугад одновременно взяли два шара. "
            "Найдите вероятность того, что оба шара белые.",
            en=f"A box holds {n} balls: {w} are white, the others are black. Two balls are taken at random "
            "at once. Find the probability that both balls are white.",
        ),
        key=Fraction(w * (w - 1), n * (n - 1)),
        mistakes=(
            (Fraction(w * w, n * n), "put the first ball back before taking the second"),
            (Fraction(w * (w - 1), n * n), "took away the first ball among the white ones only"),
            (Fraction(w, n), "found the probability for one ball"),
            (Fraction(w - 1, n - 1), "found the probability for the second ball only"),
        ),
        natural=is_probability,
    )


@template(
    "CMB",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(7, 20), (2, 3)),
    check=lambda x, n, k: x == sum(1 for _ in combinations(range(n), k)),
)
def ways_to_choose(n: int, k: int) -> Choice:
    how_many = {2: ("эки", "двух", "two"), 3: ("үч", "трёх", "three")}[k]
    return Choice(
        Said(
            ky=f"Ийримде {n} окуучу бар. Олимпиадага катышуу үчүн алардан {how_many[0]} окуучуну канча ыкма "
            "менен тандап алууга болот?",
            ru=f"В кружке занимаются {n} учеников. Сколькими способами можно выбрать из них {how_many[1]} "
            "учеников для участия в олимпиаде?",
            en=f"A club has {n} students. In how many ways can {how_many[2]} of them be chosen to take part "
            "in an olympiad?",
        ),
        key=comb(n, k),
        mistakes=(
            (perm(n, k), "took the order of the choice into account"),
            (n * k, "multiplied the numbers given"),
            (n**k, "let the same student be chosen again"),
            (comb(n + k - 1, k), "counted choices with repetition"),
        ),
    )


@template(
    "ONE",
    tier="medium",
    area=AREA,
    count=5,
    cases=drawn(range(3, 10), range(3, 10), given=lambda p, q: p != q),
    check=lambda x, p, q: x == Fraction(p * (10 - q) + (10 - p) * q + p * q, 100),
)
def at_least_one_succeeds(p: int, q: int) -> Entry:
    first, second = decimal(Fraction(p, 10)), decimal(Fraction(q, 10))
    return Entry(
        Said(
            ky=f"Биринчи окуучунун маселени чыгаруу ыктымалдуулугу {first}, экинчисиники — {second}. Алар "
            "бири-бирине көз каранды эмес иштешет. Маселени жок дегенде бирөөнүн чыгаруу ыктымалдуулугун "
            "тапкыла.",
            ru=f"Вероятность того, что задачу решит первый ученик, равна {first}, второй — {second}. "
            "Ученики работают независимо друг от друга. Найдите вероятность того, что задачу решит хотя бы "
            "один из них.",
            en=f"The first student solves a problem with probability {first}, the second with probability "
            f"{second}. They work independently. Find the probability that at least one of them solves the "
            "problem.",
        ),
        key=1 - Fraction((10 - p) * (10 - q), 100),
    )


@template(
    "BIN",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn((4, 5, 6), (2, 3, 4), given=lambda n, k: k < n),
    check=lambda x, n, k: x == Fraction(sum(sum(toss) == k for toss in product((0, 1), repeat=n)), 2**n),
)
def heads_in_tosses(n: int, k: int) -> Choice:
    return Choice(
        Said(
            ky=f"Тыйын {n} жолу ыргытылды. Герб жагы так {k} жолу түшүү ыктымалдуулугун тапкыла.",
            ru=f"Монету бросили {times_ru(n)}. Найдите вероятность того, что герб выпал ровно {times_ru(k)}.",
            en=f"A coin is tossed {n} times. Find the probability of getting exactly {k} heads.",
        ),
        key=Fraction(comb(n, k), 2**n),
        mistakes=(
            (Fraction(k, n), "divided the number of heads by the number of tosses"),
            (Fraction(1, 2**n), "counted one order of the outcomes only"),
            (Fraction(1, 2**k), "left out the other tosses"),
            (Fraction(k, 2**n), "took the number of heads for the number of orders"),
        ),
        natural=lambda x: is_probability(x) and x.denominator <= 64,
    )


@template(
    "TOT",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn((20, 30, 40, 60, 70, 80), range(1, 7), range(1, 7), given=lambda w, p, q: abs(p - q) > 1),
    check=lambda x, w, p, q: (
        x * 10_000
        == sum(
            (made < w) * (flaw < p) + (made >= w) * (flaw < q) for made in range(100) for flaw in range(100)
        )
    ),
)
def part_of_two_machines(w: int, p: int, q: int) -> Choice:
    v = 100 - w
    return Choice(
        Said(
            ky=f"Биринчи станок бардык тетиктердин {w} пайызын, экинчиси калган {v} пайызын чыгарат. "
            f"Биринчи станок чыгарган тетиктердин {p} пайызы, экинчи станок чыгаргандардын {q} пайызы "
            "жараксыз. Туш келди алынган тетиктин жараксыз болуу ыктымалдуулугун тапкыла.",
            ru=f"Первый станок выпускает {w} % всех деталей, второй — остальные {v} %. Среди деталей "
            f"первого станка {p} % бракованных, среди деталей второго — {q} %. Найдите вероятность того, "
            "что взятая наугад деталь бракованная.",
            en=f"The first machine makes {w}% of all parts, the second makes the remaining {v}%. Of the "
            f"parts made by the first machine {p}% are faulty, of those made by the second {q}%. Find the "
            "probability that a part taken at random is faulty.",
        ),
        key=Fraction(w * p + v * q, 10_000),
        mistakes=(
            (Fraction(p + q, 200), "took the mean of the shares without the weights"),
            (Fraction(p + q, 100), "added the shares of faulty parts"),
            (Fraction(w * q + v * p, 10_000), "weighted each share by the other machine"),
        ),
        show=lambda x: everywhere(decimal(x)),
    )


@template(
    "MEA",
    tier="raised",
    area=AREA,
    count=3,
    cases=drawn(range(5, 13), range(9, 30), range(9, 30), given=lambda n, m, k: m != k and abs(m - k) < 4),
    check=lambda x, n, m, k: Fraction(n * m - x, n - 1) == k,
)
def number_taken_out(n: int, m: int, k: int) -> Choice:
    return Choice(
        Said(
            ky=f"{n} сандын арифметикалык орточосу {m} болчу. Бир сан алынып салынганда, калган сандардын "
            f"арифметикалык орточосу {k} болуп калды. Алынып салынган санды тапкыла.",
            ru=f"Имеется набор из {n} чисел, их среднее арифметическое равно {m}. Когда одно число убрали, "
            f"среднее арифметическое остальных чисел стало равно {k}. Найдите это число.",
            en=f"The arithmetic mean of {n} numbers is {m}. When one number is taken out, the mean of the "
            f"remaining numbers is {k}. Find the number taken out.",
        ),
        key=n * m - (n - 1) * k,
        mistakes=(
            ((n + 1) * k - n * m, "treated the number as added instead of taken out"),
            (2 * m - k, "averaged the two means"),
            (n * abs(m - k), "kept the number of numbers unchanged"),
            (m + k, "added the two means"),
        ),
        natural=lambda x: x > 0,
    )
