"""Whatever comes in, nothing but a report comes out: good files changed at random, and tables of anything."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.interchange import Outcome, form, read, write_qti, write_xlsx
from itembank.interchange.remarks import Remark
from itembank.items import source
from itembank.items.bounds import over
from itembank.items.content import canonical
from server.core.errors import Invalid
from server.core.workbook import Sheet, workbook
from server.web.messages import MESSAGES, PLACE
from tests.factories.itembank import new_item
from tests.factories.packages import DEFAULTS, zipped
from tests.unit.test_interchange_round_trip import ITEMS

Parts = dict[str, bytes]
HEADS = ("code", "subject", "area", "tier", "type", "correct", "stem_ky", "A_ky", "B_ky", "C_ky", "accepted_ky",
         "number", "tolerance", "family", "shuffle")  # fmt: skip
ROWS = [HEADS, ("K-1", "", "", "basic", "", "B", "Кайсы?", "a", "b", "c", "", "", "", "f", "yes"),
        ("", "", "south", "", "text_entry", "", "Канча?", "", "", "", "", "0,5", "0.1", "", "")]  # fmt: skip
JUNK = ["", "0", "-1", "9" * 5000, "1e999", "NaN", "_xD800_", "_x0000_", "\u0661\u0662", "A0", "ZZZ9999999", "a b c d",
        "∞", "../../x", "http://x/", "&#1;", "\ufffe", "[_" * 3000, "true", "RESPONSE", "ordered", "float",
        "directedPair", "$\\frac{1}", "s", "b", "e", "d", "str", "inlineStr", "1 2 3"]  # fmt: skip


def reported(data: bytes) -> list[Outcome]:
    """What becomes of the items of a file; only Invalid may stop it, and every remark has its sentence."""
    try:
        upload = read(data, DEFAULTS)
        found, remarks = list(upload), upload.remarks
    except Invalid as refusal:
        found, remarks = [], (Remark(refusal.code, refusal.facts),)
    for remark in [*remarks, *(each for one in found for each in (*one.problems, *one.notes))]:
        assert set(PLACE.findall(MESSAGES[remark.code])) <= set(remark.facts)
        assert len(repr(remark.facts)) < 2000
    for each in found:
        canonical([each.source, each.code])
        assert (each.item is None) == bool(each.problems)
        if each.item is not None:
            assert canonical(source.to_json(each.item))
            assert not any(over(each.item))
    return found


def parts(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _value(rng: random.Random, text: str) -> str:
    """Another value of an attribute."""
    at = _at(rng, r'="[^"]*"', text)
    junk = rng.choice(JUNK).replace("&#1;", "&amp;").replace("<", "").replace('"', "")
    return f'{text[: at.start()]}="{junk}"{text[at.end() :]}'


def _words(rng: random.Random, text: str) -> str:
    """Other words between two tags."""
    at = _at(rng, r">[^<>]*<", text)
    return f"{text[: at.start()]}>{rng.choice(JUNK)}<{text[at.end() :]}"


def _tag(rng: random.Random, text: str) -> str:
    """An element under another's name."""
    names = re.findall(r"<([a-z][\w:-]*)", text) or [""]
    one, other = rng.choice(names), rng.choice(names)
    return re.sub(rf"(</?){re.escape(one)}(?=[\s/>])", rf"\g<1>{other}", text)


def _gone(rng: random.Random, text: str) -> str:
    """A stretch left out or said twice."""
    at = _at(rng, r"<([a-z][\w:-]*)[^<>]*(?:/>|>[^<>]*</\1>)", text)
    return text[: at.start()] + at[0] * rng.choice((0, 2, 40)) + text[at.end() :]


def _bytes(rng: random.Random, text: str) -> str:
    at, n = rng.randrange(len(text)), rng.randrange(1, 9)
    return text[:at] + "".join(rng.choice("<>/=\"' &;x\u0301\u202e0") for _ in range(n)) + text[at + n :]


def _at(rng: random.Random, pattern: str, text: str) -> re.Match[str]:
    """One place where the pattern stands; the end of the text if there is none."""
    return rng.choice(list(re.finditer(pattern, text)) or list(re.finditer(r"$", text)))


CHANGES: list[Callable[[random.Random, str], str]] = [_value, _value, _words, _words, _tag, _gone, _bytes]


def changed(rng: random.Random, good: Parts) -> bytes:
    """The package with some of its texts changed."""
    bad = dict(good)
    for _ in range(rng.randrange(1, 4)):
        name = rng.choice([each for each in bad if each.endswith(".xml") and not each.startswith(("docProps", "[C"))])
        text = bad[name].decode()
        bad[name] = rng.choice(CHANGES)(rng, text).encode("utf-8", "replace")
    return zipped(bad)


PACKAGES = {name: parts(write_qti([item])) for name, item in ITEMS.items() if name != "heard"}
TABLES = {"filled": parts(workbook([Sheet("items", ROWS)])), "form": parts(form("ky", {"north": {"ky": "Түн"}})),
          "written": parts(write_xlsx([new_item(), new_item("GEO-2", type="ordering")]))}  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_was_changed_has_a_report(name: str) -> None:
    rng = random.Random(name)
    taken = sum(bool(reported(changed(rng, PACKAGES[name]))) for _ in range(40))
    assert taken > 5  # most of what is changed is still a package: its items are looked at


@pytest.mark.parametrize("name", TABLES)
def test_a_workbook_that_was_changed_has_a_report(name: str) -> None:
    rng = random.Random(name)
    for _ in range(60):
        reported(changed(rng, TABLES[name]))


CELL = st.one_of(st.sampled_from(JUNK), st.text(max_size=30), st.sampled_from(["A", "B, C", "yes", "choice", "=1+1"]))


@given(st.lists(st.lists(CELL, min_size=4, max_size=len(HEADS)), min_size=1, max_size=4), st.sampled_from(",;\t"))
@settings(max_examples=150, deadline=None)
def test_a_csv_of_anything_has_a_report_on_each_row(rows: list[list[str]], mark: str) -> None:
    kept = io.StringIO()
    table = csv.writer(kept, delimiter=mark)
    table.writerow(HEADS)
    table.writerows([[each.replace("\0", "") for each in row] for row in rows])
    found = reported(kept.getvalue().encode("utf-8", "replace"))
    assert len(found) == sum(any(each.replace("\0", "").strip() for each in row) for row in rows) or not found


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_bytes_of_anything_have_a_report(data: bytes) -> None:
    reported(data)
    reported(b"stem_ky;A_ky;B_ky;correct\n" + data)
    reported(b"PK\x03\x04" + data)
