"""Need-to-know: which manuscripts the actor may have before them, and for what; each opening is journalled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from itembank.authoring import safe
from itembank.authoring.four_eyes import Concern, Purpose, purpose_of
from itembank.authoring.models import CommissionDecision, CommissionSession, Manuscript, Review
from itembank.items.models import Item
from server.core.errors import NotFound
from server.core.journal import entries_on
from server.core.work import Work

WITHIN = timedelta(hours=12)


@dataclass(frozen=True)
class Reading:
    """A manuscript somebody may have before them, what they need it for, and the mark of this opening, if it is one."""

    manuscript: Manuscript
    purpose: Purpose
    mark: str = ""


def find(work: Work, manuscript_id: int) -> Manuscript:
    """The manuscript; NotFound if there is none."""
    row = work.db.get(Manuscript, manuscript_id)
    if row is None:
        raise NotFound("not_found")
    return row


def concern_of(work: Work, manuscript: Manuscript) -> Concern:
    """Whom it concerns today."""
    reviewers = select(Review.reviewer_id).where(
        Review.manuscript_id == manuscript.id, Review.verdict.is_(None), Review.reviewer_id.is_not(None)
    )
    sessions = (
        select(CommissionSession.members)
        .join(CommissionDecision, CommissionDecision.commission_session_id == CommissionSession.id)
        .where(CommissionDecision.manuscript_id == manuscript.id, CommissionSession.state == "open")
    )
    members = {int(id_) for members in work.db.execute(sessions).scalars() for id_ in members}
    return Concern(
        manuscript.author_id, frozenset(id_ for id_ in work.db.execute(reviewers).scalars() if id_), frozenset(members)
    )


def reading_of(work: Work, manuscript_id: int) -> Reading:
    """The manuscript, for one it concerns; to everybody else it does not exist (DC-7)."""
    manuscript = find(work, manuscript_id)
    purpose = purpose_of(concern_of(work, manuscript), work.actor.id)
    if purpose is None:
        raise NotFound("not_found")
    return Reading(manuscript, purpose)


def opened(work: Work, manuscript_id: int) -> Reading:
    """The same, and that the content is opened now stands in the journal."""
    reading = reading_of(work, manuscript_id)
    return replace(reading, mark=safe.note_opening(work, reading.manuscript, reading.purpose))


def seen(work: Work, manuscript_id: int) -> Reading:
    """The same, for a part that is asked for by itself: an opening, unless it belongs to one of the last hours."""
    reading = reading_of(work, manuscript_id)
    code = work.db.get_one(Item, reading.manuscript.item_id).code
    since = work.now - WITHIN
    if any(
        each.act == "item_opened" and each.actor == work.actor.label and each.at > since
        and each.facts.get("manuscript_id") == manuscript_id
        for each in entries_on(work.db, f"item:{code}")
    ):  # fmt: skip
        return reading
    return opened(work, manuscript_id)
