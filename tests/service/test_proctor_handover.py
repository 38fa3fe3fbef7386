"""A room from hand to hand by both PINs, and its closing signed: rights follow at once, the record binds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from proctor.incidents import service as incidents
from proctor.incidents.queries import incidents as log_of
from proctor.irregularities import service as irregularities
from proctor.monitoring.queries import snapshot
from proctor.monitoring.wire import IncidentAsk
from proctor.rooms import service
from proctor.rooms.models import RoomHandover, RoomSitting
from proctor.rooms.service.handover import Handover, close_and_sign, hand_over, standing, takers
from proctor.rooms.signed import closing_document, handovers_of
from server import delivery
from server.accounts import signing
from server.accounts.models import StaffPin
from server.core.clock import FrozenClock
from server.core.db import append_only_ddl
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.roles import SYSTEM, Actor
from server.core.work import Platform, open_reading, open_work
from server.delivery.models import ExamSession
from tests.factories.accounts import PIN
from tests.factories.proctor import Day, a_day, a_proctor, a_removal

TAKERS_PIN = "591 3370"


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room that runs with three candidates, its proctor with a PIN."""
    day = a_day(platform, clock)
    with open_work(platform, SYSTEM) as work:
        signing.set_pin(work, day.scene.proctor.id or 0, PIN)
    day.run(*day.scene.sessions)
    return day


@pytest.fixture
def other(day: Day) -> Actor:
    """Another proctor of the centre, not on duty, with a PIN."""
    with open_work(day.platform, SYSTEM) as work:
        found = a_proctor(work, day.scene.centre, "Ким Сергей")
        signing.set_pin(work, found.id or 0, TAKERS_PIN)
    return found


def give(
    day: Day, giver: Actor, taker: Actor, pins: tuple[str, str] = (PIN, TAKERS_PIN), kind: str = "temporary"
) -> CatError | None:
    with open_work(day.platform, giver) as work:
        attempts = [signing.check_pin(work, one.id or 0, pin) for one, pin in zip((giver, taker), pins, strict=True)]
        return hand_over(work, day.scene.room, Handover(kind, " seat 3 feels ill ", *attempts))


def acting(day: Day, actor: Actor) -> list[int]:
    with open_reading(day.platform, actor) as work:
        return [each.staff_id for each in snapshot(work, day.scene.room, str).acting]


def pause(day: Day, actor: Actor) -> int:
    return day.do(service.pause, "ill", day.scene.sessions[2], actor=actor)


def test_the_taker_acts_and_the_giver_only_sees_from_the_same_moment(day: Day, other: Actor) -> None:
    giver = day.scene.proctor
    day.do(irregularities.remove, day.scene.sessions[0], a_removal())
    assert give(day, giver, other) is None
    assert acting(day, giver) == acting(day, other) == [other.id]
    with pytest.raises(Denied, match="handed_over"):
        pause(day, giver)
    assert pause(day, other) == 1
    with open_reading(day.platform, giver) as work:
        (found,) = handovers_of(work, day.scene.room)
    assert (found.kind, found.notes, found.standing["running"]) == ("temporary", "seat 3 feels ill", 2)
    assert (found.standing["removed"], found.standing["protocols_unsigned"]) == (1, 1)
    assert [(each.role, each.staff_id, each.is_valid) for each in found.signatures] == [
        ("giver", giver.id, True), ("taker", other.id, True),
    ]  # fmt: skip


def test_a_room_given_for_a_time_comes_back_by_both_pins(day: Day, other: Actor) -> None:
    giver = day.scene.proctor
    give(day, giver, other)
    assert give(day, other, giver, (TAKERS_PIN, PIN)) is None
    assert acting(day, giver) == [giver.id]
    assert pause(day, giver) == 1


def test_who_gave_it_for_good_is_put_on_duty_by_the_centre_alone(day: Day, other: Actor) -> None:
    giver = day.scene.proctor
    give(day, giver, other, kind="final")
    with open_reading(day.platform, other) as work:
        assert giver.id not in takers(work, day.scene.room)
    with pytest.raises(Invalid, match="not_on_duty_list"):
        give(day, other, giver, (TAKERS_PIN, PIN))
    with open_work(day.platform, day.scene.manager) as work:
        service.assign_duty(work, day.scene.room, giver.id or 0)
    assert sorted(acting(day, giver)) == sorted([giver.id, other.id])
    assert pause(day, giver) == 1


@pytest.mark.parametrize("pins", [("111222", TAKERS_PIN), (PIN, "111222")])
def test_without_both_pins_nothing_changes_and_the_try_is_counted(
    day: Day, other: Actor, pins: tuple[str, str]
) -> None:
    refusal = give(day, day.scene.proctor, other, pins)
    assert refusal is not None
    assert refusal.code == "pin_wrong"
    assert acting(day, day.scene.proctor) == [day.scene.proctor.id]
    with day.platform.database.reading() as db:
        assert db.execute(select(RoomHandover.id)).all() == []
        assert sum(db.execute(select(StaffPin.failed)).scalars()) == 1


