"""Tables as files: nothing a spreadsheet would calculate, the same bytes for the same table."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest

from server.core.tables import Grid, as_csv, as_xlsx

EVIL = ('=HYPERLINK("http://x","y")', "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1")


def grid(*cells: str) -> Grid:
    return Grid("Результаты", ("Аты", "Бал"), [(cell, "5") for cell in cells])


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_of_a_csv_begins_as_a_formula_does(cell: str) -> None:
    data = as_csv(grid(cell)).decode("utf-8-sig")
    (_head, row) = list(csv.reader(io.StringIO(data, newline="")))
    assert row == [f"'{cell}", "5"]


def test_a_csv_reads_back_as_it_was() -> None:
    data = as_csv(grid("Үсөнов, «Асан»", 'a "b"\nc'))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Аты", "Бал"], ["Үсөнов, «Асан»", "5"], ['a "b"\nc', "5"]]


def test_a_workbook_has_text_alone_and_the_same_bytes_each_time() -> None:
    data = as_xlsx([grid(*EVIL), Grid("[a]:*?/\\'", ("x",), [])])
    assert data == as_xlsx([grid(*EVIL), Grid("[a]:*?/\\'", ("x",), [])])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert 'name="2 a"' in names


def test_a_figure_is_a_number_that_a_workbook_reckons_with_and_no_text() -> None:
    told = Grid("Результаты", ("Аты", "Бал"), [("=1", Decimal("63.5")), ("63.5", Decimal(-2))])
    with zipfile.ZipFile(io.BytesIO(as_xlsx([told]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<c r="(\w+)" s="\d+"><v>([^<]+)</v>', sheet) == [("B2", "63.5"), ("B3", "-2")]
    rows = list(csv.reader(io.StringIO(as_csv(told).decode("utf-8-sig"), newline="")))
    assert rows[1:] == [["'=1", "63.5"], ["63.5", "-2"]]
