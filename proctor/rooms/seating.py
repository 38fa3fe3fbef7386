"""Who sits where, decided the same way every time: pure, from seats, schools and the edition's distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MM = 1000
ROUNDS = 50  # bounds the search: every round but the last leaves fewer pairs of one school


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
    """Places candidates of one school farther apart than `apart_mm` wherever the room allows it."""

    def __init__(self, seats: Mapping[int, SeatPlan], taken: Taken, apart_mm: int) -> None:
        near = apart_mm**2
        self._near = {
            one: [other for other in seats if other != one and _square(seats[one], seats[other]) <= near]
            for one in seats
        }
        self._order = sorted(seats, key=lambda seat_id: seats[seat_id].number)
        self._school = dict(taken)
        self._sitter: dict[int, Sitter] = {}
        self._free = [seat_id for seat_id in self._order if seat_id not in taken]

    def place(self, sitters: Sequence[Sitter]) -> dict[int, int]:
        """Session id -> seat id. The caller has made sure that there are enough free seats."""
        waiting: dict[str, list[Sitter]] = {}
        for sitter in sorted(sitters, key=lambda each: each.registration_no):
            waiting.setdefault(sitter.school, []).append(sitter)
        for seat_id in self._free[: len(sitters)]:
            school = min(waiting, key=lambda name: (self._clashes(seat_id, name), -len(waiting[name]), name))
            self._put(seat_id, waiting[school].pop(0))
            if not waiting[school]:
                del waiting[school]
        self._improve()
        return {sitter.session_id: seat_id for seat_id, sitter in self._sitter.items()}

    def _put(self, seat_id: int, sitter: Sitter | None) -> None:
        if sitter is None:
            self._sitter.pop(seat_id, None)
            self._school.pop(seat_id, None)
        else:
            self._sitter[seat_id] = sitter
            self._school[seat_id] = sitter.school

    def _clashes(self, seat_id: int, school: str | None) -> int:
        if not school:
            return 0
        return sum(self._school.get(other) == school for other in self._near[seat_id])

    def _improve(self) -> None:
        for _round in range(ROUNDS):
            if not sum(self._better(seat_id) for seat_id in self._free):
                return

    def _better(self, seat_id: int) -> bool:
        if not self._clashes(seat_id, self._school.get(seat_id)):
            return False
        best, least = None, 0
        for other in self._free:
            gain = self._gain(seat_id, other)
            if gain > least:
                best, least = other, gain
        if best is not None:
            self._swap(seat_id, best)
        return best is not None

    def _gain(self, one: int, other: int) -> int:
        before = self._pair(one, other)
        self._swap(one, other)
        after = self._pair(one, other)
        self._swap(one, other)
        return before - after

    def _pair(self, one: int, other: int) -> int:
        return self._clashes(one, self._school.get(one)) + self._clashes(other, self._school.get(other))

    def _swap(self, one: int, other: int) -> None:
        first, second = self._sitter.get(one), self._sitter.get(other)
        self._put(one, second)
        self._put(other, first)


def _square(one: SeatPlan, other: SeatPlan) -> int:
    return (one.x_mm - other.x_mm) ** 2 + (one.y_mm - other.y_mm) ** 2
