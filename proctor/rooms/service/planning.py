"""Before the day: rooms and seats, which sittings they serve, who is on duty. Who sits where: `seating`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from proctor.rooms.desk import announce_duty
from proctor.rooms.duty import own_centre, own_room, own_room_sitting
from proctor.rooms.geometry import Outline, lay_out, lay_out_for
from proctor.rooms.models import Duty, Room, RoomLayout, RoomSitting, Seat
from proctor.rooms.rules import Place, SeatingRule
from proctor.rooms.seating import SeatPlan
from server import accounts, delivery
from server.core.errors import Invalid
from server.core.regulation import Edition, Ruling
from server.core.roles import Role
from server.core.work import Work

NAME_MAX = 80
SEATS_MAX = 400


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How many seats a drawn room is to have, and how far apart; None: as many, or as far, as the edition lets."""

    seats: int | None = None
    pitch_mm: int | None = None


def seats_for(outline: Outline, wanted: Wanted, edition: Edition) -> tuple[SeatPlan, ...]:
    """The seats that a drawn room gets; Invalid where the drawing is none, or has no place for them."""
    if faults := outline.faults():
        raise Invalid(faults[0])
    rule = edition.get("DC-10", SeatingRule)
    least, most = rule.spacing_min_mm, rule.spacing_max_mm
    if wanted.pitch_mm is not None:
        least = most = wanted.pitch_mm
    seats = lay_out_for(outline, wanted.seats, least, most) if wanted.seats else lay_out(outline, least)
    if len(seats) < (wanted.seats or 1):
        raise Invalid("room_too_small", wanted=wanted.seats or 1, seats=len(seats))
    return seats


def plan_drawn_room(
    work: Work, centre_id: int, name: str, asked: tuple[Outline, Wanted], edition: Edition
) -> int:
    """The centre has a room as drawn, its seats laid out by the edition's distances (DC-10)."""
    outline, wanted = asked
    room_id = plan_room(work, centre_id, name, seats_for(outline, wanted, edition), edition)
    work.db.add(RoomLayout(room_id=room_id, outline=outline.to_json()))
    return room_id


def spacing(edition: Edition, seats: Sequence[SeatPlan]) -> Ruling:
    """What the edition says of the distances between these seats."""
    return edition.get("DC-10", SeatingRule).judge([place(seat) for seat in seats])


def plan_room(work: Work, centre_id: int, name: str, seats: Sequence[SeatPlan], edition: Edition) -> int:
    """The centre has a room with these numbered seats; refused where they stand too near (DC-10)."""
    own_centre(work, centre_id)
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX:
        raise Invalid("room_name_malformed", maximum=NAME_MAX)
    if not 0 < len(seats) <= SEATS_MAX:
        raise Invalid("room_without_seats", maximum=SEATS_MAX)
    if work.db.execute(select(Room.id).where(Room.centre_id == centre_id, Room.name == name)).first():
        raise Invalid("room_name_taken", name=name)
    ruling = spacing(edition, seats).or_refuse()
    room = Room(centre_id=centre_id, name=name)
    room.seats = [
        Seat(number=str(one.number), row=one.row, col=one.col, x_m=one.x_m, y_m=one.y_m) for one in seats
    ]
    work.db.add(room)
    work.db.flush()  # the caller gets the id
    facts = {"name": name, "seats": len(seats), "ruling": ruling.to_json()}
    work.record("room:planned", f"room:{room.id}", clause=ruling.clause, **facts)
    return room.id


def plan_room_sitting(work: Work, room_id: int, sitting_id: int) -> int:
    """The room serves the sitting, its seats judged by the edition which that sitting pins (DC-10)."""
    room = own_room(work, room_id)
    sitting = delivery.sitting_ref(work, sitting_id)
    known = select(RoomSitting.id).where(RoomSitting.room_id == room_id, RoomSitting.sitting_id == sitting_id)
    if work.db.execute(known).first():
        raise Invalid("room_already_planned", name=room.name)
    ruling = spacing(sitting.edition, list(plans(room.seats).values())).or_refuse()
    found = RoomSitting(room_id=room_id, sitting_id=sitting_id, state="planned")
    work.db.add(found)
    work.db.flush()  # the caller gets the id
    work.record("room_sitting:planned", f"room_sitting:{found.id}", clause=ruling.clause, room_id=room_id,
                sitting_id=sitting_id, ruling=ruling.to_json())
    return found.id


def assign_duty(work: Work, room_sitting_id: int, staff_id: int) -> None:
    """The staff member may act in this room in this sitting; harmless twice."""
    room, where = own_room_sitting(work, room_sitting_id)
    if staff_id not in accounts.holders(work, where.centre_id, Role.PROCTOR):
        raise Invalid("not_on_duty_list")
    if put_on_duty(work, room_sitting_id, staff_id):
        work.record("duty:assigned", f"room_sitting:{room_sitting_id}", staff=staff_id)
        announce_duty(work, room)


def put_on_duty(work: Work, room_sitting_id: int, staff_id: int) -> bool:
    """The staff member acts in the room; False if they did already."""
    held = select(Duty).where(Duty.room_sitting_id == room_sitting_id, Duty.staff_id == staff_id)
    duty = work.db.execute(held).scalar_one_or_none()
    if duty is not None and duty.mode == "acting":
        return False
    if duty is None:
        work.db.add(Duty(room_sitting_id=room_sitting_id, staff_id=staff_id, mode="acting"))
    else:
        duty.mode = "acting"
    return True


def relieve_duty(work: Work, room_sitting_id: int, staff_id: int) -> None:
    """The staff member may no longer act there; what they did stays in their name."""
    room, _where = own_room_sitting(work, room_sitting_id)
    held = (Duty.room_sitting_id == room_sitting_id, Duty.staff_id == staff_id)
    if work.db.execute(select(Duty.id).where(*held)).first() is not None:
        work.db.execute(delete(Duty).where(*held))
        work.record("duty:relieved", f"room_sitting:{room_sitting_id}", staff=staff_id)
        announce_duty(work, room)


def plans(seats: Sequence[Seat]) -> dict[int, SeatPlan]:
    """The seats of a room as its rules see them, by id."""
    return {each.id: SeatPlan(int(each.number), each.row, each.col, each.x_m, each.y_m) for each in seats}


def place(seat: SeatPlan, school: str = "") -> Place:
    """A seat as the rule sees it, with the school of who sits there."""
    return Place(seat.number, seat.x_mm, seat.y_mm, school)
