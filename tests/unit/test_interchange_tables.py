"""Tables of simple items: what goes out comes back, each bad row says where it is bad, and nothing is worked out."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.demonstration.sources import source_of
from itembank.interchange import Defaults, Outcome, form, read, write_xlsx
from itembank.interchange.archive import Archive
from itembank.interchange.tables.cells import rows
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.errors import Invalid
from server.core.workbook import Sheet, workbook
from tests.factories.itembank import new_item
from tests.factories.packages import zipped

DEFAULTS = Defaults("geography", "north", "medium", "ky")
HEADS = ("code", "area", "tier", "type", "correct", "stem_ky", "A_ky", "B_ky", "C_ky", "accepted_ky", "number")


def table(*rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    return workbook([Sheet("items", [heads, *rows])])


def outcomes(*rows: tuple[str, ...], **changes: Any) -> list[Outcome]:
    return list(read(table(*rows, **changes), DEFAULTS))


def said(outcome: Outcome) -> list[tuple[str, Any, Any]]:
    return [(each.code, each.facts.get("row"), each.facts.get("column")) for each in outcome.problems]


def both(**text: Any) -> dict[str, NewText]:
    return {language: NewText(**text) for language in ("ky", "ru")}


ITEMS = [
    new_item("GEO-1", family="f", shuffle=False),
    new_item("GEO-2", type="multiple_choice", n_right=2, tier="raised"),
    new_item("GEO-3", type="text_entry", number="-0,5", tolerance="0.1", texts=both(stem="=1+1 канча?\n\n+ **b**")),
    new_item("GEO-4", type="text_entry", texts=both(stem="?", accepted=("Ош; шаары",))),
    new_item("GEO-5", type="text_entry", texts=both(stem="?", accepted=("Ош", "Жалал-Абад"))),
    new_item("=HYPERLINK", texts=both(stem="@SUM(A1)", options=("-5", "+7", "'9", "=A1"))),
]


def test_simple_items_come_back() -> None:
    items = [item if item.code != "=HYPERLINK" else new_item("-x", texts=item.texts) for item in ITEMS[:-1]] + [
        new_item("GEO-6", texts=ITEMS[-1].texts)
    ]
    found = list(read(write_xlsx(items), Defaults("another", "another")))
    assert [(each.problems, each.notes) for each in found] == [((), ())] * len(items)
    assert [each.item for each in found] == items


def test_the_simple_ones_of_the_demonstration_come_back() -> None:
    items = [item for item in source_of("history").items if item.type in ("choice", "text_entry")]
    simple = [item for item in items if not item.passage and not any(text.figures for text in item.texts.values())]
    found = [each.item for each in read(write_xlsx(items), DEFAULTS)]
    assert len(simple) > 50
    assert found == [NewItem(**{**vars(item), "is_demonstration": False}) for item in simple]


def test_what_a_table_cannot_hold_is_listed_in_it() -> None:
    items = [new_item(), new_item("GEO-7", type="ordering"), new_item("GEO-8", passage="p")]
    archive = Archive(write_xlsx(items))
    text = archive.read("xl/sharedStrings.xml").decode()
    assert "type ordering" in text
    assert all(code in text for code in ("GEO-7", "GEO-8"))


def test_no_cell_is_a_formula_for_whoever_opens_it() -> None:
    archive = Archive(write_xlsx(ITEMS))
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@given(st.text(alphabet="='+-@\t\rab1", max_size=6))
def test_what_was_made_harmless_elsewhere_is_the_same_again(text: str) -> None:
    kept = io.StringIO()
    harmless = f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else text
    csv.writer(kept).writerows([("a", "b", "c"), ("1", harmless, "2")])
    [_heads, (_number, cells)] = list(rows(kept.getvalue().encode()))
    assert cells.get(1, "") == (text if text.strip() else "")


def test_good_rows_come_in_beside_bad_ones() -> None:
    found = outcomes(
        ("", "", "", "", "B", "Кайсы?", "a", "b", "c", "", ""),
        ("", "", "hard", "", "D", "Кайсы?", "a", "b", "c", "", ""),
        ("K-9", "south", "жогорулатылган", "кыска жооп [text_entry]", "", "Канча?", "", "", "", "", "12"),
        ("", "", "", "matching", "А, C", "", "a", "b", "c", "", ""),
        ("", "", "", "choice", "A, B", "Кайсы?", "a", "b", "", "", ""),
        ("", "", "", "", "", "Кайсы?", "a", "b", "c", "", ""),
    )
    assert said(found[1]) == [("table_right", 3, "correct"), ("table_word", 3, "tier")]
    assert said(found[3]) == [("table_missing", 5, "stem_ky"), ("table_type", 5, "type")]
    assert said(found[4]) == [("table_type_other", 6, "type")]
    assert said(found[5]) == [("table_right", 7, "correct")]
    first, entry = found[0].item, found[2].item
    assert first is not None
    assert first.texts["ky"].options == ("b", "a", "c")
    assert (first.code, first.subject, first.tier) == ("", "geography", "medium")
    assert entry is not None
    assert (entry.type, entry.number, entry.area, entry.tier) == ("text_entry", "12", "south", "raised")


def test_headings_are_known_in_every_language_and_in_any_order() -> None:
    heads = ("Туура жооп", "Вопрос (ky)", "A (KY)", "b  (ky)", "Эскертүү")
    upload = read(table(("b", "?", "1", "2", "өзүм үчүн"), heads=heads), DEFAULTS)
    [outcome] = upload
    assert outcome.item is not None
    assert outcome.item.texts["ky"].options == ("2", "1")
    assert [(each.code, each.facts) for each in upload.remarks] == [("table_column_unknown", {"column": "Эскертүү"})]


def test_every_language_has_the_same_options() -> None:
    heads = ("correct", "stem_ky", "A_ky", "B_ky", "stem_ru", "A_ru", "C_ru")
    [outcome] = outcomes(("A", "?", "1", "2", "?", "1", "2"), heads=heads)
    assert said(outcome) == [("table_missing", 2, "C_ky"), ("table_missing", 2, "B_ru")]


SHEET = ('<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>stem_ky</t></is></c><c r="B1" t="inlineStr">'
         '<is><t>number</t></is></c></row><row r="7"><c r="A7" t="inlineStr"><is><r><t>Ка</t></r><r><t>н?</t></r></is>'
         '</c><c r="B7">{}</c></row></sheetData></worksheet>')  # fmt: skip
PARTS = {
    "xl/workbook.xml": '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" r:id="rId9"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels":
    '<Relationships><Relationship Id="rId9" Target="/xl/worksheets/s.xml"/></Relationships>',
}


@pytest.mark.parametrize(("cell", "number"), [("<v>0.30000000000000004</v>", "0.3"), ("<v>1E+3</v>", "1000"),
                                              ("<v>12</v>", "12"), ("<v>-2.50</v>", "-2.5")])  # fmt: skip
def test_a_number_is_what_was_typed(cell: str, number: str) -> None:
    [outcome] = read(zipped({**PARTS, "xl/worksheets/s.xml": SHEET.format(cell)}), DEFAULTS)
    assert outcome.item is not None
    assert (outcome.item.number, outcome.source) == (number, "7")
    assert outcome.item.texts["ky"].stem == "Кан?"


def test_a_formula_is_not_worked_out_and_not_believed() -> None:
    [outcome] = read(zipped({**PARTS, "xl/worksheets/s.xml": SHEET.format("<f>1+1</f><v>2</v>")}), DEFAULTS)
    assert said(outcome) == [("table_formula", 7, "number")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_text_with_columns(encoding: str, mark: str) -> None:
    lines = (("correct", "stem_ky", "A_ky", "B_ky"), ("A", '"Кай\nсы, ң;?"', "1", "2"))
    data = "\r\n".join(mark.join(line) for line in lines)
    [outcome] = read(data.encode(encoding), DEFAULTS)
    assert outcome.item is not None
    assert outcome.item.texts["ky"].stem == "Кай\nсы, ң;?"


@pytest.mark.parametrize(("data", "code"), [
    (b"", "upload_empty"), (b"\x00\x01\x02", "table_no_table"),
    ("Суроо (ky)\nКайсы?".encode("cp1251"), "table_encoding"),
    (b"stem_ky\n", "table_empty"), (b"a,b\n1,2\n", "table_heads"), (b"stem_ky,stem_ky\n1,2\n", "table_heads_twice"),
    (zipped({"xl/workbook.xml": "<workbook/>"}), "table_no_table"), (b"stem_ky\n" + b"?\n" * 5001, "table_rows"),
    (zipped({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'}), "xml_declares"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_gives_nothing(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        list(read(data, DEFAULTS))
    assert refused.value.code == code


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_form_is_read_by_those_who_gave_it(language: str) -> None:
    data = form(language, {"north": {"ky": "Түндүк", "ru": "Север", "en": "North"}, "bare": {}})
    archive = Archive(data)
    text = archive.read("xl/sharedStrings.xml").decode()
    assert "[north]" in text
    assert "[text_entry]" in text
    assert "Как заполнить форму заданий" in text
    assert "Тапшырмалардын формасын кантип толтуруу керек" in text
    assert archive.read("xl/worksheets/sheet1.xml").count(b"<dataValidation ") == 3
    with pytest.raises(Invalid) as refused:
        read(data, DEFAULTS)
    assert refused.value.code == "table_empty"


@given(st.lists(st.text(alphabet="абв=+'\"<>&;,\n_x0041_", min_size=1, max_size=20).filter(
    lambda text: text.strip() == text), min_size=4, max_size=4, unique=True))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_any_text_survives_a_table(texts: list[str]) -> None:
    item = new_item(texts={"ky": NewText(texts[0], tuple(texts[1:]))})
    [outcome] = read(write_xlsx([item]), DEFAULTS)
    assert outcome.item == item


@pytest.mark.parametrize(("cells", "column", "code"), [
    ({"stem_ky": "x" * 20_001}, "stem_ky", "table_long"), ({"A_ky": "x" * 4001}, "A_ky", "table_long"),
    ({"area": "x" * 200}, "area", "table_long"), ({"stem_ky": "a\x01b"}, "stem_ky", "table_unreadable"),
])  # fmt: skip
def test_a_cell_that_is_too_long_or_cannot_be_read_ends_its_own_row(
    cells: dict[str, str], column: str, code: str
) -> None:
    good = {"stem_ky": "Кайсы?", "A_ky": "a", "B_ky": "b", "correct": "A"}
    kept = io.StringIO()
    heads = (*good, "area")
    csv.writer(kept).writerows([heads, *([row.get(head, "") for head in heads] for row in ({**good, **cells}, good))])
    bad, right = read(kept.getvalue().encode(), DEFAULTS)
    assert said(bad) == [(code, 2, column)]
    assert right.item is not None


def test_a_table_of_too_many_words_is_refused_as_a_whole() -> None:
    row = "Кайсы?" + "x" * 19_000 + ";a;b;A\n"
    with pytest.raises(Invalid) as refused:
        read(("stem_ky;A_ky;B_ky;correct\n" + row * 530).encode(), DEFAULTS)
    assert refused.value.code == "table_large"


def test_a_cell_that_never_ends_is_named_by_its_line() -> None:
    with pytest.raises(Invalid) as refused:
        read(('stem_ky;A_ky\n"' + "x" * 140_000).encode(), DEFAULTS)
    assert refused.value.code == "table_field"


def test_empty_rows_and_cells_without_a_heading_are_not_counted_against_a_table() -> None:
    lines = ["stem_ky;A_ky;B_ky;correct", *([""] * 6000), "Кайсы?;a;b;A;;стрелка"]
    [outcome] = read("\n".join(lines).encode(), DEFAULTS)
    assert outcome.item is not None
    assert [each.code for each in outcome.notes] == ["table_stray"]
