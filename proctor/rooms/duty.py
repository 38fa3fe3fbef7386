"""Who may act where: a proctor in the rooms they are on duty in, a centre in its own rooms."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from proctor.rooms.models import Duty, Room, RoomSitting, SeatAssignment
from server import accounts
from server.core.errors import Denied, NotFound, Stale
from server.core.roles import Role
from server.core.work import Work

# So close together, one act is meant: of two proctors who saw the same, or of a button pressed twice.
ONE_ACT = timedelta(seconds=5)


def on_duty(work: Work, room_sitting_id: int) -> RoomSitting:
    """The room sitting, if the actor acts in it; nobody else changes it before this work ends."""
    # Lock before reading: two proctors press one button at once, and the second must see what the first did.
    found = work.db.execute(
        select(RoomSitting)
        .where(RoomSitting.id == room_sitting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("not_found")
    if require_duty(work, room_sitting_id) != "acting":
        raise Denied("handed_over")
    return found


def watching(work: Work, room_sitting_id: int) -> RoomSitting:
    """The room sitting, to be read, if the actor is on duty in it, or was until it was handed over."""
    found = work.db.get(RoomSitting, room_sitting_id)
    if found is None:
        raise NotFound("not_found")
    require_duty(work, room_sitting_id)
    return found


def require_duty(work: Work, room_sitting_id: int) -> str:
    """How the actor is on duty there (acting, away, relieved), else Denied."""
    duty = select(Duty.mode).where(Duty.room_sitting_id == room_sitting_id, Duty.staff_id == work.actor.id)
    mode = work.db.execute(duty).scalar_one_or_none() if work.actor.may(Role.PROCTOR) else None
    if mode is None:
        raise Denied("no_duty")
    return mode


def acting_in(work: Work, room_sitting_id: int) -> dict[int, str]:
    """Staff id → name of everybody who acts in the room now."""
    acting = select(Duty.staff_id).where(Duty.room_sitting_id == room_sitting_id, Duty.mode == "acting")
    return dict(sorted(accounts.staff_names(work, work.db.execute(acting).scalars()).items()))


def require_state(room: RoomSitting, *states: str) -> None:
    """Nothing if the room is in one of the states; Stale if somebody moved it on or did not open it yet."""
    if room.state not in states:
        raise Stale("not_in_state", machine="room_sitting", state=room.state)


def seated(work: Work, room_sitting_id: int, session_id: int) -> SeatAssignment:
    """The seat of a session in this room; NotFound if it sits elsewhere."""
    found = work.db.execute(
        select(SeatAssignment).where(
            SeatAssignment.room_sitting_id == room_sitting_id, SeatAssignment.session_id == session_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("not_seated_here")
    return found


def own_centre(work: Work, centre_id: int) -> None:
    """Nothing if the actor acts for this centre (or is the system itself); NotFound for anybody else."""
    if not work.actor.may(Role.SYSTEM) and work.actor.organisation_id != centre_id:
        raise NotFound("not_found")


def own_room(work: Work, room_id: int) -> Room:
    """A room of the actor's centre."""
    room = work.db.get(Room, room_id)
    if room is None:
        raise NotFound("not_found")
    own_centre(work, room.centre_id)
    return room


def own_room_sitting(work: Work, room_sitting_id: int) -> tuple[RoomSitting, Room]:
    """A room sitting of the actor's centre, and its room."""
    found = work.db.get(RoomSitting, room_sitting_id)
    if found is None:
        raise NotFound("not_found")
    return found, own_room(work, found.room_id)
