"""Seating is the same every time, uses each seat once, and keeps schools apart where the room allows it."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor.rooms.machine import ROOM
from proctor.rooms.seating import Seating, SeatPlan, Sitter, grid
from server.core.errors import Stale

APART_MM = 1500


def seats(rows: int, cols: int, gap_m: float = 1.0) -> dict[int, SeatPlan]:
    return {100 + plan.number: plan for plan in grid(rows, cols, across_m=gap_m, along_m=gap_m)}


def sitters(schools: list[str], first: int = 1) -> list[Sitter]:
    return [Sitter(first + n, f"R{first + n:04}", school) for n, school in enumerate(schools)]


def clashes(plan: dict[int, SeatPlan], school_at: dict[int, str]) -> int:
    return sum(
        school_at[one] == school_at[other]
        and hypot(plan[one].x_m - plan[other].x_m, plan[one].y_m - plan[other].y_m) * 1000 <= APART_MM
        for one, other in combinations(school_at, 2)
    )


def place(
    plan: dict[int, SeatPlan], people: list[Sitter], taken: dict[int, str] | None = None, seed: int = 7
) -> dict[int, int]:
    return Seating(plan, taken or {}, APART_MM, seed).place(people)


def schools_at(chosen: dict[int, int], people: list[Sitter]) -> dict[int, str]:
    return {chosen[each.session_id]: each.school for each in people}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_everybody_gets_one_free_seat_and_the_same_again(rows: int, cols: int, data: st.DataObject) -> None:
    plan = seats(rows, cols)
    taken_ids = data.draw(st.sets(st.sampled_from(sorted(plan)), max_size=len(plan) // 2))
    taken = dict.fromkeys(taken_ids, "A")
    schools = data.draw(st.lists(st.sampled_from("ABCD"), max_size=len(plan) - len(taken)))
    people = sitters(schools)
    chosen = place(plan, people, taken)
    assert set(chosen) == {each.session_id for each in people}
    assert len(set(chosen.values())) == len(people)
    assert not set(chosen.values()) & set(taken)
    assert place(plan, list(reversed(people)), taken) == chosen


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=25))
def test_it_is_never_worse_than_filling_the_room_by_number(rows: int, cols: int, schools: list[str]) -> None:
    plan = seats(rows, cols)
    people = sitters(schools[: len(plan)])
    by_number = {seat: each.school for seat, each in zip(sorted(plan), people, strict=False)}
    chosen = schools_at(place(plan, people), people)
    assert Counter(chosen.values()) == Counter(by_number.values())
    assert clashes(plan, chosen) <= clashes(plan, by_number)


def fewest(plan: dict[int, SeatPlan], schools: list[str], taken: dict[int, str]) -> int:
    """The fewest pairs of any seating at all."""
    free = [each for each in plan if each not in taken]
    padded = [*schools, *(f"empty {n}" for n in range(len(free) - len(schools)))]
    return min(clashes(plan, {**taken, **dict(zip(free, order, strict=True))}) for order in set(permutations(padded)))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([(1, 5), (2, 3), (3, 2), (2, 2)]), st.lists(st.sampled_from("ABC"), min_size=1, max_size=6),
       st.integers(0, 2**62), st.booleans())
def test_DC_10_in_small_rooms_it_is_the_best_of_all_seatings(
    shape: tuple[int, int], schools: list[str], seed: int, has_taken: bool
) -> None:
    plan = seats(*shape)
    taken = {102: "A"} if has_taken else {}
    people = sitters(schools[: len(plan) - len(taken)])
    chosen = schools_at(place(plan, people, taken, seed), people)
    assert clashes(plan, taken | chosen) == fewest(plan, [each.school for each in people], taken)


def test_DC_10_another_seed_is_another_draw() -> None:
    plan, people = seats(5, 6), sitters([school for school in "ABCDEF" for _ in range(5)])
    draws = [place(plan, people, seed=seed) for seed in range(8)]
    assert len({tuple(sorted(each.items())) for each in draws}) == 8
    assert all(clashes(plan, schools_at(each, people)) == 0 for each in draws)


@pytest.mark.parametrize(
    ("rows", "cols", "schools"),
    [
        (4, 4, list("AAAABBBBCCCCDDDD")),  # a full room of four schools, as near as they may stand
        (5, 6, list("AAAAAABBBBBBCCCCCCDDDDDDEEEEEE")),
        (5, 6, [school for school in "ABCDEF" for _ in range(5)]),
        (5, 6, list("AAAAAA")),  # one school alone in a large room
        (3, 4, list("AAAABCDEFGHI")),
    ],
)
def test_where_the_room_allows_it_no_two_of_a_school_are_neighbours(
    rows: int, cols: int, schools: list[str]
) -> None:
    plan, people = seats(rows, cols), sitters(schools)
    assert clashes(plan, schools_at(place(plan, people), people)) == 0


def test_who_sits_already_is_reckoned_with() -> None:
    plan = seats(1, 5)
    chosen = place(plan, sitters(["A", "B"]), {101: "A"})
    assert chosen[1] not in (102,)


def test_a_grid_is_numbered_row_by_row_from_the_front() -> None:
    plan = grid(2, 3, across_m=1.25, along_m=1.5)
    assert [(each.number, each.row, each.col) for each in plan] == [
        (1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 2, 2), (6, 2, 3),
    ]  # fmt: skip
    assert (plan[5].x_mm - plan[0].x_mm, plan[5].y_mm - plan[0].y_mm) == (2500, 1500)


@pytest.mark.parametrize("verb", sorted(ROOM.verbs))
@pytest.mark.parametrize("state", sorted(ROOM.states))
def test_the_room_moves_only_along_its_table(verb: str, state: str) -> None:
    allowed = {("open", "planned"), ("start", "open"), ("close", "open"), ("close", "running")}
    assert ROOM.allows(verb, state) == ((verb, state) in allowed)
    if (verb, state) not in allowed:
        with pytest.raises(Stale):
            ROOM.target(verb, state)
