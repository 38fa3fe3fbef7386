"""Rooms of the demonstration for a benchmark: as many as its candidates fill, each with a sitting of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.core.roles import SYSTEM, Actor, Role
from server.core.work import open_work
from server.jobs.demonstration import centre, sitting
from server.jobs.migrate import migrate
from server.web.config import Config

COLUMNS = 10


def rooms_of(config: Config, sizes: Sequence[int]) -> list[int]:
    """The room sittings of a fresh database, one for each number of candidates."""
    platform = config.make_platform()
    migrate(platform.database)
    stands = centre.ensure_centre(platform, SYSTEM, print, sum(sizes), centre.ROWS, centre.COLUMNS)
    manager = Actor(frozenset({Role.CENTRE}), None, "centre", stands.centre_id)
    found, first = [], 0
    for n, size in enumerate(sizes, start=1):
        with open_work(platform, manager) as work:
            rows = -(-size // COLUMNS)
            room_id = centre.ensure_room(work, stands.centre_id, f"B{n}", stands.edition, rows, COLUMNS)
        everybody = stands.registration_ids[first : first + size]
        here = replace(stands, room_id=room_id, registration_ids=everybody)
        found.append(sitting.ensure_sitting(platform, SYSTEM, here, is_new=True))
        first += size
    platform.database.close()
    return found
