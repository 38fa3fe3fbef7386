"""Marks as a photograph shows them: a code with a letter that nobody can read still leads to its opening."""

from __future__ import annotations

import re

from itembank.authoring.safe import MARK_LETTERS

LENGTH, MOST_UNREADABLE = 8, 3
UNREADABLE = re.compile(r"[?*_.…]")
ALIKE = "_"  # one letter, in LIKE
# What the eye takes for a letter of marks; Cyrillic ones that look the same among them.
LOOKS_LIKE = dict(zip("ОАСЕНКМРТХУ", "DACEHKMPTXY", strict=True)) | {
    "0": "D", "O": "D", "Q": "D", "1": "7", "Z": "2", "S": "5", "G": "6", "V": "Y", "U": "Y", "B": "R", "8": "3",
}  # fmt: skip


def plain(read: str) -> str:
    """What was read, as marks are written: LENGTH letters, `_` where nobody could tell.

    Empty if it is no mark, or too little of it was read."""
    letters = re.sub(r"[\s\-–—]", "", read.upper())
    letters = UNREADABLE.sub(ALIKE, letters)
    letters = "".join(each if each in MARK_LETTERS else LOOKS_LIKE.get(each, ALIKE) for each in letters)
    return letters if len(letters) == LENGTH and letters.count(ALIKE) <= MOST_UNREADABLE else ""


def patterns(read: str) -> list[str]:
    """LIKE patterns, the exact one first, then with one letter read wrongly; none if it is no mark.

    A letter that nobody could tell stands for every one; with two of them no more is taken for wrong."""
    letters = plain(read)
    if not letters:
        return []
    exact = _written(letters)
    if letters.count(ALIKE) > 1:
        return [exact]
    near = [_written(letters[:at] + ALIKE + letters[at + 1 :]) for at in range(LENGTH) if letters[at] != ALIKE]
    return [exact, *near]


def is_exact(mark: str, read: str) -> bool:
    """Whether the mark is what was read, letter by letter as far as they could be told."""
    letters = plain(read)
    marked = mark.replace("-", "")
    return len(marked) == len(letters) and all(a in (b, ALIKE) for a, b in zip(letters, marked, strict=True))


def _written(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:]}"
