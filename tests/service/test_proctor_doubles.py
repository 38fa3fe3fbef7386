"""The desk against doubles (DC-9): one document for two candidates, one person in two rooms; and what it wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from proctor import assign_duty, plan_room_sitting, seat_candidates
from proctor.rooms import service
from proctor.rooms.desk import FINGERPRINT, desk_views
from proctor.rooms.models import IdentityCheck, Room, Seat, SeatAssignment
from proctor.rooms.notes import identity_note
from proctor.rooms.rules import IdentityRule
from proctor.rooms.service.desk import fingerprint
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import Refused
from server.core.roles import SYSTEM
from server.core.ruling import Ruling
from server.core.work import Platform, open_reading, open_work
from server.delivery import service as sessions
from tests.factories.proctor import (
    EDITIONS,
    Day,
    a_check,
    a_day,
    a_room,
    a_sitting,
    an_approved_timetable,
    the_edition,
)


@pytest.fixture
def open_day(platform: Platform, clock: FrozenClock) -> Day:
    day = a_day(platform, clock, 3)
    day.at(-600)
    day.do(service.open_room)
    return day


def note(day: Day, ruling: Ruling) -> str:
    return identity_note(ruling, day.scene.edition.get("DC-9", IdentityRule))


def place_of(day: Day, session_id: int) -> list[str]:
    with open_reading(day.platform, SYSTEM) as work:
        row = work.db.execute(
            select(Room.name, Seat.number).join(Seat, Seat.room_id == Room.id)
            .join(SeatAssignment, SeatAssignment.seat_id == Seat.id).where(SeatAssignment.session_id == session_id)
        ).one()  # fmt: skip
        return [row.name, row.number]


@pytest.mark.parametrize(("code", "version"), EDITIONS)
def test_DC_9_another_candidates_document_is_refused_and_its_place_told(
    platform: Platform, clock: FrozenClock, code: str, version: str
) -> None:
    day = a_day(platform, clock, 3, edition=the_edition(code, version))
    day.at(-600)
    day.do(service.open_room)
    impostor, rightful, _third = day.scene.sessions
    shown = a_check(day.scene, impostor, document_number=day.scene.documents[rightful])
    ruling = day.do(service.check_identity, impostor, shown)
    room, seat = place_of(day, rightful)
    assert (ruling.allowed, ruling.code) == (False, "document_of_another")
    assert ruling.facts["doubles"] == [["of_another", room, seat]]
    assert f"another candidate's: room {room}, seat {seat}." in note(day, ruling)
    own = day.do(service.check_identity, rightful, a_check(day.scene, rightful))
    assert own.allowed, "the rightful holder is not turned away by what an impostor showed"
    assert own.facts["doubles"] == [["shown_before", *place_of(day, impostor)]]
    with open_reading(platform, day.scene.proctor) as work:
        views = desk_views(work, [impostor, rightful])
    assert [views[each].double for each in (impostor, rightful)] == ["of_another", "shown_before"]


def test_DC_9_nobody_sits_in_two_rooms_at_once(open_day: Day) -> None:
    day, who = open_day, open_day.scene.sessions[0]
    other, there = second_sitting(day, who)
    day.let_in(who)
    with open_work(day.platform, day.scene.proctor) as work:
        ruling = service.check_identity(work, there, other, a_check(day.scene, who))
    room, seat = place_of(day, who)
    assert (ruling.allowed, ruling.code) == (False, "person_inside_elsewhere")
    assert f"room {room}, seat {seat}" in note(day, ruling)


def test_DC_9_two_desks_that_confirmed_one_person_admit_them_once(open_day: Day) -> None:
    day, who = open_day, open_day.scene.sessions[0]
    other, there = second_sitting(day, who)
    with open_work(day.platform, day.scene.proctor) as work:
        assert service.check_identity(work, there, other, a_check(day.scene, who)).allowed
    day.let_in(who)
    with open_work(day.platform, day.scene.proctor) as work, pytest.raises(Refused, match="person_inside_elsewhere"):
        service.admit(work, there, other)
    with open_reading(day.platform, SYSTEM) as work:
        assert delivery.session_ref(work, other).state == "expected"


def test_DC_9_the_fingerprint_fits_the_decision_and_a_refusal_keeps_its_reason(open_day: Day) -> None:
    day, who = open_day, open_day.scene.sessions[0]
    said = "The photograph is of somebody else"
    day.do(service.check_identity, who, a_check(day.scene, who, is_photo_like=False, reason=said))
    with open_reading(day.platform, SYSTEM) as work:
        row = work.db.execute(select(IdentityCheck)).scalars().one()
        number = delivery.session_ref(work, who).registration_no
        assert (row.verdict, row.reason) == ("refused", said)
        assert fingerprint(row, number) == row.fingerprint
        assert desk_views(work, [who])[who].fingerprint == row.fingerprint[:FINGERPRINT]
        row.verdict = "confirmed"
        assert fingerprint(row, number) != row.fingerprint
        work.db.rollback()


def second_sitting(day: Day, who: int) -> tuple[int, int]:
    """The same registration is expected in another sitting, in another room of the centre: session and room."""
    scene = day.scene
    with open_work(day.platform, SYSTEM) as work:
        ref = delivery.session_ref(work, who)
        programme = delivery.sitting_ref(work, scene.sitting).programme_id
        sitting = a_sitting(work, programme, scene.edition)
        other = sessions.prepare_session(work, sitting, ref.registration_id, scene.centre)
        there = plan_room_sitting(work, a_room(work, scene.centre, scene.edition), sitting)
        assign_duty(work, there, scene.proctor.id or 0)
        seat_candidates(work, there, [other])
        an_approved_timetable(work, scene.centre, scene.edition)
        service.open_room(replace(work, actor=scene.proctor), there)
    return other, there
