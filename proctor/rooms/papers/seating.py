"""The list for the door, by name, and the plan of the room to scale from its seats' coordinates (DC-10)."""

from __future__ import annotations

from itertools import combinations

from proctor.rooms import views
from proctor.rooms.papers.setting import Setting
from server.core.i18n import _
from server.core.paper import Paper
from server.core.paper.blocks import Facts, Place, Plan, Table, Text
from server.core.work import Work

SCALES = (20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300, 400, 500, 1000, 2000, 5000)
WIDE_MM, DEEP_MM = 264, 132
SEAT_M = (1.4, 0.95)
SHARE = 0.9


def door_list(work: Work, setting: Setting) -> Paper:
    """Who sits where, by name, to hang at the door: no school, no document, no code."""
    head = (_("Name"), _("Registration number"), _("Seat"))
    found = sorted(setting.sitters, key=lambda each: (each.session.name.casefold(), each.number))
    rows = tuple((each.session.name, each.number, each.seat.number) for each in found)
    return setting.paper(_("Door list"), Facts(setting.facts()[1:4]), Table(head, rows, (4, 2, 1)))


def plan(work: Work, setting: Setting) -> Paper:
    """The seats from above, the proctor's table at the top, each with who sits there."""
    names = {each.seat.id: (each.number, each.session.name) for each in setting.sitters}
    seats = setting.seats
    places = tuple(Place(each.x_m, each.y_m, each.number, names.get(each.id, ())) for each in seats)
    size = views.plan(list(seats))
    scale = scale_for(size.width_m, size.depth_m)
    drawn = Plan(
        places=places,
        width_m=size.width_m,
        depth_m=size.depth_m,
        seat_m=_seat_size(places),
        scale=scale,
        front=_("Proctor's table"),
        metre=_("1 m"),
    )
    note = _("Scale 1 : %(scale)s. Seats taken: %(seated)s of %(seats)s.", scale=scale,
             seated=len(setting.sitters), seats=len(seats))  # fmt: skip
    return setting.paper(_("Seating plan"), Text(note, "note"), drawn, is_wide=True)


def scale_for(width_m: float, depth_m: float) -> int:
    """The largest common scale at which a room of this size fits on the page."""
    least = max(width_m * 1000 / WIDE_MM, depth_m * 1000 / DEEP_MM)
    return next((each for each in SCALES if each >= least), int(least) + 1)


def _seat_size(places: tuple[Place, ...]) -> tuple[float, float]:
    # As large as its neighbours allow, so that names can be read: two drawn seats must not touch.
    wide, deep = SEAT_M
    for one, other in combinations(places, 2):
        dx, dy = abs(one.x_m - other.x_m), abs(one.y_m - other.y_m)
        if dx < wide and dy < deep:
            if dx >= dy:
                wide = dx * SHARE
            else:
                deep = dy * SHARE
    return wide, deep
