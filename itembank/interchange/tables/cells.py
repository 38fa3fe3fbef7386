"""The cells of a table as text, row by row, from XLSX or CSV bytes. No formula is ever worked out.
A workbook is a package like any other: its zip and its XML go through the same doors."""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from itembank.interchange.archive import Archive
from itembank.interchange.xml import Node, is_writable, parse
from server.core.errors import Invalid

MOST_ROWS, MOST_COLUMNS = 5000, 80
MOST_CHARACTERS = 10_000_000  # in all cells together: 5,000 items of 2,000 characters
LARGEST_SHEET, MOST_CELLS = 16 * 1024 * 1024, 400_000
WORKBOOK = "xl/workbook.xml"
# What no cell can hold, since a zero in it makes it unreadable.
FORMULA, UNREADABLE = "\0formula", "\0unreadable"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_DIGITS = 7
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NEUTRAL = "'"

Row = tuple[int, dict[int, str]]  # its number in the sheet, and its cells by their columns, from 0


def rows(data: bytes) -> Iterator[Row]:
    """The rows of a table that have something in them; Invalid says why it cannot be read."""
    found = _workbook(Archive(data)) if data.startswith(b"PK\x03\x04") else _text(data)
    n_rows = n_characters = 0
    for number, cells in found:
        kept = {at: _readable(text) for at, text in cells.items() if text.strip()}
        if not kept:
            continue
        n_rows += 1
        n_characters += sum(map(len, kept.values()))
        if n_rows > MOST_ROWS + 1:  # the headings stand in one
            raise Invalid("table_rows", most=MOST_ROWS)
        if max(kept) >= MOST_COLUMNS:
            raise Invalid("table_columns", most=MOST_COLUMNS)
        if n_characters > MOST_CHARACTERS:
            raise Invalid("table_large", most=MOST_CHARACTERS // 1_000_000)
        yield number, kept


def _readable(text: str) -> str:
    return text if text in (FORMULA, UNREADABLE) or is_writable(text) else UNREADABLE


def _plain(text: str) -> str:
    """The cell without the apostrophe by which tables elsewhere keep it from being a formula."""
    is_neutral = text.startswith(_NEUTRAL) and text[1:].startswith((*_BEGINS_FORMULA, _NEUTRAL))
    return text[1:] if is_neutral else text


def _text(data: bytes) -> Iterator[Row]:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("table_encoding") from error
    if "\0" in text:
        raise Invalid("table_no_table")
    first = text.split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(";\t,", key=first.count), strict=True)
    try:
        for number, cells in enumerate(table, start=1):
            yield number, {at: _plain(cell) for at, cell in enumerate(cells)}
    except csv.Error as error:
        is_long = "field larger" in str(error)
        raise Invalid("table_field", line=table.line_num) if is_long else Invalid("table_no_table") from error


def _workbook(archive: Archive) -> Iterator[Row]:
    if WORKBOOK not in archive:
        raise Invalid("table_no_table")
    shared = _shared(archive)
    name = _sheet(archive)
    if name not in archive:
        raise Invalid("table_no_table")
    for n, row in enumerate(parse(archive.read(name), "sheet", LARGEST_SHEET, MOST_CELLS).all("row"), start=1):
        number = row.attributes.get("r", "")
        cells: dict[int, str] = {}
        for at, cell in enumerate(row.named("c")):
            place = _PLACE.fullmatch(cell.attributes.get("r", ""))
            cells[_column(place[1]) if place else at] = _value(cell, shared)
        yield _whole(number) or n, cells


def _sheet(archive: Archive) -> str:
    """The file of the first sheet."""
    sheets = parse(archive.read(WORKBOOK), "workbook").all("sheet")
    links = "xl/_rels/workbook.xml.rels"
    if not sheets or links not in archive:
        raise Invalid("table_no_table")
    wanted = sheets[0].attributes.get("id")
    found = {each.attributes.get("Id"): each.attributes.get("Target", "") for each in
             parse(archive.read(links), "workbook").all("Relationship")}  # fmt: skip
    return posixpath.normpath(posixpath.join("xl", found.get(wanted, "")).removeprefix("/"))


def _shared(archive: Archive) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive:
        return []
    return [_said(each) for each in parse(archive.read(name), "strings", LARGEST_SHEET, MOST_CELLS).named("si")]


def _said(node: Node) -> str:
    """The words of a string in its pieces, without the reading aids of East Asian text."""
    pieces = [each.text for part in node.elements if part.tag != "rPh" for each in part.all("t")]
    return _CODED.sub(lambda found: chr(int(found[1], 16)), "".join(pieces))


def _value(cell: Node, shared: list[str]) -> str:
    if cell.named("f"):
        return FORMULA
    kind = cell.attributes.get("t", "n")
    if kind == "inlineStr":
        return "".join(_said(each) for each in cell.named("is"))
    value = "".join(each.text for each in cell.named("v"))
    if kind == "s":
        at = _whole(value)
        return shared[at] if at is not None and at < len(shared) else UNREADABLE if value else ""
    if kind == "b":
        return {"1": "yes", "0": "no", "": ""}.get(value, UNREADABLE)
    return UNREADABLE if kind == "e" else _number(value) if kind == "n" else value


def _whole(text: str) -> int | None:
    """The number of a row or of a string; None for what is none, however many digits it has."""
    return int(text) if 0 < len(text) <= MOST_DIGITS and text.isdecimal() else None


def _number(value: str) -> str:
    """A number as it was typed: what a computer adds in the sixteenth place is not in it."""
    try:
        typed = Decimal(f"{float(value):.12g}")
    except (ValueError, InvalidOperation, OverflowError):
        return value
    return format(typed.normalize(), "f") if typed.is_finite() and abs(typed.adjusted()) < 30 else value


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1
