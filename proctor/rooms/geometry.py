"""A room on paper: its walls, board, door, aisles and pillars, and the seats that fit between them. Pure.

Whole millimetres from the room's upper left corner on the drawing; the rows face the board, wherever it hangs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from proctor.rooms.seating import MM, SeatPlan

Side = Literal["front", "back", "left", "right"]
Kind = Literal["aisle", "pillar"]
SIDES: tuple[str, ...] = get_args(Side)
KINDS: tuple[str, ...] = get_args(Kind)
SEAT_WIDTH_MM, SEAT_DEPTH_MM = 700, 900  # a table for one and its chair
DESK_DEPTH_MM = 500
WALL_MM = 100  # no table touches a wall
FRONT_MM = 1500  # before the board: the proctor's table, and who walks there
DOOR_DEPTH_MM = 1000  # a door opens, and somebody stands in it
STEP_MM = 10  # rows are tried at each centimetre
ROOM_MIN_MM, ROOM_MAX_MM = 2_000, 50_000
OBSTACLES_MAX = 30


@dataclass(frozen=True)
class Rect:
    """A rectangle, its sides along the walls."""

    x: int
    y: int
    width: int
    depth: int


@dataclass(frozen=True)
class Obstacle:
    """Where no seat may stand."""

    kind: Kind
    rect: Rect


@dataclass(frozen=True, kw_only=True)
class Outline:
    """An empty room: inner size, where the board hangs, where the door is, and what stands in the way."""

    width_mm: int
    depth_mm: int
    board: Side
    door: Side
    door_at_mm: int
    door_mm: int
    obstacles: tuple[Obstacle, ...] = ()

    def door_rect(self) -> Rect:
        """The floor that the door needs."""
        across = self.door in ("front", "back")
        deep, wide = DOOR_DEPTH_MM, self.door_mm
        x = self.door_at_mm if across else (0 if self.door == "left" else self.width_mm - deep)
        y = self.door_at_mm if not across else (0 if self.door == "front" else self.depth_mm - deep)
        return Rect(x, y, wide if across else deep, deep if across else wide)

    def faults(self) -> list[str]:
        """The codes of what does not fit together: size, door, obstacles."""
        found = []
        if not all(ROOM_MIN_MM <= each <= ROOM_MAX_MM for each in (self.width_mm, self.depth_mm)):
            found.append("room_size_unfit")
        if self.door_mm <= 0 or not self._holds(self.door_rect()):
            found.append("room_door_unfit")
        if len(self.obstacles) > OBSTACLES_MAX or not all(self._holds(each.rect) for each in self.obstacles):
            found.append("room_obstacles_unfit")
        return found

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        flat = [[o.kind, o.rect.x, o.rect.y, o.rect.width, o.rect.depth] for o in self.obstacles]
        return {"width_mm": self.width_mm, "depth_mm": self.depth_mm, "board": self.board, "door": self.door,
                "door_at_mm": self.door_at_mm, "door_mm": self.door_mm, "obstacles": flat}

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Outline:
        """As it was stored."""
        obstacles = tuple(Obstacle(kind, Rect(*sides)) for kind, *sides in stored["obstacles"])
        return Outline(**{**stored, "obstacles": obstacles})

    def _holds(self, rect: Rect) -> bool:
        return (min(rect.width, rect.depth) > 0 and rect.x >= 0 and rect.y >= 0
                and rect.x + rect.width <= self.width_mm and rect.y + rect.depth <= self.depth_mm)


def lay_out(outline: Outline, pitch_mm: int) -> tuple[SeatPlan, ...]:
    """The most seats in rows along the board, at least `pitch_mm` apart, numbered from the board."""
    floor = _Floor(outline)
    rows = floor.rows(pitch_mm)
    plans, number = [], 0
    for row, (v, places) in enumerate(rows, 1):
        for col, u in enumerate(places, 1):
            number += 1
            x, y = floor.back(u, v)
            plans.append(SeatPlan(number, row, col, x / MM, y / MM))
    return tuple(plans)


def lay_out_for(outline: Outline, wanted: int, least_mm: int, most_mm: int) -> tuple[SeatPlan, ...]:
    """`wanted` seats as far apart as the room and the distances let them be; all that fit where they are too many."""
    low, high = -(-least_mm // STEP_MM), most_mm // STEP_MM
    # Seats that stand so far apart also stand nearer than that: the number never grows with the distance.
    while low < high:
        middle = (low + high + 1) // 2
        if len(lay_out(outline, middle * STEP_MM)) >= wanted:
            low = middle
        else:
            high = middle - 1
    return lay_out(outline, max(least_mm, low * STEP_MM))[:wanted]


def footprint(seat: SeatPlan, board: Side) -> Rect:
    """The floor of a table and its chair."""
    across = board in ("front", "back")
    wide, deep = (SEAT_WIDTH_MM, SEAT_DEPTH_MM) if across else (SEAT_DEPTH_MM, SEAT_WIDTH_MM)
    return Rect(seat.x_mm - wide // 2, seat.y_mm - deep // 2, wide, deep)


class _Floor:
    """The room turned so that the board is above: u runs along the board, v away from it."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        is_across = outline.board in ("front", "back")
        sides = (outline.width_mm, outline.depth_mm)
        self._width, self._depth = sides if is_across else sides[::-1]
        self._blocks = [self._turned(each) for each in (outline.door_rect(), *(o.rect for o in outline.obstacles))]

    def rows(self, pitch_mm: int) -> list[tuple[int, list[int]]]:
        """Rows (v, the u of each seat) that hold the most seats together, the nearest to the board among equals."""
        first, last = FRONT_MM + SEAT_DEPTH_MM // 2, self._depth - WALL_MM - SEAT_DEPTH_MM // 2
        vs = range(first, last + 1, STEP_MM)
        packed = cache(lambda shut: self._packed(shut, pitch_mm))
        step = -(-pitch_mm // STEP_MM)
        best = [0] * (len(vs) + step)
        row_at = [packed(self._shut(v)) for v in vs]
        for i in reversed(range(len(vs))):
            best[i] = max(best[i + 1] if i + 1 < len(vs) else 0, len(row_at[i]) + best[i + step])
        found, i = [], 0
        while i < len(vs):
            if row_at[i] and len(row_at[i]) + best[i + step] == best[i]:
                found.append((vs[i], row_at[i]))
                i += step
            else:
                i += 1
        return found

    def back(self, u: int, v: int) -> tuple[int, int]:
        """A point of the floor on the drawing of the room."""
        wide, deep = self._outline.width_mm, self._outline.depth_mm
        return {"front": (u, v), "back": (wide - u, deep - v),
                "left": (v, deep - u), "right": (wide - v, u)}[self._outline.board]

    def _shut(self, v: int) -> tuple[tuple[int, int], ...]:
        half = SEAT_DEPTH_MM // 2
        wide = SEAT_WIDTH_MM // 2
        return tuple(sorted((b.x - wide, b.x + b.width + wide) for b in self._blocks
                            if b.y - half < v < b.y + b.depth + half))

    def _packed(self, shut: Sequence[tuple[int, int]], pitch_mm: int) -> list[int]:
        u, last = WALL_MM + SEAT_WIDTH_MM // 2, self._width - WALL_MM - SEAT_WIDTH_MM // 2
        places: list[int] = []
        while True:
            for begin, end in shut:
                if begin < u < end:
                    u = end
            if u > last:
                return places
            places.append(u)
            u += pitch_mm

    def _turned(self, rect: Rect) -> Rect:
        wide, deep = self._outline.width_mm, self._outline.depth_mm
        right, low = rect.x + rect.width, rect.y + rect.depth
        return {"front": rect, "back": Rect(wide - right, deep - low, rect.width, rect.depth),
                "left": Rect(deep - low, rect.x, rect.depth, rect.width),
                "right": Rect(rect.y, wide - right, rect.depth, rect.width)}[self._outline.board]
