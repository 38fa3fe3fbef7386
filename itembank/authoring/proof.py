"""Proof of manuscripts: every text, file and comment opens at its place, and each stands where its moves left it.
Each fault names the item."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import select

from itembank.authoring import safe
from itembank.authoring.document import Document
from itembank.authoring.machine import MANUSCRIPT
from itembank.authoring.models import Manuscript, ManuscriptMedia, ManuscriptText, ReviewComment
from itembank.items import source
from itembank.items.models import Item
from server.core.machine import moves_of
from server.core.vault import Tampered, digest
from server.core.work import Work


def manuscript_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each thing in these manuscripts that was changed or taken out."""
    last = {move.row_id: move.to_state for move in moves_of(work.db, MANUSCRIPT.name, ids)}
    rows = work.db.execute(
        select(Manuscript, Item.code).join(Item, Item.id == Manuscript.item_id).where(Manuscript.id.in_(ids))
    ).all()
    for manuscript, code in rows:
        for fault in _of_manuscript(work, manuscript):
            yield f"item:{code}: {fault}"
        if last.get(manuscript.id, manuscript.state) != manuscript.state:
            yield f"item:{code}: {safe.place(manuscript.id)} is {manuscript.state}, its last move led elsewhere"


def _of_manuscript(work: Work, manuscript: Manuscript) -> Iterator[str]:
    files, sealed = _files(work, manuscript), _texts(work, manuscript)
    for what, value in [*files.items(), *sealed.items()]:
        try:
            opened = safe.unseal(work, manuscript, what, value)
        except Tampered as error:
            yield str(error)
            continue
        where = f"{safe.place(manuscript.id)}/"
        if what in files and f"media:{digest(opened)}" != what:
            yield f"{where}{what} is another file"
        if what == "source":
            named = source.digests(Document.from_json(json.loads(opened)).item)
            gone = {f"media:{name}" for name in named} - set(files)
            yield from (f"{where}{name} is gone" for name in sorted(gone))


def _files(work: Work, manuscript: Manuscript) -> dict[str, bytes]:
    query = select(ManuscriptMedia).where(ManuscriptMedia.manuscript_id == manuscript.id)
    return {f"media:{row.digest}": row.sealed for row in work.db.execute(query).scalars()}


def _texts(work: Work, manuscript: Manuscript) -> dict[str, bytes]:
    """What is sealed beside its files, by what it is sealed for."""
    texts = select(ManuscriptText).where(ManuscriptText.manuscript_id == manuscript.id)
    comments = select(ReviewComment).where(ReviewComment.manuscript_id == manuscript.id)
    found = {f"text:{row.number}": row.source_sealed for row in work.db.execute(texts).scalars()}
    found |= {row.place: row.body_sealed for row in work.db.execute(comments).scalars()}
    if manuscript.source_sealed is not None:
        found["source"] = manuscript.source_sealed
    return found
