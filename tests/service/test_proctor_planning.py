"""Rooms and seats before the day: distances and schools (DC-10), duties, slips."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from proctor import assign_duty, grid, plan_room, plan_room_sitting, seat_candidates
from proctor.rooms import views
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.models import Seat, SeatAssignment
from proctor.rooms.rules import SeatingRule
from proctor.rooms.service.planning import relieve_duty
from server import delivery
from server.core.errors import CatError, Invalid, NotFound, Refused
from server.core.journal import JournalEntry
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery.service.signing_in import sign_in
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.proctor import EDITIONS, a_room, a_scene, the_edition


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize(("off_mm", "is_planned"), [(0, True), (-1, False)])
def test_DC_10_seats_stand_no_nearer_than_the_edition_says(
    work: Work, name: tuple[str, str], off_mm: int, is_planned: bool
) -> None:
    edition = the_edition(*name)
    gap = (edition.get("DC-10", SeatingRule).spacing_min_mm + off_mm) / 1000
    centre = an_organisation(work).id
    seats = grid(2, 2, across_m=gap, along_m=gap)
    if is_planned:
        room = plan_room(work, centre, "Room 12", seats, edition)
        stored = work.db.execute(select(Seat).where(Seat.room_id == room)).scalars().all()
        assert [(s.number, s.x_m, s.y_m) for s in stored] == [(str(s.number), s.x_m, s.y_m) for s in seats]
        return
    with pytest.raises(Refused) as refused:
        plan_room(work, centre, "Room 12", seats, edition)
    assert (refused.value.code, refused.value.ruling.clause) == ("seats_too_near", "DC-10")


def test_DC_10_a_room_is_judged_again_by_the_edition_of_the_sitting(work: Work) -> None:
    scene = a_scene(work, 2, edition=the_edition("zz-trial", "2030"))
    narrow = a_room(work, scene.centre, the_edition())
    with pytest.raises(Refused) as refused:
        plan_room_sitting(work, narrow, scene.sitting)
    assert refused.value.code == "seats_too_near"


def test_DC_10_pupils_of_one_school_sit_apart_or_the_pairs_are_named(work: Work) -> None:
    apart = a_scene(work, 4, schools=["A", "B"], shape=(2, 4), is_seated=False)
    assert seat_candidates(work, apart.room, apart.sessions).code == "seated_apart"
    close = a_scene(work, 4, schools=["A"], shape=(2, 2), is_seated=False)
    ruling = seat_candidates(work, close.room, close.sessions)
    assert (ruling.allowed, ruling.code) == (True, "seated_with_remarks")
    assert ruling.facts["pairs"]


def test_DC_10_an_edition_may_forbid_what_another_only_avoids(work: Work) -> None:
    trial = the_edition("zz-trial", "2030")
    scene = a_scene(work, 4, edition=trial, schools=["A"], shape=(2, 2), is_seated=False)
    with pytest.raises(Refused) as refused:
        seat_candidates(work, scene.room, scene.sessions)
    assert (refused.value.code, refused.value.ruling.clause) == ("same_school_together", "DC-10")


def test_seats_are_told_to_delivery_and_consoles(work: Work) -> None:
    scene = a_scene(work, 3)
    seats = {row.session_id: row.seat_id for row in work.db.execute(select(SeatAssignment)).scalars()}
    for session in scene.sessions:
        assert delivery.session_ref(work, session).seat == work.db.get_one(Seat, seats[session]).number


def test_nobody_is_seated_twice_nor_beyond_the_room_nor_elsewhere(work: Work) -> None:
    scene = a_scene(work, 4, shape=(1, 3), is_seated=False)
    other = a_scene(work, 2, is_seated=False)
    for ids, code in (
        (scene.sessions, "too_few_seats"),
        ((scene.sessions[0], other.sessions[0]), "not_of_this_sitting"),
        ((scene.sessions[0], 999_999), "not_of_this_sitting"),
    ):
        with pytest.raises(Invalid) as invalid:
            seat_candidates(work, scene.room, ids)
        assert invalid.value.code == code
    seat_candidates(work, scene.room, scene.sessions[:1])
    with pytest.raises(Invalid) as invalid:
        seat_candidates(work, scene.room, scene.sessions[:1])
    assert invalid.value.code == "already_seated"


def test_a_centre_plans_and_seats_only_at_home(work: Work) -> None:
    scene = a_scene(work, 2, is_seated=False)
    foreign = replace(work, actor=Actor(frozenset({Role.CENTRE}), 1, "Other", scene.centre + 1000))
    with pytest.raises(NotFound):
        plan_room(foreign, scene.centre, "X", grid(1, 2, across_m=1.0, along_m=1.0), scene.edition)
    with pytest.raises(NotFound):
        plan_room_sitting(foreign, scene.room_id, scene.sitting)
    with pytest.raises(NotFound):
        seat_candidates(foreign, scene.room, scene.sessions)
    with pytest.raises(NotFound):
        assign_duty(foreign, scene.room, scene.proctor.id or 0)


def test_only_a_proctor_of_the_centre_is_put_on_duty(work: Work) -> None:
    scene = a_scene(work, 2)
    clerk = a_staff_member(work, Role.CENTRE, organisation_id=scene.centre)
    stranger = a_staff_member(work, Role.PROCTOR)
    for staff in (clerk, stranger, 999_999):
        with pytest.raises(Invalid) as invalid:
            assign_duty(work, scene.room, staff)
        assert invalid.value.code == "not_on_duty_list"


def test_a_duty_is_given_and_taken_once(work: Work) -> None:
    scene = a_scene(work, 2)
    staff = a_staff_member(work, Role.PROCTOR, organisation_id=scene.centre)
    for _ in range(2):
        assign_duty(work, scene.room, staff)
    for _ in range(2):
        relieve_duty(work, scene.room, staff)
    work.close()
    work.db.flush()
    acts = work.db.execute(select(JournalEntry.act)).scalars().all()
    # The scene has put its own proctor on duty before.
    assert (acts.count("duty:assigned"), acts.count("duty:relieved")) == (2, 1)


def test_a_room_needs_a_name_of_its_own_and_some_seats(work: Work) -> None:
    centre, edition = an_organisation(work).id, the_edition()
    seats = grid(1, 2, across_m=1.0, along_m=1.0)
    plan_room(work, centre, "Room  12", seats, edition)
    for name, given, code in (
        ("Room 12", seats, "room_name_taken"), ("  ", seats, "room_name_malformed"),
        ("x" * 81, seats, "room_name_malformed"), ("Room 13", (), "room_without_seats"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            plan_room(work, centre, name, given, edition)
        assert invalid.value.code == code


def test_slips_carry_codes_until_they_are_used_and_are_journalled(work: Work) -> None:
    scene = a_scene(work, 2)
    room, where = own_room_sitting(work, scene.room)
    first = views.slips(work, room, where)
    assert [slip.registration_no for slip in first if slip.code] == [slip.registration_no for slip in first]
    assert not isinstance(sign_in(work, first[0].registration_no, first[0].code or ""), CatError)
    again = views.slips(work, room, where)
    assert (again[0].code, again[1].code) == (None, first[1].code)
    work.close()
    work.db.flush()
    shown = work.db.execute(select(JournalEntry).where(JournalEntry.act == "slips:shown")).scalars().all()
    assert [entry.subject for entry in shown] == [f"room_sitting:{scene.room}"] * 2
    assert not any(slip.code and slip.code in entry.facts for slip in first for entry in shown)
