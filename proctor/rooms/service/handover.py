"""A room given from hand to hand, and its closing signed: each by the PINs of those who answer for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select, update

from proctor.irregularities.protocols import progress
from proctor.irregularities.queries import tallies
from proctor.rooms.desk import announce_duty
from proctor.rooms.duty import on_duty, require_state
from proctor.rooms.models import Duty, Room, RoomHandover, RoomSitting, SeatAssignment
from proctor.rooms.service.planning import put_on_duty
from proctor.rooms.service.running import close_room
from proctor.rooms.signed import closing_document, handover_document
from server import accounts, delivery
from server.accounts import signing
from server.core.errors import CatError, Denied, Invalid
from server.core.roles import Role
from server.core.work import Work

NOTES_MAX = 1000
MODES = {"temporary": "away", "final": "relieved"}
NOT_CLOSED = ("planned", "open", "running")


@dataclass(frozen=True)
class Handover:
    """Who takes the room from the one who acts, for how long, and what they should know; both have typed their PIN."""

    kind: str
    notes: str
    giver: signing.PinAttempt
    taker: signing.PinAttempt


def takers(work: Work, room_sitting_id: int) -> dict[int, str]:
    """Staff id → name of those who may take the room: proctors of the centre not relieved for good, and not oneself."""
    room = work.db.get_one(RoomSitting, room_sitting_id)
    centre_id = work.db.get_one(Room, room.room_id).centre_id
    relieved = select(Duty.staff_id).where(Duty.room_sitting_id == room_sitting_id, Duty.mode == "relieved")
    gone = {*work.db.execute(relieved).scalars(), work.actor.id}
    found = accounts.holders(work, centre_id, Role.PROCTOR)
    return {each: name for each, name in found.items() if each not in gone}


def hand_over(work: Work, room_sitting_id: int, ask: Handover) -> CatError | None:
    """The taker acts and the giver sees, signed by both; or the refusal, so that a wrong PIN is counted."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *NOT_CLOSED)
    if ask.giver.staff_id != work.actor.id:
        raise Denied("not_a_signer")
    if ask.taker.staff_id not in takers(work, room_sitting_id):
        raise Invalid("not_on_duty_list")
    if len(ask.notes.strip()) > NOTES_MAX or ask.kind not in MODES:
        raise Invalid("notes_too_long", maximum=NOTES_MAX)
    for attempt in (ask.giver, ask.taker):
        refusal = signing.confirm_pin(work, attempt)
        if refusal is not None:
            return refusal
    row = RoomHandover(
        room_sitting_id=room.id, giver_id=ask.giver.staff_id, taker_id=ask.taker.staff_id, kind=ask.kind,
        standing=standing(work, room), notes=ask.notes.strip(), handed_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # what is signed bears its id
    document = handover_document(row)
    signing.place(work, document, "giver", row.giver_id)
    signing.place(work, document, "taker", row.taker_id)
    put_on_duty(work, room.id, row.taker_id)
    own = (Duty.room_sitting_id == room.id, Duty.staff_id == row.giver_id)
    work.db.execute(update(Duty).where(*own).values(mode=MODES[ask.kind]))
    work.record("room:handed-over", f"room_sitting:{room.id}", giver=row.giver_id, taker=row.taker_id, kind=row.kind,
                standing=row.standing, notes=row.notes)  # fmt: skip
    announce_duty(work, room)
    return None


def close_and_sign(work: Work, room_sitting_id: int, attempt: signing.PinAttempt) -> int | CatError:
    """The room is closed and the proctor has signed how it ended for each; or the refusal of the PIN."""
    on_duty(work, room_sitting_id)
    refusal = signing.confirm_pin(work, attempt)
    if refusal is not None:
        return refusal
    absent = close_room(work, room_sitting_id)
    work.db.flush()  # the outcomes are read back by queries
    room = work.db.get_one(RoomSitting, room_sitting_id)
    signing.place(work, closing_document(work, room), "proctor", attempt.staff_id)
    return absent


def standing(work: Work, room: RoomSitting) -> dict[str, int | str]:
    """How the room stands: its state, how many in which, warned, and protocols that are not signed."""
    seated = select(SeatAssignment.session_id).where(SeatAssignment.room_sitting_id == room.id)
    refs = delivery.session_refs(work, work.db.execute(seated).scalars().all())
    states = Counter(ref.state for ref in refs)
    ids = [ref.id for ref in refs]
    counts = {state: states[state] for state in ("expected", "admitted", "running", "paused", "submitted", "removed")}
    warned = sum(bool(tally.warnings) for tally in tallies(work, ids).values())
    unsigned = sum(each != "signed" for each in progress(work, ids).values())
    return {"room": room.state, "seated": len(refs), **counts, "warned": warned, "protocols_unsigned": unsigned}
