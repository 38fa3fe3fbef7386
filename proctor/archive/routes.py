"""Recordings on pages: the centre uploads them and sees what is covered, the office oversees, holds and reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.archive import queries, service, wire
from proctor.archive.access import office_sees
from proctor.archive.coverage import CoverageBar
from proctor.archive.store import PART_MAX, Store
from proctor.cameras.queries import waiver_of
from proctor.rooms import queries as rooms
from proctor.rooms.duty import own_room_sitting
from server import accounts, delivery
from server.core.errors import CatError, Invalid
from server.core.i18n import _, language, local_time, number
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("archive", __name__, template_folder="templates")
HERE = "/centre/room-sittings/<int:room_sitting_id>/recordings"
SHA256 = "X-Part-SHA256"


@bp.get(HERE)
@allow(Role.CENTRE)
def recordings(room_sitting_id: int) -> ResponseReturnValue:
    """What is recorded of the room in this sitting, with its gaps; and the form to add more."""
    with reading() as work:
        own_room_sitting(work, room_sitting_id)
        room = rooms.room_sitting(work, room_sitting_id)
        assert room is not None
        return render_template(
            "archive/recordings.html", room=room, zone=delivery.sitting_ref(work, room.sitting_id).zone,
            cameras=queries.camera_coverage(work, room_sitting_id), holds=queries.holds_on(work, room_sitting_id),
            bar=bar_in(delivery.sitting_ref(work, room.sitting_id).zone), is_open=_store_or_none() is not None,
            extensions=service.EXTENSIONS,
        )  # fmt: skip


@bp.post(HERE + "/parts")
@allow(Role.CENTRE)
def part(room_sitting_id: int) -> ResponseReturnValue:
    """The upload named by `key` goes on at `offset`; how much of it is here, whatever was sent."""
    with reading() as work:
        own_room_sitting(work, room_sitting_id)
        kept = queries.kept_bytes(work, room_sitting_id)
    if (request.content_length or 0) > PART_MAX:
        raise Invalid("part_too_large", maximum=PART_MAX)
    sent = request.get_data()
    if len(sent) > PART_MAX:
        raise Invalid("part_too_large", maximum=PART_MAX)
    if sent and hashlib.sha256(sent).hexdigest() != request.headers.get(SHA256, ""):
        raise Invalid("part_damaged")
    key, offset = request.args.get("key", ""), request.args.get("offset", "")
    if not (
        offset.isascii()
        and offset.isdigit()
        and len(offset) < 12
        and int(offset) + len(sent) <= wire.UPLOAD_MAX
    ):
        raise Invalid("part_too_large", maximum=PART_MAX)
    size = store().append(f"{room_sitting_id}-{key}", int(offset), sent, kept)
    return _json(wire.PartReply(size=size))


@bp.post(HERE)
@allow(Role.CENTRE)
def add(room_sitting_id: int) -> ResponseReturnValue:
    """The upload is whole: it stands in the archive."""
    ask = parse(wire.RecordingAsk)
    with reading() as work:  # what cannot be true is refused before gigabytes are read
        room, _where = own_room_sitting(work, room_sitting_id)
        zone = delivery.sitting_ref(work, room.sitting_id).zone
        begins_at, ends_at = (service.said_instant(each, zone) for each in (ask.begins, ask.ends))
        new = service.NewRecording(ask.camera_id, begins_at, ends_at, ask.file_name)
        service.check_recording(work, room_sitting_id, new)
    # Outside the unit of work: proving a large file takes longer than others may wait.
    stored = store().finish(f"{room_sitting_id}-{ask.key}", ask.size, ask.sha256)
    with unit_of_work() as work:
        made = service.register(work, room_sitting_id, new, stored)
    return _json(wire.RecordingReply(id=made, sha256=stored.digest))


@bp.get("/centre/recordings/<int:recording_id>")
@allow(Role.CENTRE)
def centre_reads(recording_id: int) -> ResponseReturnValue:
    """The bytes, proved; that they were read is in the journal."""
    return _bytes(recording_id)


@bp.get("/office/recordings/<int:recording_id>")
@allow(Role.OFFICE)
def office_reads(recording_id: int) -> ResponseReturnValue:
    """The same for the office."""
    return _bytes(recording_id)


@bp.get("/office/sittings/<int:sitting_id>/video")
@allow(Role.OFFICE)
def oversight(sitting_id: int) -> ResponseReturnValue:
    """Every room of the sitting that the office oversees: cameras, orders, coverage, holds."""
    return _oversight(sitting_id, None)


@bp.post("/office/room-sittings/<int:room_sitting_id>/holds")
@allow(Role.OFFICE)
def hold(room_sitting_id: int) -> ResponseReturnValue:
    """Nothing recorded in the room is removed from now on."""
    with reading() as work:
        room = rooms.room_sitting(work, room_sitting_id)
    try:
        with unit_of_work() as work:
            service.place_hold(work, room_sitting_id, request.form.get("reason", ""))
    except Invalid as error:
        return _oversight(room.sitting_id if room else 0, error), 422
    return redirect(url_for("archive.oversight", sitting_id=room.sitting_id if room else 0), 303)


@bp.post("/office/holds/<int:hold_id>/lift")
@allow(Role.OFFICE)
def lift(hold_id: int) -> ResponseReturnValue:
    """The hold stands no more."""
    with unit_of_work() as work:
        room_sitting_id = service.lift_hold(work, hold_id, request.form.get("reason", ""))
        room = rooms.room_sitting(work, room_sitting_id)
    return redirect(url_for("archive.oversight", sitting_id=room.sitting_id if room else 0), 303)


def store() -> Store:
    """The archive of this installation; refused if none is set up."""
    found = _store_or_none()
    if found is None:
        raise Invalid("archive_not_set_up")
    return found


def bar_in(zone: str) -> Callable[[queries.CameraCoverage], CoverageBar]:
    """Draws the coverage of a camera, its hours as a clock of that zone shows them."""

    def bar(each: queries.CameraCoverage) -> CoverageBar:
        window = each.found.window
        facts = {"percent": number(each.found.percent, 1), "gaps": len(each.found.gaps)}
        return CoverageBar(
            name=f"coverage-{each.camera.id}",
            title=_("Recorded by %(camera)s") % {"camera": each.camera.name},
            description=_("%(percent)s%% of the test is recorded; gaps: %(gaps)s.") % facts,
            found=each.found,
            begins=local_time(window.begins_at, zone, "HH:mm:ss"),
            ends=local_time(window.ends_at, zone, "HH:mm:ss"),
        )

    return bar


def _store_or_none() -> Store | None:
    found: Store | None = current_app.extensions["synak_archive"]
    return found


def _bytes(recording_id: int) -> Response:
    with unit_of_work() as work:
        found = service.record_reading(work, recording_id)
    reply = Response(store().read(found.digest), mimetype="application/octet-stream")
    reply.headers["Content-Disposition"] = f'attachment; filename="recording-{found.id}.{found.extension}"'
    reply.content_length = found.size
    return reply


def _oversight(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        sitting = delivery.sitting_ref(work, sitting_id)
        seen = [
            each for each in queries.room_sittings_in(work, sitting_id) if office_sees(work, each.centre_id)
        ]
        return render_template(
            "archive/oversight.html", sitting=sitting, rooms=seen, zone=sitting.zone, bar=bar_in(sitting.zone),
            cameras={each.id: queries.camera_coverage(work, each.id) for each in seen},
            centres={each.id: accounts.organisation_of(work, each.centre_id).name(language()) for each in seen},
            holds={each.id: queries.holds_on(work, each.id) for each in seen},
            waivers={each.id: waiver_of(work, each.id) for each in seen}, fault=fault,
        )  # fmt: skip


def _json(body: wire.PartReply | wire.RecordingReply) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")
