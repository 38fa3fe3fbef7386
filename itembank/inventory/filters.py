"""What somebody looks for in the bank: read from the address of the page, and written back into it.
Only what is not secret can be asked: codes, classes, states, figures; never a word of an item."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from itembank.authoring.machine import FROZEN
from itembank.authoring.models import OPEN_STATES
from itembank.items.content import TIERS
from itembank.items.parts import TYPES
from server.core.terms import LANGUAGES

STATES = (*OPEN_STATES, *FROZEN, "retired")
SORTS = ("code", "saved", "b", "given")
LARGEST_PAGE = 1_000_000
LONGEST = 40


@dataclass(frozen=True)
class Filters:
    """What is looked for; empty parts ask nothing. Numbers are bounds, both included."""

    code: str = ""
    subject: str = ""
    tier: str = ""
    area: str = ""
    type: str = ""
    language: str = ""
    missing: str = ""
    state: str = ""
    family: str = ""
    a_min: float | None = None
    b_min: float | None = None
    b_max: float | None = None
    given_min: int | None = None
    given_max: int | None = None
    is_stale: bool = False
    sort: str = "code"
    page: int = 1
    wrong: tuple[str, ...] = field(default=())

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """The filters of an address; `wrong` names what could not be understood and is left out."""
        given = {name: value.strip() for name, value in asked.items() if name in _READERS and value.strip()}
        known: dict[str, Any] = {name: _READERS[name](value) for name, value in given.items()}
        wrong = tuple(sorted(name for name, value in known.items() if value is None))
        return cls(**{name: value for name, value in known.items() if value is not None}, wrong=wrong)

    @property
    def has_figures(self) -> bool:
        """Whether parameters are asked for, so that items without any are no answer."""
        return any(each is not None for each in (self.a_min, self.b_min, self.b_max))

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for."""
        return any(name not in ("sort", "page") for name, _ in self._given())

    def address(self, **changes: Any) -> str:
        """The query of an address that asks the same, but for `changes`."""
        return urlencode(list(replace(self, **changes)._given()))

    def _given(self) -> Iterator[tuple[str, object]]:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name != "wrong" and value != each.default and value is not None:
                yield each.name, int(value) if isinstance(value, bool) else value


def _text(value: str) -> str | None:
    return value if len(value) <= LONGEST and "\0" not in value else None


def _number(value: str) -> float | None:
    try:
        number = float(value.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= LARGEST_PAGE else None


def _count(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 9 else None


def _page(value: str) -> int | None:
    number = _count(value)
    return number if number is not None and 1 <= number <= LARGEST_PAGE else None


def _one_of(known: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda value: value if value in known else None


_READERS: dict[str, Callable[[str], object]] = {
    "code": _text, "subject": _text, "area": _text, "family": _text,
    "tier": _one_of(TIERS), "type": _one_of(TYPES), "state": _one_of(STATES), "sort": _one_of(SORTS),
    "language": _one_of(LANGUAGES), "missing": _one_of(LANGUAGES),
    "a_min": _number, "b_min": _number, "b_max": _number, "given_min": _count, "given_max": _count,
    "is_stale": lambda value: True if value == "1" else None, "page": _page,
}  # fmt: skip
