"""Answers in words, for every type of item, as the office reads them beside right and wrong (DC-26)."""

from __future__ import annotations

from typing import Any

import pytest

from itembank.demonstration.sources import source_of
from itembank.items.content import ItemContent, content_of, key_of
from itembank.items.keys import right_answer
from server.grading.answers import answer_lines

SEED = b"a seed"


def told(subject: str, code: str, language: str = "ru") -> tuple[str, ...]:
    """The right answer of an item of the demonstration in words."""
    item = next(each for each in source_of(subject).items if each.code == code)
    content = ItemContent(content_of(item, SEED))
    given = right_answer(key_of(item, SEED), language)
    return answer_lines(content, language, given, "".join(content.option_ids))


def of_type(kind: str) -> str:
    return next(each.code for each in source_of("history").items if each.type == kind)


@pytest.mark.parametrize(
    ("subject", "code", "lines"),
    [
        ("history", "HIS-001", ["Каменный век"]),
        ("history", "HIS-220", ["IX век", "X век"]),
        ("mathematics", "MAT-H01", ["2 влево, 3 вверх"]),
        ("mathematics", "MAT-F02", ["Парабола ветвями вверх, вершина на оси икс в точке 1"]),
        ("mathematics", "MAT-F03", ["12"]),
        ("history", "HIS-201", ["1. Провозглашена независимость Кыргызстана",
                                "2. Принята первая Конституция независимого Кыргызстана"]),
    ],
)  # fmt: skip
def test_the_right_answer_in_words(subject: str, code: str, lines: list[str]) -> None:
    found = told(subject, code)
    assert [any(line in each for each in found) for line in lines] == [True] * len(lines)


@pytest.mark.parametrize("kind", ["matching", "gap_match", "inline_choice"])
def test_each_place_is_a_line_with_what_was_put_there(kind: str) -> None:
    item = next(each for each in source_of("history").items if each.type == kind)
    text = item.texts["ru"]
    found = told("history", of_type(kind))
    right = [menu[0] for menu in text.menus] or list(text.options)
    assert [line.split(". ")[0] for line in found] == [str(n + 1) for n in range(len(found))]
    assert [word in line for word, line in zip(right, found, strict=False)] == [True] * len(found)
    assert [prompt in line for prompt, line in zip(text.prompts, found, strict=False)] == [True] * len(text.prompts)


def test_a_letter_is_that_under_which_the_candidate_saw_the_option() -> None:
    item = next(each for each in source_of("history").items if each.code == "HIS-001")
    content = ItemContent(content_of(item, SEED))
    given: dict[str, Any] = {"kind": "option", "option": "a"}
    shown = [answer_lines(content, "ru", given, order)[0][:2] for order in ("abcd", "dcba")]
    assert shown == ["A.", "D."]


@pytest.mark.parametrize("given", [None, {"kind": "text", "text": "  "}])
def test_a_blank_says_nothing(given: dict[str, Any] | None) -> None:
    item = next(each for each in source_of("mathematics").items if each.code == "MAT-F03")
    assert answer_lines(ItemContent(content_of(item, SEED)), "ru", given, "") == ()


def test_what_names_no_option_is_told_as_such() -> None:
    item = next(each for each in source_of("history").items if each.code == "HIS-001")
    content = ItemContent(content_of(item, SEED))
    assert answer_lines(content, "ru", {"kind": "option", "option": "zz"}, "abcd") == ("?",)
