"""Scoring by key: each way to write a right answer, each way to be wrong, and that nothing sent can raise."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.items.keys import read_number, score_answer


def number(value: str, tolerance: str = "0") -> dict[str, Any]:
    return {"kind": "number", "value": value, "tolerance": tolerance}


def words(*accepted: str, language: str = "ky") -> dict[str, Any]:
    return {"kind": "text", "accepted": {language: list(accepted)}}


def said(text: str | None) -> dict[str, Any] | None:
    return None if text is None else {"kind": "text", "text": text}


def choose(option: str | None) -> dict[str, Any] | None:
    return None if option is None else {"kind": "option", "option": option}


CHOICE = {"kind": "option", "correct": "c"}


@pytest.mark.parametrize(("choice", "score"), [("c", 1), ("a", 0), ("C", 0), ("", 0), (None, 0), ("c ", 0)])
def test_choice(choice: str | None, score: int) -> None:
    assert score_answer(CHOICE, "ky", choose(choice)) == score


MANY = {"kind": "options", "correct": ["a", "c"]}
ORDER = {"kind": "order", "correct": ["b", "a", "c"]}
PLACES = {"kind": "places", "correct": {"1": "c", "2": "a"}}


@pytest.mark.parametrize(
    ("key", "answer", "score"),
    [
        (MANY, ["a", "c"], 1), (MANY, ["c", "a"], 1), (MANY, ["a"], 0), (MANY, ["a", "b", "c"], 0),
        (MANY, ["a", "c", "c"], 0), (MANY, [], 0), (MANY, "ac", 0), (MANY, {"a": "c"}, 0), (MANY, [["a"], "c"], 0),
        (ORDER, ["b", "a", "c"], 1), (ORDER, ["a", "b", "c"], 0), (ORDER, ["b", "a"], 0), (ORDER, "bac", 0),
        (ORDER, ["b", "a", "c", "c"], 0),
        (PLACES, {"1": "c", "2": "a"}, 1), (PLACES, {"2": "a", "1": "c"}, 1), (PLACES, {"1": "c"}, 0),
        (PLACES, {"1": "c", "2": "a", "3": "b"}, 0), (PLACES, {"1": "a", "2": "c"}, 0), (PLACES, ["c", "a"], 0),
        (PLACES, {}, 0), (PLACES, None, 0),
    ],
)  # fmt: skip
def test_all_of_an_answer_is_right_or_nothing_is(key: dict[str, Any], answer: object, score: int) -> None:
    assert score_answer(key, "ky", {"kind": key["kind"], key["kind"]: answer}) == score


KEYS = (CHOICE, MANY, ORDER, PLACES, number("5"), words("жок"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
KINDS = st.sampled_from(["option", "options", "order", "places", "text"])


@given(st.dictionaries(KINDS | st.just("kind"), KINDS | JSON, max_size=6), KINDS, JSON)
def test_no_payload_raises_and_none_scores_by_luck(odd: dict[str, Any], kind: str, answer: object) -> None:
    for given_ in (odd, {"kind": kind, kind: answer}, {}):
        for key in KEYS:
            right = {"kind": key["kind"], key["kind"]: key.get("correct")}
            may_be_right = given_ == right or key["kind"] in ("options", "number", "text")
            assert score_answer(key, "ky", given_) in ((0, 1) if may_be_right else (0,))


def test_text_does_not_answer_a_choice() -> None:
    assert score_answer(CHOICE, "ky", said("c")) == 0


@pytest.mark.parametrize(
    ("value", "text", "score"),
    [
        ("3.5", "3.5", 1), ("3.5", "3,5", 1), ("3.5", " 3,50 ", 1), ("3.5", "7/2", 1), ("3.5", "3 1/2", 1),
        ("3.5", "+3,5", 1), ("3.5", "35", 0), ("3.5", "3.5.", 0), ("3.5", "3,5 см", 0), ("3.5", "-3.5", 0),
        ("-2", "-2", 1), ("-2", "−2", 1), ("-2", "– 2", 1), ("-2", "--2", 0), ("-2", "2-", 0),
        ("-1.5", "-1 1/2", 1), ("0.5", ",5", 1), ("0.5", "1 / 2", 1), ("0.5", "1⁄2", 1), ("0.5", "2/4", 1),
        ("1000", "1 000", 1), ("1000", "1\u00a0000", 1), ("1000", "1,000", 0), ("1", "1,000", 1),
        ("1000", "10 00", 0),
        ("0", "-0", 1), ("0", "0/5", 1), ("0", "", 0), ("0", "   ", 0), ("0", "-", 0), ("0", ",", 0),
        ("0", "/", 0),
        ("0", "1/0", 0), ("5", "5e0", 0), ("5", "٥", 0), ("25", "5²", 0), ("5", "5,", 0), ("100", "1e2", 0),
    ],
)  # fmt: skip
def test_number(value: str, text: str, score: int) -> None:
    assert score_answer(number(value), "ru", said(text)) == score


@pytest.mark.parametrize(
    ("text", "score"), [("3.14", 1), ("3,15", 1), ("3.13", 1), ("3.1501", 0), ("3.12", 0)]
)
def test_tolerance_is_exact_at_its_edge(text: str, score: int) -> None:
    assert score_answer(number("3.14", "0.01"), "ru", said(text)) == score


@pytest.mark.parametrize(
    ("accepted", "text", "score"),
    [
        ("Балыкчы", "  балыкчы ", 1), ("Балыкчы", "БАЛЫКЧЫ", 1), ("в течение", "в   течение", 1),
        ("в течение", "в\u00a0течение", 1), ("в течение", "в течении", 0), ("ёлка", "елка", 1),
        ("елка", "Ёлка", 1),
        ("Каракол", "Kapakoл", 1), ("Каракол", "KAPAKOл", 1), ("өрөөндөр", "өрөөндөр", 1),
        ("өрөөндөр", "орондор", 0),
        ("өзгөн", "ɵзгɵн", 1), ("үзүм", "Yзүм", 1), ("узген", "yзген", 1), ("узген", "Yзген", 1),
        ("Сулайман-Тоо", "сулайман–тоо", 1), ("Сулайман-Тоо", "сулайман тоо", 0),
        ("е", "e", 1), ("е", "ё", 1), ("й", "и\u0306", 1), ("Manas", "manas", 1), ("Manas", "маnаs", 0),
        ("кийик", "", 0), ("кийик", " \t\n", 0), ("кийик", "кийик кийик", 0), ("кийик", "кийик\u200b", 0),
    ],
)  # fmt: skip
def test_text(accepted: str, text: str, score: int) -> None:
    assert score_answer(words(accepted), "ky", said(text)) == score


def test_any_of_the_accepted_texts_of_the_language_counts() -> None:
    key = {"kind": "text", "accepted": {"ky": ["Энесай"], "ru": ["Енисей", "река Енисей"]}}
    assert [score_answer(key, "ru", said(text)) for text in ("река енисей", "Енисей", "Энесай")] == [1, 1, 0]


HOSTILE = [
    "9" * 1_000_000, "1e999999999", "1E+99999", "NaN", "sNaN", "Infinity", "-inf", "0x10", "1_000",
    "1/" + "9" * 10_000,
    "\x00", "\ud800", "١٢٣", "𝟓", "½", "²", "%s%n", "'; DROP TABLE item; --", "а" * 1_000_000,
    "\u0301" * 5000, "/" * 999,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("key", [CHOICE, number("5"), words("жок")], ids=["choice", "number", "text"])
def test_hostile_input_scores_nothing(key: dict[str, Any], text: str) -> None:
    assert score_answer(key, "ky", choose(text[:8]) if key is CHOICE else said(text)) == 0


ANY_TEXT = st.one_of(
    st.text(max_size=200),
    st.text("0123456789.,/-−+eE \u00a0", max_size=80),
    st.from_regex(r"[+-]?[0-9]{0,400}[.,]?[0-9]{0,400}([eE][+-]?[0-9]{1,20})?", fullmatch=True),
)


@given(st.one_of(st.none(), st.text(max_size=8)), st.one_of(st.none(), ANY_TEXT))
def test_nothing_raises(choice: str | None, text: str | None) -> None:
    for key in (CHOICE, number("3.5", "0.01"), words("Балыкчы", "Ысык-Көл")):
        assert {score_answer(key, "ky", choose(choice)), score_answer(key, "ky", said(text))} <= {0, 1}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_number_is_read_as_written(value: Any) -> None:
    written = format(value, "f")
    assert read_number(written) == read_number(written.replace(".", ",")) == Fraction(written)
    assert score_answer(number(written), "ru", said(written.replace(".", ",").replace("-", "−"))) == 1


@given(st.integers(-9999, 9999), st.integers(1, 9999))
def test_a_fraction_is_exact(over: int, under: int) -> None:
    assert read_number(f"{over}/{under}") == Fraction(over, under)


@given(st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүң", min_size=1, max_size=30))
def test_case_and_spaces_never_matter(word: str) -> None:
    assert score_answer(words(word), "ky", said(f"  {word.upper()}  ")) == 1