def test_only_who_acts_gives_and_only_a_proctor_of_the_centre_takes(day: Day, other: Actor) -> None:
    giver = day.scene.proctor
    with pytest.raises(Denied, match="no_duty"):
        give(day, other, giver, (TAKERS_PIN, PIN))
    with pytest.raises(Invalid, match="not_on_duty_list"):
        give(day, giver, giver, (PIN, PIN))
    elsewhere = a_day(day.platform, day.clock).scene.proctor
    with pytest.raises(Invalid, match="not_on_duty_list"):
        give(day, giver, elsewhere)
    with pytest.raises(Invalid, match="notes_too_long"):
        give(day, giver, other, kind="for ever")
    give(day, giver, other)
    with pytest.raises(Denied, match="handed_over"):
        give(day, giver, other)


def test_a_handover_changed_past_the_product_is_not_valid(day: Day, other: Actor) -> None:
    give(day, day.scene.proctor, other)
    database = day.platform.database
    with database.writing() as db:
        for statement in append_only_ddl("room_handover", database.engine.dialect.name)[1]:
            db.execute(text(statement))
        db.execute(update(RoomHandover).values(notes="nothing"))
    with open_reading(day.platform, SYSTEM) as work:
        (found,) = handovers_of(work, day.scene.room)
    assert [each.is_valid for each in found.signatures] == [False, False]


def close(day: Day, pin: str = PIN) -> int | CatError:
    with open_work(day.platform, day.scene.proctor) as work:
        attempt = signing.check_pin(work, day.scene.proctor.id or 0, pin)
        return close_and_sign(work, day.scene.room, attempt)


def test_a_closing_is_signed_and_binds_how_it_ended_for_each(day: Day) -> None:
    with pytest.raises(Refused, match="sessions_unfinished"):
        close(day)
    day.at(30_000)
    delivery.expire_due_sessions(day.platform)
    refusal = close(day, "111222")
    assert isinstance(refusal, CatError)
    assert refusal.code == "pin_wrong"
    assert close(day) == 0
    with pytest.raises(Stale):
        close(day)
    with open_work(day.platform, SYSTEM) as work:
        room = work.db.get_one(RoomSitting, day.scene.room)
        (found,) = signing.signatures_under(work, closing_document(work, room))
        assert (found.role, found.staff_id, found.is_valid) == ("proctor", day.scene.proctor.id, True)
        one = ExamSession.id == day.scene.sessions[0]
        work.db.execute(update(ExamSession).where(one).values(state="absent"))
        work.db.expire_all()
        (found,) = signing.signatures_under(work, closing_document(work, room))
        assert not found.is_valid
        work.db.rollback()


def test_what_was_signed_at_closing_still_holds_after_the_caretaker_came(day: Day) -> None:
    with open_reading(day.platform, SYSTEM) as work:
        ends_at = work.db.get_one(ExamSession, day.scene.sessions[0]).ends_at
    assert ends_at is not None
    day.at((ends_at - day.scene.starts_at).total_seconds() + 1)
    assert close(day) == 0
    day.at(90_000)
    delivery.expire_due_sessions(day.platform)
    with open_reading(day.platform, SYSTEM) as work:
        room = work.db.get_one(RoomSitting, day.scene.room)
        (found,) = signing.signatures_under(work, closing_document(work, room))
        states = {work.db.get_one(ExamSession, each).state for each in day.scene.sessions}
    assert (found.is_valid, states) == (True, {"submitted"})


def test_DC_12_an_incident_that_nobody_ended_is_over_with_the_room_and_gives_nothing_back(day: Day) -> None:
    day.at(100)
    day.do(incidents.note_incident, IncidentAsk(kind="technical", text="No power"))
    ended = day.do(incidents.note_incident, IncidentAsk(kind="staff", text="A lamp"))
    day.do(incidents.end_incident, ended, gives_time=False)
    day.at(30_000)
    delivery.expire_due_sessions(day.platform)
    assert close(day) == 0
    with open_reading(day.platform, SYSTEM) as work:
        lines = log_of(work, day.scene.room)
    at = [each.ended_at for each in lines]
    assert at == [day.clock.now().isoformat(), (day.scene.starts_at + timedelta(seconds=100)).isoformat()]
    assert [each.n_given for each in lines] == [0, 0]


def test_a_closed_room_is_not_handed_over(day: Day, other: Actor) -> None:
    day.at(30_000)
    delivery.expire_due_sessions(day.platform)
    close(day)
    with pytest.raises(Stale):
        give(day, day.scene.proctor, other)
    with open_reading(day.platform, day.scene.proctor) as work:
        counts = standing(work, work.db.get_one(RoomSitting, day.scene.room))
    assert (counts["room"], counts["submitted"]) == ("closed", 3)
