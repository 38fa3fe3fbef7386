"""Proctor: rooms and seats, the desk, the watch over a running room, and violations with their protocols."""

from proctor.irregularities.queries import IrregularityRef, open_irregularities, was_removed
from proctor.monitoring.departures import Watched, watched
from proctor.rooms.queries import watched_by
from proctor.rooms.seating import SeatPlan, grid
from proctor.rooms.service import assign_duty, plan_room, plan_room_sitting, seat_candidates

__all__ = [
    "IrregularityRef", "SeatPlan", "Watched", "assign_duty", "grid", "open_irregularities", "plan_room",
    "plan_room_sitting", "seat_candidates", "was_removed", "watched", "watched_by",
]
