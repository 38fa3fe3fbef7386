"""The files of the item before a candidate. Nothing is cached: what is not open any more is not to be had any more."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from server.core.roles import Role
from server.delivery import wire
from server.delivery.media import queries
from server.delivery.service import listening
from server.edge.guard import allow
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("media", __name__, url_prefix="/exam/media")

# A picture opened by itself is a document of its own: it may run nothing, fetch nothing, and belongs to no site.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("/<name>")
@allow(Role.CANDIDATE)
def figure(name: str) -> ResponseReturnValue:
    """A figure of the open step."""
    with reading() as work:
        found = queries.figure(work, name)
    return Response(found.data, mimetype=found.type, headers={"Content-Security-Policy": ALONE})


@bp.post("/play")
@allow(Role.CANDIDATE)
def play() -> ResponseReturnValue:
    """The recording of the open step, whole, for one play: it is on record before a byte leaves."""
    ask = parse(wire.Play)
    with unit_of_work() as work:
        found = listening.play(work, ask)
    headers = {"Play-Number": str(found.number), "Accept-Ranges": "none", "Content-Security-Policy": ALONE}
    return Response(found.file.data, mimetype=found.file.type, headers=headers)
