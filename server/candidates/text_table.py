"""A text table as offices send it: the encoding and the delimiter are found out, each line keeps its number.
What the columns mean is the admission list's business."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MAX_LINES = 20_000
MAX_BYTES = 8 * 1024 * 1024
DELIMITERS = ";,\t"
# What spreadsheets and documents begin with: xlsx and zip, old xls, pdf, rtf.
FOREIGN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")
TEXT_CONTROLS = "\t\r\n"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a list, where, and under which clause; the sentence is made where it is read."""

    code: str
    line: int | None = None
    column: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    clause: str | None = None


@dataclass(frozen=True)
class Line:
    """One record: the number of the line it starts on, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TextTable:
    """The header and the records below it; `is_old` if the encoding has no letters ң, ө, ү."""

    header: Line
    lines: tuple[Line, ...]
    is_old: bool


class UnreadableError(Exception):
    """The file is no text table; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def read_table(content: bytes, is_column: Callable[[str], bool]) -> TextTable:
    """The table in a file; `is_column` knows header cells, which tell the delimiter. Else UnreadableError."""
    text, is_old = decode(content)
    delimiter = max(DELIMITERS, key=lambda each: _known(text, each, is_column))
    lines = _records(text, delimiter)
    if not lines:
        raise UnreadableError(Fault("list_empty"))
    if len(lines) > MAX_LINES + 1:
        raise UnreadableError(Fault("list_too_long", facts={"maximum": MAX_LINES}))
    return TextTable(lines[0], tuple(lines[1:]), is_old)


def decode(content: bytes) -> tuple[str, bool]:
    """The text, and whether it came in an encoding without Kyrgyz letters."""
    if len(content) > MAX_BYTES:
        raise UnreadableError(Fault("list_too_large", facts={"maximum": MAX_BYTES // 1024 // 1024}))
    if content.startswith(FOREIGN):
        raise UnreadableError(Fault("list_is_workbook"))
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(unicodedata.category(c) == "Cc" and c not in TEXT_CONTROLS for c in text)
        # A few control characters are named by their line later on; a file full of them is no text.
        if "\0" in text or controls * 50 > len(text):
            break
        return text.removeprefix("\ufeff"), encoding == "cp1251"
    raise UnreadableError(Fault("list_not_text"))


def _candidates(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if content.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if b"\0" in content[:4096]:  # UTF-16 without its mark: delimiters and line ends have a zero byte
        zeros = content[:4096]
        return ("utf-16-le",) if zeros[1::2].count(0) > zeros[::2].count(0) else ("utf-16-be",)
    return ("utf-8", "cp1251")


def _known(text: str, delimiter: str, is_column: Callable[[str], bool]) -> int:
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    return sum(is_column(cell.strip().strip('"')) for cell in first.split(delimiter))


def _records(text: str, delimiter: str) -> list[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(Line(start, tuple(cells)))
            if len(lines) > MAX_LINES + 1:
                break
            start = reader.line_num + 1
    except csv.Error:
        raise UnreadableError(Fault("list_quotes_broken", line=start)) from None
    return lines
