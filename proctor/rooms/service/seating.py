"""Who sits where before the start: drawn by a recorded seed, changed by hand, judged after each change (DC-10)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select

from proctor.rooms.desk import announce_seat
from proctor.rooms.duty import own_room_sitting, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import Room, RoomSitting, Seat, SeatAssignment, SeatingDraw, SeatLock
from proctor.rooms.rules import SeatingRule
from proctor.rooms.seating import Seating, Sitter
from proctor.rooms.service.planning import place, plans
from server import candidates, delivery
from server.candidates import accommodating
from server.candidates.rules import AccommodationRule
from server.core.errors import Invalid, NotFound, Stale
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery import service as sessions

SEED_BITS = 62  # as the column holds
REASON_MAX = 200
ALONE = "DC-12.accommodations"
BEFORE_START = ("planned", "open")


def seat_candidates(
    work: Work, room_sitting_id: int, session_ids: Sequence[int], seed: int | None = None
) -> Ruling:
    """Each session has a free seat, candidates of one school apart where the room allows it (DC-10)."""
    room, where = own_room_sitting(work, room_sitting_id)
    require_state(room, "planned", *AT_WORK)
    taken = _taken(work, room_sitting_id)
    sitters = _sitters(work, room, where, session_ids)
    if len(sitters) > len(where.seats) - len(taken):
        raise Invalid("too_few_seats", candidates=len(sitters), seats=len(where.seats) - len(taken))
    return _draw(work, room, where, sitters, seed)


def draw_again(work: Work, room_sitting_id: int, seed: int | None = None) -> Ruling:
    """Everybody still expected has a seat by another draw, but for those whose seat is kept (DC-10)."""
    room, where = _before_start(work, room_sitting_id)
    kept = set(locks(work, room))
    refs = delivery.session_refs(work, list(_taken(work, room.id).values()))
    again = [ref.id for ref in refs if ref.state == "expected" and ref.id not in kept]
    if not again:
        raise Invalid("nobody_to_draw")
    # Seats are emptied first: two rows may not name one seat, not even between two updates.
    work.db.execute(delete(SeatAssignment).where(SeatAssignment.session_id.in_(again)))
    return _draw(work, room, where, _sitters(work, room, where, again), seed)


def reseat(work: Work, room_sitting_id: int, session_id: int, seat_id: int) -> Ruling:
    """The candidate has that seat; who sat there has the seat that became free. Judged at once (DC-10)."""
    room, where = _before_start(work, room_sitting_id)
    seats = {seat.id: seat for seat in where.seats}
    if seat_id not in seats:
        raise NotFound("seat_unknown")
    before = seated(work, room.id, session_id).seat_id
    at = _taken(work, room.id)
    wanted = {seat_id: session_id} | ({before: at[seat_id]} if seat_id in at else {})
    if before == seat_id:
        wanted = {}
    _movable(work, room, wanted.values())
    work.db.execute(delete(SeatAssignment).where(SeatAssignment.session_id.in_(wanted.values())))
    _sit(work, room, seats, {session: seat for seat, session in wanted.items()})
    ruling = judged(work, room, where).or_refuse()
    if wanted:
        numbers = {str(session): seats[seat].number for seat, session in wanted.items()}
        work.record("candidates:reseated", f"room_sitting:{room.id}", clause=ruling.clause, seats=numbers,
                    ruling=ruling.to_json())
    return ruling


def keep_seat(work: Work, room_sitting_id: int, session_id: int, reason: str) -> None:
    """The candidate keeps the seat in every further draw, for a reason that stands beside it."""
    room, _where = _before_start(work, room_sitting_id)
    seated(work, room.id, session_id)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= REASON_MAX:
        raise Invalid("reason_malformed", maximum=REASON_MAX)
    if session_id not in locks(work, room):
        work.db.add(SeatLock(session_id=session_id, reason=reason))
        work.record("seat:kept", f"session:{session_id}", clause="DC-10", reason=reason)


def release_seat(work: Work, room_sitting_id: int, session_id: int) -> None:
    """The candidate may be moved again; harmless twice."""
    room, _where = _before_start(work, room_sitting_id)
    seated(work, room.id, session_id)
    if session_id in locks(work, room):
        work.db.execute(delete(SeatLock).where(SeatLock.session_id == session_id))
        work.record("seat:released", f"session:{session_id}", clause="DC-10")


def locks(work: Work, room: RoomSitting) -> dict[int, str]:
    """Whose seat in this room is kept, and why."""
    rows = work.db.execute(
        select(SeatLock.session_id, SeatLock.reason)
        .join(SeatAssignment, SeatAssignment.session_id == SeatLock.session_id)
        .where(SeatAssignment.room_sitting_id == room.id)
    )
    return {row.session_id: row.reason for row in rows}


def judged(work: Work, room: RoomSitting, where: Room) -> Ruling:
    """What the sitting's edition says of who sits where now."""
    taken = _taken(work, room.id)
    schools = _schools(work, list(taken.values()))
    places = [place(plan, schools[taken[seat_id]] if seat_id in taken else "")
              for seat_id, plan in plans(where.seats).items()]
    return _rule(work, room).judge_plan(places)


