"""The score report: for the candidate on the device that holds their session, and for the offices concerned (CS-5)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from server import delivery
from server.core.roles import Role
from server.core.work import Work
from server.delivery import SessionRef
from server.delivery.queries import held
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, unit_of_work
from server.grading.access import office_kind, require_session
from server.reports.access import record_reading
from server.reports.areas import areas_explained, claim
from server.reports.score.paper import print_report
from server.reports.score.report import between, score_report
from server.statements.ending import ending_of

bp = Blueprint("score", __name__, template_folder="../templates")


@bp.get("/exam/score-report")
@allow(Role.CANDIDATE)
def own() -> ResponseReturnValue:
    """The candidate's own report, once the results are released."""
    with reading() as work:
        session = _held(work)
        report, ending = score_report(work, session), ending_of(work, session)
    _read(session)
    return render_template(
        "score/own.html", session=session, report=report, ending=ending, between=between, claim=claim,
        explained=areas_explained(),
    )  # fmt: skip


@bp.get("/exam/score-report.pdf")
@allow(Role.CANDIDATE)
def own_paper() -> ResponseReturnValue:
    """The same to print."""
    with reading() as work:
        printed = print_report(work, _held(work), tongue(), origin())
    return as_pdf(printed, "score-report")


@bp.get("/office/sessions/<int:session_id>/score-report")
@allow(Role.OFFICE)
def of_candidate(session_id: int) -> ResponseReturnValue:
    """What a candidate within one's circle was told."""
    with reading() as work:
        session, is_school = _within(work, session_id), office_kind(work) == "school"
        report = score_report(work, session)
    _read(session)
    return render_template(
        "score/office.html", session=session, report=report, is_school=is_school, between=between, claim=claim,
        explained=areas_explained(),
    )  # fmt: skip


@bp.get("/office/sessions/<int:session_id>/score-report.pdf")
@allow(Role.OFFICE)
def paper_of_candidate(session_id: int) -> ResponseReturnValue:
    """The same to print and hand over."""
    with reading() as work:
        printed = print_report(work, _within(work, session_id), tongue(), origin())
    return as_pdf(printed, "score-report")


def _held(work: Work) -> SessionRef:
    return delivery.session_ref(work, held(work).id)


def _within(work: Work, session_id: int) -> SessionRef:
    session = delivery.session_ref(work, session_id)
    require_session(work, delivery.sitting_ref(work, session.sitting_id).edition, session)
    return session


def _read(session: SessionRef) -> None:
    # Before the page leaves: what cannot be journalled is not shown.
    with unit_of_work() as work:
        record_reading(work, f"session:{session.id}")
