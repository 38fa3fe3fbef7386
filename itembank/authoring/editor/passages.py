"""A passage that several items are read beside is written once: what its author writes in one draft stands in all
their drafts of that passage, with the figures it names and the recording that is heard with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from itembank.authoring import safe
from itembank.authoring.likeness import keep_sketches
from itembank.authoring.models import Manuscript
from itembank.items import rich
from itembank.items.models import Item
from server.core.work import Work

Json = Mapping[str, Any]


def sharers(work: Work, manuscript: Manuscript) -> list[str]:
    """The codes of the author's other drafts that are read beside the same passage."""
    return [work.db.get_one(Item, each.item_id).code for each in _others(work, manuscript)]


def share(work: Work, manuscript: Manuscript) -> list[str]:
    """The author's other drafts of the passage say of it what this one says; their codes."""
    item = safe.open_document(work, manuscript).item
    if item["passage"] is None:
        return []
    others = _others(work, manuscript)
    for other in others:
        document = safe.open_document(work, other)
        texts = {
            language: _beside(item["texts"].get(language), text)
            for language, text in document.item["texts"].items()
        }
        if texts == document.item["texts"]:
            continue
        changed = document.changed({**document.item, "texts": texts})
        _bring_files(work, manuscript, other, changed.item)
        safe.keep_document(work, other, changed)
        keep_sketches(work, other, texts)
    return [work.db.get_one(Item, each.item_id).code for each in others]


def take(work: Work, manuscript: Manuscript, item: dict[str, Any]) -> dict[str, Any]:
    """The text with the passage as the author's other drafts have it, where it has just joined them."""
    others = _others(work, manuscript, item["passage"])
    if not others or any((text["passage"] or "").strip() for text in item["texts"].values()):
        return item
    given = safe.open_document(work, others[0]).item
    texts = {each: _beside(given["texts"].get(each), text) for each, text in item["texts"].items()}
    _bring_files(work, others[0], manuscript, {"texts": texts})
    return {**item, "texts": texts}


def _others(work: Work, manuscript: Manuscript, passage: str | None = None) -> list[Manuscript]:
    item = work.db.get_one(Item, manuscript.item_id)
    name = passage or item.passage
    if not name or manuscript.author_id is None:
        return []
    query = (
        select(Manuscript).join(Item, Item.id == Manuscript.item_id)
        .where(
            Item.passage == name, Item.subject == item.subject, Manuscript.author_id == manuscript.author_id,
            Manuscript.state == "draft", Manuscript.id != manuscript.id,
        )
        .order_by(Item.code)
    )  # fmt: skip
    return list(work.db.execute(query).scalars())


def _beside(given: Json | None, text: Json) -> Json:
    """One language of an item with the passage of another, its figures and its recording."""
    if given is None:
        return text
    named, before = figures_of(given["passage"]), figures_of(text["passage"])
    own = {name: each for name, each in text["figures"].items() if name not in before}
    figures = own | {name: each for name, each in given["figures"].items() if name in named}
    return {**text, "passage": given["passage"], "figures": figures, "recording": given["recording"]}


def figures_of(passage: str | None) -> set[str]:
    """The names of the figures that stand in a passage."""
    return {found["figure"] for found in rich.MARK.finditer(passage or "") if found["figure"]}


def _bring_files(work: Work, giver: Manuscript, taker: Manuscript, item: Json) -> None:
    """Every file that the taker's text now names is among its own."""
    for text in item["texts"].values():
        heard = [text["recording"]] if text["recording"] else []
        for each in [*text["figures"].values(), *heard]:
            try:
                safe.open_file(work, taker, each["digest"])
            except KeyError:
                safe.keep_file(work, taker, safe.open_file(work, giver, each["digest"]))
                work.db.flush()  # the same file named again is there already
