"""Simple items as a table that reads back the same; what a table cannot hold is listed beside it.
Right ones stand where a shuffle of the code puts them, so that no column betrays the key."""

from __future__ import annotations

from collections.abc import Sequence

from itembank.interchange.qti.body_out import order
from itembank.interchange.tables.columns import ANSWERS, LETTERS, SIMPLE, keys
from itembank.items.bounds import over
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.terms import LANGUAGES
from server.core.workbook import Sheet, workbook

NARROW, WIDE = 14, 50


def write_xlsx(items: Sequence[NewItem]) -> bytes:
    """A workbook of the simple ones among these items; its second sheet says which are not in it, and why."""
    held, left = _sorted(items)
    heads = keys(_languages(held))
    sheets = [Sheet("items", [heads, *(_row(item, heads) for item in held)], _widths(heads))]
    if left:
        sheets.append(Sheet("left out", [("code", "why"), *left], (NARROW, WIDE)))
    return workbook(sheets)


def why_not(item: NewItem) -> str | None:
    """Why a table cannot hold the item; None if it can."""
    texts = item.texts.values()
    reasons = {
        f"type {item.type}": item.type not in SIMPLE,
        "passage": item.passage is not None or any(text.passage is not None for text in texts),
        "figures": any(text.figures for text in texts),
        "recording": any(text.recording for text in texts),
        "length": any(over(item)),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _sorted(items: Sequence[NewItem]) -> tuple[list[NewItem], list[tuple[str, str]]]:
    reasons = [(item, why_not(item)) for item in items]
    held = [item for item, reason in reasons if reason is None]
    return held, [(item.code, reason) for item, reason in reasons if reason is not None]


def _languages(items: Sequence[NewItem]) -> tuple[str, ...]:
    return tuple(tag for tag in LANGUAGES if any(tag in item.texts for item in items)) or LANGUAGES[:1]


def _widths(heads: Sequence[str]) -> list[int]:
    return [WIDE if head.startswith("stem_") else NARROW for head in heads]


def _row(item: NewItem, heads: Sequence[str]) -> list[str]:
    n = len(next(iter(item.texts.values())).options) if item.texts else 0
    shown = order(item, n, item.n_right) if n else []
    right = ", ".join(LETTERS[at] for at, each in enumerate(shown) if each < item.n_right)
    cells = {
        "code": item.code, "subject": item.subject, "area": item.area, "tier": item.tier, "type": item.type,
        "correct": right, "number": item.number or "", "tolerance": item.tolerance or "", "family": item.family or "",
        "shuffle": "yes" if item.shuffle else "no",
    }  # fmt: skip
    for language, text in item.texts.items():
        cells |= _cells(text, language, shown)
    return [cells.get(head, "") for head in heads]


def _cells(text: NewText, language: str, shown: Sequence[int]) -> dict[str, str]:
    answers = "\n".join(text.accepted)
    is_one = len(text.accepted) == 1 and ";" in answers
    return {
        f"stem_{language}": text.stem, f"{ANSWERS.code}_{language}": f"{answers}\n" if is_one else answers,
        **{f"{LETTERS[at]}_{language}": text.options[each] for at, each in enumerate(shown)},
    }  # fmt: skip
