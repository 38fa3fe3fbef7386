"""Who reads what by when, as the commission's page sets it; it opens no text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from itembank.authoring import access, reviewing
from itembank.authoring.judging import KINDS
from itembank.authoring.models import Review
from server.core.errors import Invalid, NotFound
from server.core.work import Work

LONGEST_DAYS = 90


def able(work: Work, review_id: int) -> Mapping[int, str]:
    """Staff id → name of everybody who may do the reading."""
    review = _find(work, review_id)
    return reviewing.able_reviewers(work, access.find(work, review.manuscript_id), KINDS[review.kind])


def assign(work: Work, review_id: int, revision: int, reviewer_id: int, due_on: str) -> None:
    """That person reads it, until that day if one is named."""
    day = _day(work, due_on) if due_on.strip() else None
    reviewing.assign(work, review_id, revision, reviewer_id)
    if day is not None:
        _find(work, review_id).due_on = day


def _day(work: Work, text: str) -> date:
    """The day as it is written in forms; it lies ahead, and not too far."""
    try:
        day = date.fromisoformat("-".join(reversed(text.strip().split("."))) if "." in text else text.strip())
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
