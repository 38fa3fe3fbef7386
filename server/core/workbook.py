"""Workbooks as they are written: cells are text or plain numbers, lists to choose from where a code is wanted.
The only module that knows XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import xlsxwriter

MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook does not tell when it was made
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # what a spreadsheet takes for a formula where a cell begins so
LISTS = "lists"
Cell = str | Decimal
CHOICE_ROWS = 5000  # so far down a column offers its words


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows, how wide its columns are, and from which words a column may be chosen."""

    name: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    is_form: bool = True


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of a workbook with these sheets."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": MADE})
    shape = {"text_wrap": True, "valign": "top", "num_format": "@"}
    plain, quoted = book.add_format(shape), book.add_format({**shape, "quote_prefix": True})
    figure = book.add_format({"valign": "top"})
    head = book.add_format({**shape, "bold": True, "bg_color": "#E8F0F9", "border": 1})
    lists: list[Sequence[str]] = []
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for at, width in enumerate(sheet.widths):
            page.set_column(at, at, width, plain)
        for n, row in enumerate(sheet.rows):
            for at, text in enumerate(row):
                if isinstance(text, Decimal):
                    page.write_number(n, at, float(text), figure)
                elif text:
                    shown = quoted if text.startswith(FORMULA) else plain
                    page.write_string(n, at, text, head if sheet.is_form and n == 0 else shown)
        if sheet.is_form:
            page.freeze_panes(1, 1)
        for at, words in sheet.choices.items():
            lists.append(words)
            source = f"={LISTS}!${_letter(len(lists) - 1)}$1:${_letter(len(lists) - 1)}${len(words)}"
            page.data_validation(1, at, CHOICE_ROWS, at, {"validate": "list", "source": source, "ignore_blank": True})
    if lists:
        _hidden(book, lists)
    book.close()
    return kept.getvalue()


def _hidden(book: xlsxwriter.Workbook, lists: Sequence[Sequence[str]]) -> None:
    """The words to choose from stand on a sheet of their own: a list in a cell's rule has room for few."""
    page = book.add_worksheet(LISTS)
    for at, words in enumerate(lists):
        for n, word in enumerate(words):
            page.write_string(n, at, word)
    page.hide()


def _letter(at: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at]
