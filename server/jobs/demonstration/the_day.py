"""How the day of the past sitting went: who came, who was sent away, what they answered; and their grades."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from proctor.irregularities.protocols import protocol_of, removal_of
from proctor.irregularities.service import acts, writing
from proctor.monitoring.wire import IdentityAsk, RemoveAsk
from proctor.rooms import service as rooms
from server import grading
from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery.absences.queries import Absence
from server.delivery.service import absences
from server.jobs.demonstration.centre import PIN
from server.jobs.demonstration.people import DOCUMENT, SCHOOLS, SCHOOLS_OF, Person
from server.jobs.sat import Taker, sit

OPENED = timedelta(minutes=45)
CAUGHT = timedelta(minutes=25)
NEXT_DAY = timedelta(hours=25)
AT_ONCE = 0.01  # the pace of one who answers without reading
# How able the pupils of a school are on average, and what they are better at.
MEANS = dict(zip((*SCHOOLS, SCHOOLS_OF["chuy"][1]), (1.4, 0.8, 1.8, 1.1, 0.3, 1.0, 0.2), strict=True))
BETTER = {SCHOOLS[2]: ("mathematics", 0.5), SCHOOLS[0]: ("russian", 0.3)}
SUBJECTS = ("mathematics", "history", "kyrgyz", "russian")
# Who is what, by their number on the list of a room.
ABSENT, ILL, UNLIKE, REMOVED, SLOW, HASTY = {3, 35}, {11}, {17}, {22}, {8, 33}, {14}
ILLNESS = Absence("illness", "hospital_certificate", "№ 118", "DEMO-3")
WITNESS = writing.Witness("Абдыраев Кубан", "камкорчу")
PHONE = "Телефонду чөнтөгүнөн алып чыгып, экранына карап отурган."


@dataclass(frozen=True)
class Hall:
    """A room of that day: who acts in it, who manages its centre, and session → person."""

    room_sitting_id: int
    proctors: tuple[Actor, ...]
    manager: Actor
    sessions: Mapping[int, Person]


def hold(
    platform: Platform, clock: FrozenClock, system: Actor, starts_at: datetime, halls: list[Hall], *, is_graded: bool
) -> None:
    """The sitting is over, its rooms closed, every session that was sat sealed and, unless it is not to be, graded."""
    everybody = {id_: person for hall in halls for id_, person in hall.sessions.items()}
    numbers = {id_: n for n, id_ in enumerate(everybody)}
    for hall in halls:
        _let_in(platform, clock, hall, starts_at, numbers)
    _until(clock, starts_at)
    for hall in halls:
        with open_work(platform, hall.proctors[0]) as work:
            rooms.start_room(work, hall.room_sitting_id)
    came = [id_ for id_, n in numbers.items() if n not in ABSENT | ILL | UNLIKE | REMOVED]
    for hall in halls:
        for id_ in hall.sessions:
            if numbers[id_] in REMOVED:
                _sent_away(platform, clock, hall, id_, everybody[id_])
    ended = _answered(platform, starts_at, [_taker(id_, everybody[id_], numbers[id_]) for id_ in came])
    _until(clock, ended + timedelta(minutes=5))
    for hall in halls:
        with open_work(platform, hall.proctors[0]) as work:
            rooms.close_room(work, hall.room_sitting_id)
    if is_graded:
        _graded(platform, clock, system, list(everybody))
    _until(clock, starts_at + NEXT_DAY)
    _excused(platform, system, [id_ for id_, n in numbers.items() if n in ILL], is_graded)


def _let_in(
    platform: Platform, clock: FrozenClock, hall: Hall, starts_at: datetime, numbers: Mapping[int, int]
) -> None:
    """The desk has seen everybody who came; one is not who the photo shows."""
    clock_at = starts_at - OPENED
    if clock.now() < clock_at:
        _until(clock, clock_at)
    with open_work(platform, hall.proctors[0]) as work:
        rooms.open_room(work, hall.room_sitting_id)
    for id_, person in hall.sessions.items():
        n = numbers[id_]
        if n in ABSENT | ILL:
            continue
        clock.advance(40)
        is_like = n not in UNLIKE
        reason = "" if is_like else "Сүрөттөгү адам эмес."
        with open_work(platform, hall.proctors[n % len(hall.proctors)]) as work:
            rooms.check_identity(work, hall.room_sitting_id, id_, IdentityAsk(
                document_kind=DOCUMENT, document_number=person.document_number, is_photo_like=is_like, reason=reason,
            ))  # fmt: skip
            if is_like:
                rooms.admit(work, hall.room_sitting_id, id_)


def _sent_away(platform: Platform, clock: FrozenClock, hall: Hall, session_id: int, person: Person) -> None:
    """The removal with its protocol, written and signed (DC-15)."""
    with open_work(platform, Actor(frozenset({Role.CANDIDATE}), session_id)) as work:
        sit(work, _taker(session_id, person), until=work.now + CAUGHT)
    clock.advance(CAUGHT.total_seconds())
    reporter = hall.proctors[0]
    with open_work(platform, reporter) as work:
        acts.remove(work, hall.room_sitting_id, session_id, RemoveAsk(violation="phone", narrative=PHONE))
    clock.advance(10 * 60)
    witnesses = (writing.Witness("", staff_id=hall.manager.id), WITNESS)
    with open_work(platform, reporter) as work:
        writing.write_protocol(work, hall.room_sitting_id, session_id, writing.Draft(
            PHONE, witnesses, is_statement_asked=True, statement="Убакытты карадым.",
        ))  # fmt: skip
    for signer in (reporter, hall.manager):
        assert signer.id is not None
        with open_work(platform, reporter) as work:
            shown = _shown(work, session_id)
            attempt = signing.check_pin(work, signer.id, PIN)
            writing.sign_protocol(work, hall.room_sitting_id, session_id, attempt, shown=shown)
    with open_work(platform, reporter) as work:
        shown = _shown(work, session_id)
        writing.sign_protocol_by_hand(work, hall.room_sitting_id, session_id, 1, WITNESS.name, shown=shown)


def _answered(platform: Platform, starts_at: datetime, takers: list[Taker]) -> datetime:
    """All have answered; the last answers come in the order of the clock, as the seals do. When the last one came."""
    reached = dict.fromkeys((each.session_id for each in takers), starts_at)
    for leave in (1, 0):
        for taker in sorted(takers, key=lambda each: each.due_at or starts_at):
            with open_work(platform, Actor(frozenset({Role.CANDIDATE}), taker.session_id)) as work:
                work.now = reached[taker.session_id]
                sit(work, taker, leave=leave)
                reached[taker.session_id] = work.now
    return max(reached.values())


def _taker(session_id: int, person: Person, n: int | None = None) -> Taker:
    """Somebody as able as their school makes one expect, more or less."""
    rng = random.Random(person.document_number)
    theta = MEANS[person.school] + rng.gauss(0, 0.7)
    abilities = {subject: theta + rng.gauss(0, 0.3) for subject in SUBJECTS}
    subject, better = BETTER.get(person.school, ("mathematics", 0.0))
    abilities[subject] += better
    return Taker(
        session_id, rng, abilities, pace=AT_ONCE if n in HASTY else rng.lognormvariate(0, 0.25), blank=0.02,
        unreached={"mathematics": 3} if n in SLOW else {}, notes={"mathematics": 3},
    )  # fmt: skip


def _graded(platform: Platform, clock: FrozenClock, system: Actor, session_ids: list[int]) -> None:
    clock.advance(60)
    for session_id in session_ids:
        with open_work(platform, system) as work:
            grading.grade_session(work, session_id)


def _excused(platform: Platform, system: Actor, session_ids: list[int], is_graded: bool) -> None:
    """Who was ill has brought the certificate."""
    for session_id in session_ids:
        with open_work(platform, system) as work:
            absences.record_reason(work, session_id, ILLNESS)
            if is_graded:
                grading.reconsider_absence(work, session_id)


def _shown(work: Work, session_id: int) -> str:
    """The digest of the protocol that those who sign have before them."""
    act = removal_of(work, session_id)
    assert act is not None
    written = protocol_of(work, act.id)
    assert written is not None
    return written.digest


def _until(clock: FrozenClock, at: datetime) -> None:
    clock.advance((at - clock.now()).total_seconds())
