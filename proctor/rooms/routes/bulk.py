"""Acts at several seats at once: each candidate in a transaction of their own, the result told seat by seat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask.typing import ResponseReturnValue

from proctor.monitoring import wire
from proctor.rooms.duty import watching
from proctor.rooms.routes.blueprint import bp
from proctor.rooms.routes.commands import ROOM, reply
from proctor.rooms.service.bulk import Outcome, hold_one, message_one
from server import delivery
from server.core.errors import NotFound, Stale
from server.core.i18n import _
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.work import parse, reading, unit_of_work


@bp.post(ROOM + "/seats/pause")
@allow(Role.PROCTOR)
def pause_seats(room_id: int) -> ResponseReturnValue:
    """These candidates stand still."""
    return _hold(room_id, "pause")


@bp.post(ROOM + "/seats/resume")
@allow(Role.PROCTOR)
def resume_seats(room_id: int) -> ResponseReturnValue:
    """These candidates go on."""
    return _hold(room_id, "resume")


@bp.post(ROOM + "/seats/message")
@allow(Role.PROCTOR)
def message_seats(room_id: int) -> ResponseReturnValue:
    """These candidates will read it."""
    ask = parse(wire.BulkMessageAsk)
    key = str(ask.key) if ask.key else None
    return _each(
        room_id, ask.session_ids,
        lambda work, each: message_one(work, room_id, each, ask.text, code=ask.code, key=key),
    )  # fmt: skip


def _hold(room_id: int, verb: str) -> ResponseReturnValue:
    ask = parse(wire.BulkHoldAsk)
    return _each(room_id, ask.session_ids, lambda work, each: hold_one(work, room_id, each, verb, ask.reason))


def _each(room_id: int, session_ids: Sequence[int], act: Callable[[Work, int], Outcome]) -> ResponseReturnValue:
    words = {"done": _("Done"), "before": _("Was so already"), "not_now": _("Not possible now")}
    with reading() as work:
        watching(work, room_id)
    lines = []
    for each in dict.fromkeys(session_ids):
        try:
            with unit_of_work() as work:
                outcome = act(work, each)
                seat = delivery.session_ref(work, each).seat or ""
        except (NotFound, Stale):  # who has just finished holds up nobody else
            outcome, seat = "not_now", ""
        is_done = outcome != "not_now"
        lines.append(wire.BulkLine(session_id=each, seat=seat, is_done=is_done, note=words[outcome]))
    return reply(wire.BulkReply(lines=lines))
