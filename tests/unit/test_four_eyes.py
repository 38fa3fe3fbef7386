"""Who may read a text and what its readers may change of it: rules without a database (CS-15)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.authoring.four_eyes import Past, bar, unread
from itembank.authoring.words_only import differ_in_words
from itembank.items import source
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording

NOBODY: frozenset[int] = frozenset()


def past(hands: frozenset[int] = NOBODY, content: int | None = None, *others: int | None) -> Past:
    """Of an item that 1 and 2 wrote versions of."""
    return Past(frozenset({1, 2}), hands, content, others)


def test_cs_15_nobody_reads_what_they_wrote_in_any_version() -> None:
    for kind in ("content", "language"):
        assert bar(kind, past(), 1) == "author"
        assert bar(kind, past(frozenset({3})), 3) == "hand"
        assert bar(kind, past(frozenset({3})), 4) is None


def test_cs_15_who_passed_the_content_leaves_a_language_to_another() -> None:
    assert bar("language", past(NOBODY, 5), 5) == "content"  # there is one language alone
    assert bar("language", past(NOBODY, 5, 5, 5), 5) == "content"
    assert bar("language", past(NOBODY, 5, 5, 6), 5) is None
    assert bar("language", past(NOBODY, 5, None), 5) is None
    assert bar("language", past(NOBODY, 5), 6) is None


def test_a_change_waits_until_another_has_read_it_through() -> None:
    assert unread([], []) == NOBODY
    assert unread([(7, 1)], []) == {7}
    assert unread([(7, 1)], [(7, 1)]) == {7}
    assert unread([(7, 1)], [(7, 1), (8, 2)]) == {7}  # it is read, and still the last hand in it
    assert unread([(7, 1), (8, 2)], [(7, 1)]) == {7, 8}
    assert unread([(7, 1), (8, 2)], [(7, 1), (8, 2)]) == {8}  # two people can go on in turn
    assert unread([(7, 2), (8, 2)], [(9, 1)]) == {7, 8}  # what was read before says nothing


PAIRS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 6)), max_size=8)


@given(PAIRS.map(lambda pairs: sorted(pairs, key=lambda pair: pair[1])), PAIRS)
def test_who_is_free_was_read_by_another_after_their_last_change(
    hands: list[tuple[int, int]], finished: list[tuple[int, int]]
) -> None:
    held = unread(hands, finished)
    for who, at in hands:
        assert who in held or any(other != who and done >= at for other, done in finished)
    assert not hands or hands[-1][0] in held


FIGURE = {"map": NewFigure(b"picture", "Карта")}
TEXT = source.text_to_json(
    NewText(
        "Кайсы? [[1]] ![map]", ("Ысык-Көл", "Соң-Көл", "$-5$", "$5$"), ("1926",), ("бир", "эки"), (("а", "б"),),
        passage="Текст", figures=FIGURE, rubric="2 упай", recording=NewRecording(b"sound", "Аты", "Тексти", 2),
    )
)  # fmt: skip


def changed(**parts: Any) -> dict[str, Any]:
    return {**TEXT, **parts}


@pytest.mark.parametrize(
    "after",
    [
        TEXT, changed(stem="![map] Кайсынысы? [[1]]"), changed(options=["Ысык-Көл көлү", "Соң-Көл", "$-5$", "$5$"]),
        changed(passage="Башка текст"), changed(menus=[["а", "в"]]),
        changed(figures={"map": {**TEXT["figures"]["map"], "alternative": "Өлкөнүн картасы", "description": "Узун"}}),
        changed(recording={**TEXT["recording"], "title": "Башка ат", "transcript": "Башка"}),
    ],
)  # fmt: skip
def test_words_are_the_editors(after: dict[str, Any]) -> None:
    assert differ_in_words(TEXT, after)


@pytest.mark.parametrize(
    "after",
    [
        None, changed(options=["Соң-Көл", "Ысык-Көл", "$-5$", "$5$"]),
        changed(options=["соң-көл.", "Ысык-Көл", "$-5$", "$5$"]),
        changed(options=["Ысык-Көл", "Соң-Көл", "$5$", "$-5$"]), changed(options=["Ысык-Көл", "Соң-Көл", "$-5$"]),
        changed(prompts=["эки", "бир"]), changed(menus=[["б", "а"]]), changed(menus=[["а", "б"], ["в"]]),
        changed(accepted=["1927"]), changed(rubric="3 упай"), changed(picture="map"), changed(passage=None),
        changed(stem="Кайсы? [[2]] ![map]"), changed(stem="Кайсы? [[1]]"), changed(figures={}), changed(recording=None),
        changed(figures={"map": {**TEXT["figures"]["map"], "digest": "0" * 64}}),
        changed(recording={**TEXT["recording"], "digest": "0" * 64}),
        changed(recording={**TEXT["recording"], "plays": 9}),
    ],
)  # fmt: skip
def test_the_key_the_places_and_the_files_are_not(after: dict[str, Any] | None) -> None:
    assert not differ_in_words(TEXT, after)
