"""The admission list: what is read, how each fault is named, and that no file whatever breaks the reader."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.candidates.admission_list import Reading, read_admission_list
from server.candidates.columns import COLUMNS
from server.candidates.documents import normal_number
from server.candidates.registration_no import is_registration_no, make_registration_no
from server.candidates.wording import view_of
from server.core.i18n import LANGUAGES, speaking
from server.web.messages import MESSAGES, sentence
from tests.factories.candidates import HEADER, SUBJECTS, a_file, a_line, edition

TODAY = date(2026, 5, 12)


def read(content: bytes, offered: tuple[str, ...] = SUBJECTS) -> Reading:
    return read_admission_list(content, edition(), offered=offered, today=TODAY)


def codes(content: bytes, offered: tuple[str, ...] = SUBJECTS) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.line, fault.column) for fault in read(content, offered).faults]


def test_a_right_line_is_read() -> None:
    found = read(a_file(a_line(birth_date="17.4.2008", document_number="AN 1234567", photo="usonova.jpg")))
    assert not found.faults
    row = found.rows[0]
    assert (row.line, row.family_name, row.birth_date) == (2, "Үсөнова", date(2008, 4, 17))
    assert (row.document_kind, row.document_number) == ("passport", "AN 1234567")
    assert row.photo_name == "usonova.jpg"
    assert "1234567" not in repr(row)


def test_a_list_may_say_the_sex_and_need_not() -> None:
    said = {sex: read(a_file(a_line(sex=sex), header=[*HEADER, "sex"])) for sex in ("ж", "Эркек", "male", "", "X")}
    assert [said[sex].rows[0].sex for sex in ("ж", "Эркек", "male", "")] == ["female", "male", "male", None]
    assert [(fault.code, fault.column) for fault in said["X"].faults] == [("list_sex_unknown", "sex")]
    assert read(a_file(a_line())).rows[0].sex is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_encodings_and_delimiters_are_found_out(encoding: str, delimiter: str) -> None:
    line = a_line(family_name="Усенова", given_name="Анна", school="Школа, 61; Ош", language="РУССКИЙ")
    content = a_file(line, delimiter=delimiter).decode().encode(encoding)
    found = read(content)
    assert not found.faults
    assert (found.rows[0].family_name, found.rows[0].school) == ("Усенова", "Школа, 61; Ош")


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_in_each_language_and_any_order(language: str) -> None:
    columns = tuple(reversed(COLUMNS))
    text = a_file(a_line(), header=[column.code for column in columns]).decode()
    first, rest = text.split("\r\n", 1)
    text = ";".join(column.title(language).upper() for column in columns) + "\r\n" + rest
    assert read(text.encode()).rows[0].family_name == "Үсөнова"
    assert first != text.split("\r\n", 1)[0]


def test_DC_4_without_subjects_all_are_sat_in_the_language_of_instruction() -> None:
    rows = read(a_file(a_line(language="ru"))).rows
    assert rows[0].subjects == (("mathematics", "ru"), ("history", "ru"), ("kyrgyz", "ky"), ("russian", "ru"))


def test_DC_4_another_language_than_that_of_instruction_is_no_silent_fallback() -> None:
    stated = "mathematics:ru; history:ky; kyrgyz:ky; russian:ru"
    assert codes(a_file(a_line(subjects=stated))) == [("list_subject_language", 2, "subjects")]
    assert read(a_file(a_line(subjects=stated))).faults[0].clause == "DC-4"
    assert not codes(a_file(a_line(subjects="Математика:Кыргызча | history | kyrgyz:ky, russian:ru")))


def test_DC_3_fewer_subjects_than_the_minimum_are_refused_with_the_clause() -> None:
    fault = read(a_file(a_line(subjects="mathematics; history; kyrgyz"))).faults[0]
    assert (fault.code, fault.clause, fault.facts["count"], fault.facts["minimum"]) == (
        "list_too_few_subjects", "DC-3", 3, 4)


@pytest.mark.parametrize(("wanted", "code", "column"), [
    ({"birth_date": "31.02.2008"}, "list_date_wrong", "birth_date"),
    ({"birth_date": "2008/04/17"}, "list_date_wrong", "birth_date"),
    ({"birth_date": "17.04.1808"}, "list_date_wrong", "birth_date"),
    ({"birth_date": "13.05.2026"}, "list_date_future", "birth_date"),
    ({"birth_date": ""}, "list_cell_empty", "birth_date"),
    ({"family_name": " "}, "list_cell_empty", "family_name"),
    ({"family_name": "Үсөнова 3"}, "list_not_a_name", "family_name"),
    ({"given_name": "Ай\u200bгүл"}, "list_control_character", "given_name"),
    ({"given_name": "Ай\x07гүл"}, "list_control_character", "given_name"),
    ({"school": "№ 61\nмектеп"}, "list_control_character", "school"),
    ({"school": "м" * 161}, "list_value_too_long", "school"),
    ({"language": "de"}, "list_language_unknown", "language"),
    ({"document_kind": "visa"}, "list_document_kind_unknown", "document_kind"),
    ({"document_number": "№"}, "list_number_wrong", "document_number"),
    ({"subjects": "physics; history; kyrgyz; russian"}, "list_subject_unknown", "subjects"),
    ({"subjects": "history; history; kyrgyz; russian"}, "list_subject_repeated", "subjects"),
    ({"subjects": "history:de; mathematics; kyrgyz; russian"}, "list_language_unknown", "subjects"),
])
def test_each_fault_is_named_by_line_column_and_reason(
    wanted: dict[str, str], code: str, column: str
) -> None:
    assert codes(a_file(a_line(), a_line(**wanted))) == [(code, 3, column)]


def test_a_subject_that_the_programme_does_not_offer() -> None:
    offered = ("mathematics", "history", "kyrgyz")
    found = codes(a_file(a_line(subjects="mathematics; history; kyrgyz; russian")), offered)
    assert found == [("list_subject_not_offered", 2, "subjects")]


def test_all_faults_are_named_at_once_and_the_good_lines_kept() -> None:
    found = read(a_file(a_line(birth_date="x", language="x"), a_line(), a_line(school="")))
    assert [(fault.line, fault.column) for fault in found.faults] == [
        (2, "birth_date"), (2, "language"), (4, "school")]
    assert [row.line for row in found.rows] == [3]


def test_the_same_document_twice_whatever_the_keyboard() -> None:
    latin, cyrillic = a_line(document_number="AH-123 456"), a_line(document_number="ан123456")
    fault = read(a_file(latin, cyrillic)).faults[0]
    assert (fault.code, fault.line, fault.facts["first"]) == ("list_document_twice", 3, 2)
    assert normal_number("№ АН-123 456") == "AH123456"


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    text = a_file(a_line(school='"Улуу\r\nтоо"'), a_line(birth_date="x")).decode()
    found = codes(text.encode())
    assert found == [("list_control_character", 2, "school"), ("list_date_wrong", 4, "birth_date")]


def test_lost_kyrgyz_letters_are_noticed() -> None:
    content = a_file(a_line(family_name="?с?нова", school="мектеп 1")).decode().encode("cp1251", "replace")
    assert ("list_letters_lost", 2, "family_name") in codes(content)


@pytest.mark.parametrize(("content", "code"), [
    (b"", "list_empty"),
    (b"\xef\xbb\xbf", "list_empty"),
    (b"\xff\xfe", "list_empty"),
    (b"\r\n \r\n", "list_empty"),
    (b"PK\x03\x04" + bytes(100), "list_is_workbook"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "list_not_text"),
    (b"\xff\xfeabc", "list_not_text"),
    (b"x" * (8 * 1024 * 1024 + 1), "list_too_large"),
    (b"hello", "list_column_unknown"),
    (a_file()[: a_file().index(b"\r\n")], "list_without_candidates"),
    (a_file() + b'"open;', "list_quotes_broken"),
])
def test_what_is_no_list_is_said_to_be_none(content: bytes, code: str) -> None:
    found = read(content)
    assert code in [fault.code for fault in found.faults]
    assert not found.rows


def test_header_faults() -> None:
    assert codes(a_file(header=("family_name", *HEADER)))[0][0] == "list_column_twice"
    fault = read(a_file(header=[name for name in HEADER if name not in ("school", "language")])).faults[0]
    with speaking("ru"):
        assert view_of(fault).facts["columns"] == "Школа, Язык обучения"
    with_counter = a_file(header=("№", *HEADER))
    assert not read(with_counter).faults


def test_wrong_number_of_cells() -> None:
    content = a_file() + b"a;b\r\n" + b"a;" * 12 + b"\r\n"
    assert codes(content) == [("list_cells_differ", 3, None), ("list_cells_differ", 4, None)]
    assert not codes(a_file().rstrip() + b";;;\r\n")


def test_a_value_in_a_column_without_header() -> None:
    text = a_file().decode().replace("\r\n", ";\r\n", 1)
    head, row, _ = text.split("\r\n")
    assert codes(f"{head}\r\n{row};note\r\n".encode()) == [("list_cell_without_header", 2, None)]


def test_more_than_twenty_thousand_lines() -> None:
    line = a_file().splitlines()[1]
    assert codes(a_file() + (line + b"\r\n") * 20_000) == [("list_too_long", None, None)]


ANY_BYTES = st.binary(max_size=400)
ANY_TEXT = st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
KNOWN = st.sampled_from(["ky", "ru", "passport", "2008-04-17", "history:ky;x", "ID12"])
CELL = st.one_of(st.text(max_size=30), KNOWN)
ANY_TABLE = st.lists(st.fixed_dictionaries(dict.fromkeys(HEADER, CELL)), max_size=4).map(
    lambda lines: a_file(*lines, a_line())
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY_BYTES, ANY_TEXT, ANY_TABLE, ANY_BYTES.map(lambda tail: a_file() + tail)))
def test_no_file_whatever_breaks_the_reader(content: bytes) -> None:
    found = read(content)
    assert found.rows or found.faults
    assert not {row.line for row in found.rows} & {fault.line for fault in found.faults}
    for language in LANGUAGES:
        with speaking(language):
            for fault in found.faults:
                view = view_of(fault)
                assert sentence(view.code, dict(view.facts))


def test_every_fault_has_a_sentence() -> None:
    assert {code for code in MESSAGES if code.startswith("list_")} >= {
        "list_too_few_subjects", "list_subject_repeated", "list_subject_not_offered"}


SERIALS = st.integers(1, 99_999)


@given(st.integers(2000, 2099), st.integers(1, 5000), SERIALS, st.data())
def test_a_wrong_digit_or_a_swap_is_never_a_registration_number(
    year: int, organisation: int, serial: int, data: st.DataObject
) -> None:
    number = make_registration_no(year, organisation, serial)
    assert is_registration_no(number)
    digits = [n for n, c in enumerate(number) if c.isdigit()]
    place = data.draw(st.sampled_from(digits))
    wrong = data.draw(st.sampled_from([c for c in "0123456789" if c != number[place]]))
    assert not is_registration_no(number[:place] + wrong + number[place + 1 :])
    for left, right in pairwise(digits):
        swapped = list(number)
        swapped[left], swapped[right] = swapped[right], swapped[left]
        assert number[left] == number[right] or not is_registration_no("".join(swapped))


def test_a_registration_number_looks_so() -> None:
    assert make_registration_no(2013, 7, 42)[:13] == "13-007-00042-"
    assert not is_registration_no("13-007-٠0042-1")
