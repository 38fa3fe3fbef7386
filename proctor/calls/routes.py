"""The candidate calls for help and sees how far it is; the proctor takes the call and closes it."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from proctor.calls import service
from proctor.calls.queries import open_calls
from proctor.monitoring.rules import WatchRule
from proctor.monitoring.wire import CallMoveAsk
from server import delivery
from server.core.i18n import language
from server.core.roles import Role
from server.delivery import wire
from server.delivery.queries import held
from server.edge.guard import allow
from server.edge.wire import Wire
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("calls", __name__)


@bp.get("/exam/call")
@allow(Role.CANDIDATE)
def help_page() -> ResponseReturnValue:
    """What the proctor may be called for, and the call that is open."""
    with reading() as work:
        session = held(work)
        rule = delivery.sitting_ref(work, session.sitting_id).edition.get("DC-15.watch", WatchRule)
        kinds = [
            wire.CallKindView(code=each.code, title=each.title(language()), needs_text=each.needs_text)
            for each in rule.calls
        ]
        call = open_calls(work, [session.id]).get(session.id)
    return _json(wire.HelpView(kinds=kinds, call=call, asks_full_screen=rule.asks_full_screen))


@bp.post("/exam/call")
@allow(Role.CANDIDATE)
def call() -> ResponseReturnValue:
    """The proctor is called."""
    ask = parse(wire.CallAsk)
    with unit_of_work() as work:
        made = service.call_proctor(work, ask)
    return _json(wire.CallReply(call=made))


@bp.post("/exam/call/withdraw")
@allow(Role.CANDIDATE)
def withdraw() -> ResponseReturnValue:
    """Nobody is needed any more."""
    with unit_of_work() as work:
        service.withdraw_call(work)
    return _json(wire.CallReply(call=None))


@bp.post("/proctor/rooms/<int:room_id>/sessions/<int:session_id>/call")
@allow(Role.PROCTOR)
def move(room_id: int, session_id: int) -> ResponseReturnValue:
    """The proctor goes there, or the matter is done with."""
    ask = parse(CallMoveAsk)
    with unit_of_work() as work:
        service.move_call(work, room_id, session_id, ask.verb)
    return "", 204


def _json(body: Wire) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")
