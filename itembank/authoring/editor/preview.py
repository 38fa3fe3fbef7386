"""An unfinished item as candidates would see it: what is empty shows an ellipsis, what contradicts itself says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from itembank.authoring import safe
from itembank.authoring.models import Manuscript
from itembank.items import formula, rich, source
from itembank.items.content import OPTION_IDS, ItemContent, NewItem
from itembank.items.formula import Tree
from itembank.items.parts import NewText
from itembank.items.service import preview_item
from itembank.items.speech import speak
from server.core.errors import Invalid
from server.core.work import Work

Json = dict[str, Any]
DOTS = "…"


@dataclass(frozen=True)
class Sight:
    """One language of an item as candidates meet it, with its key; or the refusal that says why not."""

    view: Json | None = None
    recording: Mapping[str, Any] | None = None
    key: Mapping[str, Any] | None = None
    refusal: Invalid | None = None


def look(work: Work, manuscript: Manuscript, item: Mapping[str, Any], language: str) -> Sight:
    """What a candidate who sits in that language would see of the text."""
    try:
        new = safe.item_of_json(work, manuscript, item)
    except KeyError:
        return Sight(refusal=Invalid("manuscript_file_unknown"))
    text = new.texts.get(language)
    if text is None:
        return Sight(refusal=Invalid("item_incomplete", item=new.code, part=language))
    whole = _filled(replace(new, texts={language: text}))
    try:
        content, key = preview_item(work, whole)
    except Invalid as refusal:
        return Sight(refusal=refusal)
    shown = ItemContent(content)
    return Sight(shown.view(language), shown.recording(language), key)


def key_lines(item: Mapping[str, Any], sight: Sight) -> list[str]:
    """The key in short: letters as they stand before the candidate, numbers, or the answers that count."""
    key, view = sight.key, sight.view
    if key is None or view is None or key["kind"] == "rubric":
        return []
    if key["kind"] == "number":
        return [f"{key['value']} ± {key['tolerance']}"]
    if key["kind"] == "text":
        return [each for each in item["texts"][view["language"]]["accepted"] if each.strip()]
    letters = {option["id"]: OPTION_IDS[n].upper() for n, option in enumerate(view["options"])}
    if key["kind"] == "places":
        return [f"{slot} – {letters[each]}" for slot, each in key["correct"].items()]
    correct = key["correct"]
    return [letters[each] for each in ([correct] if isinstance(correct, str) else correct)]


def formula_looks(latex: str, language: str) -> tuple[Tree, str]:
    """One formula as it is shown, and as it is said; FormulaError says what is wrong with it."""
    tree = formula.math(latex)
    children = tree["c"]
    assert isinstance(children, list)
    return [{**tree, "a": {"display": "inline"}}], speak(children, language)


def _filled(new: NewItem) -> NewItem:
    """The item with something in each of its places, so that what there is can be seen."""
    texts = {language: _filled_text(new, text) for language, text in new.texts.items()}
    most = max((len(text.options) for text in texts.values()), default=0)
    n_right = min(new.n_right, max(1, most - 1))
    number = new.number if new.type != "text_entry" or new.number is None or new.number.strip() else "0"
    return replace(new, texts=texts, n_right=n_right, number=number, tolerance=new.tolerance or None)


def _filled_text(new: NewItem, text: NewText) -> NewText:
    figures = {name: replace(each, alternative=each.alternative.strip() or DOTS) for name, each in text.figures.items()}
    heard = text.recording
    filled = replace(
        text,
        stem=text.stem if text.stem.strip() else DOTS,
        options=_dotted(text.options), prompts=_dotted(text.prompts), menus=tuple(map(_dotted, text.menus)),
        accepted=tuple(each for each in text.accepted if each.strip()),
        passage=None if text.passage is None else text.passage if text.passage.strip() else DOTS,
        recording=heard and replace(heard, title=heard.title or DOTS, transcript=heard.transcript or DOTS),
        rubric=text.rubric or DOTS if new.type == "extended_text" else "",
        figures=figures,
    )  # fmt: skip
    if new.type == "text_entry" and new.number is None and not filled.accepted:
        filled = replace(filled, accepted=(DOTS,))
    return _without_unplaced(filled)


def _without_unplaced(text: NewText) -> NewText:
    """A figure that stands nowhere yet is not shown; one that is named without being there cannot be."""
    written = source.text_to_json(text)
    named = {found["figure"] for place in _strings(written) for found in rich.MARK.finditer(place) if found["figure"]}
    kept = {name: each for name, each in text.figures.items() if name in named or name == text.picture}
    return replace(text, figures=kept)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [each for part in parts for each in _strings(part)]


def _dotted(places: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each if each.strip() else f"{DOTS} {n}" for n, each in enumerate(places, start=1))
