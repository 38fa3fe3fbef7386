"""Tables that leave the server as files: CSV or a workbook, every cell text or a number and never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.core.workbook import FORMULA, Cell, Sheet, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_NAME, MOST_WIDTH = 31, 60
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")  # in the name of a sheet


@dataclass(frozen=True)
class Grid:
    """A table with its headings, under a name."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(grid: Grid) -> bytes:
    """UTF-8 with a mark at its beginning, by which spreadsheets know it; what looks like a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_plain(cell) for cell in grid.head])
    writer.writerows([_plain(cell) for cell in row] for row in grid.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def as_xlsx(grids: Iterable[Grid]) -> bytes:
    """A workbook with a sheet for each; the same bytes for the same tables."""
    return workbook([
        Sheet(_sheet_name(grid.name, n), [grid.head, *grid.rows], _widths(grid)) for n, grid in enumerate(grids, 1)
    ])  # fmt: skip


def _plain(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return str(cell)
    # An apostrophe before it, as spreadsheets write what only looks like a formula (CWE-1236).
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _sheet_name(name: str, n: int) -> str:
    return f"{n} {name.translate(FORBIDDEN)}"[:MOST_NAME].strip()


def _widths(grid: Grid) -> list[int]:
    columns = zip(grid.head, *grid.rows, strict=True)
    return [min(MOST_WIDTH, max((len(str(cell)) for cell in cells), default=0) + 2) for cells in columns]
