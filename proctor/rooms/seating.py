"""Who sits where, drawn by lot from a seed and so the same every time: pure, from seats, schools and the distance."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MM = 1000
ATTEMPTS, STEPS = 6, 250  # bound the search where a room cannot keep schools apart
TENURE = 8  # for so many steps at most a swap is not taken back


@dataclass(frozen=True)
class SeatPlan:
    """A numbered place; metres from the corner of the room at the proctor's left hand."""

    number: int
    row: int
    col: int
    x_m: float
    y_m: float

    @property
    def x_mm(self) -> int:
        """Whole millimetres, so that distances are compared exactly."""
        return round(self.x_m * MM)

    @property
    def y_mm(self) -> int:
        """Whole millimetres, so that distances are compared exactly."""
        return round(self.y_m * MM)


def grid(
    rows: int, cols: int, *, across_m: float, along_m: float, margin_m: float = 1.0
) -> tuple[SeatPlan, ...]:
    """Seats in straight rows, numbered row by row from the front."""
    return tuple(
        SeatPlan(
            number=row * cols + col + 1,
            row=row + 1,
            col=col + 1,
            x_m=round(margin_m + col * across_m, 3),
            y_m=round(margin_m + row * along_m, 3),
        )
        for row in range(rows)
        for col in range(cols)
    )


@dataclass(frozen=True)
class Sitter:
    """Who is to be seated, by the number that is known to the room."""

    session_id: int
    registration_no: str
    school: str


Taken = Mapping[int, str]  # seat id -> school of who sits there already


class Seating:
    """Candidates of one school farther apart than `apart_mm` wherever a search from `seed` finds how.

    Seats get schools first: drawn by weight, then mended by tabu search (min-conflicts). Pupils are dealt at the end.
    """

    def __init__(self, seats: Mapping[int, SeatPlan], taken: Taken, apart_mm: int, seed: int) -> None:
        near = apart_mm**2
        self._near = {
            one: [other for other in seats if other != one and _square(seats[one], seats[other]) <= near]
            for one in seats
        }
        self._taken = dict(taken)
        self._school = dict(taken)
        self._free = sorted((each for each in seats if each not in taken), key=lambda each: seats[each].number)
        self._rng = random.Random(seed)

    def place(self, sitters: Sequence[Sitter]) -> dict[int, int]:
        """Session id -> seat id. The caller has made sure that there are enough free seats."""
        waiting: dict[str, list[Sitter]] = {}
        for sitter in sorted(sitters, key=lambda each: each.registration_no):
            waiting.setdefault(sitter.school, []).append(sitter)
        best, chosen = self._best({school: len(each) for school, each in sorted(waiting.items())}), dict[int, int]()
        for pupils in waiting.values():
            self._rng.shuffle(pupils)
        for seat_id in self._free:
            if seat_id in best:
                chosen[waiting[best[seat_id]].pop().session_id] = seat_id
        return chosen

    def _best(self, pupils: Mapping[str, int]) -> dict[int, str]:
        """Free seat -> school, with the fewest pairs of one school beside each other that were found."""
        best, fewest = dict[int, str](), -1
        for attempt in range(ATTEMPTS):
            self._school = dict(self._taken)
            self._draw(dict(pupils), by_weight=attempt % 2 == 0)
            found, pairs = self._mended()
            if fewest < 0 or pairs < fewest:
                best, fewest = found, pairs
            if fewest == 0:
                break
        return best

    def _draw(self, left: dict[str, int], *, by_weight: bool) -> None:
        for seat_id in self._free[: sum(left.values())]:
            least = min(self._clashes(seat_id, school) for school in left)
            able = [school for school in left if self._clashes(seat_id, school) == least]
            if not by_weight:
                most = max(left[school] for school in able)
                able = [school for school in able if left[school] == most]
            school = self._rng.choices(able, [left[each] for each in able])[0]
            self._school[seat_id] = school
            left[school] -= 1
            if not left[school]:
                del left[school]

    def _mended(self) -> tuple[dict[int, str], int]:
        """The best arrangement on a walk of swaps, each the best that does not take back a recent one."""
        best, fewest = self._drawn(), self._pairs()
        until = dict.fromkeys(self._free, 0)
        pairs = fewest
        for step in range(1, STEPS + 1):
            troubled = [each for each in self._free if self._clashes(each, self._school.get(each))]
            if not (fewest and troubled):
                break
            one = self._rng.choice(troubled)
            gains = [(self._gain(one, each), each) for each in self._free
                     if self._school.get(each) != self._school.get(one)]
            able = [(gain, each) for gain, each in gains if until[each] < step or pairs - gain < fewest]
            if not able:
                continue
            most = max(gain for gain, _ in able)
            other = self._rng.choice([each for gain, each in able if gain == most])
            self._swap(one, other)
            until[one] = until[other] = step + self._rng.randint(2, TENURE)
            pairs -= most
            if pairs < fewest:
                best, fewest = self._drawn(), pairs
        return best, fewest

    def _drawn(self) -> dict[int, str]:
        return {each: self._school[each] for each in self._free if each in self._school}

    def _pairs(self) -> int:
        inside = [(each, self._school.get(each)) for each in self._free]
        both = sum(self._clashes(each, school) for each, school in inside)
        with_taken = sum(bool(school) and self._taken.get(other) == school
                         for each, school in inside for other in self._near[each])
        return (both + with_taken) // 2

    def _clashes(self, seat_id: int, school: str | None) -> int:
        if not school:
            return 0
        return sum(self._school.get(other) == school for other in self._near[seat_id])

    def _gain(self, one: int, other: int) -> int:
        before = self._beside(one, other)
        self._swap(one, other)
        after = self._beside(one, other)
        self._swap(one, other)
        return before - after

    def _beside(self, one: int, other: int) -> int:
        # Two of different schools never clash with each other, so no pair is counted twice.
        return self._clashes(one, self._school.get(one)) + self._clashes(other, self._school.get(other))

    def _swap(self, one: int, other: int) -> None:
        first, second = self._school.pop(one, None), self._school.pop(other, None)
        if first is not None:
            self._school[other] = first
        if second is not None:
            self._school[one] = second


def _square(one: SeatPlan, other: SeatPlan) -> int:
    return (one.x_mm - other.x_mm) ** 2 + (one.y_mm - other.y_mm) ** 2
