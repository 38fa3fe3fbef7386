"""An item as an author hands it in, and the content and key that are sealed: canonical JSON values.
Which letter is the key follows from a keyed hash of the code, so that no letter is favoured."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from itembank.items import media, parts, rich, written
from itembank.items.keys import plain_text
from itembank.items.parts import ItemType, NewText
from itembank.items.rich import FormulaError, Tree
from server.core.errors import Invalid
from server.core.terms import LANGUAGES

TIERS = ("basic", "medium", "raised")
OPTION_IDS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """An item to be sealed; one whose code is known becomes that item's next version."""

    code: str
    subject: str
    tier: Literal["basic", "medium", "raised"]
    area: str
    type: ItemType
    texts: Mapping[str, NewText]
    family: str | None = None
    passage: str | None = None
    number: str | None = None
    tolerance: str | None = None
    n_right: int = 1
    words: written.Words = (None, None)
    areas: tuple[str, ...] = ()
    shuffle: bool = True
    is_demonstration: bool = False


@dataclass(frozen=True)
class ItemContent:
    """What candidates may be shown of one item version: no key, no parameter."""

    data: Mapping[str, Any]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The letters by which answers name the options; none where the answer is typed."""
        return tuple(self.data["option_ids"])

    @property
    def is_shuffled(self) -> bool:
        """Whether each candidate gets the options in an order of their own."""
        return bool(self.data["shuffle"])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the item is written in."""
        return tuple(self.data["texts"])

    def view(self, language: str) -> dict[str, Any]:
        """The fields of an item view in one language; KeyError if it is not written in it (DC-4)."""
        text = self.data["texts"][language]
        return {
            "type": self.data["type"],
            "language": language,
            "stem": text["stem"],
            "options": text["options"],
            "slots": text["slots"],
            "passage": text["passage"],
            "is_numeric": self.data["is_numeric"],
            "is_several": self.data["is_several"],
            "words": self.data["words"],
            "figures": text["figures"],
            "picture": text["picture"],
        }

    def recording(self, language: str) -> Mapping[str, Any] | None:
        """What is heard beside the item in one language, with its transcript; None where nothing is."""
        found: Mapping[str, Any] | None = self.data["texts"][language]["recording"]
        return found

    def figure(self, language: str, digest: str) -> Mapping[str, Any] | None:
        """The figure of the item whose bytes have that digest, if it has such a one."""
        figures: Mapping[str, Mapping[str, Any]] = self.data["texts"][language]["figures"]
        return next((each for each in figures.values() if each["digest"] == digest), None)


def content_of(item: NewItem, seed: bytes) -> dict[str, Any]:
    """What candidates may be shown; Invalid names the item and what is wrong with it."""
    with _formulas_of(item):
        return _content(item, seed)


def _content(item: NewItem, seed: bytes) -> dict[str, Any]:
    _check(item)
    order = _order(item, seed)
    return {
        "type": item.type,
        "shuffle": item.shuffle and item.type != "hotspot",
        "is_several": item.type in parts.SEVERAL and (item.type != "hotspot" or item.n_right > 1),
        "is_numeric": item.number is not None,
        "words": written.expected(item.words),
        "option_ids": list(OPTION_IDS[: len(order)]),
        "texts": {
            language: {
                "stem": _tree(item, rich.paragraphs, text.stem, language),
                "options": _options(item, text, order, language),
                "slots": _slots(item, text, order, language),
                "passage": _tree(item, rich.paragraphs, text.passage, language) if text.passage else None,
                "figures": media.figures_of(text, language),
                "picture": text.picture,
                "recording": media.recording_of(text, language),
            }
            for language, text in sorted(item.texts.items())
        },
    }


def key_of(item: NewItem, seed: bytes) -> dict[str, Any]:
    """What counts as right, in the form that `keys.score_answer` reads; of an extended text the rubric."""
    with _formulas_of(item):
        return written.rubric_of(item.texts) if item.type == written.TYPE else _key(item, seed)


def _key(item: NewItem, seed: bytes) -> dict[str, Any]:
    order = _order(item, seed)
    letters = [OPTION_IDS[order.index(at)] for at in range(len(order))]
    if item.type == "choice" or (item.type == "hotspot" and item.n_right == 1):
        return {"kind": "option", "correct": letters[0]}
    if item.type in parts.SEVERAL:
        return {"kind": "options", "correct": sorted(letters[: item.n_right])}
    if item.type == "ordering":
        return {"kind": "order", "correct": letters}
    if item.type != "text_entry":
        language, text = next(iter(item.texts.items()))
        right = parts.right_places(item.type, text, len(_gaps(item, text, language)))
        return {"kind": "places", "correct": {str(n): letters[at] for n, at in enumerate(right, start=1)}}
    if item.number is not None:
        value, tolerance = _decimal(item, item.number), _decimal(item, item.tolerance or "0")
        return {"kind": "number", "value": value, "tolerance": tolerance}
    return {
        "kind": "text",
        "accepted": {language: list(text.accepted) for language, text in sorted(item.texts.items())},
    }


@contextmanager
def _formulas_of(item: NewItem) -> Iterator[None]:
    """A formula that cannot be shown is Invalid wherever it stands: in a text, an alternative or a transcript."""
    try:
        yield
    except FormulaError as error:
        raise Invalid("item_formula", item=item.code, formula=error.formula, reason=error.reason) from error


