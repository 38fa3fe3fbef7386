"""Single cells of an admission list: text as people type it in, one clean value or a CellError out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from server.candidates.columns import Column

T = TypeVar("T")
Act = Callable[[], T]

DATE = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"
                  r"|(?P<d2>[0-9]{1,2})\.(?P<m2>[0-9]{1,2})\.(?P<y2>[0-9]{4})")
EARLIEST_YEAR = 1900
NAMES = frozenset({"family_name", "given_name", "patronymic"})
IN_NAMES = frozenset(" -‑.'’ʼ`()")
LOST = "\ufffd"


class CellError(Exception):
    """A cell cannot be taken as it is: a code and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def text(column: Column, raw: str, is_old: bool) -> str:
    """The value of a cell with its spaces put right; `is_old` if the encoding has no Kyrgyz letters."""
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in raw.strip()):
        raise CellError("list_control_character")
    value = " ".join(unicodedata.normalize("NFC", raw).split())
    if LOST in value or (is_old and "?" in value):
        raise CellError("list_letters_lost", value=value[:60])
    if not value and column.is_required:
        raise CellError("list_cell_empty")
    if len(value) > column.maximum:
        raise CellError("list_value_too_long", maximum=column.maximum, length=len(value))
    if value and column.code in NAMES and not _is_name(value):
        raise CellError("list_not_a_name", value=value)
    return value


def birth_date(value: str, today: date) -> date | None:
    """The date, written year-month-day or day.month.year; None for an empty cell, which has its own fault."""
    if not value:
        return None
    found = DATE.fullmatch(value)
    if found is None:
        raise CellError("list_date_wrong", value=value)
    year, month, day = (int(found[name] or found[name + "2"]) for name in ("y", "m", "d"))
    try:
        born = date(year, month, day)
    except ValueError:
        raise CellError("list_date_wrong", value=value) from None
    if born > today:
        raise CellError("list_date_future", value=value)
    if born.year < EARLIEST_YEAR:
        raise CellError("list_date_wrong", value=value)
    return born


def parts(value: str) -> list[str]:
    """The entries of a cell that holds several."""
    return [part.strip() for part in re.split(r"[;,|]", value) if part.strip()]


def _is_name(value: str) -> bool:
    return any(c.isalpha() for c in value) and all(
        unicodedata.category(c)[0] in "LM" or c in IN_NAMES for c in value
    )
