"""One document, two candidates: what the desk is told when a document turns up where it should not (DC-9).

Of another room it learns the room and seat, of another centre only that there is one: never a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from proctor.rooms.models import IdentityCheck, Room, RoomSitting, Seat, SeatAssignment
from proctor.rooms.rules import Double
from server import candidates, delivery
from server.candidates.documents import document_mac
from server.core.work import Work

INSIDE = frozenset({"admitted", "running", "paused"})


def doubles_of(work: Work, room: RoomSitting, session_id: int, kind: str, number: str) -> list[Double]:
    """Everything that speaks against this document at this seat, the worst first."""
    session = delivery.session_ref(work, session_id)
    holder = candidates.holder_of_document(work, kind, number)
    found = inside_elsewhere(work, room, session)
    if holder is not None and session.registration_id not in holder:
        found += _placed(work, room, "of_another", _sessions(work, holder, room.sitting_id))
    shown = select(IdentityCheck.session_id).where(
        IdentityCheck.document_mac == document_mac(work.vault, kind, number), IdentityCheck.session_id != session_id
    )
    others = sorted(set(work.db.execute(shown).scalars()))
    here = [each.id for each in delivery.session_refs(work, others) if each.sitting_id == room.sitting_id]
    return found + _placed(work, room, "shown_before", here)


def inside_elsewhere(work: Work, room: RoomSitting, session: delivery.SessionRef) -> list[Double]:
    """Where the same person is inside just now under another number or in another sitting."""
    same = candidates.registrations_of_person(work, session.registration_id)
    ids = [each for one in same for each in delivery.sessions_of_registration(work, one) if each != session.id]
    inside = [ref.id for ref in delivery.session_refs(work, ids) if ref.state in INSIDE]
    return _placed(work, room, "inside_elsewhere", inside)


def _sessions(work: Work, registrations: Sequence[int], sitting_id: int) -> list[int]:
    ids = [each for one in registrations for each in delivery.sessions_of_registration(work, one)]
    return [ref.id for ref in delivery.session_refs(work, ids) if ref.sitting_id == sitting_id]


def _placed(work: Work, room: RoomSitting, kind: str, session_ids: Sequence[int]) -> list[Double]:
    own = work.db.get_one(Room, room.room_id).centre_id
    rows = work.db.execute(
        select(SeatAssignment.session_id, Room.centre_id, Room.name, Seat.number)
        .join(Seat, Seat.id == SeatAssignment.seat_id)
        .join(Room, Room.id == Seat.room_id)
        .where(SeatAssignment.session_id.in_(session_ids))
    )
    places = {row.session_id: (row.name, row.number) for row in rows if row.centre_id == own}
    return [Double(kind, *places.get(each, ("", ""))) for each in session_ids]
