"""Writing: manuscripts begun, saved, handed in, taken back and given up, by their authors; language editors save
the language they read. Reviews are in `reviewing`, what comes after freezing in `states`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from itembank.authoring import access, alike, hands, safe
from itembank.authoring.document import Document
from itembank.authoring.likeness import keep_sketches
from itembank.authoring.machine import MANUSCRIPT
from itembank.authoring.models import OPEN_STATES, Manuscript
from itembank.authoring.reviewing import ask, overtake
from itembank.items import source
from itembank.items.content import NewItem
from itembank.items.figures import read_picture
from itembank.items.models import Item, ItemVersion
from itembank.items.refused import Refusal
from itembank.items.service import check_item, classify_item, ensure_item, open_source, seal_item
from itembank.items.sound import read_sound
from itembank.withdrawals.queries import refuse
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.work import Work


def begin(work: Work, new: NewItem, origin: str) -> int:
    """A draft of the actor's stands, of a new item or the next version of one whose newest text is theirs; its id."""
    if not new.code:
        new = replace(new, code=_next_code(work, new.subject))
    _check_code(work, new.code)
    known = work.db.execute(select(Item.id).where(Item.code == new.code)).scalar_one_or_none()
    if known is not None and not access.is_own_code(work, known):
        raise Invalid("manuscript_code", item=new.code)
    item = ensure_item(work, new)
    manuscript = _add(work, item, origin, work.actor.id)
    for data in source.files_of(new).values():
        safe.keep_file(work, manuscript, data)
    _keep(work, manuscript, Document.of(new, origin))
    work.record("manuscript_begun", f"item:{item.code}", clause="DC-7", manuscript_id=manuscript.id)
    work.db.flush()  # who goes on with it names its revision
    return manuscript.id


def revise(work: Work, item_version_id: int, author_id: int | None) -> int:
    """A draft of the next version stands, with the text of this one; what was used before never changes."""
    version = work.db.get(ItemVersion, item_version_id)
    if version is None:
        raise NotFound("not_found")
    item = work.db.get_one(Item, version.item_id)
    refuse(work, [item.id])
    new = open_source(work, version)
    before = work.db.execute(select(Manuscript).where(Manuscript.item_version_id == version.id)).scalar_one()
    manuscript = _add(work, item, before.origin, author_id)
    for data in source.files_of(new).values():
        safe.keep_file(work, manuscript, data)
    _keep(work, manuscript, Document.of(new, before.origin))
    work.record(
        "manuscript_revised", f"item:{item.code}", clause="DC-7", manuscript_id=manuscript.id,
        from_version=version.version,
    )  # fmt: skip
    work.db.flush()  # who goes on with it names its revision
    return manuscript.id


def save(
    work: Work, manuscript_id: int, revision: int, item: Mapping[str, Any], confirmed: Collection[str] = ()
) -> Manuscript:
    """The working text is what the author, or for their language the editor, wrote; it need not be finished.

    `confirmed` are translations that the writer says fit the text of origin as it now is."""
    reading = access.reading_of(work, manuscript_id)
    manuscript = reading.manuscript
    if manuscript.revision != revision:
        raise Stale("changed_meanwhile")
    before = safe.open_document(work, manuscript)
    row = work.db.get_one(Item, manuscript.item_id)
    item = {**item, "code": row.code, "subject": row.subject, "is_demonstration": row.is_demonstration}
    mended = _check_hand(work, manuscript, before.item, item, confirmed)
    after = before.changed(item, confirmed)
    try:
        new = safe.item_of(work, manuscript, after)
    except KeyError as error:
        raise Invalid("manuscript_file_unknown") from error
    if manuscript.state == "draft":
        classify_item(work, row, new)
    hands.note(work, manuscript, mended)
    _keep(work, manuscript, after)
    work.db.flush()  # the next save names this one's revision
    return manuscript


def add_file(work: Work, manuscript_id: int, data: bytes) -> str:
    """The picture or recording can be named in the text, by the digest that is returned."""
    reading = access.reading_of(work, manuscript_id)
    manuscript = reading.manuscript
    if manuscript.state not in OPEN_STATES:
        raise Invalid("manuscript_frozen")
    if manuscript.state != "draft" or reading.purpose != "author":
        raise Denied("manuscript_not_now")
    try:
        read_picture(data)
    except Refusal as no_picture:
        try:
            read_sound(data)
        except Refusal as no_sound:
            raise Invalid("manuscript_file", picture=str(no_picture), sound=str(no_sound)) from no_sound
    if not safe.has_room(work, manuscript, data):
        raise Invalid("manuscript_full", files=safe.MOST_FILES, megabytes=safe.MOST_BYTES >> 20)
    return safe.keep_file(work, manuscript, data)


