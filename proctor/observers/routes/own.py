"""The observer's own pages under /observe: sign-in, the rooms, the live view of one (CS-3)."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.observers import queries, service, wire
from proctor.observers.cookie import OBSERVER_COOKIE, make_token
from proctor.observers.routes.blueprint import bp
from proctor.observers.watching import watch
from proctor.rooms import queries as rooms
from server import delivery
from server.core.errors import CatError
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import parse, platform, reading, unit_of_work

ROOM = "/observe/rooms/<int:room_id>"


@bp.get("/observe")
@allow(Role.PUBLIC)
def door() -> ResponseReturnValue:
    """The sign-in of an observer, or the rooms they were invited to."""
    if not actor().may(Role.OBSERVER):
        return render_template("observers/sign_in.html", fault=None)
    with reading() as work:
        found = [rooms.room_sitting(work, each) for each in queries.rooms_to_watch(work)]
    return render_template("observers/rooms.html", rooms=found)


@bp.post("/observe/sign-in")
@allow(Role.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The device is the observer's from now on; a refusal is counted."""
    with unit_of_work() as work:
        held = service.sign_in(work, request.form.get("number", ""), request.form.get("code", ""))
    if isinstance(held, CatError):
        return render_template("observers/sign_in.html", fault=held), 403
    reply = redirect(url_for("observers.door"), 303)
    secure = current_app.extensions["synak_config"].is_secure
    reply.set_cookie(OBSERVER_COOKIE, make_token(platform().vault, *held), httponly=True, secure=secure,
                     samesite="Strict", path="/observe")  # fmt: skip
    return reply


@bp.post("/observe/sign-out")
@allow(Role.OBSERVER)
def sign_out() -> ResponseReturnValue:
    """The device forgets the observer; another needs a new code from the centre."""
    reply = redirect(url_for("observers.door"), 303)
    secure = current_app.extensions["synak_config"].is_secure
    reply.delete_cookie(OBSERVER_COOKIE, httponly=True, secure=secure, samesite="Strict", path="/observe")
    return reply


@bp.get(ROOM)
@allow(Role.OBSERVER)
def room(room_id: int) -> ResponseReturnValue:
    """The live view of a room; its script fetches the rest."""
    with reading() as work:
        _who, found = queries.watched(work, room_id)
        zone = delivery.sitting_ref(work, found.sitting_id).zone
    return render_template("observers/room.html", page_bundle="observer", room_id=room_id, zone=zone)


@bp.get(ROOM + "/view")
@allow(Role.OBSERVER)
def view(room_id: int) -> ResponseReturnValue:
    """The room as it now stands, with a ticket for the socket."""
    with reading() as work:
        found = watch(work, room_id, current_app.extensions["synak_realtime_origin"])
    return Response(found.model_dump_json(), mimetype="application/json")


@bp.post(ROOM + "/remarks")
@allow(Role.OBSERVER)
def remark(room_id: int) -> ResponseReturnValue:
    """The remark is recorded."""
    ask = parse(wire.RemarkAsk)
    with unit_of_work() as work:
        service.remark(work, room_id, ask.text)
    return "", 204
