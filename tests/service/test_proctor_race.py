"""Proctors at once, on real commits: one act is carried out, the others are stale, nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from proctor.irregularities import service as irregularities
from proctor.irregularities.models import Irregularity
from proctor.rooms import service
from proctor.rooms.models import Admission, RoomSitting, SeatAssignment
from proctor.rooms.queries import seats_of_room
from server.core import events, journal
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError, Stale
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, open_reading, open_work
from tests.conftest import MASTER, SECRET
from tests.factories.proctor import Day, a_check, a_day, a_removal

THREADS = 4


@pytest.fixture
def day(own_database: Database, clock: FrozenClock) -> Day:
    """An open room, ten minutes before the hour."""
    day = a_day(Platform(own_database, clock, Vault(MASTER, SECRET)), clock)
    day.at(-600)
    day.do(service.open_room)
    return day


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of several proctors got who pressed in the same instant; errors are kept, not raised."""
    gate, got = threading.Barrier(THREADS), [None] * THREADS

    def press(n: int) -> None:
        gate.wait()
        try:
            got[n] = act(n) or "done"
        except CatError as error:
            got[n] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=press, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return got


def stale(got: list[Any]) -> int:
    assert None not in got, "a thread did not come back"
    return sum(isinstance(each, Stale) for each in got)


def count(day: Day, model: Any) -> int:
    with day.platform.database.reading() as db:
        found = select(model).where(model.session_id.in_(day.scene.sessions))
        return len(db.execute(found).scalars().all())


def is_sound(day: Day) -> bool:
    """The journal's chain is whole and the room's events are numbered without gaps."""
    with day.platform.database.reading() as db:
        numbers = [f.v for f in events.waiting(db, 100_000) if f.topic == f"room:{day.scene.room}"]
        is_whole = not list(journal.verify(db, day.platform.vault))
    return is_whole and numbers == list(range(1, len(numbers) + 1))


def test_admit_pressed_by_several_admits_once(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(service.check_identity, session, a_check(day.scene, session))
    got = at_once(lambda _: day.do(service.admit, session))
    assert (stale(got), count(day, Admission)) == (THREADS - 1, 1)
    assert is_sound(day)


def test_start_pressed_by_several_starts_once(day: Day) -> None:
    day.let_in(*day.scene.sessions)
    day.at(0)
    got = at_once(lambda _: day.do(service.start_room))
    assert stale(got) == THREADS - 1
    with day.platform.database.reading() as db:
        room = db.execute(select(RoomSitting).where(RoomSitting.id == day.scene.room)).scalar_one()
    assert room.started_at == day.scene.starts_at
    assert is_sound(day)


def test_a_removal_pressed_by_several_leaves_one_protocol(day: Day) -> None:
    session = day.scene.sessions[0]
    got = at_once(lambda _: day.do(irregularities.remove, session, a_removal("impersonation")))
    assert (stale(got), count(day, Irregularity)) == (THREADS - 1, 1)
    assert is_sound(day)


def test_a_pause_and_a_removal_at_once_end_in_a_removal(day: Day) -> None:
    session = day.scene.sessions[0]
    day.let_in(session)
    day.at(0)
    day.do(service.start_room)

    def press(n: int) -> Any:
        if n % 2:
            return day.do(service.pause, "a reason", session)
        return day.do(irregularities.remove, session, a_removal())

    at_once(press)
    assert count(day, Irregularity) == 1
    assert is_sound(day)


def test_one_free_seat_goes_to_one_candidate(day: Day) -> None:
    with open_reading(day.platform, SYSTEM) as work:
        taken = set(work.db.execute(select(SeatAssignment.seat_id)).scalars())
        free = next(s.id for s in seats_of_room(work, day.scene.room_id) if s.id not in taken)
    movers = [day.scene.sessions[n % 3] for n in range(THREADS)]
    at_once(lambda n: day.do(service.move, movers[n], free, "a better light"))
    with open_work(day.platform, SYSTEM) as work:
        there = work.db.execute(select(SeatAssignment).where(SeatAssignment.seat_id == free)).scalars().all()
    assert len(there) == 1
    assert is_sound(day)
