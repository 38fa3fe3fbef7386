"""What of a room is signed: a handover, and how it ended for each when it was closed; and who has signed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from proctor.rooms.models import RoomHandover, RoomSitting, SeatAssignment
from server import accounts, delivery
from server.accounts import signing
from server.core.ruling import Json
from server.core.work import Work


@dataclass(frozen=True)
class HandoverRef:
    """A handover as it was made, with its signatures."""

    id: int
    giver: str
    taker: str
    kind: str
    standing: dict[str, Any]
    notes: str
    handed_at: datetime
    signatures: tuple[signing.SignatureRef, ...]


def handover_document(row: RoomHandover) -> signing.Document:
    """What giver and taker attest to."""
    content: dict[str, Json] = {
        "room_sitting": row.room_sitting_id, "giver": row.giver_id, "taker": row.taker_id, "kind": row.kind,
        "standing": row.standing, "notes": row.notes, "handed_at": row.handed_at.isoformat(),
    }  # fmt: skip
    return signing.Document(f"handover:{row.id}", content)


def handovers_of(work: Work, room_sitting_id: int) -> list[HandoverRef]:
    """Every handover of the room, the oldest first."""
    found = select(RoomHandover).where(RoomHandover.room_sitting_id == room_sitting_id).order_by(RoomHandover.id)
    rows = work.db.execute(found).scalars().all()
    names = accounts.staff_names(work, {id_ for row in rows for id_ in (row.giver_id, row.taker_id)})
    return [
        HandoverRef(
            row.id, names[row.giver_id], names[row.taker_id], row.kind, dict(row.standing), row.notes, row.handed_at,
            signing.signatures_under(work, handover_document(row)),
        )
        for row in rows
    ]  # fmt: skip


def closing_document(work: Work, room: RoomSitting) -> signing.Document:
    """What who closes the room attests to: how it ended for each who sat there."""
    seated = select(SeatAssignment.session_id).where(SeatAssignment.room_sitting_id == room.id)
    refs = delivery.session_refs(work, work.db.execute(seated).scalars().all())
    content: dict[str, Json] = {
        "room_sitting": room.id, "closed_at": room.closed_at.isoformat() if room.closed_at else None,
        "outcomes": {ref.registration_no: ref.state for ref in refs},
    }  # fmt: skip
    return signing.Document(f"room_sitting:{room.id}", content)
