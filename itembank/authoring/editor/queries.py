"""What the editor is given when a manuscript is opened, and what is remarked of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itembank.authoring import access, alike, beginning, checks, hands, reading, remarks, safe
from itembank.authoring.access import Reading
from itembank.authoring.document import Document
from itembank.authoring.editor import passages, preview, wire
from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from server.core.i18n import _, language, local_time
from server.core.work import Work


@dataclass(frozen=True)
class Hand:
    """What the reader may change: these languages, and whether tier, type, key and files too."""

    languages: list[str]
    may_classify: bool


def open_manuscript(work: Work, manuscript_id: int) -> wire.Manuscript:
    """The text for one whom it concerns; that they have it before them now stands in the journal."""
    opening = access.opened(work, manuscript_id)
    manuscript = opening.manuscript
    document = safe.open_document(work, manuscript)
    item = work.db.get_one(Item, manuscript.item_id)
    hand = hand_of(work, opening, document)
    titles = beginning.areas(work, item.subject)
    return wire.Manuscript.model_validate({
        "id": manuscript.id, "code": item.code, "number": manuscript.number, "state": manuscript.state,
        "revision": manuscript.revision, "purpose": opening.purpose, "origin": document.origin,
        "item": document.item, "writes": hand.languages, "may_classify": hand.may_classify,
        "stale": document.stale, "missing": document.missing, "made_from": made_from(document),
        "areas": [{"code": code, "title": names.get(language(), code)} for code, names in titles.items()],
        "shares_passage": passages.sharers(work, manuscript), "said": said_of(work, manuscript),
        "reader": work.actor.name, "opened_at": local_time(work.now, pattern="dd.MM.yyyy HH:mm"), "mark": opening.mark,
    })  # fmt: skip


def said_of(work: Work, manuscript: Manuscript) -> list[dict[str, Any]]:
    """What readers said of the text, by the places it is about."""
    return [
        {
            "anchor": thread.anchor, "author": thread.first.author, "body": thread.first.body,
            "answer": thread.answers[-1].body if thread.answers else "", "is_settled": thread.is_settled,
        }
        for thread in reading.threads_of(work, manuscript)
    ]  # fmt: skip


def hand_of(work: Work, opening: Reading, document: Document) -> Hand:
    """The author of a draft changes all of it; an editor words of the translations they read; all others only read."""
    manuscript = opening.manuscript
    if manuscript.state == "draft" and opening.purpose == "author":
        return Hand(document.languages, may_classify=True)
    return Hand(sorted(hands.languages_of(work, manuscript)), may_classify=False)


def made_from(document: Document) -> dict[str, Any]:
    """The text of origin from which each stale translation was made, as far as it is known."""
    known = {each: document.made_from(each) for each in document.stale}
    return {each: text for each, text in known.items() if text is not None}


def looks_of(work: Work, manuscript_id: int, ask: wire.Look) -> wire.Looks:
    """What candidates would see of the text that was sent, or of the one kept, and what is to be remarked of it."""
    # What a page sends it knows; what is kept is shown to nobody without its line in the journal.
    reading = access.seen(work, manuscript_id) if ask.item is None else access.reading_of(work, manuscript_id)
    manuscript = reading.manuscript
    document = safe.open_document(work, manuscript)
    if ask.item is not None:
        own = {part: document.item[part] for part in ("code", "subject", "is_demonstration")}
        document = document.changed({**ask.item.model_dump(), **own})
    sight = preview.look(work, manuscript, document.item, ask.language)
    heard = sight.recording and {part: sight.recording[part] for part in wire.Heard.model_fields}
    is_rubric = ask.with_key and sight.key is not None and sight.key["kind"] == "rubric"
    return wire.Looks(
        view=sight.view,
        recording=wire.Heard.model_validate(heard) if heard else None,
        problem=_("There is nothing to see yet. Mend what is marked as an error first.") if sight.refusal else None,
        key=preview.key_lines(document.item, sight) if ask.with_key else None,
        rubric=sight.key["rubric"][ask.language] if is_rubric and sight.key else None,
        remarks=_remarks(work, reading, document, sight),
    )


def _remarks(work: Work, opening: Reading, document: Document, sight: preview.Sight) -> list[wire.Remark]:
    """What is to be said of a text; of items that say nearly the same no more than its reader may know."""
    found = checks.find(document.item, document.origin, set(document.stale) - set(document.missing))
    if sight.refusal and not any(each.severity == "error" for each in found):
        parts = str(sight.refusal.facts.get("part", sight.refusal.code))
        found.insert(0, checks.Finding("contradiction", "error", facts={"parts": parts}))
    near_ones = alike.told(work, opening.manuscript, opening.purpose)
    for near in near_ones.named:
        facts = {"item": near.code, "percent": round(100 * near.share), "language": near.language}
        found.append(checks.Finding("near_duplicate", "warning", f"{near.language}.stem", facts))
    if near_ones.has_others:
        found.append(checks.Finding("near_duplicate_elsewhere", "warning", f"{document.origin}.stem"))
    return [
        wire.Remark(code=each.code, severity=each.severity, anchor=each.anchor, sentence=remarks.sentence(each))
        for each in found
    ]
