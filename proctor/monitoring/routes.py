"""The proctor's pages and the console's snapshot; and the signs of life of the candidates' pages."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from proctor.monitoring import queries, service
from proctor.rooms import queries as rooms
from proctor.rooms.duty import seated, watching
from server import candidates, delivery
from server.core.errors import NotFound
from server.core.roles import Role
from server.delivery import wire
from server.delivery.devices import devices_view
from server.delivery.pulse import heartbeat_reply
from server.delivery.service.conduct import receive_message
from server.edge.guard import actor, allow
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("monitoring", __name__, template_folder="templates")


@bp.get("/proctor")
@allow(Role.PROCTOR)
def my_rooms() -> ResponseReturnValue:
    """The rooms in which I am on duty."""
    with reading() as work:
        found = rooms.duties_of(work, actor().id or 0)
    return render_template("monitoring/rooms.html", rooms=found)


@bp.get("/proctor/rooms/<int:room_id>")
@allow(Role.PROCTOR)
def console(room_id: int) -> ResponseReturnValue:
    """The console of a room; its script fetches the rest."""
    with reading() as work:
        watching(work, room_id)
        found = rooms.room_sitting(work, room_id)
        zone = delivery.sitting_ref(work, found.sitting_id).zone if found else ""
    return render_template("monitoring/console.html", page_bundle="console", room=found, zone=zone)


@bp.get("/proctor/rooms/<int:room_id>/snapshot")
@allow(Role.PROCTOR)
def snapshot(room_id: int) -> ResponseReturnValue:
    """The whole console as it now stands, with a ticket for the socket."""

    def photo_url(session_id: int) -> str:
        return url_for("monitoring.photo", room_id=room_id, session_id=session_id)

    with reading() as work:
        origin = current_app.extensions["synak_realtime_origin"]
        found = queries.snapshot(work, room_id, photo_url, origin)
    return Response(found.model_dump_json(), mimetype="application/json")


@bp.get("/proctor/rooms/<int:room_id>/sessions/<int:session_id>/photo")
@allow(Role.PROCTOR)
def photo(room_id: int, session_id: int) -> ResponseReturnValue:
    """The photo of the registration, for the comparison at the desk (DC-9)."""
    with reading() as work:
        watching(work, room_id)
        seated(work, room_id, session_id)
        found = candidates.photo(work, delivery.session_ref(work, session_id).registration_id)
    if found is None:
        raise NotFound("not_found")
    return Response(found[1], mimetype=found[0])


@bp.post("/exam/heartbeat")
@allow(Role.CANDIDATE)
def heartbeat() -> ResponseReturnValue:
    """The candidate's page is there; it learns what the clock says and what the proctor wrote."""
    ask = parse(wire.Heartbeat)
    session_id = actor().id or 0
    with reading() as work:
        answer = heartbeat_reply(work)  # first: a device that was left is not heard
        beat = service.hear(work, session_id, ask)
    receipt = ask.shown_message_id, ask.read_message_id
    is_at_end = answer.clock.phase == "running" and answer.clock.remaining_ms == 0  # the caretaker looks for it
    gathered = current_app.extensions.get("synak_gathered")
    if gathered is not None and beat.is_to_store and beat.is_plain and receipt == (None, None) and not is_at_end:
        gathered.note(beat.seen)
    elif receipt != (None, None) or beat.is_to_store or is_at_end:
        with unit_of_work() as work:
            beat = service.store(work, beat, ask)
            if receipt != (None, None):
                receive_message(work, *receipt)
                work.db.flush()  # the reply must not carry the same message again
                answer = heartbeat_reply(work)
    _announce(beat)
    return Response(answer.model_copy(update={"call": beat.call}).model_dump_json(), mimetype="application/json")


@bp.get("/proctor/rooms/<int:room_id>/sessions/<int:session_id>/devices")
@allow(Role.PROCTOR)
def devices(room_id: int, session_id: int) -> ResponseReturnValue:
    """The computers on which a candidate signed in, and which of them holds the session (DC-10)."""
    with reading() as work:
        watching(work, room_id)
        seated(work, room_id, session_id)
        found = devices_view(work, session_id)
    return Response(found.model_dump_json(), mimetype="application/json")


def _announce(beat: service.Beat) -> None:
    """Consoles see that somebody is there. Not versioned and not kept: the next one comes in seconds."""
    emit = current_app.extensions.get("synak_emit")
    if emit is not None and beat.topic is not None:
        emit("seen", beat.topic, beat.seen.model_dump(mode="json"))
