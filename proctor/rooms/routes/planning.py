"""The centre's rooms: a list, a new one from its rows and distances, and its plan to scale."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.rooms import queries, views
from proctor.rooms.duty import own_room
from proctor.rooms.plans import checked_room
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.rules import SeatingRule
from proctor.rooms.seating import SeatPlan, grid
from proctor.rooms.service import plan_room
from server.core.errors import CatError, Invalid
from server.core.regulation import Edition, editions
from server.core.roles import Role
from server.delivery.queries import sittings_of_centre
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

ROWS_MAX = 20
GAP_MAX_M = 10.0


@bp.get("/centre")
@allow(Role.CENTRE)
def centre() -> ResponseReturnValue:
    """The centre's rooms and the sittings it holds."""
    centre_id = actor().organisation_id or 0
    with reading() as work:
        rooms = queries.rooms_of(work, centre_id)
        sittings = views.sitting_rows(work, centre_id, sittings_of_centre(work, centre_id))
    return render_template("rooms/centre.html", rooms=rooms, sittings=sittings)


@bp.route("/centre/rooms/new", methods=["GET", "POST"])
@allow(Role.CENTRE)
def new_room() -> ResponseReturnValue:
    """A form for a room in straight rows; what was typed stays when it is refused."""
    if request.method == "GET":
        return _room_form(None)
    try:
        seats = _seats_asked()
        with unit_of_work() as work:
            room_id = plan_room(
                work, actor().organisation_id or 0, request.form.get("name", ""), seats, newest_edition()
            )
    except CatError as error:
        return _room_form(error), 422
    return redirect(url_for("rooms.room", room_id=room_id), 303)


@bp.get("/centre/rooms/<int:room_id>")
@allow(Role.CENTRE)
def room(room_id: int) -> ResponseReturnValue:
    """The plan of a room, drawn to scale and as a table."""
    with reading() as work:
        found = own_room(work, room_id)
        plan = checked_room(work, found, newest_edition()).plan
    return render_template("rooms/room.html", room=found, plan=plan)


def _room_form(fault: CatError | None) -> str:
    rule = newest_edition().get("DC-10", SeatingRule)
    return render_template(
        "rooms/new_room.html",
        fault=fault,
        typed=request.form,
        min_m=rule.spacing_min_mm / 1000,
        max_m=rule.spacing_max_mm / 1000,
    )


def newest_edition() -> Edition:
    """The newest edition in force; each sitting judges the room again by its own."""
    return max((each for each in editions() if not each.fictitious), key=lambda each: each.version)


def _seats_asked() -> tuple[SeatPlan, ...]:
    try:
        rows, cols = (int(request.form[name]) for name in ("rows", "cols"))
        across, along = (float(request.form[name].replace(",", ".")) for name in ("across_m", "along_m"))
    except (ValueError, KeyError):
        raise Invalid("room_size_malformed") from None
    counts, gaps = (rows, cols), (across, along)
    if not (all(0 < n <= ROWS_MAX for n in counts) and all(0 < gap <= GAP_MAX_M for gap in gaps)):
        raise Invalid("room_size_malformed")
    return grid(rows, cols, across_m=across, along_m=along)
