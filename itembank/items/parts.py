"""What each type of item consists of: its options, its slots, which option is right where, and what it must have.
An author writes the right ones first; letters are given by a shuffle, so that no place betrays the key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, get_args

from itembank.items import areas
from itembank.items.figures import NewFigure
from itembank.items.sound import NewRecording

ItemType = Literal[
    "choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "hotspot", "text_entry",
    "extended_text",
]
TYPES: tuple[str, ...] = get_args(ItemType)
LETTERED = 8  # options that a candidate can name by a letter A to H
MOST_WORDS = 12
MOST_IN_GAP = 5
MOST_GAPS = 5
SEVERAL = frozenset({"multiple_choice", "hotspot"})  # types that may have more than one right answer


@dataclass(frozen=True)
class NewText:
    """One language of an item. Right ones come first: an option, several (`NewItem.n_right`), or one a slot.

    `prompts` are the left side of a matching, `menus` the drop-downs of an inline choice, right ones first;
    a numeric entry has none of these; `passage` is the text that the item is read beside. `figures` stand where
    the text names them, `![name]`; a hotspot has one more, its `picture`, and its options name the areas on it.
    A `recording` is heard beside the item, a set number of times; items of a passage may share one.
    An extended text has a `rubric` for those who mark it."""

    stem: str
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    menus: tuple[tuple[str, ...], ...] = ()
    passage: str | None = None
    figures: Mapping[str, NewFigure] = field(default_factory=dict)
    picture: str | None = None
    recording: NewRecording | None = None
    rubric: str = ""

    @property
    def all_options(self) -> tuple[str, ...]:
        """Every option of the item, those of drop-downs one after the other."""
        return self.options or tuple(option for menu in self.menus for option in menu)


def slots(kind: str, text: NewText, n_gaps: int) -> list[range]:
    """For each slot of the item the places of the options that may stand in it; the first drop-down's come first."""
    if kind == "inline_choice":
        ends = [sum(map(len, text.menus[:n])) for n in range(len(text.menus) + 1)]
        return [range(low, high) for low, high in pairwise(ends)]
    n = len(text.prompts) if kind == "matching" else n_gaps if kind == "gap_match" else 0
    return [range(len(text.options))] * n


def right_places(kind: str, text: NewText, n_gaps: int) -> list[int]:
    """For each slot the place of its right option."""
    ranges = slots(kind, text, n_gaps)
    return [menu[0] for menu in ranges] if kind == "inline_choice" else list(range(len(ranges)))


def problems(kind: str, text: NewText, gaps: list[str], n_right: int) -> dict[str, bool]:
    """What is wrong with one language of the item, by part; gaps are named as they stand in the stem."""
    check = CHECKS.get(kind, _typed)
    expected = len(text.menus) if kind == "inline_choice" else len(gaps) if kind == "gap_match" else 0
    options = [" ".join(option.split()) for option in text.options]
    return {
        "options": not check(text, len(gaps), n_right) or len(set(options)) != len(options),
        "prompts": bool(text.prompts) != (kind == "matching") or len(set(text.prompts)) != len(text.prompts),
        "menus": bool(text.menus) != (kind == "inline_choice"),
        "gaps": gaps != [str(n) for n in range(1, expected + 1)],
        "n_right": n_right != 1 and kind not in SEVERAL,
        "picture": (text.picture is not None) != (kind == "hotspot"),
        "passage": text.passage is not None and not text.passage.strip(),
    }


def _typed(text: NewText, _n_gaps: int, _n_right: int) -> bool:
    return not text.options


def _inline(text: NewText, _n_gaps: int, _n_right: int) -> bool:
    sizes = all(2 <= len(menu) <= MOST_IN_GAP for menu in text.menus)
    are_distinct = all(len({" ".join(option.split()) for option in menu}) == len(menu) for menu in text.menus)
    return not text.options and len(text.menus) <= MOST_GAPS and sizes and are_distinct


CHECKS: dict[str, Callable[[NewText, int, int], bool]] = {
    "choice": lambda text, _n_gaps, _n_right: 2 <= len(text.options) <= LETTERED,
    "multiple_choice": lambda text, _n_gaps, n: 3 <= len(text.options) <= LETTERED and 1 <= n < len(text.options),
    "matching": lambda text, _n_gaps, _n_right: 2 <= len(text.prompts) <= len(text.options) <= LETTERED,
    "hotspot": lambda text, _n_gaps, n: 2 <= len(text.options) <= areas.MOST and 1 <= n < len(text.options),
    "ordering": lambda text, _n_gaps, _n_right: 3 <= len(text.options) <= LETTERED,
    "gap_match": lambda text, n_gaps, _n_right: 1 <= n_gaps < len(text.options) <= MOST_WORDS,
    "inline_choice": _inline,
}
