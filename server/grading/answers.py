"""An answer in words, as its candidate had it before them: letters as they stood on the screen, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itembank.items import rich
from itembank.items.content import ItemContent

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNLETTERED = frozenset({"inline_choice", "gap_match", "hotspot", "ordering"})


def answer_lines(
    content: ItemContent, language: str, given: Mapping[str, Any] | None, option_order: str
) -> tuple[str, ...]:
    """A line for each part of the answer; none where nothing was said."""
    if given is None:
        return ()
    view = content.view(language)
    said = given[given["kind"]]
    if given["kind"] == "text":
        return (str(said),) if str(said).strip() else ()
    if given["kind"] == "extended":
        return tuple(line for line in str(said).splitlines() if line.strip())
    options = _options(view, option_order)
    if given["kind"] == "places":
        prompts = {slot["id"]: _words(slot) for slot in view["slots"]}
        return tuple(_placed(slot, prompts, options.get(said[slot], "?")) for slot in sorted(said, key=int))
    if given["kind"] == "order":
        return tuple(f"{n}. {options.get(each, '?')}" for n, each in enumerate(said, start=1))
    return tuple(options.get(each, "?") for each in ([said] if given["kind"] == "option" else said))


def _options(view: Mapping[str, Any], option_order: str) -> dict[str, str]:
    """Each option by its id, with the letter under which this candidate saw it where there was one."""
    words = {option["id"]: _words(option) for option in view["options"]}
    if view["type"] in UNLETTERED:
        return words
    return {each: f"{LETTERS[at]}. {words[each]}" for at, each in enumerate(option_order) if each in words}


def _placed(slot: str, prompts: Mapping[str, str], option: str) -> str:
    prompt = prompts.get(slot)
    return f"{slot}. {prompt} — {option}" if prompt else f"{slot}. {option}"


def _words(part: Mapping[str, Any]) -> str:
    return part["spoken"] or rich.words(part["content"])
