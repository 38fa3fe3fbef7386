"""What pages and consoles show of rooms: whose rooms, which seats, who sits where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from proctor.monitoring.wire import RoomView
from proctor.rooms.desk import room_times
from proctor.rooms.geometry import Outline
from proctor.rooms.models import Duty, Room, RoomLayout, RoomSitting, Seat, SeatAssignment, SeatingDraw
from server import accounts, delivery
from server.core.db import batches
from server.core.i18n import language, local_time
from server.core.work import Work
from server.delivery.rules import StartRule


@dataclass(frozen=True)
class RoomRef:
    """A room of a centre."""

    id: int
    name: str
    n_seats: int


@dataclass(frozen=True)
class RoomSittingRef:
    """A room in a sitting, as a list shows it."""

    id: int
    room_id: int
    sitting_id: int
    room: str
    centre_id: int
    sitting: str
    starts: str
    starts_at: datetime
    state: str
    n_seats: int
    n_seated: int


@dataclass(frozen=True)
class SeatRef:
    """A numbered place and the session that sits there, if one does."""

    id: int
    number: str
    row: int
    col: int
    x_m: float
    y_m: float
    session_id: int | None = None


def rooms_of(work: Work, centre_id: int) -> list[RoomRef]:
    """The rooms of a centre, by name."""
    rows = work.db.execute(
        select(Room.id, Room.name, func.count(Seat.id))
        .outerjoin(Seat, Seat.room_id == Room.id)
        .where(Room.centre_id == centre_id)
        .group_by(Room.id, Room.name)
        .order_by(Room.name)
    )
    return [RoomRef(*row) for row in rows]


def duties_of(work: Work, staff_id: int) -> list[RoomSittingRef]:
    """The rooms in which this staff member is on duty: those not closed first, then by date."""
    held = select(Duty.room_sitting_id).where(Duty.staff_id == staff_id)
    return _listed(work, RoomSitting.id.in_(held))


def room_sittings_of(work: Work, centre_id: int) -> list[RoomSittingRef]:
    """Every room of the centre in every sitting it serves."""
    return _listed(work, Room.centre_id == centre_id)


def room_sitting(work: Work, room_sitting_id: int) -> RoomSittingRef | None:
    """One room in one sitting."""
    return next(iter(_listed(work, RoomSitting.id == room_sitting_id)), None)


def duties_in(work: Work, room_sitting_id: int) -> dict[int, str]:
    """Staff id → name of everybody on duty there."""
    ids = select(Duty.staff_id).where(Duty.room_sitting_id == room_sitting_id)
    return accounts.staff_names(work, work.db.execute(ids).scalars())


def watched_by(work: Work, session_ids: Collection[int]) -> dict[int, set[int]]:
    """Session → everybody who was on duty in the room where this candidate sat, relieved or not."""
    found: dict[int, set[int]] = {each: set() for each in session_ids}
    here = select(SeatAssignment.session_id, Duty.staff_id).join(
        Duty, Duty.room_sitting_id == SeatAssignment.room_sitting_id
    )
    for some in batches(session_ids):
        for session_id, staff_id in work.db.execute(here.where(SeatAssignment.session_id.in_(some))):
            found[session_id].add(staff_id)
    return found


def seats_of_room(work: Work, room_id: int) -> list[SeatRef]:
    """The seats of a room, empty, by number."""
    rows = work.db.execute(_seats().where(Seat.room_id == room_id).order_by(Seat.row, Seat.col, Seat.id))
    return [SeatRef(*row) for row in rows]


def seats_in(work: Work, room: RoomSitting) -> list[SeatRef]:
    """The seats of a room with who sits there in this sitting."""
    here = (SeatAssignment.seat_id == Seat.id) & (SeatAssignment.room_sitting_id == room.id)
    rows = work.db.execute(
        _seats()
        .add_columns(SeatAssignment.session_id)
        .outerjoin(SeatAssignment, here)
        .where(Seat.room_id == room.room_id)
        .order_by(Seat.row, Seat.col, Seat.id)
    )
    return [SeatRef(*row) for row in rows]


def outline_of(work: Work, room_id: int) -> Outline | None:
    """What the room was drawn from; None for a room in plain rows."""
    stored = work.db.execute(select(RoomLayout.outline).where(RoomLayout.room_id == room_id)).scalar_one_or_none()
    return Outline.from_json(stored) if stored else None


def last_draw(work: Work, room_sitting_id: int) -> SeatingDraw | None:
    """The draw of seats that was made last."""
    drawn = select(SeatingDraw).where(SeatingDraw.room_sitting_id == room_sitting_id)
    return work.db.execute(drawn.order_by(SeatingDraw.id.desc()).limit(1)).scalar_one_or_none()


def seated_ids(work: Work, sitting_id: int) -> set[int]:
    """The sessions of a sitting that have a seat, in whichever room."""
    rooms = select(RoomSitting.id).where(RoomSitting.sitting_id == sitting_id)
    found = select(SeatAssignment.session_id).where(SeatAssignment.room_sitting_id.in_(rooms))
    return set(work.db.execute(found).scalars())


def room_view(work: Work, room: RoomSitting, sitting: delivery.SittingRef) -> RoomView:
    """The room in this sitting, in the reader's language."""
    where = work.db.get_one(Room, room.room_id)
    briefing_at = sitting.edition.get("DC-11", StartRule).briefing_at(sitting.starts_at)
    return RoomView(
        room_sitting_id=room.id,
        name=where.name,
        centre=accounts.organisation_of(work, where.centre_id).name(language()),
        sitting_title=sitting.titles[language()],
        starts_at=sitting.starts_at.isoformat(),
        briefing_at=briefing_at.isoformat(),
        **room_times(room).model_dump(),
    )


def _seats() -> Select[int, str, int, int, float, float]:
    return select(Seat.id, Seat.number, Seat.row, Seat.col, Seat.x_m, Seat.y_m)


def _listed(work: Work, condition: ColumnElement[bool]) -> list[RoomSittingRef]:
    seats = select(func.count(Seat.id)).where(Seat.room_id == Room.id).scalar_subquery()
    seated = (
        select(func.count(SeatAssignment.id)).where(SeatAssignment.room_sitting_id == RoomSitting.id)
    ).scalar_subquery()
    rows = work.db.execute(
        select(RoomSitting, Room, seats, seated).join(Room, Room.id == RoomSitting.room_id).where(condition)
    ).all()
    sitting_of = {each: delivery.sitting_ref(work, each) for each in {row[0].sitting_id for row in rows}}
    found = [_reference(room, where, sitting_of[room.sitting_id], n, m) for room, where, n, m in rows]
    return sorted(found, key=lambda each: (each.state == "closed", each.starts_at, each.room))


def _reference(
    room: RoomSitting, where: Room, sitting: delivery.SittingRef, n_seats: int, n_seated: int
) -> RoomSittingRef:
    return RoomSittingRef(
        id=room.id,
        room_id=room.room_id,
        sitting_id=room.sitting_id,
        room=where.name,
        centre_id=where.centre_id,
        sitting=sitting.titles[language()],
        starts=local_time(sitting.starts_at, sitting.zone),
        starts_at=sitting.starts_at,
        state=room.state,
        n_seats=n_seats,
        n_seated=n_seated,
    )
