"""A room of the centre in one sitting: who is on duty, who sits where, and the slips that are handed out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.rooms import papers, queries, service, views
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.service.planning import relieve_duty
from server import accounts
from server.core.errors import CatError, Invalid
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

HERE = "/centre/room-sittings/<int:room_sitting_id>"


@bp.post("/centre/sittings/<int:sitting_id>/rooms")
@allow(Role.CENTRE)
def use_room(sitting_id: int) -> ResponseReturnValue:
    """The chosen room serves the sitting."""
    with unit_of_work() as work:
        made = service.plan_room_sitting(work, request.form.get("room_id", 0, type=row_id), sitting_id)
    return redirect(url_for("rooms.room_sitting", room_sitting_id=made), 303)


@bp.get(HERE)
@allow(Role.CENTRE)
def room_sitting(room_sitting_id: int) -> ResponseReturnValue:
    """The room in this sitting: duties, plan, and who still has no seat."""
    return _page(room_sitting_id)


@bp.post(HERE + "/duties")
@allow(Role.CENTRE)
def assign(room_sitting_id: int) -> ResponseReturnValue:
    """The chosen proctor is on duty."""
    try:
        with unit_of_work() as work:
            service.assign_duty(work, room_sitting_id, request.form.get("staff_id", 0, type=row_id))
    except Invalid as error:
        return _page(room_sitting_id, error, "staff_id"), 422
    return _back(room_sitting_id)


@bp.post(HERE + "/duties/<int:staff_id>/relieve")
@allow(Role.CENTRE)
def relieve(room_sitting_id: int, staff_id: int) -> ResponseReturnValue:
    """The proctor is no longer on duty."""
    with unit_of_work() as work:
        relieve_duty(work, room_sitting_id, staff_id)
    return _back(room_sitting_id)


@bp.post(HERE + "/seat")
@allow(Role.CENTRE)
def seat(room_sitting_id: int) -> ResponseReturnValue:
    """The chosen candidates have seats."""
    chosen = request.form.getlist("session", type=row_id)
    try:
        if not chosen:
            raise Invalid("nobody_chosen")
        with unit_of_work() as work:
            service.seat_candidates(work, room_sitting_id, chosen)
    except CatError as error:
        return _page(room_sitting_id, error, "sessions"), 422
    return _back(room_sitting_id)


@bp.get(HERE + "/slips")
@allow(Role.CENTRE)
def slips(room_sitting_id: int) -> ResponseReturnValue:
    """The slips of a room, to be printed and cut; showing them is journalled."""
    with unit_of_work() as work:
        room, where = own_room_sitting(work, room_sitting_id)
        found = views.slips(work, room, where)
        ref = queries.room_sitting(work, room_sitting_id)
    return render_template("rooms/slips.html", room=ref, slips=found)


def _page(room_sitting_id: int, fault: CatError | None = None, place: str = "") -> str:
    with reading() as work:
        room, where = own_room_sitting(work, room_sitting_id)
        seats, guests = views.guests_in(work, room)
        on_duty = queries.duties_in(work, room_sitting_id)
        proctors = accounts.holders(work, where.centre_id, Role.PROCTOR)
        return render_template(
            "rooms/room_sitting.html",
            room=queries.room_sitting(work, room_sitting_id),
            plan=views.plan(seats, guests),
            n_free=sum(each.session_id is None for each in seats),
            waiting=views.waiting_guests(work, room, where.centre_id),
            on_duty=on_duty,
            accused=papers.accused(work, guests),
            proctors={each: name for each, name in proctors.items() if each not in on_duty},
            chosen=set(request.form.getlist("session", type=row_id)),
            fault=fault,
            place=place,
        )


def _back(room_sitting_id: int) -> ResponseReturnValue:
    return redirect(url_for("rooms.room_sitting", room_sitting_id=room_sitting_id), 303)
