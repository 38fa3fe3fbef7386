"""The centre's pages on cameras: those of a room, and how a room stands with them in one sitting (VS-1)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.cameras import queries, service
from proctor.rooms import queries as rooms
from proctor.rooms.duty import own_room, own_room_sitting
from server import delivery
from server.core.errors import CatError
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("cameras", __name__, template_folder="templates")
ROOM = "/centre/rooms/<int:room_id>/cameras"
HERE = "/centre/room-sittings/<int:room_sitting_id>/cameras"


@bp.get(ROOM)
@allow(Role.CENTRE)
def cameras(room_id: int) -> ResponseReturnValue:
    """The cameras of a room."""
    return _cameras(room_id, None)


@bp.post(ROOM)
@allow(Role.CENTRE)
def add(room_id: int) -> ResponseReturnValue:
    """The room has one more camera; what was typed stays when it is refused."""
    try:
        with unit_of_work() as work:
            service.add_camera(work, room_id, request.form.get("name", ""), request.form.get("place", ""))
    except CatError as error:
        return _cameras(room_id, error), 422
    return redirect(url_for("cameras.cameras", room_id=room_id), 303)


@bp.post("/centre/cameras/<int:camera_id>/working")
@allow(Role.CENTRE)
def set_working(camera_id: int) -> ResponseReturnValue:
    """The camera works, or does not."""
    with unit_of_work() as work:
        room_id = service.set_working(work, camera_id, request.form.get("is_working") == "yes")
    return redirect(url_for("cameras.cameras", room_id=room_id), 303)


@bp.get(HERE)
@allow(Role.CENTRE)
def readiness(room_sitting_id: int) -> ResponseReturnValue:
    """Whether the room can be opened for the sitting, and the waiver if it cannot."""
    return _readiness(room_sitting_id, None)


@bp.post(HERE + "/waiver")
@allow(Role.CENTRE)
def waive(room_sitting_id: int) -> ResponseReturnValue:
    """The room may be opened without its cameras, by an order."""
    typed = {name: request.form.get(name, "") for name in ("order_number", "reason", "granted_by")}
    try:
        with unit_of_work() as work:
            service.record_waiver(work, room_sitting_id, **typed)
    except CatError as error:
        return _readiness(room_sitting_id, error), 422
    return redirect(url_for("cameras.readiness", room_sitting_id=room_sitting_id), 303)


def _cameras(room_id: int, fault: CatError | None) -> str:
    with reading() as work:
        room = own_room(work, room_id)
        found = queries.cameras_of(work, room_id)
    return render_template(
        "cameras/cameras.html",
        room=room,
        cameras=found,
        zone=queries.law_zone(),
        fault=fault,
        typed=request.form,
    )


def _readiness(room_sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        room, where = own_room_sitting(work, room_sitting_id)
        sitting = delivery.sitting_ref(work, room.sitting_id)
        return render_template(
            "cameras/readiness.html",
            room=rooms.room_sitting(work, room_sitting_id),
            cameras=queries.cameras_of(work, where.id),
            ruling=queries.judge_opening(work, where.id, room.id, sitting.edition),
            waiver=queries.waiver_of(work, room.id),
            clause=sitting.edition.label("VS-1", language()),
            zone=sitting.zone,
            fault=fault,
            typed=request.form,
        )
