"""Saving from the editor: the text, and with it the passage that the author's other drafts share."""

from __future__ import annotations

from itembank.authoring import access, safe, service
from itembank.authoring.editor import passages, queries, wire
from itembank.items.figures import read_picture
from itembank.items.refused import Refusal
from itembank.items.sound import read_sound
from server.core.work import Work


def save(work: Work, manuscript_id: int, ask: wire.Save) -> wire.Saved:
    """The working text is what was sent; drafts of the same passage have its text."""
    sent = item = ask.item.model_dump()
    reading = access.reading_of(work, manuscript_id)
    if reading.purpose == "author" and reading.manuscript.state == "draft" and item["passage"]:
        item = passages.take(work, reading.manuscript, item)
    manuscript = service.save(work, manuscript_id, ask.revision, item, ask.confirmed)
    shared = passages.share(work, manuscript) if reading.purpose == "author" else []
    document = safe.open_document(work, manuscript)
    return wire.Saved.model_validate({
        "revision": manuscript.revision, "stale": document.stale, "missing": document.missing,
        "made_from": queries.made_from(document),
        "shares_passage": shared, "taken": None if item is sent else document.item,
    })  # fmt: skip


def add_file(work: Work, manuscript_id: int, data: bytes) -> wire.KeptFile:
    """The file can be named in the text."""
    digest = service.add_file(work, manuscript_id, data)
    try:
        picture = read_picture(data)
    except Refusal:
        sound = read_sound(data)
        return wire.KeptFile(digest=digest, type=sound.type, width=None, height=None, duration_ms=sound.duration_ms)
    return wire.KeptFile(
        digest=digest, type=picture.type, width=picture.width, height=picture.height, duration_ms=None
    )


def act(work: Work, manuscript_id: int, verb: str, ask: wire.Act) -> wire.Acted:
    """The manuscript is handed in, taken back or given up, as its author asked."""
    if verb == "abandon":
        service.abandon(work, manuscript_id, ask.revision, ask.reason)
    else:
        {"submit": service.submit, "withdraw": service.withdraw}[verb](work, manuscript_id, ask.revision)
    work.db.flush()  # the revision after the move
    manuscript = access.find(work, manuscript_id)
    return wire.Acted(revision=manuscript.revision, state=manuscript.state)
