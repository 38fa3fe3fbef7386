"""Reading: who is asked to review a manuscript, what they say on which place, and their verdict; four eyes always.
When every language has passed, the text is frozen into an item version."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from itembank.authoring import access, hands, safe
from itembank.authoring.four_eyes import Bar, Kind, awaited, bar, due_on, least_busy
from itembank.authoring.machine import MANUSCRIPT
from itembank.authoring.models import Manuscript, Review, ReviewComment
from itembank.items.models import Item
from itembank.items.service import check_item, seal_item
from itembank.withdrawals.queries import refuse
from server.accounts import holders
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.work import Work

LONGEST_COMMENT = 2000
LONGEST_ANCHOR = 60
ROLES = {"content": Role.REVIEWER, "language": Role.EDITOR}
BARRED: Mapping[Bar, str] = {"author": "review_own", "hand": "review_hand", "content": "review_both"}


@dataclass(frozen=True)
class Reader:
    """Somebody who holds the role of a reading, and why they may not do it; None if they may."""

    id: int
    name: str
    bar: Bar | None


def ask(work: Work, manuscript: Manuscript, kind: Kind, language: str | None, text_number: int) -> None:
    """A reading of the text is asked for, of the least busy of those who may; of nobody yet if there is nobody."""
    able = [each.id for each in readers(work, manuscript, kind, language) if each.bar is None]
    counted = (
        select(Review.reviewer_id, func.count()).where(Review.verdict.is_(None), Review.reviewer_id.is_not(None))
        .group_by(Review.reviewer_id)
    )  # fmt: skip
    busy = {id_: n for id_, n in work.db.execute(counted) if id_ is not None}
    reviewer_id = least_busy(able, busy)
    work.db.add(
        Review(
            manuscript_id=manuscript.id, kind=kind, language=language, text_number=text_number,
            reviewer_id=reviewer_id, assigned_at=work.now, assigned_by=work.actor.label,
            due_on=due_on(kind, work.now.date()),
        )
    )  # fmt: skip
    work.db.flush()  # the next reading of the same text sees who is busy
    _note(work, manuscript, "review_asked", kind=kind, language=language, reviewer=reviewer_id)


def readers(work: Work, manuscript: Manuscript, kind: Kind, language: str | None) -> list[Reader]:
    """Everybody in the house who holds the role of that reading, by name; some of them may not do this one."""
    past = hands.past_of(work, manuscript, kind, language)
    people = holders(work, work.actor.organisation_id or 0, ROLES[kind])
    return [Reader(id_, name, bar(kind, past, id_)) for id_, name in people.items()]


def assign(work: Work, review_id: int, revision: int, reviewer_id: int) -> None:
    """Another person reads it; Invalid if they may not."""
    review = _undecided(work, review_id, revision)
    manuscript = access.find(work, review.manuscript_id)
    if work.actor.id == manuscript.author_id:
        raise Denied("review_own")  # nor names who reads it
    refuse(work, [manuscript.item_id])
    known = {each.id: each for each in readers(work, manuscript, _kind(review), review.language)}
    if reviewer_id not in known:
        raise Invalid("reviewer_not_able")
    if (why := known[reviewer_id].bar) is not None:
        raise Invalid(BARRED[why])
    review.reviewer_id, review.assigned_at, review.assigned_by = reviewer_id, work.now, work.actor.label
    review.due_on = due_on(_kind(review), work.now.date())
    _note(work, manuscript, "review_asked", kind=review.kind, language=review.language, reviewer=reviewer_id)


def comment(
    work: Work, manuscript_id: int, anchor: str, body: str, answers_id: int | None = None, *, is_settling: bool = False
) -> int:
    """What the actor says on a place of the text, or answers; `is_settling` when nothing is left to do about it."""
    reading = access.reading_of(work, manuscript_id)
    body = body.strip()
    if not (body or is_settling) or len(body) > LONGEST_COMMENT or len(anchor) > LONGEST_ANCHOR:
        raise Invalid("comment_malformed", maximum=LONGEST_COMMENT)
    answered = work.db.get(ReviewComment, answers_id) if answers_id is not None else None
    if answers_id is not None and (answered is None or answered.manuscript_id != manuscript_id):
        raise NotFound("not_found")
    review_id = _own_review(work, manuscript_id)
    row = say(work, reading.manuscript, answered.anchor if answered else anchor, body, work.actor.id)
    # An answer to an answer stands under the same comment: talk has two levels, however long it grows.
    first_id = answered.answers_id or answered.id if answered else None
    row.review_id, row.answers_id, row.is_settling = review_id, first_id, is_settling
    work.db.flush()  # its id is the answer
    return row.id


def say(work: Work, manuscript: Manuscript, anchor: str, body: str, author_id: int | None) -> ReviewComment:
    """The words stand at that place of the text, sealed."""
    what = f"comment:{uuid.uuid4().hex}"
    row = ReviewComment(
        manuscript_id=manuscript.id, anchor=anchor, is_settling=False, place=what, written_at=work.now,
        body_sealed=safe.seal(work, manuscript, what, body.encode()), author_id=author_id,
    )  # fmt: skip
    work.db.add(row)
    return row


def manuscript_of(work: Work, review_id: int) -> int | None:
    """The manuscript that a review is of; None if there is no such review."""
    review = work.db.get(Review, review_id)
    return review.manuscript_id if review else None


def pass_review(work: Work, review_id: int, revision: int) -> None:
    """The reader finds nothing left to mend: the next readings are asked for, or the text is frozen.

    Who changed words of the language hands it on: what they wrote passes by another person."""
    review = _own_undecided(work, review_id, revision)
    manuscript = access.find(work, review.manuscript_id)
    verdict = _verdict(work, manuscript, review)
    document = safe.open_document(work, manuscript)
    if review.language in document.stale:
        raise Invalid("translation_stale", language=review.language)
    check_item(work, safe.item_of(work, manuscript, document))
    review.verdict, review.decided_at = verdict, work.now
    act = "review_passed" if verdict == "pass" else "review_mended"
    _note(work, manuscript, act, kind=review.kind, language=review.language)
    if review.kind == "content":
        work.move(manuscript, MANUSCRIPT, "pass_content")
        for language in document.languages:
            ask(work, manuscript, "language", language, review.text_number)
        return
    number = safe.keep_text(work, manuscript, document)
    work.db.flush()  # the verdicts that are counted next include this one
    _go_on(work, manuscript, number)


def return_review(work: Work, review_id: int, revision: int, body: str) -> None:
    """The author has the draft back, with the reason; other readings of the same text are overtaken."""
    review = _own_undecided(work, review_id, revision)
    manuscript = access.find(work, review.manuscript_id)
    comment(work, manuscript.id, "", body)
    review.verdict, review.decided_at = "return", work.now
    _note(work, manuscript, "review_returned", kind=review.kind, language=review.language)
    work.move(manuscript, MANUSCRIPT, "return")
    overtake(work, manuscript)


def overtake(work: Work, manuscript: Manuscript) -> None:
    """Nobody need read the text any more that was handed in."""
    query = select(Review).where(Review.manuscript_id == manuscript.id, Review.verdict.is_(None))
    for review in work.db.execute(query).scalars():
        review.verdict, review.decided_at = "overtaken", work.now


def _go_on(work: Work, manuscript: Manuscript, number: int) -> None:
    """Languages that nobody has passed yet are asked for; with none left the text is frozen."""
    document = safe.open_document(work, manuscript)
    since = select(func.max(Review.id)).where(Review.manuscript_id == manuscript.id, Review.kind == "content")
    reviews = work.db.execute(
        select(Review).where(Review.manuscript_id == manuscript.id, Review.id > since.scalar_subquery())
    ).scalars().all()  # fmt: skip
    passed = {review.language for review in reviews if review.verdict == "pass" and review.language}
    asked = {review.language for review in reviews if review.verdict is None}
    left = awaited(document.languages, passed)
    for language in left:
        if language not in asked:
            ask(work, manuscript, "language", language, number)
    if not left:
        _freeze(work, manuscript)


def _freeze(work: Work, manuscript: Manuscript) -> None:
    document = safe.open_document(work, manuscript)
    new = safe.item_of(work, manuscript, document)
    manuscript.item_version_id = seal_item(work, new)
    manuscript.source_sealed = None
    work.move(manuscript, MANUSCRIPT, "pass_language")


def _verdict(work: Work, manuscript: Manuscript, review: Review) -> str:
    """What it means that its reader lets it pass; Denied if they may not."""
    why = bar(_kind(review), hands.past_of(work, manuscript, _kind(review), review.language), work.actor.id or 0)
    if why == "hand" and hands.has_mended(work, review):
        return "mended"
    if why is not None:
        raise Denied(BARRED[why])
    return "pass"


def _own_review(work: Work, manuscript_id: int) -> int | None:
    query = select(Review.id).where(
        Review.manuscript_id == manuscript_id, Review.reviewer_id == work.actor.id, Review.verdict.is_(None)
    )
    return work.db.execute(query.order_by(Review.id)).scalars().first()


def _undecided(work: Work, review_id: int, revision: int) -> Review:
    review = work.db.get(Review, review_id)
    if review is None:
        raise NotFound("not_found")
    if review.revision != revision or review.verdict is not None:
        raise Stale("changed_meanwhile")
    return review


def _own_undecided(work: Work, review_id: int, revision: int) -> Review:
    review = work.db.get(Review, review_id)
    if review is None or review.reviewer_id != work.actor.id:
        raise NotFound("not_found")
    manuscript = access.find(work, review.manuscript_id)
    if work.actor.id == manuscript.author_id:
        raise Denied("review_own")
    refuse(work, [manuscript.item_id])
    return _undecided(work, review_id, revision)


def _kind(review: Review) -> Kind:
    return "content" if review.kind == "content" else "language"


def _note(work: Work, manuscript: Manuscript, act: str, **facts: object) -> None:
    code = work.db.get_one(Item, manuscript.item_id).code
    work.record(act, f"item:{code}", clause="CS-15", manuscript_id=manuscript.id, **facts)
