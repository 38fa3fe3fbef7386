"""What a language editor may change of a text: its words. Places, key and files are the item's own, in every language
alike, and stay as the reader of the content passed them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from itembank.items import rich

Json = Mapping[str, Any]
LISTS = ("options", "prompts")
# What counts as right, and what earns how many points: the reader of the content answers for them.
CONTENT = ("accepted", "rubric", "picture")


def differ_in_words(before: Json | None, after: Json | None) -> bool:
    """Whether one language of an item, before and after, differs in nothing but words."""
    if before is None or after is None:
        return before is after
    if _frame(before) != _frame(after):
        return False
    return not any(_is_moved(old, new) for old, new in zip(_lists(before), _lists(after), strict=True))


def _frame(text: Json) -> Json:
    """Everything but the words."""
    heard = text["recording"]
    return {
        **{part: text[part] for part in CONTENT},
        "lists": [len(each) for each in _lists(text)],
        "figures": {name: each["digest"] for name, each in text["figures"].items()},
        "recording": heard and (heard["digest"], heard["plays"]),
        "has_passage": text["passage"] is not None,
        "marks": [_marks(each) for each in (text["stem"], text["passage"] or "", *_lines(text))],
    }


def _lists(text: Json) -> list[Sequence[str]]:
    return [*(text[part] for part in LISTS), *text["menus"]]


def _lines(text: Json) -> Iterator[str]:
    for each in _lists(text):
        yield from each


def _marks(written: str) -> list[str]:
    """The gaps and figures that stand in a line; another language may name them in another order."""
    found = (mark["gap"] or mark["figure"] for mark in rich.MARK.finditer(written))
    return sorted(each for each in found if each)


def _is_moved(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a line says now what another one said: places are the key, and so is their order."""
    old, new = [_plain(each) for each in before], [_plain(each) for each in after]
    return any(line != old[at] and line in old for at, line in enumerate(new))


def _plain(line: str) -> str:
    """The line without what makes no other answer of it: capitals, spaces, a stop at its end."""
    return " ".join(line.casefold().split()).rstrip(" .;,")
