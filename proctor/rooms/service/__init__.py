"""Commands on rooms: planned by the centre, run by the proctor on duty, candidates let in at the desk."""

from proctor.rooms.service.desk import admit, check_identity, decide_device, move
from proctor.rooms.service.planning import assign_duty, plan_room, plan_room_sitting
from proctor.rooms.service.running import close_room, message, open_room, pause, resume, start_room
from proctor.rooms.service.seating import seat_candidates

__all__ = [
    "admit", "assign_duty", "check_identity", "close_room", "decide_device", "message", "move", "open_room", "pause",
    "plan_room", "plan_room_sitting", "resume", "seat_candidates", "start_room",
]
