"""A room drawn to scale: measured by the centre, shown with the seats that fit, and kept (DC-10)."""

from __future__ import annotations

from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.rooms.geometry import KINDS, SIDES, Kind, Obstacle, Outline, Rect, Side
from proctor.rooms.plans import Checked, checked_drawing
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.routes.planning import newest_edition
from proctor.rooms.rules import SeatingRule
from proctor.rooms.seating import MM
from proctor.rooms.service.planning import SEATS_MAX, Wanted, plan_drawn_room, seats_for
from server.core.errors import CatError, Invalid
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import unit_of_work

STEP_MIN_MM = 300  # nearer than that two chairs stand in one place
LINES = 8  # of aisles and pillars
FARTHEST_M = 1000.0
PARTS = ("x", "y", "width", "depth")
PLACES = {"room_name_malformed": "name", "room_name_taken": "name", "room_door_unfit": "door_at",
          "room_obstacles_unfit": "kind1", "room_too_small": "seats", "seats_too_near": "pitch"}  # fmt: skip


@bp.route("/centre/rooms/draw", methods=["GET", "POST"])
@allow(Role.CENTRE)
def draw_room() -> ResponseReturnValue:
    """A form for a measured room; first shown with its seats, then saved; what was typed stays."""
    if request.method == "GET":
        return _form(None, None)
    shown = None
    try:
        asked = _outline(), _wanted()
        edition = newest_edition()
        shown = checked_drawing(seats_for(*asked, edition), asked[0], edition)
        shown.spacing.or_refuse()
        if request.form.get("act") != "save":
            return _form(None, shown)
        with unit_of_work() as work:
            name = request.form.get("name", "")
            room_id = plan_drawn_room(work, actor().organisation_id or 0, name, asked, edition)
    except CatError as error:
        return _form(error, shown), 422
    return redirect(url_for("rooms.room", room_id=room_id), 303)


def _form(fault: CatError | None, shown: Checked | None) -> str:
    rule = newest_edition().get("DC-10", SeatingRule)
    place = PLACES.get(fault.code, "width") if fault else ""
    return render_template(
        "rooms/draw_room.html", fault=fault, place=place, shown=shown, typed=request.form, lines=range(1, LINES + 1),
        parts=PARTS, min_m=rule.spacing_min_mm / MM, max_m=rule.spacing_max_mm / MM,
    )  # fmt: skip


def _outline() -> Outline:
    obstacles = tuple(_obstacle(n) for n in range(1, LINES + 1) if any(_typed(f"{part}{n}") for part in PARTS))
    return Outline(width_mm=_mm("width"), depth_mm=_mm("depth"), board=_side("board"), door=_side("door"),
                   door_at_mm=_mm("door_at"), door_mm=_mm("door_width"), obstacles=obstacles)  # fmt: skip


def _wanted() -> Wanted:
    seats = None
    if text := _typed("seats"):
        if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= SEATS_MAX:
            raise Invalid("room_without_seats", maximum=SEATS_MAX)
        seats = int(text)
    pitch = _mm("pitch") if _typed("pitch") else None
    if pitch is not None and pitch < STEP_MIN_MM:
        raise Invalid("room_drawing_malformed")
    return Wanted(seats=seats, pitch_mm=pitch)


def _obstacle(n: int) -> Obstacle:
    kind = _typed(f"kind{n}")
    if kind not in KINDS:
        raise Invalid("room_drawing_malformed")
    return Obstacle(cast(Kind, kind), Rect(*(_mm(f"{part}{n}") for part in PARTS)))


def _side(name: str) -> Side:
    side = _typed(name)
    if side not in SIDES:
        raise Invalid("room_drawing_malformed")
    return cast(Side, side)


def _mm(name: str) -> int:
    try:
        metres = float(_typed(name).replace(",", "."))
    except ValueError:
        raise Invalid("room_drawing_malformed") from None
    if not 0 <= metres <= FARTHEST_M:  # nan is not between them either
        raise Invalid("room_drawing_malformed")
    return round(metres * MM)


def _typed(name: str) -> str:
    return request.form.get(name, "").strip()
