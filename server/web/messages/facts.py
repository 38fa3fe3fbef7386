"""Facts as words: what a sentence's %(name)s becomes in the reader's language.

`starts_at` is also offered as `starts_time` (the hour alone) and `limit_s` as `limit_min` (in minutes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache

from server.core.i18n import local_time, number
from server.web.messages.words import lawful_editions, word_for

NOTHING = "—"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
HOUR = re.compile(r"\d\d:\d\d:\d\d")
WHOLE_DAY, SECONDS_A_MINUTE, DIGITS_MAX = "d MMMM y", 60, 15
# What these name is a code wherever it comes from.
CODED = frozenset({"subject", "subjects", "language", "languages", "tier", "tiers", "part", "leak_cause",
                   "rewriting"})


def derived(name: str) -> tuple[str, ...]:
    """The names under which a fact of this name is offered besides its own."""
    if name.endswith("_at"):
        return (name.removesuffix("_at") + "_time",)
    return (name.removesuffix("_s") + "_min",) if name.endswith("_s") else ()


def spoken(facts: Mapping[str, object], clause: str = "") -> dict[str, str]:
    """Every fact as text, with the derived ones; codes get their titles where a clause says whose."""
    said: dict[str, str] = {}
    for name, value in facts.items():
        fact = _restored(value)
        for other in derived(name):
            if isinstance(fact, datetime):
                said[other] = local_time(fact, zone(), _hour_pattern(fact))
            elif (seconds := _seconds(fact)) is not None:
                said[other] = minutes(seconds)
    return said | {name: _coded(value) if name in CODED else say(value, clause)
                   for name, value in facts.items()}


def say(fact: object, clause: str = "") -> str:
    """One fact as text."""
    fact = _restored(fact)
    if fact is None or fact == "" or fact == [] or fact == {}:
        return NOTHING
    if isinstance(fact, datetime):
        return local_time(fact, zone(), f"{WHOLE_DAY}, {_hour_pattern(fact)}")
    if isinstance(fact, date):
        return local_time(datetime.combine(fact, time(12), UTC), "UTC", WHOLE_DAY)
    if isinstance(fact, time):
        return fact.isoformat("seconds" if fact.second else "minutes")
    if isinstance(fact, float | Decimal):
        return _decimal(Decimal(str(fact)))
    if isinstance(fact, Mapping):
        return _joined(f"{say(key, clause)} – {say(value, clause)}" for key, value in fact.items())
    if isinstance(fact, list | tuple | set | frozenset):
        pairs = all(isinstance(each, list | tuple) for each in fact)
        return _joined(" – ".join(say(part, clause) for part in each) if pairs else say(each, clause)
                       for each in fact)
    return word_for(fact, clause) if clause and isinstance(fact, str) else str(fact)


def _coded(value: object) -> str:
    listed = value.split(", ") if isinstance(value, str) else value
    codes = listed if isinstance(listed, list | tuple | set | frozenset) else [listed]
    return _joined(word_for(str(code), "") for code in codes if code) or NOTHING


def minutes(seconds: int) -> str:
    """Seconds in minutes: 1800 is 30, 1801 is 30:01."""
    whole, rest = divmod(seconds, SECONDS_A_MINUTE)
    return f"{whole}:{rest:02}" if rest else str(whole)


@cache
def zone() -> str:
    """The time zone of the law in force."""
    return lawful_editions()[0].zone.key


def _restored(value: object) -> object:
    """A fact as it was before a ruling stored it as JSON."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):  # what only looks like a date stays text
        if INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
        if DAY.fullmatch(value):
            return date.fromisoformat(value)
        if HOUR.fullmatch(value):
            return time.fromisoformat(value)
    return value


def _seconds(fact: object) -> int | None:
    if isinstance(fact, bool) or not isinstance(fact, int | float | str | Decimal):
        return None
    try:
        value = Decimal(str(fact))
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and value.adjusted() < DIGITS_MAX else None


def _hour_pattern(at: datetime) -> str:
    return "HH:mm:ss" if at.second else "HH:mm"


def _decimal(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > DIGITS_MAX:
        return str(value)
    return number(float(value), max(0, -int(value.normalize().as_tuple().exponent)))


def _joined(parts: Iterable[str]) -> str:
    listed = list(parts)
    return ("; " if any("," in part for part in listed) else ", ").join(listed)
