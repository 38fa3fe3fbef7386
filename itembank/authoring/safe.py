"""Sealing and opening what manuscripts hold: documents, files and comments, under a data key of each manuscript.
Who may open them is judged before (`four_eyes`); that it was opened is journalled here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from itembank.authoring.document import Document
from itembank.authoring.models import Manuscript, ManuscriptMedia, ManuscriptText
from itembank.items import source
from itembank.items.content import NewItem, canonical
from itembank.items.models import Item, ItemMedia, ItemVersion
from itembank.items.service import open_media, open_source
from server.core.vault import Tampered, digest
from server.core.work import Work

# Files are kept for good, those taken out of the text as well.
MOST_FILES, MOST_BYTES = 100, 64 << 20
MARK_LETTERS = "2345679ACDEFHJKMNPRTWXY"


def place(manuscript_id: int) -> str:
    """What the data key of a manuscript is bound to."""
    return f"manuscript:{manuscript_id}"


def new_key(work: Work, manuscript: Manuscript) -> None:
    """The manuscript has a data key of its own."""
    manuscript.data_key = work.vault.new_key(place(manuscript.id))[1]


def seal(work: Work, manuscript: Manuscript, what: str, value: bytes) -> bytes:
    """The value sealed for one place of the manuscript, such as `text:2`."""
    return work.vault.seal(_key(work, manuscript), value, f"{place(manuscript.id)}/{what}")


def unseal(work: Work, manuscript: Manuscript, what: str, sealed: bytes) -> bytes:
    """What was sealed for that place; Tampered names it otherwise."""
    return work.vault.open(_key(work, manuscript), sealed, f"{place(manuscript.id)}/{what}")


def keep_document(work: Work, manuscript: Manuscript, document: Document) -> None:
    """The document is the manuscript's working text."""
    manuscript.source_sealed = seal(work, manuscript, "source", canonical(document.to_json()))
    manuscript.languages, manuscript.stale = document.languages, document.stale
    manuscript.saved_at, manuscript.saved_by = work.now, work.actor.label


def open_document(work: Work, manuscript: Manuscript) -> Document:
    """The working text, or of a frozen manuscript the text of its version."""
    if manuscript.item_version_id is not None:
        new = open_source(work, work.db.get_one(ItemVersion, manuscript.item_version_id))
        return Document.of(new, manuscript.origin)
    assert manuscript.source_sealed is not None
    return Document.from_json(json.loads(unseal(work, manuscript, "source", manuscript.source_sealed)))


def keep_text(work: Work, manuscript: Manuscript, document: Document) -> int:
    """The text as it is handed on stands in the manuscript's history; its number."""
    query = select(func.max(ManuscriptText.number)).where(ManuscriptText.manuscript_id == manuscript.id)
    number = (work.db.execute(query).scalar_one() or 0) + 1
    sealed = seal(work, manuscript, f"text:{number}", canonical(document.to_json()))
    work.db.add(
        ManuscriptText(
            manuscript_id=manuscript.id, number=number, stage=manuscript.state, source_sealed=sealed,
            saved_at=work.now, saved_by=work.actor.label,
        )
    )  # fmt: skip
    return number


def open_text(work: Work, manuscript: Manuscript, text: ManuscriptText) -> Document:
    """The text as it was handed in."""
    return Document.from_json(json.loads(unseal(work, manuscript, f"text:{text.number}", text.source_sealed)))


def keep_file(work: Work, manuscript: Manuscript, data: bytes) -> str:
    """The file is among the manuscript's; its digest."""
    name = digest(data)
    known = select(ManuscriptMedia.id).where(
        ManuscriptMedia.manuscript_id == manuscript.id, ManuscriptMedia.digest == name
    )
    if work.db.execute(known).first() is None:
        sealed = seal(work, manuscript, f"media:{name}", data)
        work.db.add(ManuscriptMedia(manuscript_id=manuscript.id, digest=name, sealed=sealed))
    return name


def has_room(work: Work, manuscript: Manuscript, data: bytes) -> bool:
    """Whether the file is among the manuscript's already, or may be one of them still."""
    kept = ManuscriptMedia.manuscript_id == manuscript.id
    if work.db.execute(select(ManuscriptMedia.id).where(kept, ManuscriptMedia.digest == digest(data))).first():
        return True
    sums = select(func.count(), func.coalesce(func.sum(func.length(ManuscriptMedia.sealed)), 0)).where(kept)
    n_files, n_bytes = work.db.execute(sums).one()
    return bool(n_files < MOST_FILES and n_bytes + len(data) <= MOST_BYTES)


def open_file(work: Work, manuscript: Manuscript, name: str) -> bytes:
    """The file of that digest, of the manuscript or of its version; KeyError if there is none."""
    if manuscript.item_version_id is not None:
        known = select(ItemMedia.id).where(
            ItemMedia.item_version_id == manuscript.item_version_id, ItemMedia.digest == name
        )
        if work.db.execute(known).first() is None:
            raise KeyError(name)
        return open_media(work, manuscript.item_version_id, name)
    query = select(ManuscriptMedia.sealed).where(
        ManuscriptMedia.manuscript_id == manuscript.id, ManuscriptMedia.digest == name
    )
    sealed = work.db.execute(query).scalar_one_or_none()
    if sealed is None:
        raise KeyError(name)
    data = unseal(work, manuscript, f"media:{name}", sealed)
    if digest(data) != name:
        raise Tampered(f"{place(manuscript.id)}/media:{name} is another file")
    return data


def item_of(work: Work, manuscript: Manuscript, document: Document) -> NewItem:
    """The item the document writes, with its files; KeyError if it names one that nobody handed in."""
    return item_of_json(work, manuscript, document.item)


def item_of_json(work: Work, manuscript: Manuscript, item: Mapping[str, Any]) -> NewItem:
    """The same of a text that nobody has kept yet."""
    return source.from_json(item, {name: open_file(work, manuscript, name) for name in source.digests(item)})


def note_opening(work: Work, manuscript: Manuscript, purpose: str) -> str:
    """That the actor has the content before them stands in the journal, under the item's name (DC-7).

    What is returned is the mark of this opening: it stands across every preview, and in the journal beside the name."""
    code = work.db.get_one(Item, manuscript.item_id).code
    mark = new_mark()
    work.record(
        "item_opened", f"item:{code}", clause="DC-7", manuscript_id=manuscript.id, number=manuscript.number,
        purpose=purpose, mark=mark,
    )  # fmt: skip
    return mark


def new_mark() -> str:
    """A code that a photograph of a screen still shows: no letter of it is mistaken for another."""
    drawn = [secrets.choice(MARK_LETTERS) for _ in range(8)]
    return "".join(drawn[:4]) + "-" + "".join(drawn[4:])


def _key(work: Work, manuscript: Manuscript) -> bytes:
    assert manuscript.data_key is not None
    return work.vault.unwrap(manuscript.data_key, place(manuscript.id))
