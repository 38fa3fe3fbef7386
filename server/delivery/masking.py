"""What a candidate wrote, without what would tell who they are: their names, number, school and seat (CS-14.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.candidates.registration_no import SHAPE

MASK = "▒▒▒"
NUMBER = re.compile(rf"(?<![\w-]){SHAPE.pattern}(?![\w-])")
SHORTEST = 3  # letters of a name that are told from a word
ENDING = 2  # letters that declension takes from a name


def masked(text: str, names: Iterable[str], exact: Iterable[str]) -> str:
    """The text with every word that a name begins masked, however it is declined, all that is `exact`, and every
    registration number, whosever it is."""
    text = NUMBER.sub(MASK, text)
    for said in sorted({each.strip() for each in exact if each.strip()}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){_spaced(said)}(?!\w)", MASK, text, flags=re.IGNORECASE)
    for stem in _stems(names):
        text = re.sub(rf"(?<!\w){re.escape(stem)}\w*", MASK, text, flags=re.IGNORECASE)
    return text


def _stems(names: Iterable[str]) -> list[str]:
    words = {word for name in names for word in re.findall(r"\w+", name) if len(word) >= SHORTEST}
    stems = {word[: max(SHORTEST, len(word) - ENDING)] for word in words}
    return sorted(stems, key=len, reverse=True)


def _spaced(said: str) -> str:
    return r"[\s-]*".join(re.escape(part) for part in re.split(r"[\s-]+", said) if part)
