"""Timetables: proposed by the centre, approved by the office with observers; and what observers remarked (CS-3)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from proctor.archive.access import office_sees
from proctor.observers import queries, timetables
from proctor.observers.routes.blueprint import bp
from server import delivery
from server.core.errors import CatError, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

ATTENDEES = range(1, 7)


@bp.get("/centre/timetables")
@allow(Role.CENTRE)
def own_timetables() -> ResponseReturnValue:
    """The centre's plan as it now stands, and every timetable it proposed."""
    return _own(None)


@bp.post("/centre/timetables")
@allow(Role.CENTRE)
def propose() -> ResponseReturnValue:
    """The plan waits for the office."""
    try:
        with unit_of_work() as work:
            timetables.propose(work, actor().organisation_id or 0)
    except CatError as error:
        return _own(error), 422
    return redirect(url_for("observers.own_timetables"), 303)


@bp.get("/office/timetables")
@allow(Role.OFFICE)
def office_timetables() -> ResponseReturnValue:
    """The timetables of the centres that the office oversees."""
    return _office(None, 0)


@bp.post("/office/timetables/<int:timetable_id>/approve")
@allow(Role.OFFICE)
def approve(timetable_id: int) -> ResponseReturnValue:
    """The timetable is approved by an order, with the observers who took part."""
    attendees = [timetables.Attendee(request.form.get(f"kind{n}", ""), request.form.get(f"name{n}", ""))
                 for n in ATTENDEES]  # fmt: skip
    try:
        with unit_of_work() as work:
            if not office_sees(work, timetables.centre_of(work, timetable_id)):
                raise NotFound("not_found")
            timetables.approve(work, timetable_id, request.form.get("order_no", ""), attendees)
    except NotFound:
        raise
    except CatError as error:
        return _office(error, timetable_id), 422
    return redirect(url_for("observers.office_timetables"), 303)


@bp.get("/office/sittings/<int:sitting_id>/observers")
@allow(Role.OFFICE)
def office_observers(sitting_id: int) -> ResponseReturnValue:
    """Who observed a sitting, and what they remarked, at the centres that the office oversees."""
    with reading() as work:
        sitting = delivery.sitting_ref(work, sitting_id)
        found = [each for each in queries.observers_of_sitting(work, sitting_id) if office_sees(work, each.centre_id)]
        here = {each.ref.id for each in found}
        remarks = [each for each in queries.remarks_of_sitting(work, sitting_id) if each.observer_id in here]
    return render_template("observers/oversight.html", sitting=sitting, observers=found, remarks=remarks,
                           clause=sitting.edition.label("CS-3", language()))  # fmt: skip


def _own(fault: CatError | None) -> str:
    with reading() as work:
        centre_id = actor().organisation_id or 0
        lines = timetables.planned_lines(work, centre_id)
        found = timetables.timetables(work, centre_id)
        plan = timetables.shown(work, lines)
    is_new = bool(lines) and timetables.digest_of(lines) not in {each.digest for each in found}
    return render_template("observers/timetables.html", plan=plan, found=found, is_new=is_new, fault=fault)


def _office(fault: CatError | None, faulty_id: int) -> str:
    with reading() as work:
        found = [each for each in timetables.timetables(work) if office_sees(work, each.centre_id)]
        rules = {each.id: timetables.rules_of(work, each.lines) for each in found if each.order_no is None}
        kinds = {n: {kind.code: kind.title(language()) for rule in some for kind in rule.kinds}
                 for n, some in rules.items()}  # fmt: skip
        least = {n: max(rule.kinds_min for rule in some) for n, some in rules.items()}
    return render_template("observers/approvals.html", found=found, kinds=kinds, least=least, fault=fault,
                           faulty_id=faulty_id, attendees=ATTENDEES, typed=request.form)  # fmt: skip
