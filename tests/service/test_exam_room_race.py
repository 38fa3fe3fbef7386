"""The room's newer acts at once, on real commits: handed over once, signed once, given back once, called once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from proctor.calls import service as calls
from proctor.calls.models import Call
from proctor.incidents import service as incidents
from proctor.irregularities import service as irregularities
from proctor.irregularities.protocols import protocol_of, removal_of
from proctor.monitoring import service as monitoring
from proctor.monitoring.models import Departure, Heartbeat
from proctor.monitoring.outages import fate_of
from proctor.monitoring.wire import GiveTimeAsk, IncidentAsk
from proctor.rooms import service
from proctor.rooms.models import Duty, RoomHandover
from proctor.rooms.service.handover import Handover, hand_over
from proctor.rooms.service.running import let_go
from server.accounts import signing
from server.accounts.models import Signature
from server.core import journal
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import expire_due_sessions, verify_seal, wire
from server.delivery.models import ExamSession, Section, TimeGrant
from server.delivery.service import breaks
from tests.conftest import MASTER, SECRET
from tests.factories.accounts import PIN
from tests.factories.proctor import Day, a_day, a_decision, a_proctor, a_protocol, a_removal

THREADS = 4


@pytest.fixture
def day(own_database: Database, clock: FrozenClock) -> Day:
    """A room that runs; the first candidate may take breaks; the proctor has a PIN."""
    day = a_day(Platform(own_database, clock, Vault(MASTER, SECRET)), clock)
    with open_work(day.platform, SYSTEM) as work:
        a_decision(work, day.scene.sessions[0], "breaks", 10)
        signing.set_pin(work, day.scene.proctor.id or 0, PIN)
    day.run(*day.scene.sessions)
    return day


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of these acts, each in a thread, begun in one instant; foreseen refusals are kept, others raised."""
    gate, got = threading.Barrier(len(acts)), [None] * len(acts)

    def press(n: int) -> None:
        gate.wait()
        try:
            got[n] = acts[n]() or "done"
        except Exception as error:
            got[n] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=press, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert None not in got, "a thread did not come back"
    assert [each for each in got if isinstance(each, Exception) and not isinstance(each, CatError)] == []
    return got


def rows(day: Day, model: Any, *conditions: Any) -> list[Any]:
    with day.platform.database.reading() as db:
        assert not list(journal.verify(db, day.platform.vault))
        return list(db.execute(select(model).where(*conditions)).scalars())


def candidate(day: Day) -> AbstractContextManager[Work]:
    return open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), day.scene.sessions[0]))


def test_lost_time_given_back_by_several_is_never_more_than_was_lost(day: Day) -> None:
    one = day.scene.sessions[0]
    noted = day.do(incidents.note_incident, IncidentAsk(kind="technical", text="No power"))
    day.at(300)
    ask = GiveTimeAsk(seconds=200, reason="No power")
    at_once(
        lambda: day.do(incidents.give_time, ask, one), lambda: day.do(incidents.give_time, ask, one),
        lambda: day.do(incidents.give_time, ask), lambda: day.do(incidents.end_incident, noted, gives_time=True),
    )  # fmt: skip
    given = rows(day, TimeGrant, TimeGrant.session_id.in_(day.scene.sessions))
    for session_id in day.scene.sessions:
        assert sum(each.given_s for each in given if each.session_id == session_id) in (200, 300)


def test_whose_time_stands_still_is_decided_once_whoever_presses(day: Day) -> None:
    one = day.scene.sessions[0]
    with candidate(day) as work:
        monitoring.store(work, monitoring.hear(work, one, wire.Heartbeat()), wire.Heartbeat())
    (row,) = rows(day, Section, Section.session_id == one)
    day.at((row.ends_at - day.scene.starts_at).total_seconds() + 60)
    ask = GiveTimeAsk(reason="No power")

    def care() -> int:
        return expire_due_sessions(day.platform, fate_of)

    care()
    at_once(
        lambda: day.do(incidents.give_time, ask, one), lambda: day.do(let_go, "nobody there", one), care,
        lambda: day.do(incidents.give_time, ask, one), lambda: day.do(let_go, "nobody there", one), care,
    )  # fmt: skip
    (stands,) = rows(day, ExamSession, ExamSession.id == one)
    given = rows(day, TimeGrant, TimeGrant.session_id == one)
    assert stands.held_at is None
    assert (stands.state, len(given)) in (("running", 1), ("submitted", 0))
    with open_reading(day.platform, SYSTEM) as work:
        assert stands.state == "running" or verify_seal(work, one)


