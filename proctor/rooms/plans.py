"""A plan with what the edition says of it: distances, schools side by side, kept seats, the door list (DC-10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import cast

from proctor.rooms import queries, views
from proctor.rooms.drawing import Link
from proctor.rooms.geometry import Outline
from proctor.rooms.models import Room, RoomSitting
from proctor.rooms.seating import SeatPlan
from proctor.rooms.service.planning import plans, spacing
from proctor.rooms.service.seating import BEFORE_START, judged, locks
from server import delivery
from server.core.i18n import _, number
from server.core.regulation import Edition, Ruling
from server.core.work import Work


@dataclass(frozen=True)
class Checked:
    """A room's plan and the ruling on its distances."""

    plan: views.Plan
    spacing: Ruling


@dataclass(frozen=True)
class SeatingPage:
    """Who sits where in a sitting, what breaks a rule, and by which draw; `door` is sorted by name."""

    plan: views.Plan
    spacing: Ruling
    schools: Ruling
    beside: tuple[tuple[views.PlannedSeat, views.PlannedSeat], ...]
    door: tuple[views.PlannedSeat, ...]
    seed: int | None
    drawn_by: str
    is_open: bool


def checked_room(work: Work, room: Room, edition: Edition) -> Checked:
    """A room as it stands, its distances judged by an edition."""
    outline = queries.outline_of(work, room.id)
    return checked(queries.seats_of_room(work, room.id), outline, spacing(edition, list(plans(room.seats).values())))


def checked_drawing(seats: Sequence[SeatPlan], outline: Outline, edition: Edition) -> Checked:
    """A room that is only drawn yet."""
    refs = [queries.SeatRef(each.number, str(each.number), each.row, each.col, each.x_m, each.y_m) for each in seats]
    return checked(refs, outline, spacing(edition, seats))


def checked(seats: list[queries.SeatRef], outline: Outline | None, ruling: Ruling) -> Checked:
    """A plan whose pairs that stand too near are drawn with their distance."""
    plan = views.plan(seats, None, outline)
    return Checked(replace(plan, links=_near(seats, ruling)), ruling)


def seating_page(work: Work, room: RoomSitting, where: Room) -> SeatingPage:
    """The plan of a room in a sitting, judged by the edition of that sitting."""
    seats, guests = views.guests_in(work, room)
    edition = delivery.sitting_ref(work, room.sitting_id).edition
    distances = spacing(edition, list(plans(where.seats).values()))
    schools = judged(work, room, where)
    pairs = [(str(one), str(other)) for one, other in _pairs(schools, "pairs")]
    links = _near(seats, distances) + tuple(Link(one, other, "") for one, other in pairs)
    plan = replace(views.plan(seats, guests, queries.outline_of(work, where.id)), links=links, kept=locks(work, room))
    at = {each.seat.number: each for each in plan.seats}
    taken = [(each.guest.name.casefold(), each.guest.registration_no, each) for each in plan.seats if each.guest]
    drawn = queries.last_draw(work, room.id)
    return SeatingPage(
        plan=plan,
        spacing=distances,
        schools=schools,
        beside=tuple((at[one], at[other]) for one, other in pairs),
        door=tuple(each for _name, _no, each in sorted(taken, key=lambda each: each[:2])),
        seed=drawn.seed if drawn else None,
        drawn_by=drawn.drawn_by if drawn else "",
        is_open=room.state in BEFORE_START,
    )


def _near(seats: Sequence[queries.SeatRef], ruling: Ruling) -> tuple[Link, ...]:
    at = {each.number: each for each in seats}
    found = []
    for one, other in _pairs(ruling, "too_near"):
        a, b = at[str(one)], at[str(other)]
        metres = number(hypot(a.x_m - b.x_m, a.y_m - b.y_m), 2)
        found.append(Link(a.number, b.number, _("%(n)s m") % {"n": metres}))
    return tuple(found)


def _pairs(ruling: Ruling, name: str) -> list[tuple[int, int]]:
    return [(one, other) for one, other in cast(list[list[int]], ruling.facts.get(name, []))]
