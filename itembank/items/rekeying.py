"""A corrected key from what a form says is right: whether the item can be answered so, what counts as well. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from itembank.items.content import ItemContent
from itembank.items.keys import plain_text
from server.core.errors import Invalid

LONGEST_ANSWER, MOST_ANSWERS = 200, 50


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """What counts as right, as a form says it, and whether what counted so far counts as well (two right answers)."""

    letters: Sequence[str] = ()
    places: Mapping[str, str] | None = None
    number: str = ""
    tolerance: str = ""
    accepted: Mapping[str, Sequence[str]] | None = None
    keeps: bool
    reason: str


def corrected(content: ItemContent, before: Mapping[str, Any], new: NewKey) -> dict[str, Any]:
    """The key as it will count; Invalid if the item cannot be answered so, or nothing changes."""
    old = [dict(each) for each in (before["of"] if before["kind"] == "any" else [_bare(before)])]
    found = _said(content, old[0]["kind"], new)
    whole = [*old, *(each for each in found if each not in old)] if new.keeps else found
    if whole == old:
        raise Invalid("key_unchanged")
    return whole[0] if len(whole) == 1 else {"kind": "any", "of": whole}


def _said(content: ItemContent, kind: str, new: NewKey) -> list[dict[str, Any]]:
    ids = list(content.option_ids)
    letters = [letter for letter in ids if letter in new.letters]
    if kind == "option" and letters:
        return [{"kind": kind, "correct": letter} for letter in letters]
    if kind == "options" and letters:
        return [{"kind": kind, "correct": letters}]
    if kind == "order" and sorted(new.letters) == sorted(ids):
        return [{"kind": kind, "correct": list(new.letters)}]
    if kind == "places" and new.places and _fit(content, new.places):
        return [{"kind": kind, "correct": dict(new.places)}]
    if kind == "number" and new.number.strip():
        return [{"kind": kind, "value": _decimal(new.number), "tolerance": _decimal(new.tolerance or "0")}]
    if kind == "text" and new.accepted is not None:
        return [{"kind": kind, "accepted": _accepted(content, new.accepted)}]
    raise Invalid("key_malformed")


def _fit(content: ItemContent, places: Mapping[str, str]) -> bool:
    """Whether every slot takes what the key puts there."""
    slots = content.view(content.languages[0])["slots"]
    taken = {slot["id"]: slot["option_ids"] for slot in slots}
    return set(places) == set(taken) and all(places[slot] in taken[slot] for slot in taken)


def _accepted(content: ItemContent, said: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found = {language: [" ".join(each.split()) for each in said.get(language, ()) if plain_text(each)]
             for language in content.languages}  # fmt: skip
    sizes = [len(answer) for answers in found.values() for answer in answers]
    if not all(found.values()) or max(sizes) > LONGEST_ANSWER or len(sizes) > MOST_ANSWERS:
        raise Invalid("key_malformed")
    return found


def _decimal(text: str) -> str:
    try:
        value = Decimal(text.strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        raise Invalid("key_malformed") from None
    if not value.is_finite() or abs(value.adjusted()) > 20:
        raise Invalid("key_malformed")
    return format(value, "f")


def _bare(key: Mapping[str, Any]) -> dict[str, Any]:
    """A key without what was said of it."""
    return {name: value for name, value in key.items() if name != "reason"}
