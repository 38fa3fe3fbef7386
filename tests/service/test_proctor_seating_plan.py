"""The day before: rooms drawn to scale, draws that can be repeated, seats changed by hand and kept (DC-10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from proctor.rooms import service
from proctor.rooms.geometry import Obstacle, Outline, Rect
from proctor.rooms.models import RoomLayout, Seat, SeatAssignment, SeatingDraw
from proctor.rooms.rules import SeatingRule
from proctor.rooms.service import planning, seating
from proctor.rooms.service.planning import Wanted
from server import delivery
from server.core.errors import CatError, Invalid, NotFound, Refused, Stale
from server.core.journal import JournalEntry
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.factories.accounts import an_organisation
from tests.factories.proctor import EDITIONS, Scene, a_scene, the_edition

HALL = Outline(width_mm=9000, depth_mm=9000, board="front", door="back", door_at_mm=0, door_mm=900,
               obstacles=(Obstacle("aisle", Rect(4000, 0, 1000, 9000)), Obstacle("pillar", Rect(2000, 4000, 400, 400))))


def seat_of(work: Work, scene: Scene) -> dict[int, int]:
    work.db.flush()
    rows = select(SeatAssignment).where(SeatAssignment.room_sitting_id == scene.room)
    return {row.session_id: row.seat_id for row in work.db.execute(rows).scalars()}


def seats_of(work: Work, scene: Scene) -> list[int]:
    return list(work.db.execute(select(Seat.id).where(Seat.room_id == scene.room_id).order_by(Seat.id)).scalars())


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("wanted", [None, 12])
def test_DC_10_a_drawn_room_gets_seats_by_its_edition(
    work: Work, name: tuple[str, str], wanted: int | None
) -> None:
    edition, centre = the_edition(*name), an_organisation(work).id
    room = planning.plan_drawn_room(work, centre, "Hall", (HALL, Wanted(seats=wanted)), edition)
    stored = work.db.execute(select(Seat).where(Seat.room_id == room)).scalars().all()
    assert wanted is None or len(stored) == wanted
    least = edition.get("DC-10", SeatingRule).spacing_min_mm
    assert all((a.x_m - b.x_m) ** 2 + (a.y_m - b.y_m) ** 2 >= (least / 1000) ** 2 - 1e-9
               for a in stored for b in stored if a.id < b.id)  # fmt: skip
    layout = work.db.execute(select(RoomLayout).where(RoomLayout.room_id == room)).scalar_one()
    assert Outline.from_json(layout.outline) == HALL


def test_DC_10_a_drawn_room_is_refused_where_it_cannot_be(work: Work) -> None:
    edition, centre = the_edition(), an_organisation(work).id
    for outline, wanted, code in (
        (replace(HALL, door_at_mm=8900), Wanted(), "room_door_unfit"),
        (replace(HALL, width_mm=100), Wanted(), "room_size_unfit"),
        (replace(HALL, obstacles=(Obstacle("pillar", Rect(8900, 0, 200, 200)),)), Wanted(), "room_obstacles_unfit"),
        (HALL, Wanted(seats=300), "room_too_small"),
        (HALL, Wanted(pitch_mm=999), "seats_too_near"),
    ):
        with pytest.raises(CatError) as refused:
            planning.plan_drawn_room(work, centre, "Hall", (outline, wanted), edition)
        assert refused.value.code == code
    assert work.db.execute(select(RoomLayout)).first() is None


def test_DC_10_a_draw_is_recorded_and_can_be_repeated(work: Work) -> None:
    scene = a_scene(work, 6, schools=["A", "B", "C"], shape=(3, 4), is_seated=False)
    service.seat_candidates(work, scene.room, scene.sessions, seed=5)
    first = seat_of(work, scene)
    seating.draw_again(work, scene.room, seed=6)
    other = seat_of(work, scene)
    seating.draw_again(work, scene.room, seed=5)
    assert seat_of(work, scene) == first != other
    draws = work.db.execute(select(SeatingDraw).order_by(SeatingDraw.id)).scalars().all()
    assert [each.seed for each in draws] == [5, 6, 5]
    assert draws[0].seats == draws[2].seats
    assert {int(session): number for session, number in draws[2].seats.items()} == {
        each: delivery.session_ref(work, each).seat for each in scene.sessions
    }
    assert draws[0].ruling["clause"] == "DC-10"


def test_seeds_are_drawn_where_none_is_given(work: Work) -> None:
    scene = a_scene(work, 3)
    seating.draw_again(work, scene.room)
    seeds = {each.seed for each in work.db.execute(select(SeatingDraw)).scalars()}
    assert len(seeds) == 2


def test_two_candidates_swap_and_one_moves_to_a_free_seat(work: Work) -> None:
    scene = a_scene(work, 3)
    at = seat_of(work, scene)
    one, other, third = scene.sessions
    seating.reseat(work, scene.room, one, at[other])
    assert seat_of(work, scene) == {one: at[other], other: at[one], third: at[third]}
    free = next(each for each in seats_of(work, scene) if each not in at.values())
    seating.reseat(work, scene.room, one, free)
    assert seat_of(work, scene)[one] == free
    assert delivery.session_ref(work, one).seat == work.db.get_one(Seat, free).number
    before = seat_of(work, scene)
    seating.reseat(work, scene.room, one, free)
    assert seat_of(work, scene) == before
    work.close()
    work.db.flush()
    acts = work.db.execute(select(JournalEntry.act)).scalars().all()
    assert acts.count("candidates:reseated") == 2


def test_DC_10_a_change_is_judged_at_once(work: Work) -> None:
    scene = a_scene(work, 2, schools=["A"], shape=(1, 4), is_seated=False)
    service.seat_candidates(work, scene.room, scene.sessions)
    at, seats = seat_of(work, scene), seats_of(work, scene)
    one, other = scene.sessions
    beside = next(each for each in seats if abs(seats.index(each) - seats.index(at[other])) == 1)
    ruling = seating.reseat(work, scene.room, one, beside)
    assert (ruling.code, ruling.clause) == ("seated_with_remarks", "DC-10")
    numbers = sorted(seats.index(each) + 1 for each in (beside, at[other]))
    assert ruling.facts["pairs"] == [numbers]


def test_DC_10_a_change_that_the_edition_forbids_is_refused(work: Work) -> None:
    trial = the_edition("zz-trial", "2030")
    scene = a_scene(work, 2, edition=trial, schools=["A"], shape=(1, 4), is_seated=False)
    service.seat_candidates(work, scene.room, scene.sessions)
    at, seats = seat_of(work, scene), seats_of(work, scene)
    beside = next(each for each in seats if abs(seats.index(each) - seats.index(at[scene.sessions[1]])) == 1)
    with pytest.raises(Refused) as refused:
        seating.reseat(work, scene.room, scene.sessions[0], beside)
    assert (refused.value.code, refused.value.ruling.clause) == ("same_school_together", "DC-10")


def test_a_kept_seat_is_left_alone_until_it_is_released(work: Work) -> None:
    scene = a_scene(work, 4, shape=(3, 4))
    at = seat_of(work, scene)
    one, other, *_ = scene.sessions
    seating.keep_seat(work, scene.room, one, "  near the  door ")
    for seed in range(5):
        seating.draw_again(work, scene.room, seed=seed)
        assert seat_of(work, scene)[one] == at[one]
    for session, seat in ((one, seat_of(work, scene)[other]), (other, at[one])):
        with pytest.raises(Invalid) as invalid:
            seating.reseat(work, scene.room, session, seat)
        assert (invalid.value.code, invalid.value.facts["reason"]) == ("seat_is_kept", "near the door")
    for _ in range(2):
        seating.release_seat(work, scene.room, one)
    seating.reseat(work, scene.room, one, seat_of(work, scene)[other])
    assert seat_of(work, scene)[other] == at[one]


def test_where_everybody_is_kept_there_is_nothing_to_draw(work: Work) -> None:
    scene = a_scene(work, 2)
    for each in scene.sessions:
        seating.keep_seat(work, scene.room, each, "large print")
    with pytest.raises(Invalid) as invalid:
        seating.draw_again(work, scene.room)
    assert invalid.value.code == "nobody_to_draw"
    with pytest.raises(Invalid) as invalid:
        seating.keep_seat(work, scene.room, scene.sessions[0], "  ")
    assert invalid.value.code == "reason_malformed"


def test_seats_are_changed_at_home_and_before_the_start_only(work: Work) -> None:
    scene = a_scene(work, 2)
    one = scene.sessions[0]
    seat = seats_of(work, scene)[-1]
    foreign = replace(work, actor=Actor(frozenset({Role.CENTRE}), 1, "Other", scene.centre + 1000))
    for command in (lambda w: seating.reseat(w, scene.room, one, seat), lambda w: seating.draw_again(w, scene.room),
                    lambda w: seating.keep_seat(w, scene.room, one, "x"),
                    lambda w: seating.release_seat(w, scene.room, one)):  # fmt: skip
        with pytest.raises(NotFound):
            command(foreign)
    elsewhere = a_scene(work, 2)
    for stranger in (lambda: seating.reseat(work, scene.room, elsewhere.sessions[0], seat),
                     lambda: seating.reseat(work, scene.room, one, seats_of(work, elsewhere)[0])):  # fmt: skip
        with pytest.raises(NotFound):
            stranger()
    service.open_room(replace(work, actor=scene.proctor), scene.room)
    seating.reseat(work, scene.room, one, seat)
    service.start_room(replace(work, actor=scene.proctor), scene.room)
    with pytest.raises(Stale):
        seating.draw_again(work, scene.room)