def test_a_break_and_a_pause_at_once_end_in_the_pause(day: Day) -> None:
    one = day.scene.sessions[0]

    def rest() -> None:
        with candidate(day) as work:
            breaks.take_break(work)

    at_once(rest, lambda: day.do(service.pause, "an alarm"), rest)
    (row,) = rows(day, ExamSession, ExamSession.id == one)
    assert (row.state, row.break_until) == ("paused", None)


def test_two_tabs_call_once_and_leave_once(day: Day) -> None:
    one = day.scene.sessions[0]
    day.at(100)
    left = wire.Leaving(key=uuid4(), kind="window", ago_ms=5000, away_ms=4000)
    ask = wire.Heartbeat(leavings=[left])

    def beat() -> None:
        with candidate(day) as work:
            monitoring.store(work, monitoring.hear(work, one, ask), ask)

    def call() -> None:
        with candidate(day) as work:
            calls.call_proctor(work, wire.CallAsk(key=uuid4(), kind="mouse"))

    at_once(beat, call, beat, call)
    assert len(rows(day, Call, Call.session_id == one)) == 1
    assert len(rows(day, Departure, Departure.session_id == one)) == 2
    (heard,) = rows(day, Heartbeat, Heartbeat.session_id == one)
    assert (heard.lost_focus, heard.away_s) == (1, 4)


def test_a_protocol_signed_and_corrected_at_once_bears_no_signature_under_a_text_nobody_saw(day: Day) -> None:
    one, proctor = day.scene.sessions[0], day.scene.proctor.id or 0
    day.do(irregularities.remove, one, a_removal())
    day.do(irregularities.write_protocol, one, a_protocol())
    with open_reading(day.platform, SYSTEM) as work:
        act = removal_of(work, one)
        shown = protocol_of(work, act.id) if act else None
        attempt = signing.check_pin(work, proctor, PIN)
    assert shown is not None

    def sign() -> Any:
        with open_work(day.platform, day.scene.proctor) as work:
            return irregularities.sign_protocol(work, day.scene.room, one, attempt, shown=shown.digest)

    second = a_protocol(narrative="It was another phone.", after=1, reason="a mistake")
    at_once(sign, lambda: day.do(irregularities.write_protocol, one, second), sign)
    signed = rows(day, Signature, Signature.staff_id == proctor)
    assert len(signed) <= 1
    assert {each.digest for each in signed} <= {shown.digest}


def test_a_room_handed_to_two_at_once_is_one_persons(day: Day) -> None:
    with open_work(day.platform, SYSTEM) as work:
        others = [a_proctor(work, day.scene.centre, name).id or 0 for name in ("Ким Сергей", "Ли Анна")]
        for each in others:
            signing.set_pin(work, each, "5913370")

    def give(taker: int) -> Any:
        with open_work(day.platform, day.scene.proctor) as work:
            pins = ((day.scene.proctor.id or 0, PIN), (taker, "5913370"))
            attempts = [signing.check_pin(work, staff, pin) for staff, pin in pins]
            return hand_over(work, day.scene.room, Handover("final", "", *attempts))

    at_once(lambda: give(others[0]), lambda: give(others[1]))
    assert len(rows(day, RoomHandover, RoomHandover.room_sitting_id == day.scene.room)) == 1
    assert len(rows(day, Duty, Duty.room_sitting_id == day.scene.room, Duty.mode == "acting")) == 1


def test_pins_guessed_side_by_side_are_counted_one_by_one(day: Day) -> None:
    proctor = day.scene.proctor.id or 0
    with open_reading(day.platform, SYSTEM) as work:
        wrong = signing.check_pin(work, proctor, "111222")
        right = signing.check_pin(work, proctor, PIN)

    def guess() -> Any:
        with open_work(day.platform, day.scene.proctor) as work:
            return signing.confirm_pin(work, wrong)

    at_once(*[guess] * 5)
    with open_work(day.platform, day.scene.proctor) as work:
        refusal = signing.confirm_pin(work, right)
    assert refusal is not None
    assert refusal.code == "pin_locked"
