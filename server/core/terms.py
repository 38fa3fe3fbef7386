"""Value types of policy data: titles in three languages, days of the year, terms in days.
Also the two comparisons every rule shares, so that all of them are exact to the second."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7
Counting = Literal["calendar_days", "working_days", "exact"]
LANGUAGES = ("ky", "ru", "en")
TYPED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
PAGE_DIGITS = 6
TYPED_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)


def typed_day(text: str) -> date:
    """The day in a form: as people write it, 31.12.2026, or as browsers send it; ValueError where it is none."""
    found = TYPED.fullmatch(text.strip())
    return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text.strip())


def typed_hour(text: str) -> time:
    """The hour in a form, 9:30 or 09.30; ValueError where it is none."""
    if found := TYPED_HOUR.fullmatch(text.strip()):
        return time(int(found[1]), int(found[2]))
    raise ValueError("no hour")


def typed_page(text: str) -> int:
    """The number of a page in an address; the first where it is none, or more digits than any has."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= PAGE_DIGITS else 1


@dataclass(frozen=True, kw_only=True)
class Named:
    """A code with its title in the three languages of the product."""

    code: str
    ky: str
    ru: str
    en: str

    def title(self, language: str) -> str:
        """The title in a language of the product; any other language is a bug."""
        return {"ky": self.ky, "ru": self.ru, "en": self.en}[language]


N = TypeVar("N", bound=Named)


def find(entries: Iterable[N], code: str) -> N | None:
    """The entry of that code, if the list has it."""
    return next((entry for entry in entries if entry.code == code), None)


def codes(entries: Iterable[Named]) -> tuple[str, ...]:
    """The codes of a list, in its order."""
    return tuple(entry.code for entry in entries)


@dataclass(frozen=True)
class MonthDay:
    """A day that returns every year, written "05-25"."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> MonthDay:
        """The day written as month-day; ValueError if no leap year has it."""
        day = date.fromisoformat(f"2000-{text}")
        return cls(day.month, day.day)

    def of(self, year: int) -> date:
        """That day of a year; 29 February falls on the last day of the month in common years."""
        return date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """A day of every year on which nobody works."""

    on: MonthDay
    ky: str
    ru: str
    en: str


@dataclass(frozen=True, kw_only=True)
class DatedDay:
    """One day on which nobody works, as a holiday that moves; or `is_working`, a weekend that is worked instead."""

    on: date
    ky: str
    ru: str
    en: str
    is_working: bool = False


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Which days are worked: all but `days_off` (1 is Monday) and holidays; an empty one knows no free day."""

    days_off: tuple[int, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    dated: tuple[DatedDay, ...] = ()

    def __post_init__(self) -> None:
        if not set(self.days_off) < set(range(1, DAYS_A_WEEK + 1)):
            raise ValueError("days_off: one day of the week at least is worked, 1 is Monday")

    def is_working(self, day: date) -> bool:
        """Whether that day is worked; what is said of the day itself goes before what is said of all years."""
        for each in self.dated:
            if each.on == day:
                return each.is_working
        is_holiday = any(each.on.of(day.year) == day for each in self.holidays)
        return day.isoweekday() not in self.days_off and not is_holiday

    def after(self, day: date, n: int) -> date:
        """The nth working day after that day."""
        for _ in range(n):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
        return day


EVERY_DAY = Calendar()


@dataclass(frozen=True, kw_only=True)
class Term:
    """So many days, counted as whole calendar or working days, or as exact multiples of 24 hours."""

    days: int
    counting: Counting

    def last(self, start: datetime, zone: ZoneInfo, calendar: Calendar = EVERY_DAY) -> datetime:
        """The last admissible moment of the term that began at `start`."""
        if self.counting == "exact":
            return start.astimezone(UTC) + timedelta(days=self.days)
        began = local_day(start, zone)
        is_worked = self.counting == "working_days"
        last = calendar.after(began, self.days) if is_worked else began + timedelta(days=self.days)
        return end_of_day(last, zone)


def in_time(moment: datetime, last: datetime) -> bool:
    """Whether a moment is not later than `last`, fractions of a second disregarded in favour."""
    return moment - last < timedelta(seconds=1)


def whole_seconds(since: datetime, until: datetime) -> int:
    """Complete seconds from one instant to another; negative before it."""
    return (until - since) // timedelta(seconds=1)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The date on the wall calendar of the zone."""
    return moment.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last whole second of a local day, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """The same day some years later."""
    return add_months(day, years * MONTHS_A_YEAR)
