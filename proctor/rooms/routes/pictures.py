"""The picture that the camera took at the desk: for the proctor on duty; for the office, its reason on record."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from proctor.archive.access import require_office
from proctor.rooms.duty import seated, watching
from proctor.rooms.pictures import open_for_office, picture_of
from proctor.rooms.routes.blueprint import bp
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work


@bp.get("/proctor/rooms/<int:room_id>/sessions/<int:session_id>/picture")
@allow(Role.PROCTOR)
def picture(room_id: int, session_id: int) -> ResponseReturnValue:
    """The picture of the last check, beside the photograph of the registration (DC-9)."""
    with reading() as work:
        watching(work, room_id)
        seated(work, room_id, session_id)
        found = picture_of(work, session_id)
    return Response(found, mimetype="image/jpeg")


@bp.post("/office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture")
@allow(Role.OFFICE)
def office_picture(room_sitting_id: int, session_id: int) -> ResponseReturnValue:
    """The same for the office that oversees the room, for a reason; the journal has it before the picture leaves."""
    with unit_of_work() as work:
        require_office(work, room_sitting_id)
        seated(work, room_sitting_id, session_id)
        found = open_for_office(work, session_id, request.form.get("reason", ""))
    return Response(found, mimetype="image/jpeg")
