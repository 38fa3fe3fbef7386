"""The reader's language: one set of gettext catalogues for Python, templates and the browser."""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("ky", "ru", "en")
TONGUES = {"ky": "Кыргызча", "ru": "Русский", "en": "English"}  # each as those who speak it call it
DEFAULT = "ky"
ZONE = "Asia/Bishkek"  # the country's; a rule of law takes the zone of its edition
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("synak_language", default=DEFAULT)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    path = LOCALE / f"{language}.po"
    if not path.exists():
        return _gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def language() -> str:
    """The language text is made in just now."""
    return _language.get()


def set_language(code: str) -> None:
    """Text is made in `code` from here on in this context; an unknown code leaves the language as it is."""
    if code in LANGUAGES:
        _language.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Text inside the block is made in `code`."""
    token = _language.set(code if code in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str, **params: Any) -> str:
    """`message` in the reader's language, with `%(name)s` filled in."""
    text = _catalogue(_language.get()).gettext(message)
    return text % params if params else text


def ngettext(singular: str, plural: str, n: int, **params: Any) -> str:
    """The form of the message that fits `n`; `%(n)s` is always known."""
    return _catalogue(_language.get()).ngettext(singular, plural, n) % {"n": n, **params}


def number(value: float, digits: int = 0) -> str:
    """A number as the reader writes it, with exactly `digits` decimals; below nothing with a minus, not a hyphen."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(value, format=pattern, locale=_language.get()).replace("-", "−")


def local_time(at: datetime, zone: str = ZONE, pattern: str = "d MMMM y, HH:mm") -> str:
    """An instant as a wall clock and the reader's calendar show it."""
    return dates.format_datetime(at.astimezone(ZoneInfo(zone)), pattern, locale=_language.get())
