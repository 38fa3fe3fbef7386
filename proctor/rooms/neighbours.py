"""Who sat near whom in a sitting, by the plan of seats as it stood at the end."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from math import hypot

from sqlalchemy import select

from proctor.rooms.models import RoomSitting, Seat, SeatAssignment
from server.core.work import Work


def neighbours(work: Work, sitting_id: int, within_m: float) -> list[tuple[int, int, float]]:
    """Two sessions of one room whose seats are at most so many metres apart, with the distance, in order of ids."""
    rows = work.db.execute(
        select(SeatAssignment.room_sitting_id, SeatAssignment.session_id, Seat.x_m, Seat.y_m)
        .join(RoomSitting, RoomSitting.id == SeatAssignment.room_sitting_id)
        .join(Seat, Seat.id == SeatAssignment.seat_id)
        .where(RoomSitting.sitting_id == sitting_id)
        .order_by(SeatAssignment.session_id)
    )
    rooms: dict[int, list[tuple[int, float, float]]] = defaultdict(list)
    for room, session_id, x, y in rows:
        rooms[room].append((session_id, x, y))
    found = [
        (one, two, hypot(x - u, y - v))
        for seated in rooms.values()
        for (one, x, y), (two, u, v) in combinations(seated, 2)
    ]
    return sorted(each for each in found if each[2] <= within_m + 1e-9)
