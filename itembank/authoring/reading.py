"""A text as its readers have it before them: every place of every language, what was said there, and their own list.
Whoever gets this page has opened the content; the journal says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from itembank.authoring import access, beginning, hands, html, places, safe
from itembank.authoring.document import Document
from itembank.authoring.four_eyes import CHECKS
from itembank.authoring.models import Manuscript, ManuscriptText, Review, ReviewComment
from itembank.authoring.waiting import TextRow, text_row
from server.accounts import staff_names
from server.core.work import Work

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Comment:
    """What somebody said."""

    id: int
    author: str
    written_at: datetime
    body: str
    is_settling: bool


@dataclass(frozen=True)
class Thread:
    """A comment on a place with its answers, oldest first."""

    anchor: str
    first: Comment
    answers: tuple[Comment, ...]

    @property
    def is_settled(self) -> bool:
        """Whether the last word was that nothing is left to do about it."""
        return (self.answers or (self.first,))[-1].is_settling


@dataclass(frozen=True)
class Place:
    """One place of a text: `part` and `n` say which, `role` what the key makes of it."""

    anchor: str
    part: str
    n: str
    shown: Markup
    role: str
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class LanguageText:
    """One language of the item."""

    language: str
    is_origin: bool
    is_stale: bool
    places: tuple[Place, ...]


@dataclass(frozen=True)
class OwnReview:
    """A reading that the reader has been asked for."""

    id: int
    revision: int
    kind: str
    language: str | None
    due_on: date
    checks: tuple[str, ...]
    may_mend: bool
    is_mended: bool


@dataclass(frozen=True)
class ReadingPage:
    """The whole page."""

    text: TextRow
    purpose: str
    mark: str
    item: Json
    languages: tuple[LanguageText, ...]
    threads: tuple[Thread, ...]
    reviews: tuple[OwnReview, ...]
    areas: Mapping[str, Mapping[str, str]]


def open_page(work: Work, manuscript_id: int) -> ReadingPage:
    """The text for one whom it concerns; NotFound for all others."""
    opening = access.opened(work, manuscript_id)
    manuscript = opening.manuscript
    document = safe.open_document(work, manuscript)
    threads = threads_of(work, manuscript)
    found = tuple(_language(document, manuscript, language, threads) for language in _ordered(document))
    at = {place.anchor for language in found for place in language.places}
    return ReadingPage(
        text_row(work, manuscript), opening.purpose, opening.mark, document.item, found,
        tuple(thread for thread in threads if thread.anchor not in at), _own_reviews(work, manuscript),
        beginning.areas(work, document.item["subject"]),
    )  # fmt: skip


def texts_of(work: Work, manuscript: Manuscript) -> Sequence[ManuscriptText]:
    """The texts that were handed in, oldest first."""
    query = select(ManuscriptText).where(ManuscriptText.manuscript_id == manuscript.id).order_by(ManuscriptText.number)
    return work.db.execute(query).scalars().all()


def threads_of(work: Work, manuscript: Manuscript) -> list[Thread]:
    """What was said of the text, oldest first."""
    query = select(ReviewComment).where(ReviewComment.manuscript_id == manuscript.id).order_by(ReviewComment.id)
    rows = work.db.execute(query).scalars().all()
    names = staff_names(work, {row.author_id for row in rows})
    said = {
        row.id: Comment(
            row.id, names.get(row.author_id, ""), row.written_at,
            safe.unseal(work, manuscript, row.place, row.body_sealed).decode(), row.is_settling,
        )
        for row in rows
    }  # fmt: skip
    under: dict[int, int] = {}  # what answers an answer stands under the comment that began it
    answers: dict[int, list[Comment]] = {}
    for row in rows:
        under[row.id] = row.id if row.answers_id is None else under[row.answers_id]
        answers.setdefault(under[row.id], []).append(said[row.id])
    return [Thread(row.anchor, said[row.id], tuple(answers[row.id][1:])) for row in rows if row.answers_id is None]


def _language(document: Document, manuscript: Manuscript, language: str, threads: Sequence[Thread]) -> LanguageText:
    text = document.item["texts"][language]

    def link(name: str) -> tuple[str, str] | None:
        figure = text["figures"].get(name)
        at = f"/bank/manuscripts/{manuscript.id}/files"
        return (f"{at}/{figure['digest']}", figure["alternative"]) if figure else None

    found = [
        Place(
            anchor, anchor.split(".")[1], ".".join(anchor.split(".")[2:]), html.written(anchor, written, link),
            _role(document.item, anchor), tuple(each for each in threads if each.anchor == anchor),
        )
        for anchor, written in places.of_text(language, text)
    ]  # fmt: skip
    return LanguageText(language, language == document.origin, language in document.stale, tuple(found))


def _role(item: Json, anchor: str) -> str:
    """What the key makes of an option: right ones are written first, one for each slot where there are slots."""
    language, part, *rest = anchor.split(".")
    if part == "menus":
        return "right" if rest[1] == "1" else "wrong"
    if part != "options":
        return ""
    n, kind = int(rest[0]), item["type"]
    if kind == "ordering":
        return "order"
    if kind == "matching":
        return "pair" if n <= len(item["texts"][language]["prompts"]) else "wrong"
    if kind == "gap_match":
        return "gap" if f"[[{n}]]" in item["texts"][language]["stem"] else "wrong"
    return "right" if n <= item["n_right"] else "wrong"


def _ordered(document: Document) -> list[str]:
    """The language of origin first."""
    return sorted(document.languages, key=lambda language: (language != document.origin, language))


def _own_reviews(work: Work, manuscript: Manuscript) -> tuple[OwnReview, ...]:
    query = select(Review).where(
        Review.manuscript_id == manuscript.id, Review.reviewer_id == work.actor.id, Review.verdict.is_(None)
    )
    return tuple(
        OwnReview(
            row.id, row.revision, row.kind, row.language, row.due_on, CHECKS[row.kind],
            row.language is not None and row.language != manuscript.origin, hands.has_mended(work, row),
        )
        for row in work.db.execute(query.order_by(Review.id)).scalars()
    )
