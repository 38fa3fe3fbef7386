"""What the console sends of lost time: incidents begun and ended, time given back, breaks begun (DC-12)."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from proctor.incidents import service
from proctor.monitoring import wire
from proctor.rooms.routes.commands import ROOM, SESSION, done
from server.core.i18n import _, ngettext
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import parse, unit_of_work

bp = Blueprint("incidents", __name__)


@bp.post(ROOM + "/incidents")
@allow(Role.PROCTOR)
def note(room_id: int) -> ResponseReturnValue:
    """Something went wrong in the room."""
    ask = parse(wire.IncidentAsk)
    with unit_of_work() as work:
        service.note_incident(work, room_id, ask)
    return done(service.CLAUSE, _("The incident is in the log."))


@bp.post(ROOM + "/incidents/<int:incident_id>/end")
@allow(Role.PROCTOR)
def end(room_id: int, incident_id: int) -> ResponseReturnValue:
    """It is over, with or without the time it took."""
    ask = parse(wire.IncidentEndAsk)
    with unit_of_work() as work:
        n = service.end_incident(work, room_id, incident_id, gives_time=ask.gives_time)
    given = ngettext("Over. %(n)s candidate has the time back.", "Over. %(n)s candidates have the time back.", n)
    return done(service.CLAUSE, given)


@bp.post(ROOM + "/give-time")
@bp.post(SESSION + "/give-time")
@allow(Role.PROCTOR)
def give_time(room_id: int, session_id: int | None = None) -> ResponseReturnValue:
    """One, or all who lost any, have time back."""
    ask = parse(wire.GiveTimeAsk)
    with unit_of_work() as work:
        gift = service.give_time(work, room_id, ask, session_id)
    again = _("This press had arrived before: the time was given back once, and nothing was added.")
    return done(gift.clause, _("The time is given back.") if gift.is_new else again)


@bp.post(SESSION + "/give-play")
@allow(Role.PROCTOR)
def give_play(room_id: int, session_id: int) -> ResponseReturnValue:
    """A play that a failure cut is given back."""
    ask = parse(wire.ReasonAsk)
    with unit_of_work() as work:
        ruling = service.give_play(work, room_id, session_id, ask.reason)
    return done(ruling.clause, _("The recording may be heard once more."))


@bp.post(SESSION + "/break")
@allow(Role.PROCTOR)
def begin_break(room_id: int, session_id: int) -> ResponseReturnValue:
    """A candidate's break begins."""
    with unit_of_work() as work:
        service.begin_break(work, room_id, session_id)
    return done("DC-12.accommodations", _("The break has begun; the clock stands still."))
