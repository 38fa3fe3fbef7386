"""The console's commands: each a POST, each an act of the proctor on duty, answered with its clause."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from proctor.irregularities import service as irregularities
from proctor.monitoring import wire
from proctor.rooms import notes, service
from proctor.rooms.duty import on_duty, seated, watching
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.rules import IdentityRule
from proctor.rooms.service.handover import close_and_sign
from proctor.rooms.service.running import let_go
from server import delivery
from server.accounts import signing
from server.core.errors import CatError
from server.core.i18n import _
from server.core.roles import Role
from server.delivery.service.conduct import watch_session
from server.edge.guard import actor, allow
from server.edge.wire import Wire
from server.edge.work import parse, reading, unit_of_work

ROOM = "/proctor/rooms/<int:room_id>"
SESSION = ROOM + "/sessions/<int:session_id>"


@bp.post(ROOM + "/open")
@allow(Role.PROCTOR)
def open_room(room_id: int) -> ResponseReturnValue:
    """Desk and doors are open."""
    with unit_of_work() as work:
        ruling = service.open_room(work, room_id)
    return done(ruling.clause)


@bp.post(ROOM + "/start")
@allow(Role.PROCTOR)
def start(room_id: int) -> ResponseReturnValue:
    """The test runs for all who were admitted."""
    with unit_of_work() as work:
        ruling = service.start_room(work, room_id)
    return done(ruling.clause, notes.start_note(ruling))


@bp.post(ROOM + "/close")
@allow(Role.PROCTOR)
def close(room_id: int) -> ResponseReturnValue:
    """The room is done; who did not come is absent; the proctor has signed for it."""
    ask = parse(wire.CloseAsk)
    with reading() as work:  # the costly half, where no writer waits for it
        watching(work, room_id)
        attempt = signing.check_pin(work, actor().id or 0, ask.pin)
    with unit_of_work() as work:
        absent = close_and_sign(work, room_id, attempt)
    if isinstance(absent, CatError):  # only now: a wrong PIN must be counted
        raise absent
    return done("DC-16" if absent else None, notes.count_note("close", absent))


@bp.post(ROOM + "/pause")
@bp.post(SESSION + "/pause")
@allow(Role.PROCTOR)
def pause(room_id: int, session_id: int | None = None) -> ResponseReturnValue:
    """One, or all who run, stand still."""
    ask = parse(wire.ReasonAsk)
    with unit_of_work() as work:
        n = service.pause(work, room_id, ask.reason, session_id)
    return done(note=notes.count_note("pause", n) if session_id is None else None)


@bp.post(ROOM + "/resume")
@bp.post(SESSION + "/resume")
@allow(Role.PROCTOR)
def resume(room_id: int, session_id: int | None = None) -> ResponseReturnValue:
    """One, or all who were paused, go on."""
    ask = parse(wire.ReasonAsk)
    with unit_of_work() as work:
        n = service.resume(work, room_id, ask.reason, session_id)
    return done(note=notes.count_note("resume", n) if session_id is None else None)


@bp.post(SESSION + "/let-go")
@allow(Role.PROCTOR)
def close_held(room_id: int, session_id: int) -> ResponseReturnValue:
    """Whose time ran out while the line was down is closed with nothing given back (DC-12)."""
    ask = parse(wire.ReasonAsk)
    with unit_of_work() as work:
        let_go(work, room_id, ask.reason, session_id)
    return done("DC-12.lost_time", _("Closed; no time was given back."))


@bp.post(ROOM + "/message")
@bp.post(SESSION + "/message")
@allow(Role.PROCTOR)
def message(room_id: int, session_id: int | None = None) -> ResponseReturnValue:
    """One, or all who are not done, will read it."""
    ask = parse(wire.MessageAsk)
    key = str(ask.key) if ask.key else None
    with unit_of_work() as work:
        n = service.message(work, room_id, ask.text, session_id, code=ask.code, key=key)
    return done(note=notes.count_note("message", n))


@bp.post(SESSION + "/identity")
@allow(Role.PROCTOR)
def identity(room_id: int, session_id: int) -> ResponseReturnValue:
    """What was seen at the desk is on record, confirmed or refused."""
    ask = parse(wire.IdentityAsk)
    with unit_of_work() as work:
        ruling = service.check_identity(work, room_id, session_id, ask)
        sitting = delivery.sitting_ref(work, watching(work, room_id).sitting_id)
    return done(ruling.clause, notes.identity_note(ruling, sitting.edition.get("DC-9", IdentityRule)))


@bp.post(SESSION + "/admit")
@allow(Role.PROCTOR)
def admit(room_id: int, session_id: int) -> ResponseReturnValue:
    """The candidate is let in."""
    with unit_of_work() as work:
        ruling = service.admit(work, room_id, session_id)
    return done(ruling.clause, notes.admission_note(ruling))


@bp.post(SESSION + "/move")
@allow(Role.PROCTOR)
def move(room_id: int, session_id: int) -> ResponseReturnValue:
    """Another seat, or the same one on another device; the new code is shown this once."""
    ask = parse(wire.MoveAsk)
    with unit_of_work() as work:
        code = service.move(work, room_id, session_id, ask.seat_id, ask.reason)
    return reply(code)


@bp.post(SESSION + "/devices/<int:claim_id>")
@allow(Role.PROCTOR)
def decide_device(room_id: int, session_id: int, claim_id: int) -> ResponseReturnValue:
    """A computer that waits goes on with the test, or does not."""
    ask = parse(wire.DeviceAsk)
    with unit_of_work() as work:
        service.decide_device(work, room_id, session_id, claim_id, ask)
    note = _("The test goes on at the other computer.") if ask.lets_in else _("The computer was refused.")
    return done("DC-10", note)


@bp.post(SESSION + "/warn")
@allow(Role.PROCTOR)
def warn(room_id: int, session_id: int) -> ResponseReturnValue:
    """The candidate is warned."""
    ask = parse(wire.WarnAsk)
    with unit_of_work() as work:
        ruling = irregularities.warn(work, room_id, session_id, ask)
    return done(ruling.clause)


@bp.post(SESSION + "/watch")
@allow(Role.PROCTOR)
def watch(room_id: int, session_id: int) -> ResponseReturnValue:
    """A removal is being considered: the candidate's page hears of it within the second, if it comes."""
    with unit_of_work() as work:
        on_duty(work, room_id)
        seated(work, room_id, session_id)
        watch_session(work, session_id)
    return "", 204


@bp.post(SESSION + "/remove")
@allow(Role.PROCTOR)
def remove(room_id: int, session_id: int) -> ResponseReturnValue:
    """The candidate is removed; the protocol is written after it."""
    ask = parse(wire.RemoveAsk)
    with unit_of_work() as work:
        ruling = irregularities.remove(work, room_id, session_id, ask)
    return done(ruling.clause)


def done(clause: str | None = None, note: str | None = None) -> Response:
    """The act is in the journal."""
    return reply(wire.DoneReply(clause=clause, note=note))


def reply(body: Wire) -> Response:
    """A payload as JSON."""
    return Response(body.model_dump_json(), mimetype="application/json")
