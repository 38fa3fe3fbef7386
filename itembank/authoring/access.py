"""Need-to-know: which manuscripts the actor may have before them, and for what; each opening is journalled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import and_, select

from itembank.authoring import safe
from itembank.authoring.four_eyes import Concern, Purpose, purpose_of
from itembank.authoring.models import Manuscript, Review
from itembank.authoring.presence import readers_of
from itembank.items.models import Item
from itembank.withdrawals.queries import refuse
from server.core.errors import CatError, Denied, NotFound
from server.core.journal import last_acts
from server.core.work import Work

# From approval on a text is what tests are made of, and stays so when it rests or ends.
KEPT = ("approved", "in_use", "resting", "retired")
WITHIN = timedelta(hours=12)
LOOKED_AT = 20  # lines of the journal; an opening that lies further back is written once more


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
    reading = frozenset(id_ for id_ in work.db.execute(reviewers).scalars() if id_)
    return Concern(manuscript.author_id, reading, readers_of(work, manuscript))


def is_own_code(work: Work, item_id: int) -> bool:
    """Whether the actor may go on with the item: they wrote its newest text, and nobody after them."""
    newest = (
        select(Manuscript.author_id)
        .where(Manuscript.item_id == item_id)
        # What was given up as a draft is no text of the item, unless it has no other.
        .order_by(and_(Manuscript.state == "retired", Manuscript.item_version_id.is_(None)), Manuscript.number.desc())
        .limit(1)
    )
    return work.actor.id is not None and work.db.execute(newest).scalar_one_or_none() == work.actor.id


def reading_of(work: Work, manuscript_id: int) -> Reading:
    """The manuscript, for one it concerns; to everybody else it does not exist (DC-7).

    What is withdrawn has nobody before them: those it concerns are told why. What tests are made of is closed to its
    author as well: the commission that sends it back to be reworked opens its next text to them."""
    manuscript = find(work, manuscript_id)
    purpose = purpose_of(concern_of(work, manuscript), work.actor.id)
    if purpose is None:
        raise NotFound("not_found")
    refuse(work, [manuscript.item_id])
    if purpose == "author" and manuscript.state in KEPT:
        raise Denied("manuscript_kept", clause="DC-7")
    return Reading(manuscript, purpose)


def may_read(work: Work, manuscript_id: int) -> bool:
    """Whether the actor may have the manuscript before them today."""
    try:
        reading_of(work, manuscript_id)
    except CatError:
        return False
    return True


def opened(work: Work, manuscript_id: int) -> Reading:
    """The same, and that the content is opened now stands in the journal."""
    reading = reading_of(work, manuscript_id)
    return replace(reading, mark=safe.note_opening(work, reading.manuscript, reading.purpose))


def seen(work: Work, manuscript_id: int) -> Reading:
    """The same, for a part that is asked for by itself: an opening, unless it belongs to one of the last hours."""
    reading = reading_of(work, manuscript_id)
    code = work.db.get_one(Item, reading.manuscript.item_id).code
    opened_lately = last_acts(
        work.db, f"item:{code}", "item_opened", work.actor.label, work.now - WITHIN, most=LOOKED_AT
    )
    if any(each.facts.get("manuscript_id") == manuscript_id for each in opened_lately):
        return reading
    return opened(work, manuscript_id)
