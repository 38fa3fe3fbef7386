"""The page of a session's outcome, its workbook and paper; that parents were told, and the order (CS-10 to CS-16)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import delivery
from server.core.errors import Invalid, Stale
from server.core.i18n import language, speaking
from server.core.roles import Role
from server.core.tables import XLSX, Grid, as_csv, as_xlsx
from server.core.terms import typed_page
from server.core.vault import digest
from server.core.work import Work
from server.delivery import SittingRef
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, unit_of_work
from server.grading import outcomes
from server.grading.access import circle_of
from server.grading.policy import Policy
from server.reports.access import record_reading
from server.reports.analysis.told import Told, told_rows
from server.reports.outcome.lists import CLAUSES, FAILING, Outcome, outcome
from server.reports.outcome.paper import print_outcome
from server.reports.outcome.tables import grids, persons, why_away
from server.reports.rules import ParentsToldRule

bp = Blueprint("outcome", __name__, url_prefix="/office", template_folder="../templates")
PAGE = 100  # so many of each list


@bp.get("/sittings/<int:sitting_id>/outcome")
@allow(Role.OFFICE)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """Every list of the outcome, of one's own circle."""
    return _page(sitting_id, None)


@bp.post("/sittings/<int:sitting_id>/outcome/order")
@allow(Role.OFFICE)
def order(sitting_id: int) -> ResponseReturnValue:
    """The order of one's office on the outcome, with shortcomings and measures, is on record."""
    said = request.form
    try:
        with unit_of_work() as work:
            outcomes.record_order(
                work, sitting_id, said.get("order_no", ""), said.get("shortcomings", ""), said.get("measures", "")
            )
    except Invalid as fault:
        return _page(sitting_id, fault), 422
    return redirect(url_for("outcome.sitting", sitting_id=sitting_id, _anchor="order"), 303)


@bp.post("/sessions/<int:session_id>/parents-told")
@allow(Role.OFFICE)
def tell(session_id: int) -> ResponseReturnValue:
    """The parents of a candidate who failed were shown the list."""
    try:
        with unit_of_work() as work:
            session = delivery.session_ref(work, session_id)
            rule = delivery.sitting_ref(work, session.sitting_id).edition.get(CLAUSES["parents"], ParentsToldRule)
            for shown_to in rule.shown_to:
                outcomes.record_telling(work, session_id, FAILING, shown_to, request.form.get("how", ""))
    except Invalid as fault:
        return _page(session.sitting_id, fault, session_id), 422
    number = typed_page(request.args.get("page", ""))
    return redirect(url_for("outcome.sitting", sitting_id=session.sitting_id, page=number, _anchor=FAILING), 303)


@bp.get("/sittings/<int:sitting_id>/outcome.xlsx")
@allow(Role.OFFICE)
def as_workbook(sitting_id: int) -> ResponseReturnValue:
    """The lists as a workbook."""
    return _taken_out(sitting_id, "xlsx", XLSX, as_xlsx)


@bp.get("/sittings/<int:sitting_id>/outcome.csv")
@allow(Role.OFFICE)
def as_text(sitting_id: int) -> ResponseReturnValue:
    """Everybody on a list, for other programs."""
    return _taken_out(sitting_id, "csv", "text/csv", lambda lists: as_csv(persons(lists)))


def _taken_out(sitting_id: int, kind: str, mimetype: str, written: Callable[[list[Grid]], bytes]) -> Response:
    """The file; the journal has who took it out, and its digest."""
    with reading() as work:
        ref, told, found = _outcome(work, sitting_id)
        if told is None or found is None:
            raise Stale("results_not_out")
        data = written(grids(found, list(Policy.of(ref.edition).grade_titles(language()).values()), ref.zone))
    with unit_of_work() as work:
        work.record("result:exported", f"sitting:{sitting_id}", clause="CS-5", kind=f"outcome.{kind}",
                    digest=digest(data), sessions=sorted(told.sessions))  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="outcome-{sitting_id}.{kind}"'}
    return Response(data, mimetype=mimetype, headers=headers)


@bp.get("/sittings/<int:sitting_id>/outcome.pdf")
@allow(Role.OFFICE)
def as_paper(sitting_id: int) -> ResponseReturnValue:
    """The outcome to print and sign."""
    with reading() as work, speaking(tongue()):
        ref, told, found = _outcome(work, sitting_id)
        if told is None or found is None:
            raise Stale("results_not_out")
        record_reading(work, f"sitting:{sitting_id}", told.sessions)
        printed = print_outcome(work, ref, found, tongue(), origin())
    return as_pdf(printed, "outcome")


def _outcome(work: Work, sitting_id: int) -> tuple[SittingRef, Told | None, Outcome | None]:
    ref = delivery.sitting_ref(work, sitting_id)
    circle = circle_of(work, ref.edition)
    told = told_rows(work, ref, circle)
    if told is None or not told.rows:
        return ref, told, None
    return ref, told, outcome(work, ref, Policy.of(ref.edition), told, circle.organisation_id)


def _page(sitting_id: int, fault: Invalid | None, mistold: int | None = None) -> str:
    with reading() as work:
        ref, told, found = _outcome(work, sitting_id)
        kind = circle_of(work, ref.edition).kind
    # Before the page leaves: what cannot be journalled is not shown.
    with unit_of_work() as work:
        if told and told.sessions:  # of a page that says nothing, nothing was read
            record_reading(work, f"sitting:{sitting_id}", told.sessions)
    number, may_order = typed_page(request.args.get("page", "")), kind != "school"
    return render_template(
        "outcome/sitting.html", ref=ref, told=told, page=found, fault=fault, may_order=may_order, said=request.form,
        mistold=mistold, why_away=why_away, page_no=number, page_size=PAGE, clauses=CLAUSES,
        grades=Policy.of(ref.edition).grade_titles(language()),
    )  # fmt: skip
