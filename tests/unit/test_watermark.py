"""A mark read off a photograph leads to its opening, also with one letter that is gone or read wrongly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.authoring.safe import MARK_LETTERS, new_mark
from itembank.authoring.watermark import is_exact, patterns, plain

MARKS = st.text(MARK_LETTERS, min_size=8, max_size=8).map(lambda text: f"{text[:4]}-{text[4:]}")


def leads_to(read: str, mark: str) -> bool:
    """Whether a LIKE pattern of what was read finds the mark."""
    return any(re.fullmatch(pattern.replace("_", "."), mark) for pattern in patterns(read))


@given(MARKS)
def test_a_mark_leads_to_itself_however_it_is_written(mark: str) -> None:
    for read in (mark, mark.lower(), mark.replace("-", ""), f" {mark} ", mark.replace("-", " – ")):
        assert leads_to(read, mark)
        assert is_exact(mark, read)


@given(MARKS, st.integers(0, 7), st.sampled_from([*MARK_LETTERS, "?", "_", "*"]))
def test_one_letter_may_be_gone_or_wrong(mark: str, at: int, letter: str) -> None:
    letters = mark.replace("-", "")
    read = letters[:at] + letter + letters[at + 1 :]
    assert leads_to(read, mark)
    assert is_exact(mark, read) == (letter in "?_*" or letter == letters[at])


@given(MARKS, MARKS)
def test_it_leads_to_no_other(mark: str, other: str) -> None:
    differing = sum(a != b for a, b in zip(mark, other, strict=True))
    assert leads_to(mark, other) == (differing <= 1)


@pytest.mark.parametrize("read", ["", "K7Q", "0123456789", "a" * 1000, "%" * 3])
def test_what_is_no_mark_finds_nothing(read: str) -> None:
    assert (plain(read), patterns(read)) == ("", [])


def test_letters_that_look_alike_are_taken_for_those_of_marks() -> None:
    assert plain("0АСЕ-НКМ1") == "DACEHKM7"
    assert plain("K%Q2 M4P'") == "K_D2M4P_"


def test_new_marks_are_all_different() -> None:
    assert len({new_mark() for _ in range(1000)}) == 1000
