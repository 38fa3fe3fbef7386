"""Invented candidates, the same every time, as an admission list a school department would send."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

GIRLS = (
    "Айгерим", "Бегимай", "Нурайым", "Адинай", "Мээрим", "Жибек", "Анна", "Асель", "Камила", "Элнура", "Дарья",
    "Гүлзат", "Айпери", "Сезим", "Диана",
)  # fmt: skip
BOYS = (
    "Нурбек", "Айбек", "Эржан", "Бакыт", "Улан", "Данияр", "Тимур", "Азамат", "Максат", "Илья", "Чынгыз", "Нурсултан",
    "Алексей", "Эмир", "Кубан",
)  # fmt: skip
FAMILIES = (
    "Асанов", "Токтоналиев", "Мамытов", "Сапарбеков", "Өмүрзаков", "Жээнбеков", "Касымов", "Кыдыралиев", "Иванов",
    "Рахимов", "Осмонов", "Бейшеналиев", "Турдубаев", "Үсөнов", "Кадыров", "Шаршенов", "Абдылдаев",
)  # fmt: skip
FATHERS = ("Асан", "Марат", "Бакыт", "Талант", "Эркин", "Руслан", "Нурлан")
SCHOOLS = (
    "№ 5 гимназия, Бишкек", "№ 13 орто мектеп, Бишкек", "№ 61 физика-математика лицейи, Бишкек",
    "№ 24 школа-гимназия, Бишкек", "№ 70 орто мектеп, Бишкек", "№ 2 орто мектеп, Токмок",
)  # fmt: skip
SCHOOLS_OF = {"bishkek": SCHOOLS[:5], "chuy": (SCHOOLS[5], "№ 4 орто мектеп, Кант")}  # by education department
DOCUMENT = "passport"
HEADER = (
    "family_name", "given_name", "patronymic", "birth_date", "school", "language", "document_kind",
    "document_number", "photo",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One invented candidate."""

    family_name: str
    given_name: str
    patronymic: str
    birth_date: date
    school: str
    language: str
    document_number: str


def people(count: int) -> list[Person]:
    """`count` different people; the first ones are those of the demonstration."""
    return [_person(n) for n in range(count)]


def pupils(schools: Sequence[str], count: int, first: int) -> list[Person]:
    """`count` others, from `first` on, in turn from each of these schools."""
    return [replace(_person(n), school=schools[n % len(schools)]) for n in range(first, first + count)]


def _person(n: int) -> Person:
    is_girl = n % 2 == 0
    given = (GIRLS if is_girl else BOYS)[(n // 2) % 15]
    family = FAMILIES[(n * 7) % 17] + ("а" if is_girl else "")
    father = FATHERS[(n * 3) % 7] + (" кызы" if is_girl else " уулу")
    school = (n * 5 + n // 6) % len(SCHOOLS)
    return Person(
        family, given, father, date(2008, 9, 1) + timedelta(days=(n * 37) % 365), SCHOOLS[school],
        "ru" if school == 3 or n % 5 == 4 else "ky", f"AN{1_000_000 + n * 7919 % 8_999_999}",
    )  # fmt: skip


def admission_list(persons: list[Person]) -> bytes:
    """The list as a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for p in persons:
        writer.writerow(
            (p.family_name, p.given_name, p.patronymic, p.birth_date.isoformat(), p.school, p.language, DOCUMENT,
             p.document_number, f"{p.document_number}.png")
        )  # fmt: skip
    return out.getvalue().encode()
