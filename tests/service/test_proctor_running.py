"""The room as a whole: start (DC-11), pauses, messages, closing and absence (DC-16)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from proctor.rooms import service
from proctor.rooms.models import RoomSitting
from proctor.rooms.notes import short_briefing, start_note
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import Invalid, Refused, Stale
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading
from server.delivery import expire_due_sessions
from server.delivery.models import CandidateMessage
from server.delivery.rules import LatenessRule
from tests.factories.proctor import EDITIONS, Day, a_day, the_edition


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A planned room with three candidates."""
    return a_day(platform, clock)


def states(day: Day) -> list[str]:
    with open_reading(day.platform, SYSTEM) as work:
        return [delivery.session_ref(work, each).state for each in day.scene.sessions]


def room_of(day: Day) -> RoomSitting:
    with day.platform.database.reading() as db:
        return db.execute(select(RoomSitting).where(RoomSitting.id == day.scene.room)).scalar_one()


def acts(day: Day) -> list[str]:
    with day.platform.database.reading() as db:
        return list(db.execute(select(JournalEntry.act).order_by(JournalEntry.seq)).scalars())


@pytest.mark.parametrize(
    ("at", "order", "code"),
    [
        (-1, None, None),
        (-1, " ", None),
        (0, None, "start_reached"),
        (3600, None, "start_reached"),
        (-1500, "88-k", "early_start_by_order"),
    ],
)
def test_DC_11_the_test_starts_at_its_hour_or_by_order(
    platform: Platform, clock: FrozenClock, at: int, order: str | None, code: str | None
) -> None:
    day = a_day(platform, clock, early_start_order=order)
    day.at(-1600)
    day.do(service.open_room)
    day.at(at)
    if code is None:
        with pytest.raises(Refused) as refused:
            day.do(service.start_room)
        assert (refused.value.code, refused.value.ruling.clause) == ("start_early", "DC-11")
        assert room_of(day).state == "open"
        return
    day.do(service.start_room)
    with day.platform.database.reading() as db:
        move = db.execute(select(Transition).where(Transition.verb == "start")).scalar_one()
    assert move.ruling is not None
    assert (move.ruling["code"], move.ruling["facts"]["order"]) == (code, order or "")


@pytest.mark.parametrize("name", EDITIONS)
def test_a_start_begins_those_admitted_and_fixes_the_times(
    platform: Platform, clock: FrozenClock, name: tuple[str, str]
) -> None:
    day = a_day(platform, clock, edition=the_edition(*name))
    day.run(*day.scene.sessions[:2])
    room = room_of(day)
    assert states(day) == ["running", "running", "expected"]
    assert room.started_at is not None
    assert room.late_until is not None
    assert (room.late_until - room.started_at).total_seconds() == (
        day.scene.edition.get("DC-16", LatenessRule).limit_s
    )
    assert room.ends_at is not None
    assert room.ends_at > room.started_at


@pytest.mark.parametrize("verb", ["open", "start", "close"])
def test_a_second_press_is_stale_and_changes_nothing(day: Day, verb: str) -> None:
    commands = {"open": service.open_room, "start": service.start_room, "close": service.close_room}
    for at, each in ((-600, "open"), (0, "start"), (1801, "close")):
        day.at(at)
        day.do(commands[each])
        if each == verb:
            break
    before = (room_of(day).state, acts(day))
    with pytest.raises(Stale) as stale:
        day.do(commands[verb])
    assert stale.value.code == "not_in_state"
    assert (room_of(day).state, acts(day)) == before


def test_a_pause_of_all_stops_those_who_run_and_only_those(day: Day) -> None:
    one, other, _ = day.scene.sessions
    day.run(one, other)
    day.do(service.pause, "fire alarm", one)
    assert day.do(service.pause, "fire alarm") == 1
    assert states(day) == ["paused", "paused", "expected"]
    with pytest.raises(Stale):
        day.do(service.pause, "fire alarm")
    assert day.do(service.resume, "all clear") == 2
    assert states(day) == ["running", "running", "expected"]
    with pytest.raises(Stale):
        day.do(service.resume, "all clear", other)


