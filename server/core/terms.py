"""Value types of policy data: titles in three languages, days of the year, terms in days.
Also the two comparisons every rule shares, so that all of them are exact to the second."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

MONTHS_A_YEAR = 12
Counting = Literal["calendar_days", "exact"]
LANGUAGES = ("ky", "ru", "en")


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
class Term:
    """So many days, counted as whole calendar days or as exact multiples of 24 hours."""

    days: int
    counting: Counting

    def last(self, start: datetime, zone: ZoneInfo) -> datetime:
        """The last admissible moment of the term that began at `start`."""
        if self.counting == "exact":
            return start.astimezone(UTC) + timedelta(days=self.days)
        return end_of_day(local_day(start, zone) + timedelta(days=self.days), zone)


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
