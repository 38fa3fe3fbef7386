"""Extended text: a task that is answered in the candidate's own words and marked by people.
It has no key: in its place a rubric for the markers is sealed, which candidates never get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itembank.items import rich
from itembank.items.parts import NewText

TYPE = "extended_text"
MOST_EXPECTED = 3000  # words; the longest text that is taken has about so many
LONGEST_RUBRIC = 20_000

Words = tuple[int | None, int | None]  # the fewest and the most words expected: advice, never enforced


def are_sound(words: Words) -> bool:
    """Whether these are numbers of words, the fewest not above the most."""
    given = [n for n in words if n is not None]
    return all(1 <= n <= MOST_EXPECTED for n in given) and given == sorted(given)


def expected(words: Words) -> dict[str, int | None] | None:
    """The expected length as candidates are told it; None where none is."""
    least, most = words
    return None if least is None and most is None else {"least": least, "most": most}


def has_rubric(text: NewText) -> bool:
    """Whether markers are told how to mark it."""
    return len(text.rubric.strip()) > 0 and len(text.rubric) <= LONGEST_RUBRIC


def rubric_of(texts: Mapping[str, NewText]) -> dict[str, Any]:
    """What is sealed in a key's place; FormulaError if a rubric has a formula that cannot be read."""
    trees = {language: rich.paragraphs(text.rubric, language) for language, text in sorted(texts.items())}
    return {"kind": "rubric", "rubric": trees}
