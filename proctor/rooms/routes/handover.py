"""A room handed over at the console: who takes it, how it stands, and the PINs of both."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.rooms import queries
from proctor.rooms.duty import acting_in, require_duty, watching
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.service import handover as service
from proctor.rooms.signed import handovers_of
from server import delivery
from server.accounts import signing
from server.core.errors import CatError
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

HANDOVER = "/proctor/rooms/<int:room_id>/handover"


@bp.get(HANDOVER)
@allow(Role.PROCTOR)
def handover(room_id: int) -> ResponseReturnValue:
    """How the room stands, who may take it, and who had it before."""
    return _page(room_id, None)


@bp.post(HANDOVER)
@allow(Role.PROCTOR)
def hand_over(room_id: int) -> ResponseReturnValue:
    """The room is another's; this console shows it and changes nothing in it."""
    form = request.form
    with reading() as work:  # the costly half, where no writer waits for it
        watching(work, room_id)
        giver = signing.check_pin(work, actor().id or 0, form.get("giver_pin", ""))
        taker = signing.check_pin(work, form.get("taker_id", 0, type=row_id), form.get("taker_pin", ""))
    ask = service.Handover(form.get("kind", ""), form.get("notes", ""), giver, taker)
    fault: CatError | None
    try:
        with unit_of_work() as work:
            fault = service.hand_over(work, room_id, ask)
    except CatError as error:
        fault = error
    if fault is not None:
        return _page(room_id, fault), 422
    return redirect(url_for("rooms.handover", room_id=room_id), 303)


def _page(room_id: int, fault: CatError | None) -> str:
    with reading() as work:
        room = watching(work, room_id)
        return render_template(
            "rooms/handover.html",
            room=queries.room_sitting(work, room_id), standing=service.standing(work, room),
            takers=service.takers(work, room_id), mode=require_duty(work, room_id), acting=acting_in(work, room_id),
            is_open=room.state in service.NOT_CLOSED, handovers=handovers_of(work, room_id),
            zone=delivery.sitting_ref(work, room.sitting_id).zone, fault=fault, typed=request.form,
        )  # fmt: skip
