"""The protocol of a removal at the proctor's console: written, signed by those present, corrected (DC-15)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.irregularities import service
from proctor.irregularities.protocols import protocols_of, removal_of
from proctor.irregularities.rules import ViolationsRule
from proctor.rooms import queries as rooms
from proctor.rooms.duty import require_duty, seated, watching
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import Room
from server import accounts, delivery
from server.accounts import signing
from server.accounts.signing.typed import member_pin
from server.core.errors import CatError, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import find
from server.core.work import Work
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("irregularities", __name__, template_folder="templates")
RECORD = "/proctor/rooms/<int:room_id>/sessions/<int:session_id>/record"
ROWS_MAX = 10


@bp.get(RECORD)
@allow(Role.PROCTOR)
def record(room_id: int, session_id: int) -> ResponseReturnValue:
    """The protocol on a candidate who was removed, as a form until it is written, then to be signed."""
    return _page(room_id, session_id, None)


@bp.post(RECORD)
@allow(Role.PROCTOR)
def write(room_id: int, session_id: int) -> ResponseReturnValue:
    """The protocol is written, or its correction is; what was typed stays when it is refused."""
    try:
        with unit_of_work() as work:
            service.write_protocol(work, room_id, session_id, _draft())
    except CatError as error:
        return _page(room_id, session_id, error), 422
    return redirect(url_for("irregularities.record", room_id=room_id, session_id=session_id), 303)


@bp.post(RECORD + "/sign")
@allow(Role.PROCTOR)
def sign(room_id: int, session_id: int) -> ResponseReturnValue:
    """One of those named has typed their PIN at this console."""
    with reading() as work:
        watching(work, room_id)
        attempt = member_pin(work, request.form)
    fault: CatError | None
    try:
        with unit_of_work() as work:
            fault = service.sign_protocol(work, room_id, session_id, attempt, shown=_shown())
    except CatError as error:
        fault = error
    return _signed(room_id, session_id, fault)


@bp.post(RECORD + "/hand")
@allow(Role.PROCTOR)
def sign_by_hand(room_id: int, session_id: int) -> ResponseReturnValue:
    """A witness without an account has typed their name."""
    fault: CatError | None = None
    n, name = request.form.get("n", -1, type=int), request.form.get("name", "")
    try:
        with unit_of_work() as work:
            service.sign_protocol_by_hand(work, room_id, session_id, n, name, shown=_shown())
    except CatError as error:
        fault = error
    return _signed(room_id, session_id, fault)


def _shown() -> str:
    return request.form.get("digest", "")


def _signed(room_id: int, session_id: int, fault: CatError | None) -> ResponseReturnValue:
    if fault is not None:
        return _page(room_id, session_id, fault, is_signing=True), 422
    return redirect(url_for("irregularities.record", room_id=room_id, session_id=session_id) + "#signatures", 303)


def _page(room_id: int, session_id: int, fault: CatError | None, *, is_signing: bool = False) -> str:
    with reading() as work:
        room = watching(work, room_id)
        seat = seated(work, room_id, session_id)
        act = removal_of(work, session_id)
        if act is None:
            raise NotFound("not_found")
        sitting = delivery.sitting_ref(work, room.sitting_id)
        rule = sitting.edition.get("DC-15", ViolationsRule)
        versions = protocols_of(work, act.id)
        may_write = room.state in AT_WORK and require_duty(work, room_id) == "acting"
        return render_template(
            "irregularities/record.html",
            room=rooms.room_sitting(work, room_id), session=delivery.session_ref(work, session_id),
            seat=next(each for each in rooms.seats_in(work, room) if each.id == seat.seat_id),
            act=act, violation=find(rule.violations, act.violation), rule=rule,
            reporter=accounts.staff_names(work, [act.reported_by])[act.reported_by],
            versions=versions, protocol=versions[-1] if versions else None,
            staff=_witnesses(work, room.room_id, act.reported_by), may_write=may_write,
            is_form=may_write and not is_signing and (not versions or "correct" in request.values),
            clause=sitting.edition.label("DC-15", language()), zone=sitting.zone, fault=fault, typed=request.form,
        )  # fmt: skip


def _witnesses(work: Work, room_id: int, reported_by: int) -> dict[int, str]:
    centre_id = work.db.get_one(Room, room_id).centre_id
    return {each: name for each, name in signing.colleagues(work, centre_id).items() if each != reported_by}


def _draft() -> service.Draft:
    form = request.form
    rows = range(ROWS_MAX)
    staff = [form.get(f"staff_{n}", 0, type=row_id) for n in rows]
    witnesses = [
        service.Witness(form.get(f"name_{n}", ""), form.get(f"position_{n}", ""), staff[n] or None) for n in rows
    ]
    return service.Draft(
        narrative=form.get("narrative", ""), witnesses=witnesses, is_statement_asked="is_statement_asked" in form,
        statement=form.get("statement", ""), after=form.get("after", 0, type=int), reason=form.get("reason", ""),
    )  # fmt: skip
