"""A sitting of a few days ago, held in two centres and graded, so that pages of results have something to show.

Everything is done by the services, under a clock of then; how the day went is in `the_day`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from proctor.observers import timetables
from proctor.rooms import service as rooms
from proctor.rooms.models import RoomSitting
from server import candidates
from server.accounts.models import Organisation, Staff
from server.core.clock import FrozenClock
from server.core.regulation import Edition, load_edition
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import service as delivery
from server.delivery.rules import StartRule
from server.jobs.demonstration.centre import EDITION, Centre, Tell, ensure_centre, ensure_room
from server.jobs.demonstration.people import SCHOOLS_OF, Person, admission_list, pupils
from server.jobs.demonstration.portraits import portrait
from server.jobs.demonstration.sitting import ATTENDEES
from server.jobs.demonstration.the_day import Hall, hold

DAYS_AGO = 3  # within the five days of DC-22: the office is still in time
PROGRAMME, ORDER = "demonstration-past", "DEMO-0"
TITLES = {"ky": "Негизги тест, көрсөтмө жыйынтыктар", "ru": "Основное тестирование, демонстрация результатов",
          "en": "Main test, demonstration of results"}  # fmt: skip
PREPARED = timedelta(days=6)
FIRST = 5000


@dataclass(frozen=True)
class Where:
    """A centre of that day: its department, who manages it and acts there, its room, and how many came."""

    code: str
    department: str
    manager: str
    proctors: tuple[str, ...]
    rows: int
    columns: int
    count: int


PLACES = (
    Where("centre", "bishkek", "centre", ("proctor", "proctor2"), 5, 6, 30),
    Where("centre2", "chuy", "centre2", ("proctor3",), 4, 4, 14),
)
ROOM = "21"


def ensure_past(
    platform: Platform, system: Actor, tell: Tell, count: int, rows: int, columns: int, *, is_graded: bool = True
) -> None:
    """A database without any sitting has the one of the past, with the demonstration's people before it.

    If it `is_graded`: else the centres have sealed what was sat, and the office has everything before it."""
    with open_work(platform, system) as work:
        if work.db.execute(select(RoomSitting.id).limit(1)).first() is not None:
            return
        starts_at = _start(load_edition(*EDITION), work.now)
    clock = FrozenClock(starts_at - PREPARED)
    then = replace(platform, clock=clock)
    stands = ensure_centre(then, system, tell, count, rows, columns)
    tell(f"a sitting of {starts_at:%d.%m.%Y}, with {sum(each.count for each in PLACES)} candidates")
    halls = _planned(then, system, stands, starts_at)
    hold(then, clock, system, starts_at, halls, is_graded=is_graded)


def _start(edition: Edition, now: datetime) -> datetime:
    """The lawful hour of that day."""
    day = now.astimezone(edition.zone).date() - timedelta(days=DAYS_AGO)
    return datetime.combine(day, edition.get("DC-11", StartRule).start, tzinfo=edition.zone)


def _planned(platform: Platform, system: Actor, stands: Centre, starts_at: datetime) -> list[Hall]:
    with open_work(platform, system) as work:
        organisations = {code: id_ for id_, code in work.db.execute(select(Organisation.id, Organisation.code))}
        staff = {login: id_ for id_, login in work.db.execute(select(Staff.id, Staff.login))}
        programme_id = _programme(work, stands.edition)
        new = delivery.NewSitting(programme_id, stands.edition, TITLES, starts_at, ORDER, stands.pools)
        sitting_id = delivery.publish_sitting(work, new)
    halls = []
    for n, where in enumerate(PLACES):
        manager = Actor(frozenset({Role.CENTRE}), staff[where.manager], where.manager, organisations[where.code])
        persons = pupils(SCHOOLS_OF[where.department], where.count, FIRST + 100 * n)
        with open_work(platform, manager) as work:
            sessions = _registered(work, programme_id, sitting_id, persons, where)
            room_sitting_id = _seated(work, stands.edition, where, sitting_id, staff, list(sessions))
            timetable_id = timetables.propose(work, organisations[where.code])
        with open_work(platform, system) as work:
            timetables.approve(work, timetable_id, ORDER, ATTENDEES)
        acting = [Actor(frozenset({Role.PROCTOR}), staff[login], login, manager.organisation_id)
                  for login in where.proctors]  # fmt: skip
        halls.append(Hall(room_sitting_id, tuple(acting), manager, sessions))
    return halls


def _programme(work: Work, edition: Edition) -> int:
    return candidates.create_programme(
        work, code=PROGRAMME, year=work.now.year, titles=TITLES, edition=edition, order_no=ORDER,
        subjects=("mathematics", "history", "kyrgyz", "russian"),
    )  # fmt: skip


def _registered(
    work: Work, programme_id: int, sitting_id: int, persons: list[Person], where: Where
) -> dict[int, Person]:
    """Session → who it is of."""
    made = candidates.certify_admission_list(
        work, programme_id=programme_id, file_name=f"{where.code}.csv", content=admission_list(persons)
    )
    registered = candidates.registrations_of(work, programme_id, made.id)
    assert work.actor.organisation_id is not None
    sessions: dict[int, Person] = {}
    for who, person in zip(registered, persons, strict=True):
        candidates.set_photo(work, who.id, portrait(len(sessions)))
        sessions[delivery.prepare_session(work, sitting_id, who.id, work.actor.organisation_id)] = person
    return sessions


def _seated(
    work: Work, edition: Edition, where: Where, sitting_id: int, staff: dict[str, int], sessions: list[int]
) -> int:
    assert work.actor.organisation_id is not None
    room_id = ensure_room(work, work.actor.organisation_id, ROOM, edition, where.rows, where.columns)
    room_sitting_id = rooms.plan_room_sitting(work, room_id, sitting_id)
    for login in where.proctors:
        rooms.assign_duty(work, room_sitting_id, staff[login])
    rooms.seat_candidates(work, room_sitting_id, sessions, FIRST)
    return room_sitting_id
