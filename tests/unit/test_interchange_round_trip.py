"""What goes out as QTI 3 comes back the same: the demonstration bank, every type, and any text of an author."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.demonstration.sources import SUBJECTS, source_of
from itembank.interchange.qti.body_out import order
from itembank.interchange.qti.package import Package
from itembank.interchange.qti.writing import write_qti
from itembank.interchange.remarks import Defaults, Outcome
from itembank.interchange.source import read_blocks, trimmed, written_blocks
from itembank.items import rich
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from tests.factories.itembank import new_item, written_item
from tests.factories.packages import PNG, SVG

ELSEWHERE = Defaults("another", "another", "raised", "en")
OPUS = Path("itembank/demonstration/recordings/announcement-ky.opus")


def back(*items: NewItem) -> list[Outcome]:
    return list(Package(write_qti(items), ELSEWHERE))


def same(item: NewItem) -> None:
    [outcome] = back(item)
    assert outcome.problems == ()
    assert outcome.notes == ()
    assert outcome.item == item


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_demonstration_bank_comes_back(subject: str) -> None:
    source = source_of(subject)
    items = [*source.items[:-12:4], *source.items[-12:], *source.written]
    outcomes = back(*items)
    assert [outcome.item for outcome in outcomes] == items
    assert [outcome for outcome in outcomes if outcome.notes or outcome.problems] == []


def both(**text: Any) -> dict[str, NewText]:
    return {language: NewText(**text) for language in ("ky", "ru")}


ITEMS = {
    "choice": new_item("МАТ/1 «а»", family="f-1", passage="p", shuffle=False, is_demonstration=True),
    "several": new_item(type="multiple_choice", n_right=3),
    "ordering": new_item(type="ordering"),
    "matching": new_item(type="matching", texts=both(stem="?", prompts=("a", "**b**"), options=("1", "2", "3", "4"))),
    "inline": new_item(type="inline_choice", texts=both(stem="A [[1]] b [[2]].", menus=(("x", "y", "z"), ("p", "q")))),
    "gap": new_item(type="gap_match", texts=both(stem="[[1]]\n\n_b_ [[2]]", options=("x", "y", "$\\frac{1}{2}$", "z"))),
    "number": new_item(type="text_entry", number="-0,50", tolerance="0.25", texts=both(stem="$x = ?$")),
    "exact": new_item(type="text_entry", number="12", texts=both(stem="?")),
    "answers": new_item(type="text_entry", texts=both(stem="?", accepted=("Ош & Жалал-Абад", "<ош>", '"Ош"'))),
    "essay": written_item(words=(None, 250)),
    "spoken": new_item(texts=both(stem="$x^{2}${икс квадрат}, $\\sin x$", options=("$1$", "$\\sqrt[3]{2}$", "3{,}5"))),
    "figure": new_item(texts=both(
        stem="![a]\n\nТекст ![b-2]", options=("![c]", "2"),
        figures={"a": NewFigure(PNG, "А\n«б»", "Узун _сүрөт_.\n\nЭки $x$."), "b-2": NewFigure(PNG, "A"),
                 "c": NewFigure(SVG, "C")})),
    "hotspot": new_item(
        type="hotspot", n_right=2, areas=("rect 10 20 30 40", "circle 100 100 9", "polygon 1 1 9 1 9 9"),
        texts=both(stem="?", options=("a", "_b_", "c"), picture="map", figures={"map": NewFigure(SVG, "M")})),
    "passage": new_item(passage="Text 1", texts=both(
        stem="?", options=("1", "2"), passage="Бир ![s].\n\nЭки.", figures={"s": NewFigure(SVG, "S", "Long.")})),
    "heard": new_item(texts=both(stem="?", options=("1", "2"), recording=NewRecording(
        OPUS.read_bytes(), "Жарыя", "Биринчи.\n\n«Экинчи».", 3))),
}  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_every_type_comes_back_with_all_it_has(name: str) -> None:
    same(ITEMS[name])


def test_all_of_them_fit_into_one_package_whose_bytes_are_always_the_same() -> None:
    items = [replace(each, code=f"{each.code}-{n}") for n, each in enumerate(ITEMS.values())]
    assert write_qti(items) == write_qti(items)
    assert [outcome.code for outcome in back(*items)] == [item.code for item in items]


@given(st.text(alphabet="aб Я1_*$\\[]!{}^\n\t.,«»-", max_size=60))
@settings(max_examples=400, deadline=None)
def test_whatever_is_read_is_written_so_that_it_reads_the_same(text: str) -> None:
    meant = [kept for block in read_blocks(text) if (kept := trimmed(block))]
    assert read_blocks(written_blocks(meant)) == meant


SAFE = st.text(alphabet="абвгө ңүabc123.,;:«»()<>&\"'\\_*", min_size=1, max_size=30).filter(lambda text: text.strip())


@given(st.lists(SAFE, min_size=1, max_size=3), SAFE)
@settings(max_examples=100, deadline=None)
def test_a_stem_means_the_same_when_it_is_back(paragraphs: list[str], option: str) -> None:
    text = NewText("\n\n".join(paragraphs), (option, "X", "Y"))
    [outcome] = back(new_item(texts={"ky": text}))
    assert outcome.item is not None
    returned = outcome.item.texts["ky"]
    assert rich.paragraphs(returned.stem, "ky") == [each for each in rich.paragraphs(text.stem, "ky") if each["c"]]
    assert rich.inline(returned.options[0], "ky") == rich.inline(option, "ky")


@given(st.text(alphabet="абвABC-.1 /", min_size=1, max_size=40), st.integers(2, 8), st.integers(1, 7), st.booleans())
def test_the_order_that_is_shown_has_all_and_gives_the_authors_order_back(
    code: str, n: int, n_right: int, is_free: bool
) -> None:
    n_right = min(n_right, n)
    shown = order(new_item(code), n, n_right, is_free=is_free)
    assert sorted(shown) == list(range(n))
    assert [each for each in shown if each >= n_right] == list(range(n_right, n))
    assert is_free or [each for each in shown if each < n_right] == list(range(n_right))


def test_the_right_one_stands_in_every_place_about_equally_often() -> None:
    places = [order(new_item(f"GEO-{n}"), 4, 1).index(0) for n in range(400)]
    assert all(70 <= places.count(at) <= 130 for at in range(4))
