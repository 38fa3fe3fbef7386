"""Documents of manuscripts, and the rules of who may read and judge: no database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.authoring.document import Document
from itembank.authoring.four_eyes import Concern, awaited, due_on, least_busy, purpose_of
from itembank.authoring.machine import FROZEN, MANUSCRIPT
from itembank.items import source
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from tests.factories import itembank as factory

WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
FIGURES = st.dictionaries(WORDS, st.builds(NewFigure, st.binary(max_size=9), WORDS, st.none() | WORDS), max_size=2)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
TEXTS = st.builds(
    NewText, WORDS, TUPLES, TUPLES, TUPLES, st.lists(TUPLES, max_size=2).map(tuple), st.none() | WORDS, FIGURES,
    st.none() | WORDS, st.none() | st.builds(NewRecording, st.binary(max_size=9), WORDS, WORDS, st.integers(1, 5)),
    WORDS,
)  # fmt: skip
ITEMS = st.builds(
    NewItem, code=WORDS, subject=WORDS, tier=st.sampled_from(["basic", "medium", "raised"]), area=WORDS,
    type=st.just("choice"), texts=st.dictionaries(st.sampled_from(["ky", "ru", "en"]), TEXTS), family=st.none() | WORDS,
    passage=st.none() | WORDS, number=st.none() | WORDS, tolerance=st.none() | WORDS, n_right=st.integers(0, 9),
    words=st.tuples(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99)), areas=TUPLES,
    shuffle=st.booleans(), is_demonstration=st.booleans(),
)  # fmt: skip


@given(ITEMS)
def test_an_item_written_as_json_is_read_back_equal(item: NewItem) -> None:
    written = source.to_json(item)
    files = source.files_of(item)
    assert source.from_json(written, files) == item
    assert source.digests(written) == set(files)


def test_a_file_that_is_not_there_is_missed() -> None:
    figure = NewText("![a]", figures={"a": NewFigure(b"picture", "words")})
    with pytest.raises(KeyError):
        source.from_json(source.to_json(factory.new_item(texts={"ky": figure})), {})


def test_a_change_of_the_origin_makes_every_translation_stale() -> None:
    document = Document.of(factory.new_item(languages=("ky", "ru", "en")), "ky")
    assert document.stale == []
    texts = {**document.item["texts"]}
    texts["ky"] = {**texts["ky"], "stem": "Another"}
    changed = document.changed({**document.item, "texts": texts})
    assert changed.stale == ["en", "ru"]
    assert changed.confirmed(["ru"]).stale == ["en"]


def test_a_change_of_a_translation_makes_no_other_stale() -> None:
    document = Document.of(factory.new_item(languages=("ky", "ru", "en")), "ky")
    texts = {**document.item["texts"]}
    texts["ru"] = {**texts["ru"], "stem": "Another"}
    assert document.changed({**document.item, "texts": texts}).stale == []


def test_the_right_number_is_every_languages() -> None:
    document = Document.of(factory.entry_item(number="3"), "ky")
    assert document.changed({**document.item, "number": "4"}).stale == ["ru"]


def test_a_translation_that_is_added_is_made_from_todays_origin() -> None:
    document = Document.of(factory.new_item(languages=("ky",)), "ky")
    added = {**document.item, "texts": {**document.item["texts"], "ru": document.item["texts"]["ky"]}}
    assert document.changed(added).stale == []


def test_a_changed_origin_put_back_is_what_the_translations_were_made_from() -> None:
    document = Document.of(factory.new_item(), "ky")
    texts = {**document.item["texts"], "ky": {**document.item["texts"]["ky"], "stem": "Another"}}
    assert document.changed({**document.item, "texts": texts}).changed(document.item).stale == []


@given(st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5)), st.none() | st.integers(1, 5), st.integers(1, 6))
def test_only_those_it_concerns_may_open_it(
    reviewers: set[int], members: set[int], author: int | None, reader: int
) -> None:
    concern = Concern(author, frozenset(reviewers), frozenset(members))
    is_concerned = reader == author or reader in reviewers | members
    assert (purpose_of(concern, reader) is not None) == is_concerned
    assert purpose_of(concern, None) is None


def test_the_least_busy_is_asked_and_nobody_where_nobody_may() -> None:
    assert least_busy([7, 8, 9], {7: 2, 8: 1, 9: 1}) == 8
    assert least_busy([], {}) is None


def test_a_reading_is_due_some_days_on() -> None:
    assert due_on("content", date(2026, 12, 28)) == date(2027, 1, 4)
    assert due_on("language", date(2026, 12, 28)) == date(2027, 1, 2)


def test_every_language_has_to_pass() -> None:
    assert awaited(["ky", "ru"], []) == ["ky", "ru"]
    assert awaited(["ky", "ru"], ["ky"]) == ["ru"]
    assert awaited(["ky"], ["ky", "ru"]) == []


def test_nothing_leads_from_a_frozen_text_back_to_a_draft() -> None:
    for sources, target in MANUSCRIPT.verbs.values():
        if target in ("draft", "content_review", "language_review"):
            assert not set(sources) & {*FROZEN, "retired"}
    assert not any("retired" in sources for sources, _ in MANUSCRIPT.verbs.values())


def test_nothing_is_used_that_was_not_approved() -> None:
    assert {state for state in MANUSCRIPT.states if MANUSCRIPT.allows("put_in_use", state)} == {"approved", "in_use"}


def test_the_text_a_stale_translation_was_made_from_is_kept_until_somebody_says_it_fits() -> None:
    first = Document.of(factory.new_item(), "ky")
    texts = first.item["texts"]
    second = first.changed({**first.item, "texts": {**texts, "ky": {**texts["ky"], "stem": "Башкача?"}}})
    third = second.changed({**first.item, "texts": {**texts, "ky": {**texts["ky"], "stem": "Дагы башкача?"}}})
    assert third.stale == ["ru"]
    assert third.made_from("ru") == texts["ky"]
    assert list(third.earlier.values()) == [texts["ky"]]  # what lay between is nobody's origin
    assert Document.from_json(third.to_json()) == third
    fits = third.confirmed(["ru"])
    assert (fits.stale, fits.earlier, fits.made_from("ru")) == ([], {}, None)


def test_a_translation_first_written_is_made_from_the_origin_of_that_day() -> None:
    whole = Document.of(factory.new_item(), "ky").item
    empty = {**whole["texts"]["ru"], "stem": " ", "options": ["", "", "", ""]}
    begun = Document.of(factory.new_item(), "ky").changed({**whole, "texts": {**whole["texts"], "ru": empty}})
    changed = {**whole["texts"], "ky": {**whole["texts"]["ky"], "stem": "Башкача?"}}
    later = begun.changed({**whole, "texts": {**changed, "ru": empty}})
    assert (later.stale, later.missing) == (["ru"], ["ru"])
    written = later.changed({**whole, "texts": changed})
    assert (written.stale, written.missing) == ([], [])
