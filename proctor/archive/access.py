"""Which offices oversee the recordings of a room: the testing centre and the ministry all, a department its own."""

from __future__ import annotations

from proctor.rooms import queries as rooms
from server import accounts
from server.core.errors import Denied, NotFound
from server.core.work import Work


def office_sees(work: Work, centre_id: int) -> bool:
    """Whether the actor's office oversees that centre; an organisation of another kind is refused."""
    own = accounts.organisation_of(work, work.actor.organisation_id or 0)
    if own.kind not in (*accounts.WHOLE_COUNTRY, "department"):
        raise Denied("not_allowed")
    return accounts.oversees(work, centre_id)


def require_office(work: Work, room_sitting_id: int) -> None:
    """Nothing if the actor's office oversees the room; others learn only that nothing is here."""
    found = rooms.room_sitting(work, room_sitting_id)
    if found is None or not office_sees(work, found.centre_id):
        raise NotFound("not_found")
