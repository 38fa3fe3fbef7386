"""A sitting of the demonstration: a minute away, seated, with two proctors on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from proctor.observers import timetables
from proctor.observers.service import Invitation, invite
from proctor.rooms import service as rooms
from proctor.rooms.models import RoomSitting, Seat, SeatAssignment
from server.candidates.models import Programme, Registration
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import service as delivery
from server.delivery import session_refs, sitting_ref
from server.jobs.demonstration.centre import PROGRAMME, Centre
from server.jobs.demonstration.people import people

AWAY_S = 60
STILL_GOOD_S = 5 * 3600
ORDER = "DEMO-2"
SEED = 1  # one draw of seats for every demonstration: the README names who sits where
OBSERVER = Invitation(name="Токтосунова Айгүл", kind="parent", body="№ 13 орто мектеп, 11-А", mandate="DEMO-1")
ATTENDEES = (
    timetables.Attendee("trustee", "Абдыраев Кубан"), timetables.Attendee("parent", OBSERVER.name),
)  # fmt: skip
TITLES = {
    "ky": "Сынак тест, көрсөтмө сеанс", "ru": "Пробное тестирование, демонстрация", "en": "Trial test, demonstration",
}  # fmt: skip


def ensure_sitting(platform: Platform, system: Actor, centre: Centre, *, is_new: bool = False) -> int:
    """A room sitting that can be gone on with, or a fresh one that starts in a minute; its id."""
    if not is_new:
        with open_work(platform, system) as work:
            recent = work.now - timedelta(seconds=STILL_GOOD_S)
            query = select(RoomSitting).where(
                RoomSitting.room_id == centre.room_id, RoomSitting.state != "closed"
            )
            for room in work.db.execute(query.order_by(RoomSitting.id.desc())).scalars():
                if sitting_ref(work, room.sitting_id).starts_at > recent:
                    return room.id
    return _fresh(platform, system, centre)


def _fresh(platform: Platform, system: Actor, centre: Centre) -> int:
    manager = Actor(frozenset({Role.CENTRE}), None, "centre", centre.centre_id)
    with open_work(platform, system) as work:
        starts_at = work.now.replace(microsecond=0) + timedelta(seconds=AWAY_S)
        sitting_id = delivery.publish_sitting(
            work,
            delivery.NewSitting(
                centre.programme_id, centre.edition, TITLES, starts_at, ORDER, centre.pools,
                early_start_order=ORDER, is_released_at_once=True,
            ),
        )  # fmt: skip
        sessions = [
            delivery.prepare_session(work, sitting_id, registration_id, centre.centre_id)
            for registration_id in centre.registration_ids
        ]
    with open_work(platform, manager) as work:
        room_sitting_id = rooms.plan_room_sitting(work, centre.room_id, sitting_id)
        for staff_id in centre.proctor_ids:
            rooms.assign_duty(work, room_sitting_id, staff_id)
        rooms.seat_candidates(work, room_sitting_id, sessions, SEED)
        timetable_id = timetables.propose(work, centre.centre_id)
        invite(work, room_sitting_id, OBSERVER)
    with open_work(platform, system) as work:
        timetables.approve(work, timetable_id, ORDER, ATTENDEES)
    return room_sitting_id


@dataclass(frozen=True)
class Slip:
    """What a newcomer needs to play the candidate of one seat, and the proctor who checks the passport."""

    session_id: int
    registration_no: str
    seat: str
    name: str
    passport: str


def slips(work: Work, room_sitting_id: int, most: int) -> list[Slip]:
    """The slips of the first `most` seats."""
    query = (
        select(SeatAssignment.session_id, Seat.number)
        .join(Seat, Seat.id == SeatAssignment.seat_id)
        .where(SeatAssignment.room_sitting_id == room_sitting_id)
        .order_by(Seat.id)
    )
    seats = [(row.session_id, row.number) for row in work.db.execute(query.limit(most))]
    refs = {ref.id: ref for ref in session_refs(work, [session_id for session_id, _ in seats])}
    numbers = passports(work)
    return [
        Slip(id_, refs[id_].registration_no, seat, refs[id_].name, numbers[refs[id_].registration_id])
        for id_, seat in seats
    ]


def passports(work: Work) -> dict[int, str]:
    """The passport of each invented candidate, by registration; they were registered in the order of the list."""
    query = select(Registration.id, Registration.candidate_id).join(Programme).where(Programme.code == PROGRAMME)
    found = work.db.execute(query.order_by(Registration.id)).all()
    listed = list(dict.fromkeys(row.candidate_id for row in found))  # a next attempt is no other person
    numbers = {id_: person.document_number for id_, person in zip(listed, people(len(listed)), strict=True)}
    return {row.id: numbers[row.candidate_id] for row in found}
