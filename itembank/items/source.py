"""An item as its author wrote it, as JSON that can be kept, compared and edited again; files are named by digest.
Nothing is judged here: an unfinished item is written and read like a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from itembank.items import media
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from server.core.vault import digest

Json = dict[str, Any]
CLASSIFIED = ("code", "subject", "tier", "area", "type", "family", "passage", "is_demonstration")


def to_json(item: NewItem) -> Json:
    """The item without the bytes of its files, which `files_of` gives."""
    return {
        **{part: getattr(item, part) for part in CLASSIFIED},
        "number": item.number,
        "tolerance": item.tolerance,
        "n_right": item.n_right,
        "words": list(item.words),
        "areas": list(item.areas),
        "shuffle": item.shuffle,
        "texts": {language: text_to_json(text) for language, text in sorted(item.texts.items())},
    }


def text_to_json(text: NewText) -> Json:
    """One language of an item."""
    return {
        "stem": text.stem,
        "options": list(text.options),
        "accepted": list(text.accepted),
        "prompts": list(text.prompts),
        "menus": [list(menu) for menu in text.menus],
        "passage": text.passage,
        "figures": {
            name: {"digest": digest(each.data), "alternative": each.alternative, "description": each.description}
            for name, each in sorted(text.figures.items())
        },
        "picture": text.picture,
        "recording": _recording_to_json(text.recording),
        "rubric": text.rubric,
    }


def files_of(item: NewItem) -> dict[str, bytes]:
    """The bytes of every file of the item by the digest under which its JSON names them."""
    return media.bytes_of(item.texts)


def from_json(value: Mapping[str, Any], files: Mapping[str, bytes]) -> NewItem:
    """The item that `to_json` wrote; KeyError if a file it names is not given."""
    least, most = value["words"]
    return NewItem(
        **{part: value[part] for part in CLASSIFIED},
        number=value["number"], tolerance=value["tolerance"], n_right=value["n_right"], words=(least, most),
        areas=tuple(value["areas"]), shuffle=value["shuffle"],
        texts={language: _text(text, files) for language, text in value["texts"].items()},
    )  # fmt: skip


def digests(value: Mapping[str, Any]) -> set[str]:
    """The digests of all files that the JSON names."""
    found = set()
    for text in value["texts"].values():
        found |= {figure["digest"] for figure in text["figures"].values()}
        found |= {text["recording"]["digest"]} if text["recording"] else set()
    return found


def _recording_to_json(recording: NewRecording | None) -> Json | None:
    if recording is None:
        return None
    return {
        "digest": digest(recording.data), "title": recording.title, "transcript": recording.transcript,
        "plays": recording.plays,
    }  # fmt: skip


def _text(value: Mapping[str, Any], files: Mapping[str, bytes]) -> NewText:
    heard = value["recording"]
    return NewText(
        stem=value["stem"], options=tuple(value["options"]), accepted=tuple(value["accepted"]),
        prompts=tuple(value["prompts"]), menus=tuple(tuple(menu) for menu in value["menus"]),
        passage=value["passage"],
        figures={
            name: NewFigure(files[each["digest"]], each["alternative"], each["description"])
            for name, each in value["figures"].items()
        },
        picture=value["picture"],
        recording=heard and NewRecording(files[heard["digest"]], heard["title"], heard["transcript"], heard["plays"]),
        rubric=value["rubric"],
    )  # fmt: skip