def test_a_message_reaches_one_or_all_who_are_not_done(day: Day) -> None:
    day.run(*day.scene.sessions[:2])
    assert day.do(service.message, "Sit down, please") == 3
    assert day.do(service.message, "You too", day.scene.sessions[2]) == 1
    with day.platform.database.reading() as db:
        sent = db.execute(select(CandidateMessage.session_id, CandidateMessage.text)).all()
    assert sorted(tuple(row) for row in sent if row.text == "You too") == [(day.scene.sessions[2], "You too")]


@pytest.mark.parametrize(("opened", "said"), [(-1800, None), (-1799, "29 of 30 min"), (-600, "10 of 30 min")])
def test_DC_11_a_briefing_without_its_time_is_on_record_and_holds_up_nobody(
    day: Day, opened: int, said: str | None
) -> None:
    day.at(opened)
    day.do(service.open_room)
    day.at(0)
    ruling = day.do(service.start_room)
    assert (ruling.allowed, short_briefing(ruling)) == (True, said)
    assert (said or "nothing") in (start_note(ruling) or "nothing")
    started = select(Transition.ruling).where(Transition.machine == "room_sitting", Transition.verb == "start")
    with day.platform.database.reading() as db:
        stored = db.execute(started).scalar_one()
    assert stored is not None
    assert stored["facts"]["briefing"]["code"] == ("briefing_short" if said else "briefing_complete")


def test_DC_16_closing_waits_for_latecomers_and_then_records_the_absent(day: Day) -> None:
    day.at(0)
    day.do(service.open_room)
    day.do(service.start_room)
    day.at(1800)
    with pytest.raises(Refused) as refused:
        day.do(service.close_room)
    assert (refused.value.code, refused.value.ruling.clause) == ("latecomers_may_come", "DC-16")
    assert refused.value.facts["n"] == 3
    day.at(1801)
    assert day.do(service.close_room) == 3
    assert states(day) == ["absent"] * 3
    assert acts(day).count("candidate:absent") == 3


def test_a_room_to_which_nobody_came_is_closed_without_a_start(day: Day) -> None:
    day.at(1801)
    day.do(service.open_room)
    assert day.do(service.close_room) == 3
    room = room_of(day)
    assert (room.state, room.started_at, room.closed_at) == ("closed", None, day.clock.now())


def test_a_room_with_admitted_candidates_is_not_closed_without_a_start(day: Day) -> None:
    day.at(0)
    day.do(service.open_room)
    day.let_in(day.scene.sessions[0])
    day.at(1801)
    with pytest.raises(Invalid) as invalid:
        day.do(service.close_room)
    assert (invalid.value.code, invalid.value.facts["n"]) == ("room_has_admitted", 1)


def test_DC_12_a_room_is_closed_only_when_all_are_done_or_out_of_time(day: Day) -> None:
    one, other, _ = day.scene.sessions
    day.run(one, other)
    day.do(service.pause, "ill", other)
    day.at(14_400)
    with pytest.raises(Refused) as refused:
        day.do(service.close_room)
    assert (refused.value.code, refused.value.facts["n"]) == ("sessions_unfinished", 2)
    day.at(14_401)
    with pytest.raises(Refused) as refused:
        day.do(service.close_room)
    assert refused.value.facts["n"] == 1  # a pause stops the clock
    day.do(service.resume, "well again", other)
    day.at(14_401 + 14_401)
    expire_due_sessions(day.platform)
    assert day.do(service.close_room) == 1
    assert states(day) == ["submitted", "submitted", "absent"]


@pytest.mark.parametrize(
    ("command", "args"),
    [(service.pause, ("a reason",)), (service.resume, ("a reason",)), (service.message, ("a text",))],
)
def test_a_room_that_is_not_open_hears_no_commands(day: Day, command: Any, args: tuple[Any, ...]) -> None:
    with pytest.raises(Stale):
        day.do(command, *args)
