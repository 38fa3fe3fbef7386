"""Who reads what by when, as the commission's page sets it; it opens no text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from itembank.authoring import access, reviewing
from itembank.authoring.judging import KINDS
from itembank.authoring.models import Review
from itembank.authoring.reviewing import Reader
from server.core.errors import Invalid, NotFound
from server.core.terms import typed_day
from server.core.work import Work

LONGEST_DAYS = 90


def readers(work: Work, review_id: int) -> Sequence[Reader]:
    """Everybody who holds the role of the reading, and of each whether they may do it."""
    review = _find(work, review_id)
    manuscript = access.find(work, review.manuscript_id)
    return reviewing.readers(work, manuscript, KINDS[review.kind], review.language)


def assign(work: Work, review_id: int, revision: int, reviewer_id: int, due_on: str) -> None:
    """That person reads it, until that day if one is named."""
    day = _day(work, due_on) if due_on.strip() else None
    reviewing.assign(work, review_id, revision, reviewer_id)
    if day is not None:
        _find(work, review_id).due_on = day


def _day(work: Work, text: str) -> date:
    """The day as it is written in forms; it lies ahead, and not too far."""
    try:
        day = typed_day(text)
    except ValueError as error:
        raise Invalid("due_day") from error
    today = work.now.date()
    if not today <= day <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid("due_day")
    return day


def _find(work: Work, review_id: int) -> Review:
    review = work.db.get(Review, review_id)
    if review is None:
        raise NotFound("not_found")
    return review