def submit(work: Work, manuscript_id: int, revision: int) -> None:
    """The text is handed in to a reviewer of its content; Invalid names what is still missing."""
    manuscript = _own(work, manuscript_id, revision)
    document = safe.open_document(work, manuscript)
    check_item(work, safe.item_of(work, manuscript, document))
    work.move(manuscript, MANUSCRIPT, "submit")
    number = safe.keep_text(work, manuscript, document)
    work.db.flush()  # the text is counted among those of the day
    alike.ask_at_hand_in(work, manuscript)
    ask(work, manuscript, "content", None, number)


def withdraw(work: Work, manuscript_id: int, revision: int) -> None:
    """The author has it back as a draft; readings that were asked for are overtaken."""
    manuscript = _own(work, manuscript_id, revision)
    work.move(manuscript, MANUSCRIPT, "withdraw")
    overtake(work, manuscript)


def abandon(work: Work, manuscript_id: int, revision: int, reason: str) -> None:
    """The author has given the draft up; it is kept, sealed, and nobody works on it."""
    work.move(_own(work, manuscript_id, revision), MANUSCRIPT, "abandon", reason=reason)


def admit(work: Work, new: NewItem, state: str = "approved") -> int:
    """An item that was made ready elsewhere stands frozen in the bank, in that state; the id of its version."""
    _check_code(work, new.code)
    version_id = seal_item(work, new)
    version = work.db.get_one(ItemVersion, version_id)
    origin = min(new.texts)
    manuscript = Manuscript(
        item_id=version.item_id, number=_next_number(work, version.item_id), state=state, author_id=None,
        origin=origin, languages=list(version.languages), stale=[], item_version_id=version_id,
        saved_at=work.now, saved_by=work.actor.label,
    )  # fmt: skip
    work.db.add(manuscript)
    work.db.flush()  # its sketches name it, and the next version of the item finds its number
    keep_sketches(work, manuscript, source.to_json(new)["texts"])
    return version_id


def _check_code(work: Work, code: str) -> None:
    """Invalid if the item of that code is withdrawn: no new version of it is begun or brought in."""
    refuse(work, list(work.db.execute(select(Item.id).where(Item.code == code)).scalars()))


def _add(work: Work, item: Item, origin: str, author_id: int | None) -> Manuscript:
    """An empty draft of the item's next version, with a data key of its own."""
    is_open = select(Manuscript.id).where(Manuscript.item_id == item.id, Manuscript.state.in_(OPEN_STATES))
    if work.db.execute(is_open).first() is not None:
        raise Invalid("manuscript_open", item=item.code)
    manuscript = Manuscript(
        item_id=item.id, number=_next_number(work, item.id), state="draft", author_id=author_id, origin=origin,
        languages=[], stale=[], source_sealed=b"", saved_at=work.now, saved_by=work.actor.label,
    )  # fmt: skip
    work.db.add(manuscript)
    work.db.flush()  # its id is what its data key is bound to
    safe.new_key(work, manuscript)
    return manuscript


def _keep(work: Work, manuscript: Manuscript, document: Document) -> None:
    safe.keep_document(work, manuscript, document)
    keep_sketches(work, manuscript, document.item["texts"])


def _own(work: Work, manuscript_id: int, revision: int) -> Manuscript:
    """The actor's own manuscript as they last saw it."""
    reading = access.reading_of(work, manuscript_id)
    if reading.purpose != "author":
        raise Denied("manuscript_not_yours")
    if reading.manuscript.revision != revision:
        raise Stale("changed_meanwhile")
    return reading.manuscript


def _check_hand(
    work: Work, manuscript: Manuscript, before: Mapping[str, Any], after: Mapping[str, Any], confirmed: Collection[str]
) -> set[str]:
    """Denied unless the actor may make this change: the author of a draft any, a language editor words alone.

    The languages that somebody else than their author has changed."""
    if manuscript.state == "draft" and work.actor.id == manuscript.author_id:
        return set()
    return hands.check(work, manuscript, before, after, confirmed)


def _next_number(work: Work, item_id: int) -> int:
    query = select(func.max(Manuscript.number)).where(Manuscript.item_id == item_id)
    return (work.db.execute(query).scalar_one() or 0) + 1


def _next_code(work: Work, subject: str) -> str:
    """A code nobody has yet: the subject's first letters and a number."""
    head = f"{subject[:3].upper()}-"
    last = (work.db.execute(select(func.max(Item.id))).scalar_one() or 0) + 1
    taken = select(Item.id).where(Item.code == f"{head}{last:06d}")
    while work.db.execute(taken).first() is not None:
        last += 1
        taken = select(Item.id).where(Item.code == f"{head}{last:06d}")
    return f"{head}{last:06d}"