def canonical(value: object) -> bytes:
    """The one way in which a JSON value is written, for digests and seals."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def option_order(seed: bytes, n: int) -> list[int]:
    """Which authored option stands at each letter: a fair shuffle of 0 .. n - 1 that `seed` decides."""
    order = list(range(n))
    for at in range(n - 1, 0, -1):
        drawn = int.from_bytes(hashlib.sha256(seed + bytes([at])).digest()[:8], "big") % (at + 1)
        order[at], order[drawn] = order[drawn], order[at]
    return order


def _order(item: NewItem, seed: bytes) -> list[int]:
    """Which authored option stands at each letter: those of a picture as they are met on it."""
    if item.type == "hotspot":
        return media.reading_order(item.areas)
    return option_order(seed, len(next(iter(item.texts.values())).all_options))


def _slots(item: NewItem, text: NewText, order: list[int], language: str) -> list[dict[str, Any]]:
    """The slots in the author's order, each with the letters it takes in the order of the alphabet."""
    shown = []
    ranges = parts.slots(item.type, text, len(_gaps(item, text, language)))
    for n, menu in enumerate(ranges, start=1):
        prompt = _tree(item, rich.inline, text.prompts[n - 1], language) if text.prompts else []
        shown.append({
            "id": str(n), "content": prompt, "spoken": _spoken(prompt, text, language),
            "option_ids": [letter for letter, at in zip(OPTION_IDS, order, strict=False) if at in menu],
        })  # fmt: skip
    return shown


def _gaps(item: NewItem, text: NewText, language: str) -> list[str]:
    return rich.gaps(_tree(item, rich.paragraphs, text.stem, language))


def _options(item: NewItem, text: NewText, order: list[int], language: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for letter, at in zip(OPTION_IDS, order, strict=False):
        tree = _tree(item, rich.inline, text.all_options[at], language)
        is_plain = not rich.has_formula(tree) and not rich.figures(tree)
        if item.type == "inline_choice" and not is_plain:  # a drop-down can only hold plain text
            raise Invalid("item_incomplete", item=item.code, part=f"menus.{language}")
        area = {"area": media.area(item.areas[at])} if item.areas else {}
        shown.append({"id": letter, "content": tree, "spoken": _spoken(tree, text, language), **area})
    return shown


def _spoken(tree: Tree, text: NewText, language: str) -> str | None:
    if not rich.has_formula(tree) and not rich.figures(tree):
        return None
    return rich.spoken(tree, language, {name: figure.alternative for name, figure in text.figures.items()})


def _tree(item: NewItem, build: Any, text: str, language: str) -> Tree:
    tree: Tree = build(text, language)
    if not rich.words(tree).strip() and not (build is rich.inline and rich.figures(tree)):
        raise Invalid("item_incomplete", item=item.code, part=f"text.{language}")
    return tree


def _decimal(item: NewItem, text: str) -> str:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > 20:
        raise Invalid("item_incomplete", item=item.code, part="number")
    return format(value, "f")


def _check(item: NewItem) -> None:
    """Invalid unless every language has what the item's type needs."""
    problems = {
        "code": not item.code or len(item.code) > 40,
        "tier": item.tier not in TIERS,
        "area": not item.area or len(item.area) > 40,
        "passage": item.passage is not None and not 1 <= len(item.passage) <= 40,
        "type": item.type not in parts.TYPES,
        "languages": not item.texts or not set(item.texts) <= set(LANGUAGES),
    }
    for language, text in item.texts.items():
        problems |= {f"{part}.{language}": bad for part, bad in _text_problems(item, text, language).items()}
    media.check(item.code, item.texts)
    if len({_shape(item, text, language) for language, text in item.texts.items()}) > 1:
        problems["options"] = True
    problems["areas"] = not media.fit(item.areas, item.type, item.texts)
    is_written = item.type == written.TYPE
    problems["words"] = not written.are_sound(item.words) or (not is_written and item.words != (None, None))
    wrong = [part for part, is_wrong in problems.items() if is_wrong]
    if wrong:
        raise Invalid("item_incomplete", item=item.code, part=", ".join(wrong))


def _shape(item: NewItem, text: NewText, language: str) -> tuple[object, ...]:
    """What all languages must have alike, or one key would not fit them."""
    gaps = tuple(_gaps(item, text, language)) if text.stem.strip() else ()
    has_passage = text.passage is not None
    plays = text.recording.plays if text.recording else 0
    return len(text.options), len(text.prompts), tuple(map(len, text.menus)), gaps, has_passage, plays


def _text_problems(item: NewItem, text: NewText, language: str) -> dict[str, bool]:
    gaps = _gaps(item, text, language) if text.stem.strip() else []
    found = parts.problems(item.type, text, gaps, item.n_right)
    found["passage"] |= text.passage is not None and item.passage is None
    found["figures"] = not media.are_placed(text, language)
    found["rubric"] = written.has_rubric(text) != (item.type == written.TYPE)
    accepted = [plain_text(answer) for answer in text.accepted]
    if item.type == "text_entry":
        found["accepted"] = (item.number is None) != bool(accepted) or not all(accepted)
    else:
        found["accepted"] = bool(accepted) or item.number is not None
    return found
