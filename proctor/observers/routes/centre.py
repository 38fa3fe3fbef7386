"""The centre's pages on who observes a room: invited, handed a slip, withdrawn (CS-3)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.observers import queries, service
from proctor.observers.papers import print_slips
from proctor.observers.routes.blueprint import bp
from proctor.observers.slips import slips_of
from proctor.rooms import queries as rooms
from proctor.rooms.duty import own_room_sitting
from server import delivery
from server.core.errors import CatError, Invalid
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, unit_of_work

HERE = "/centre/room-sittings/<int:room_sitting_id>/observers"
FIELDS = ("name", "kind", "body", "mandate")


@bp.get(HERE)
@allow(Role.CENTRE)
def observers(room_sitting_id: int) -> ResponseReturnValue:
    """Who observes the room, and a form to invite one more."""
    return _page(room_sitting_id)


@bp.post(HERE)
@allow(Role.CENTRE)
def invite(room_sitting_id: int) -> ResponseReturnValue:
    """One more person observes; what was typed stays when it is refused."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with unit_of_work() as work:
            if not typed["kind"]:
                raise Invalid("observer_kind_missing")
            asked = service.Invitation(**typed, is_whole="is_whole" in request.form)
            service.invite(work, room_sitting_id, asked)
    except CatError as error:
        return _page(room_sitting_id, error), 422
    return redirect(url_for("observers.observers", room_sitting_id=room_sitting_id), 303)


@bp.get(HERE + "/slips")
@allow(Role.CENTRE)
def slips(room_sitting_id: int) -> ResponseReturnValue:
    """The slips of the observers, to be printed and handed over; showing them is journalled."""
    with unit_of_work() as work:
        own_room_sitting(work, room_sitting_id)
        found = slips_of(work, room_sitting_id)
        ref = rooms.room_sitting(work, room_sitting_id)
    return render_template("observers/slips.html", room=ref, slips=found, address=_address())


@bp.get(HERE + "/slips/paper")
@allow(Role.CENTRE)
def slips_paper(room_sitting_id: int) -> ResponseReturnValue:
    """The same slips as a PDF with cut lines and QR codes, in the language that is asked for."""
    with unit_of_work() as work:
        room = own_room_sitting(work, room_sitting_id)
        printed = print_slips(work, room, tongue(), origin())
    return as_pdf(printed, "observers")


@bp.post(HERE + "/<int:observer_id>/code")
@allow(Role.CENTRE)
def renew(room_sitting_id: int, observer_id: int) -> ResponseReturnValue:
    """The observer has a new code: another tablet, or the old one was lost."""
    with unit_of_work() as work:
        service.renew(work, observer_id)
    return redirect(url_for("observers.slips", room_sitting_id=room_sitting_id), 303)


@bp.post(HERE + "/<int:observer_id>/withdraw")
@allow(Role.CENTRE)
def withdraw(room_sitting_id: int, observer_id: int) -> ResponseReturnValue:
    """The observer sees nothing any more."""
    with unit_of_work() as work:
        service.withdraw(work, observer_id)
    return redirect(url_for("observers.observers", room_sitting_id=room_sitting_id), 303)


def _page(room_sitting_id: int, fault: CatError | None = None) -> str:
    with reading() as work:
        found, _where = own_room_sitting(work, room_sitting_id)
        sitting = delivery.sitting_ref(work, found.sitting_id)
        return render_template(
            "observers/observers.html",
            room=rooms.room_sitting(work, room_sitting_id),
            observers=queries.observers_of(work, room_sitting_id),
            remarks=queries.remarks_in(work, room_sitting_id),
            kinds=queries.kind_titles(work, found.sitting_id),
            number_of=service.number_of,
            clause=sitting.edition.label("CS-3", language()),
            zone=sitting.zone,
            fault=fault,
            typed=request.form,
        )


def _address() -> str:
    return origin() + url_for("observers.door")
