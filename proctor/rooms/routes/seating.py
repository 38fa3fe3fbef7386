"""Who sits where, the day before: drawn, changed by hand, kept, judged after each change, and printed (DC-10)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.rooms import queries
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.plans import seating_page
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.service import seating as commands
from server.core.errors import CatError
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

HERE = "/centre/room-sittings/<int:room_sitting_id>/seating"


@bp.get(HERE)
@allow(Role.CENTRE)
def seating(room_sitting_id: int) -> ResponseReturnValue:
    """The plan to be changed and printed, and what breaks a rule."""
    return _page(room_sitting_id)


@bp.post(HERE + "/move")
@allow(Role.CENTRE)
def reseat(room_sitting_id: int) -> ResponseReturnValue:
    """The chosen candidate sits on the chosen seat; who sat there took the other."""
    seat_id = request.form.get("seat_id", 0, type=row_id)
    try:
        with unit_of_work() as work:
            commands.reseat(work, room_sitting_id, _candidate(), seat_id)
    except CatError as error:
        return _page(room_sitting_id, error, "move")
    return _back(room_sitting_id, f"seat-{seat_id}")


@bp.post(HERE + "/draw")
@allow(Role.CENTRE)
def draw_again(room_sitting_id: int) -> ResponseReturnValue:
    """Seats are drawn by another lot; kept ones stay."""
    try:
        with unit_of_work() as work:
            commands.draw_again(work, room_sitting_id)
    except CatError as error:
        return _page(room_sitting_id, error, "draw")
    return _back(room_sitting_id, "rules")


@bp.post(HERE + "/keep")
@allow(Role.CENTRE)
def keep_seat(room_sitting_id: int) -> ResponseReturnValue:
    """The candidate keeps the seat, for a reason."""
    try:
        with unit_of_work() as work:
            commands.keep_seat(work, room_sitting_id, _candidate(), request.form.get("reason", ""))
    except CatError as error:
        return _page(room_sitting_id, error, "keep")
    return _back(room_sitting_id, "keep")


@bp.post(HERE + "/release")
@allow(Role.CENTRE)
def release_seat(room_sitting_id: int) -> ResponseReturnValue:
    """The candidate may be moved again."""
    with unit_of_work() as work:
        commands.release_seat(work, room_sitting_id, _candidate())
    return _back(room_sitting_id, "keep")


def _candidate() -> int:
    return request.form.get("session", 0, type=row_id)


def _page(room_sitting_id: int, fault: CatError | None = None, place: str = "") -> ResponseReturnValue:
    with reading() as work:
        room, where = own_room_sitting(work, room_sitting_id)
        found = seating_page(work, room, where)
        ref = queries.room_sitting(work, room_sitting_id)
    page = render_template("rooms/seating.html", room=ref, page=found, fault=fault, place=place, typed=request.form)
    return page, 422 if fault else 200


def _back(room_sitting_id: int, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("rooms.seating", room_sitting_id=room_sitting_id, _anchor=anchor), 303)
