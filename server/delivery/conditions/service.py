"""A decision on a condition is taken back: what the candidate's test has not begun with, it may do without."""

from __future__ import annotations

from server.candidates import accommodating
from server.core.errors import Stale
from server.core.work import Work
from server.delivery.queries import sessions_of_registration
from server.delivery.service.planning import get_session


def withdraw(work: Work, accommodation_id: int, order_number: str, reason: str) -> None:
    """The condition is in force no longer; Stale once a test of its candidate has begun: what was given stays."""
    registration_id = accommodating.withdraw_accommodation(work, accommodation_id, order_number, reason)
    # Each session is locked: a room that starts at this moment has read the condition, or will not find it.
    for each in sessions_of_registration(work, registration_id):
        if get_session(work, each).started_at is not None:
            raise Stale("condition_in_use", clause=accommodating.CLAUSE)
