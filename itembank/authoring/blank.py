"""A new item before anything is written: as many empty places as its type begins with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from itembank.items.content import NewItem
from itembank.items.parts import ItemType, NewText

Tier = Literal["basic", "medium", "raised"]
FOUR, THREE = ("",) * 4, ("",) * 3
BEGINNINGS: Mapping[str, Mapping[str, Any]] = {
    "choice": {"options": FOUR},
    "multiple_choice": {"options": FOUR},
    "matching": {"prompts": THREE, "options": FOUR},
    "ordering": {"options": THREE},
    "inline_choice": {"menus": (THREE,)},
    "gap_match": {"options": THREE},
    "hotspot": {"options": ("", "")},
    "text_entry": {"accepted": ("",)},
    "extended_text": {},
}


def blank(subject: str, area: str, tier: Tier, kind: ItemType, languages: Collection[str]) -> NewItem:
    """An item of that type with nothing in it, in each of the languages."""
    return NewItem(
        code="", subject=subject, tier=tier, area=area, type=kind,
        n_right=2 if kind == "multiple_choice" else 1,
        areas=("rect 20 20 80 60", "rect 120 20 80 60") if kind == "hotspot" else (),
        texts={language: NewText("", **BEGINNINGS[kind]) for language in sorted(languages)},
    )  # fmt: skip
