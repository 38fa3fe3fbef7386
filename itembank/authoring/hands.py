"""Whose hand is in a text, and who therefore may not read it: language editors change words of what they read, and
somebody else reads it after them. Authors of all versions of the item count; the rules are in `four_eyes`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, func, select

from itembank.authoring.four_eyes import Kind, Past, unread
from itembank.authoring.models import Manuscript, ManuscriptHand, Review
from itembank.authoring.words_only import differ_in_words
from server.core.errors import Denied
from server.core.work import Work

FINISHED = ("pass", "mended")
Json = Mapping[str, Any]


def languages_of(work: Work, manuscript: Manuscript) -> set[str]:
    """The languages whose words the actor may change now: those they are reading, but for the one of origin."""
    return _read_now(work, manuscript) - {manuscript.origin}


def check(work: Work, manuscript: Manuscript, before: Json, after: Json, confirmed: Collection[str]) -> set[str]:
    """The languages that the actor changes, as one of their readers; Denied where it is more than their words."""
    reads = _read_now(work, manuscript)
    if not reads:
        raise Denied("manuscript_not_now")
    texts = {*before["texts"], *after["texts"]}
    changed = {each for each in texts if before["texts"].get(each) != after["texts"].get(each)}
    if manuscript.origin in reads & changed:
        raise Denied("manuscript_origin")
    shared = {part for part in after if part != "texts" and after[part] != before[part]}
    if shared or not changed | set(confirmed) <= reads:
        raise Denied("manuscript_language_only", languages=", ".join(sorted(reads)))
    if not all(differ_in_words(before["texts"].get(each), after["texts"].get(each)) for each in changed):
        raise Denied("manuscript_words_only")
    return changed


def note(work: Work, manuscript: Manuscript, languages: Collection[str]) -> None:
    """The actor's hand is the last one in these languages."""
    for language in sorted(languages):
        review_id = work.db.scalars(_reading(work, manuscript).where(Review.language == language)).one().id
        known = select(ManuscriptHand.staff_id, ManuscriptHand.review_id).where(
            ManuscriptHand.manuscript_id == manuscript.id, ManuscriptHand.language == language
        )
        last = work.db.execute(known.order_by(ManuscriptHand.id.desc()).limit(1)).first()
        if last is None or (last.staff_id, last.review_id) != (work.actor.id, review_id):
            work.db.add(
                ManuscriptHand(
                    manuscript_id=manuscript.id, language=language, review_id=review_id, staff_id=work.actor.id,
                    changed_at=work.now,
                )
            )  # fmt: skip


def has_mended(work: Work, review: Review) -> bool:
    """Whether its reader changed words while reading."""
    own = ManuscriptHand.review_id == review.id, ManuscriptHand.staff_id == review.reviewer_id
    return work.db.execute(select(ManuscriptHand.id).where(*own)).first() is not None


def past_of(work: Work, manuscript: Manuscript, kind: Kind, language: str | None) -> Past:
    """What happened to the item so far, as far as it says who may do that reading."""
    of_item = select(Manuscript.id, Manuscript.author_id).where(Manuscript.item_id == manuscript.item_id)
    versions = {row.id: row.author_id for row in work.db.execute(of_item)}
    authors = frozenset(each for each in versions.values() if each is not None)
    in_it = ManuscriptHand.manuscript_id.in_(list(versions))
    if kind == "content":
        return Past(authors, frozenset(work.db.execute(select(ManuscriptHand.staff_id).where(in_it)).scalars()))
    hands = select(ManuscriptHand.staff_id, ManuscriptHand.review_id).where(in_it, ManuscriptHand.language == language)
    done = select(Review.reviewer_id, Review.id).where(
        Review.manuscript_id.in_(list(versions)), Review.language == language, Review.verdict.in_(FINISHED),
        Review.reviewer_id.is_not(None),
    )  # fmt: skip
    changed = [(who, at) for who, at in work.db.execute(hands.order_by(ManuscriptHand.id))]
    finished = [(who, at) for who, at in work.db.execute(done) if who is not None]
    readers = readers_of(work, manuscript)
    others = tuple(readers.get(each) for each in manuscript.languages if each != language)
    return Past(authors, unread(changed, finished), readers.get(None), others)


def readers_of(work: Work, manuscript: Manuscript) -> dict[str | None, int | None]:
    """Language, or None for the content → who passed it since it was last handed in, or is asked to read it."""
    since = select(func.max(Review.id)).where(Review.manuscript_id == manuscript.id, Review.kind == "content")
    query = select(Review).where(Review.manuscript_id == manuscript.id, Review.id >= since.scalar_subquery())
    rows = work.db.execute(query.order_by(Review.id)).scalars()
    return {row.language: row.reviewer_id for row in rows if row.verdict in (None, "pass")}


def _read_now(work: Work, manuscript: Manuscript) -> set[str]:
    if manuscript.state != "language_review":
        return set()
    return {row.language for row in work.db.scalars(_reading(work, manuscript)) if row.language}


def _reading(work: Work, manuscript: Manuscript) -> Select[Review]:
    return select(Review).where(
        Review.manuscript_id == manuscript.id, Review.reviewer_id == work.actor.id, Review.verdict.is_(None),
        Review.kind == "language",
    )  # fmt: skip
