"""An item and a key of it as the form of a corrected key shows them: plain HTML, and the key in letters and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from itembank.authoring.html import of_tree
from itembank.items.content import ItemContent
from server.core.i18n import _


@dataclass(frozen=True)
class Shown:
    """One language of an item; letters are those of the bank, whatever order a candidate saw."""

    language: str
    stem: Markup
    passage: Markup | None
    options: tuple[tuple[str, Markup], ...]
    slots: tuple[tuple[str, Markup, tuple[str, ...]], ...]
    has_pictures: bool


def shown(content: ItemContent) -> list[Shown]:
    """The item in each of its languages."""
    return [_in(content, language) for language in content.languages]


def key_words(key: Mapping[str, Any]) -> str:
    """What a key says is right, in short."""
    kind = key["kind"]
    if kind == "any":
        return _(" or ").join(key_words(each) for each in key["of"])
    if kind == "number":
        return f"{key['value']} ± {key['tolerance']}" if float(key["tolerance"]) else str(key["value"])
    if kind == "text":
        return "; ".join(f"{language}: {', '.join(said)}" for language, said in sorted(key["accepted"].items()))
    if kind == "places":
        return ", ".join(f"{slot} – {letter.upper()}" for slot, letter in key["correct"].items())
    if kind == "order":
        return " – ".join(letter.upper() for letter in key["correct"])
    return ", ".join(letter.upper() for letter in key["correct"])


def first_kind(key: Mapping[str, Any]) -> str:
    """The kind of answer that the item takes."""
    return str(key["of"][0]["kind"] if key["kind"] == "any" else key["kind"])


def _in(content: ItemContent, language: str) -> Shown:
    view = content.view(language)
    return Shown(
        language, _html(view["stem"]), _html(view["passage"]) if view["passage"] else None,
        tuple((option["id"], _html(option["content"])) for option in view["options"]),
        tuple((slot["id"], _html(slot["content"]), tuple(slot["option_ids"])) for slot in view["slots"]),
        bool(view["figures"] or view["picture"]),
    )  # fmt: skip


def _html(tree: Any) -> Markup:
    return of_tree(tree, lambda _name: None)
