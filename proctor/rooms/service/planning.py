"""Before the day: rooms and seats, which sittings they serve, who is on duty and who sits where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from proctor.rooms.desk import announce_seat
from proctor.rooms.duty import own_centre, own_room, own_room_sitting, require_state
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import Duty, Room, RoomSitting, Seat, SeatAssignment
from proctor.rooms.rules import Place, SeatingRule
from proctor.rooms.seating import Seating, SeatPlan, Sitter
from server import accounts, candidates, delivery
from server.core.errors import Invalid
from server.core.regulation import Edition, Ruling
from server.core.roles import Role
from server.core.work import Work
from server.delivery import service as sessions

NAME_MAX = 80
SEATS_MAX = 400


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
    ruling = _spacing(edition, seats)
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
    ruling = _spacing(sitting.edition, list(plans(room.seats).values()))
    found = RoomSitting(room_id=room_id, sitting_id=sitting_id, state="planned")
    work.db.add(found)
    work.db.flush()  # the caller gets the id
    work.record("room_sitting:planned", f"room_sitting:{found.id}", clause=ruling.clause, room_id=room_id,
                sitting_id=sitting_id, ruling=ruling.to_json())
    return found.id


def assign_duty(work: Work, room_sitting_id: int, staff_id: int) -> None:
    """The staff member may act in this room in this sitting; harmless twice."""
    _room, where = own_room_sitting(work, room_sitting_id)
    if staff_id not in accounts.holders(work, where.centre_id, Role.PROCTOR):
        raise Invalid("not_on_duty_list")
    held = select(Duty.id).where(Duty.room_sitting_id == room_sitting_id, Duty.staff_id == staff_id)
    if work.db.execute(held).first() is None:
        work.db.add(Duty(room_sitting_id=room_sitting_id, staff_id=staff_id))
        work.record("duty:assigned", f"room_sitting:{room_sitting_id}", staff=staff_id)


def relieve_duty(work: Work, room_sitting_id: int, staff_id: int) -> None:
    """The staff member may no longer act there; what they did stays in their name."""
    own_room_sitting(work, room_sitting_id)
    held = (Duty.room_sitting_id == room_sitting_id, Duty.staff_id == staff_id)
    if work.db.execute(select(Duty.id).where(*held)).first() is not None:
        work.db.execute(delete(Duty).where(*held))
        work.record("duty:relieved", f"room_sitting:{room_sitting_id}", staff=staff_id)


def seat_candidates(work: Work, room_sitting_id: int, session_ids: Sequence[int]) -> Ruling:
    """Each session has a free seat, candidates of one school apart where the room allows it (DC-10)."""
    room, where = own_room_sitting(work, room_sitting_id)
    require_state(room, "planned", *AT_WORK)
    seats = {seat.id: seat for seat in where.seats}
    taken = _taken(work, room_sitting_id)
    sitters = _sitters(work, room, where, session_ids, taken)
    if len(sitters) > len(seats) - len(taken):
        raise Invalid("too_few_seats", candidates=len(sitters), seats=len(seats) - len(taken))
    rule = delivery.sitting_ref(work, room.sitting_id).edition.get("DC-10", SeatingRule)
    schools = _schools(work, list(taken.values()))
    sat = {seat_id: schools[session_id] for seat_id, session_id in taken.items()}
    chosen = Seating(plans(where.seats), sat, rule.same_school_mm).place(sitters)
    school_at = sat | {chosen[sitter.session_id]: sitter.school for sitter in sitters}
    places = [_place(plan, school_at.get(seat_id, "")) for seat_id, plan in plans(where.seats).items()]
    ruling = rule.judge_plan(places).or_refuse()
    for session_id, seat_id in chosen.items():
        work.db.add(SeatAssignment(room_sitting_id=room.id, seat_id=seat_id, session_id=session_id))
        sessions.seat_session(work, session_id, seats[seat_id].number, room.topic)
        announce_seat(work, room, session_id, seat_id)
    work.record("candidates:seated", f"room_sitting:{room.id}", clause=ruling.clause,
                seats={str(session_id): seats[seat_id].number for session_id, seat_id in chosen.items()},
                ruling=ruling.to_json())
    return ruling


def plans(seats: Sequence[Seat]) -> dict[int, SeatPlan]:
    """The seats of a room as its rules see them, by id."""
    return {each.id: SeatPlan(int(each.number), each.row, each.col, each.x_m, each.y_m) for each in seats}


def _spacing(edition: Edition, seats: Sequence[SeatPlan]) -> Ruling:
    return edition.get("DC-10", SeatingRule).judge([_place(seat) for seat in seats]).or_refuse()


def _place(seat: SeatPlan, school: str = "") -> Place:
    return Place(seat.number, seat.x_mm, seat.y_mm, school)


def _taken(work: Work, room_sitting_id: int) -> dict[int, int]:
    rows = select(SeatAssignment.seat_id, SeatAssignment.session_id).where(
        SeatAssignment.room_sitting_id == room_sitting_id
    )
    return {row.seat_id: row.session_id for row in work.db.execute(rows)}


def _sitters(
    work: Work, room: RoomSitting, where: Room, session_ids: Sequence[int], taken: Mapping[int, int]
) -> list[Sitter]:
    refs = {ref.id: ref for ref in delivery.session_refs(work, session_ids)}
    elsewhere = select(SeatAssignment.session_id).where(SeatAssignment.session_id.in_(session_ids))
    seated = set(work.db.execute(elsewhere).scalars())
    for session_id in session_ids:
        ref = refs.get(session_id)
        if ref is None or (ref.sitting_id, ref.centre_id) != (room.sitting_id, where.centre_id):
            raise Invalid("not_of_this_sitting")
        if session_id in seated:
            raise Invalid("already_seated", registration_no=ref.registration_no)
        if ref.state != "expected":
            raise Invalid("not_to_be_seated", registration_no=ref.registration_no)
    schools = _schools(work, session_ids)
    wanted = [refs[each] for each in set(session_ids)]
    return [Sitter(ref.id, ref.registration_no, schools[ref.id]) for ref in wanted]


def _schools(work: Work, session_ids: Sequence[int]) -> dict[int, str]:
    refs = delivery.session_refs(work, session_ids)
    known = candidates.registrations(work, [ref.registration_id for ref in refs])
    school_of = {each.id: each.school for each in known}
    return {ref.id: school_of[ref.registration_id] for ref in refs}
