"""Seats laid out in a drawn room: the most that fit, to the millimetre, off walls, aisles, pillars and the door."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor.rooms.geometry import (
    FRONT_MM,
    SEAT_DEPTH_MM,
    SEAT_WIDTH_MM,
    SIDES,
    WALL_MM,
    Obstacle,
    Outline,
    Rect,
    footprint,
    lay_out,
    lay_out_for,
)
from proctor.rooms.seating import SeatPlan

Change = dict[str, object]


def a_room(**changes: object) -> Outline:
    """Six metres wide, eight deep, the door behind on the left."""
    whole: Change = {"width_mm": 6000, "depth_mm": 8000, "board": "front", "door": "back", "door_at_mm": 0,
                     "door_mm": 900}
    return Outline(**{**whole, **changes})  # type: ignore[arg-type]


def overlap(one: Rect, other: Rect) -> bool:
    return (one.x < other.x + other.width and other.x < one.x + one.width
            and one.y < other.y + other.depth and other.y < one.y + one.depth)


def square(one: SeatPlan, other: SeatPlan) -> int:
    return (one.x_mm - other.x_mm) ** 2 + (one.y_mm - other.y_mm) ** 2


def is_sound(outline: Outline, seats: tuple[SeatPlan, ...], pitch_mm: int) -> None:
    assert [each.number for each in seats] == list(range(1, len(seats) + 1))
    for one, other in combinations(seats, 2):
        assert square(one, other) >= pitch_mm**2
    for each in seats:
        floor = footprint(each, outline.board)
        assert floor.x >= WALL_MM
        assert floor.y >= WALL_MM
        assert floor.x + floor.width <= outline.width_mm - WALL_MM
        assert floor.y + floor.depth <= outline.depth_mm - WALL_MM
        assert not overlap(floor, outline.door_rect())
        assert not any(overlap(floor, obstacle.rect) for obstacle in outline.obstacles)


def test_DC_10_a_row_fits_to_the_millimetre() -> None:
    exact = 2 * WALL_MM + SEAT_WIDTH_MM + 3 * 1000
    deep = FRONT_MM + SEAT_DEPTH_MM + WALL_MM
    for width, in_row in ((exact, 4), (exact - 1, 3)):
        room = a_room(width_mm=width, depth_mm=deep, door="front")
        assert [(s.row, s.col, s.x_mm, s.y_mm) for s in lay_out(room, 1000)] == [
            (1, n + 1, WALL_MM + SEAT_WIDTH_MM // 2 + n * 1000, FRONT_MM + SEAT_DEPTH_MM // 2) for n in range(in_row)
        ]
    assert lay_out(a_room(width_mm=exact, depth_mm=deep - 1, door="front"), 1000) == ()


def test_DC_10_a_pillar_is_passed_to_the_millimetre() -> None:
    second = WALL_MM + SEAT_WIDTH_MM // 2 + 1000
    for off in (0, 1):
        # A pillar of 400 mm ends where the table of the second seat begins, or one millimetre further.
        pillar = Obstacle("pillar", Rect(second - SEAT_WIDTH_MM // 2 - 400 + off, 1500, 400, 6500))
        seats = [s for s in lay_out(a_room(obstacles=(pillar,)), 1000) if s.row == 1]
        first_right = next(s for s in seats if s.x_mm > pillar.rect.x)
        assert first_right.x_mm == pillar.rect.x + 400 + SEAT_WIDTH_MM // 2
        assert (first_right.x_mm == second) == (off == 0)


def test_DC_10_rows_step_round_an_aisle_across_the_room() -> None:
    aisle = Obstacle("aisle", Rect(0, 4000, 6000, 1200))
    seats = lay_out(a_room(obstacles=(aisle,)), 1000)
    rows = sorted({s.y_mm for s in seats})
    assert rows == [1950, 2950, 5650, 6650]


rooms = st.builds(
    a_room,
    width_mm=st.integers(2000, 9000), depth_mm=st.integers(3000, 9000), board=st.sampled_from(SIDES),
    door=st.sampled_from(SIDES), door_at_mm=st.integers(0, 1100),
    obstacles=st.lists(
        st.builds(Obstacle, st.sampled_from(["aisle", "pillar"]),
                  st.builds(Rect, st.integers(0, 8000), st.integers(0, 8000), st.integers(1, 3000),
                            st.integers(1, 3000))),
        max_size=4,
    ).map(tuple),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(rooms, st.integers(1000, 2300))
def test_DC_10_seats_stand_apart_and_off_everything(outline: Outline, pitch_mm: int) -> None:
    is_sound(outline, lay_out(outline, pitch_mm), pitch_mm)


@settings(max_examples=20, deadline=None)
@given(rooms, st.integers(1000, 1600), st.integers(1, 600))
def test_more_distance_never_makes_more_seats(outline: Outline, pitch_mm: int, more: int) -> None:
    assert len(lay_out(outline, pitch_mm + more)) <= len(lay_out(outline, pitch_mm))


@settings(max_examples=25, deadline=None)
@given(rooms, st.integers(1, 40))
def test_DC_10_the_wanted_number_is_spread_as_far_as_it_goes(outline: Outline, wanted: int) -> None:
    most = len(lay_out(outline, 1000))
    seats = lay_out_for(outline, wanted, 1000, 1500)
    assert len(seats) == min(wanted, most)
    widest = max((p for p in range(1000, 1501, 10) if len(lay_out(outline, p)) >= wanted), default=1000)
    is_sound(outline, seats, widest)
    assert seats == lay_out(outline, widest)[:wanted]


def test_the_rows_are_the_best_of_all_choices_of_rows() -> None:
    pillar = Obstacle("pillar", Rect(1000, 2500, 3000, 400))
    room = a_room(width_mm=5000, depth_mm=5600, obstacles=(pillar,))
    tops = range(FRONT_MM + SEAT_DEPTH_MM // 2, 5600 - WALL_MM - SEAT_DEPTH_MM // 2 + 1, 100)

    def in_row(v: int) -> int:
        blocked = [(-1e9, 450.0), (4550.0, 1e9)]
        for rect in (pillar.rect, room.door_rect()):
            if rect.y - 450 < v < rect.y + rect.depth + 450:
                blocked.append((rect.x - 350, rect.x + rect.width + 350))
        count, at = 0, -1e9
        for u in range(450, 4551, 10):
            if not any(a < u < b for a, b in blocked) and u - at >= 1000:
                count, at = count + 1, u
        return count

    worth = {v: in_row(v) for v in tops}
    best = max(sum(worth[v] for v in rows) for n in range(1, 5) for rows in combinations(tops, n)
               if all(b - a >= 1000 for a, b in pairwise(rows)))  # fmt: skip
    assert len(lay_out(room, 1000)) == best


@pytest.mark.parametrize("board", SIDES)
def test_the_first_seat_is_at_the_board(board: str) -> None:
    outline = a_room(width_mm=6000, depth_mm=6000, board=board, door=board)
    seats = lay_out(outline, 1000)
    far = {"front": lambda s: s.y_mm, "back": lambda s: 6000 - s.y_mm, "left": lambda s: s.x_mm,
           "right": lambda s: 6000 - s.x_mm}[board]  # fmt: skip
    assert far(seats[0]) == FRONT_MM + SEAT_DEPTH_MM // 2 == min(map(far, seats))
    assert len(seats) == len(lay_out(a_room(width_mm=6000, depth_mm=6000, door="front"), 1000))


@pytest.mark.parametrize(("changes", "faults"), [
    ({}, []), ({"width_mm": 1999}, ["room_size_unfit"]), ({"depth_mm": 50_001}, ["room_size_unfit"]),
    ({"door_mm": 0}, ["room_door_unfit"]),
    ({"door_at_mm": 5101}, ["room_door_unfit"]), ({"door_at_mm": 5100}, []), ({"door_at_mm": -1}, ["room_door_unfit"]),
    ({"obstacles": (Obstacle("pillar", Rect(5800, 0, 201, 10)),)}, ["room_obstacles_unfit"]),
    ({"obstacles": (Obstacle("aisle", Rect(0, 0, 0, 10)),)}, ["room_obstacles_unfit"]),
    ({"obstacles": (Obstacle("aisle", Rect(5800, 0, 200, 10)),)}, []),
])  # fmt: skip
def test_what_does_not_fit_in_the_room_is_named(changes: Change, faults: list[str]) -> None:
    room = a_room(**changes)
    assert room.faults() == faults
    assert Outline.from_json(room.to_json()) == room
