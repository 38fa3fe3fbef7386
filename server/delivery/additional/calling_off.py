"""A place in an additional test or a repeat is taken back, as long as its candidate has not begun."""

from __future__ import annotations

from server.core.errors import Stale
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery.queries import sessions_of_registration
from server.delivery.service.conduct import close_absent
from server.delivery.service.planning import get_session

NOT_BEGUN = ("expected", "admitted")


def require_not_begun(work: Work, registration_id: int, clause: str) -> list[int]:
    """The sessions of the registration, locked: none has begun; Stale where one has, or is over."""
    ids = sessions_of_registration(work, registration_id)
    # Lock before reading: the proctor may start the room at this moment.
    if any(get_session(work, each).state not in NOT_BEGUN for each in ids):
        raise Stale("granted_test_begun", clause=clause)
    return ids


def call_off(work: Work, session_ids: list[int], ruling: Ruling, clause: str, case_id: int) -> None:
    """Nobody is expected in these sessions any more; what became of them is on no list of results."""
    close_absent(work, session_ids, ruling)
    for each in session_ids:
        work.record("place:taken-back", f"session:{each}", clause=clause, case=case_id)
