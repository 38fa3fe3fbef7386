"""The places of an item's text by the names that comments give them, such as `ky.options.2`, and their differences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Json = Mapping[str, Any]
Kind = Literal["same", "added", "removed"]
SHARED = ("tier", "area", "type", "family", "passage", "number", "tolerance", "n_right", "words", "areas", "shuffle")
LISTS = ("prompts", "options", "accepted")
# A formula, a gap and a figure change as a whole; words and stops one by one.
TOKEN = re.compile(r"\$[^$]*\$(?:\{[^{}]*\})?|\[\[\d+\]\]|!\[[a-z0-9-]+\]|\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """One place that reads otherwise, in pieces: what stayed, what came, what went."""

    anchor: str
    pieces: tuple[tuple[Kind, str], ...]


def of_text(language: str, text: Json) -> Iterator[tuple[str, str]]:
    """Every place of one language and what is written there, in the order of reading."""
    if text["passage"] is not None:
        yield f"{language}.passage", text["passage"]
    yield f"{language}.stem", text["stem"]
    for part in LISTS:
        for n, written in enumerate(text[part], start=1):
            yield f"{language}.{part}.{n}", written
    for n, menu in enumerate(text["menus"], start=1):
        for m, written in enumerate(menu, start=1):
            yield f"{language}.menus.{n}.{m}", written
    for name, figure in text["figures"].items():
        yield f"{language}.figures.{name}", figure["alternative"]
    if text["recording"]:
        yield f"{language}.recording", text["recording"]["transcript"]
    if text["rubric"]:
        yield f"{language}.rubric", text["rubric"]


def of_item(item: Json) -> dict[str, str]:
    """Every place of the item, first what all languages share."""
    found = {part: _plain(item[part]) for part in SHARED}
    for language, text in item["texts"].items():
        found |= dict(of_text(language, text))
        found |= {f"{language}.figures.{name}.file": each["digest"] for name, each in text["figures"].items()}
    return found


def differences(before: Json, after: Json) -> list[Difference]:
    """The places that read otherwise, in the order of the newer text; those that are gone stand last."""
    old, new = of_item(before), of_item(after)
    anchors = [*new, *(anchor for anchor in old if anchor not in new)]
    return [
        Difference(anchor, tuple(_pieces(old.get(anchor, ""), new.get(anchor, ""))))
        for anchor in anchors
        if old.get(anchor, "") != new.get(anchor, "")
    ]


def _pieces(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(a[i:j])
            continue
        if i < j:
            yield "removed", "".join(a[i:j])
        if k < m:
            yield "added", "".join(b[k:m])


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join("–" if each is None else str(each) for each in value)
    return "" if value is None else str(value)
