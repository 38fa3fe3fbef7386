"""The papers of a room as PDF, for the centre and for who is on duty; and the page that checks one."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from proctor.irregularities.papers import print_protocol
from proctor.rooms import papers, queries, views
from proctor.rooms.duty import own_room_sitting, watching
from proctor.rooms.models import Room
from proctor.rooms.papers.setting import OpenRoom
from proctor.rooms.routes.blueprint import bp
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading

CENTRE = "/centre/room-sittings/<int:room_sitting_id>"
DESK = "/proctor/rooms/<int:room_id>"


@bp.get(CENTRE + "/papers/<kind>")
@allow(Role.CENTRE)
def centre_paper(room_sitting_id: int, kind: str) -> ResponseReturnValue:
    """A paper of a room of the centre; slips with codes are its alone."""
    with reading() as work:
        room = own_room_sitting(work, room_sitting_id)
        printed = papers.print_paper(work, papers.AT_CENTRE, kind, room, tongue(), origin())
    return as_pdf(printed, kind)


@bp.get(CENTRE + "/sessions/<int:session_id>/protocol")
@allow(Role.CENTRE)
def centre_protocol(room_sitting_id: int, session_id: int) -> ResponseReturnValue:
    """The protocol on a candidate who sat in a room of the centre (DC-15)."""
    with reading() as work:
        room = own_room_sitting(work, room_sitting_id)
        printed = print_protocol(work, room, session_id, tongue(), origin())
    return as_pdf(printed, "protocol")


@bp.get(DESK + "/papers")
@allow(Role.PROCTOR)
def desk_papers(room_id: int) -> ResponseReturnValue:
    """What may be printed for the room, in each language."""
    with reading() as work:
        room = watching(work, room_id)
        _seats, guests = views.guests_in(work, room)
        found = queries.room_sitting(work, room_id)
        return render_template("rooms/papers.html", room=found, accused=papers.accused(work, guests))


@bp.get(DESK + "/papers/<kind>")
@allow(Role.PROCTOR)
def desk_paper(room_id: int, kind: str) -> ResponseReturnValue:
    """A paper of the room one is on duty in."""
    with reading() as work:
        printed = papers.print_paper(work, papers.AT_DESK, kind, _watched(work, room_id), tongue(), origin())
    return as_pdf(printed, kind)


@bp.get(DESK + "/sessions/<int:session_id>/protocol")
@allow(Role.PROCTOR)
def desk_protocol(room_id: int, session_id: int) -> ResponseReturnValue:
    """The protocol on a candidate of the room one is on duty in (DC-15)."""
    with reading() as work:
        printed = print_protocol(work, _watched(work, room_id), session_id, tongue(), origin())
    return as_pdf(printed, "protocol")


@bp.get("/papers")
@allow(Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.AUDITOR)
def check_paper() -> ResponseReturnValue:
    """Whether a paper with this digest was printed here, and when; never what stands on it."""
    asked = "".join(request.args.get("digest", "").lower().split())
    with reading() as work:
        found = papers.printings(work, asked) if asked else []
    return render_template("rooms/check_paper.html", asked=asked, found=found)


def _watched(work: Work, room_id: int) -> OpenRoom:
    room = watching(work, room_id)
    return room, work.db.get_one(Room, room.room_id)