def _draw(work: Work, room: RoomSitting, where: Room, sitters: Sequence[Sitter], seed: int | None) -> Ruling:
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    seats = {seat.id: seat for seat in where.seats}
    taken = _taken(work, room.id)
    schools = _schools(work, list(taken.values()))
    sat = {seat_id: schools[session_id] for seat_id, session_id in taken.items()}
    chosen = Seating(plans(where.seats), sat, _rule(work, room).same_school_mm, seed).place(sitters)
    _sit(work, room, seats, chosen)
    judge_alone(work, room).or_refuse()
    ruling = judged(work, room, where).or_refuse()
    numbers = {str(session_id): seats[seat_id].number for session_id, seat_id in chosen.items()}
    work.db.add(SeatingDraw(room_sitting_id=room.id, seed=seed, seats=numbers, ruling=ruling.to_json(),
                            drawn_by=work.actor.label, drawn_at=work.now))
    work.record("candidates:seated", f"room_sitting:{room.id}", clause=ruling.clause, seats=numbers, seed=seed,
                ruling=ruling.to_json())
    return ruling


def judge_alone(work: Work, room: RoomSitting) -> Ruling:
    """Whether whoever has the right to a room of their own sits alone in this one (DC-12)."""
    refs = delivery.session_refs(work, list(_taken(work, room.id).values()))
    held = accommodating.accommodations(work, [ref.registration_id for ref in refs])
    alone = sum(accommodating.needs_of(each).is_alone for each in held.values())
    rule = delivery.sitting_ref(work, room.sitting_id).edition.get(ALONE, AccommodationRule)
    return rule.judge_room(alone, len(refs))


def _sit(work: Work, room: RoomSitting, seats: Mapping[int, Seat], chosen: Mapping[int, int]) -> None:
    for session_id, seat_id in chosen.items():
        work.db.add(SeatAssignment(room_sitting_id=room.id, seat_id=seat_id, session_id=session_id))
        sessions.seat_session(work, session_id, seats[seat_id].number, room.topic)
        announce_seat(work, room, session_id, seat_id)


def _before_start(work: Work, room_sitting_id: int) -> tuple[RoomSitting, Room]:
    # Lock before reading: two managers who change one plan would each judge the other's old one.
    work.db.execute(select(RoomSitting.id).where(RoomSitting.id == room_sitting_id).with_for_update())
    room, where = own_room_sitting(work, room_sitting_id)
    require_state(room, *BEFORE_START)
    return room, where


def _movable(work: Work, room: RoomSitting, session_ids: Iterable[int]) -> None:
    kept = locks(work, room)
    for ref in delivery.session_refs(work, list(session_ids)):
        if ref.id in kept:
            raise Invalid("seat_is_kept", registration_no=ref.registration_no, reason=kept[ref.id])
        if ref.state != "expected":
            raise Stale("not_in_state", machine="exam_session", state=ref.state)


def _rule(work: Work, room: RoomSitting) -> SeatingRule:
    return delivery.sitting_ref(work, room.sitting_id).edition.get("DC-10", SeatingRule)


def _taken(work: Work, room_sitting_id: int) -> dict[int, int]:
    rows = select(SeatAssignment.seat_id, SeatAssignment.session_id).where(
        SeatAssignment.room_sitting_id == room_sitting_id
    )
    return {row.seat_id: row.session_id for row in work.db.execute(rows)}


def _sitters(work: Work, room: RoomSitting, where: Room, session_ids: Sequence[int]) -> list[Sitter]:
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
