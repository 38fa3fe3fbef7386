"""The office's acts on grades: grading a whole sitting, or a held session again, decoding work, excusing an absence."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import delivery
from server.candidates.rules import MakeUpRule
from server.core import tasks
from server.core.errors import CatError, Invalid, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.work import Work
from server.delivery.absences.queries import Absence, reasons
from server.delivery.service import absences
from server.edge.guard import allow
from server.edge.work import reading, refusal, unit_of_work
from server.grading import access, decoding, head, service, words
from server.grading import sitting as whole
from server.grading.overview import progress_of

bp = Blueprint("grading", __name__, url_prefix="/office", template_folder="templates")


@bp.post("/sessions/<int:session_id>/grade")
@allow(Role.OFFICE)
def grade(session_id: int) -> ResponseReturnValue:
    """A held session is graded if nothing stands against it any more."""
    with unit_of_work() as work:
        ref = delivery.session_ref(work, session_id)
        access.require_act(work, delivery.sitting_ref(work, ref.sitting_id).edition, ref)
        outcome = service.grade_session(work, session_id)
    return redirect(url_for("reports.session", session_id=session_id, done=outcome.state), 303)


@bp.get("/sittings/<int:sitting_id>/grading")
@allow(Role.OFFICE)
def overview(sitting_id: int) -> ResponseReturnValue:
    """How far the grading of a sitting is, who is held and why, and the button that grades everybody who may be."""
    with reading() as work:
        sitting = delivery.sitting_ref(work, sitting_id)
        access.require_whole(work, sitting.edition)
        at = progress_of(work, sitting_id)
        asked = tasks.latest(work, whole.KIND, f"sitting:{sitting_id}")
    return render_template(
        "grading/sitting.html", sitting=sitting, title=sitting.titles[language()], at=at, task=asked,
        holds=words.holds(), clause=sitting.edition.label("DC-14", language()),
    )  # fmt: skip


@bp.post("/sittings/<int:sitting_id>/grading")
@allow(Role.OFFICE)
def grade_all(sitting_id: int) -> ResponseReturnValue:
    """Everybody of the sitting who is finished and has no decision will be graded; the page shows how far it is."""
    with unit_of_work() as work:
        access.require_whole(work, delivery.sitting_ref(work, sitting_id).edition)
        whole.ask(work, sitting_id)
    return redirect(url_for("grading.overview", sitting_id=sitting_id), 303)


@bp.get("/sittings/<int:sitting_id>/decode")
@allow(Role.OFFICE)
def decode_form(sitting_id: int) -> ResponseReturnValue:
    """Where a code of written work is turned back into a candidate, for a reason."""
    return _decoding(sitting_id, None)


@bp.post("/sittings/<int:sitting_id>/decode")
@allow(Role.OFFICE)
def decode(sitting_id: int) -> ResponseReturnValue:
    """Whose work it is: told once, and journalled with its reason (CS-14.2)."""
    try:
        with unit_of_work() as work:
            session_id = decoding.decode(work, sitting_id, request.form.get("code", ""), request.form.get("reason", ""))
    except (Invalid, NotFound) as error:
        return _decoding(sitting_id, error), 422
    return redirect(url_for("reports.session", session_id=session_id), 303)


@bp.get("/sessions/<int:session_id>/absence")
@allow(Role.OFFICE)
def absence(session_id: int) -> ResponseReturnValue:
    """The reason on record for an absence, or the form for one (DC-16)."""
    return _absence(session_id, None)


@bp.post("/sessions/<int:session_id>/absence")
@allow(Role.OFFICE)
def excuse(session_id: int) -> ResponseReturnValue:
    """The absence has a valid reason, and costs nothing any more."""
    said = Absence(*(request.form.get(name, "") for name in ("reason", "evidence", "paper", "decision")))
    return _decided(session_id, lambda work: absences.record_reason(work, session_id, said))


@bp.post("/sessions/<int:session_id>/absence/withdraw")
@allow(Role.OFFICE)
def withdraw_excuse(session_id: int) -> ResponseReturnValue:
    """The reason counts no longer, by another decision."""
    decision = request.form.get("decision", "")
    return _decided(session_id, lambda work: absences.withdraw_reason(work, session_id, decision))


def _decided(session_id: int, decide: Callable[[Work], object]) -> ResponseReturnValue:
    def command(work: Work) -> None:
        head.share(work)  # before the session is locked, as who lists it does
        _absentee(work, session_id)
        decide(work)
        service.reconsider_absence(work, session_id)

    if fault := refusal(command):
        return _absence(session_id, fault), 422
    return redirect(url_for("grading.absence", session_id=session_id, done=1), 303)


def _absentee(work: Work, session_id: int) -> tuple[delivery.SessionRef, delivery.SittingRef]:
    ref = delivery.session_ref(work, session_id)
    sitting = delivery.sitting_ref(work, ref.sitting_id)
    access.require_act(work, sitting.edition, ref)
    return ref, sitting


def _absence(session_id: int, fault: CatError | None) -> str:
    with reading() as work:
        ref, sitting = _absentee(work, session_id)
        known = reasons(work, [session_id]).get(session_id)
    rule, tongue = sitting.edition.get(absences.CLAUSE, MakeUpRule), language()
    return render_template(
        "grading/absence.html", session=ref, known=known, may=ref.state in absences.MAY_BE_ABSENT,
        reasons={each.code: each.title(tongue) for each in rule.reasons},
        evidence={each.code: each.title(tongue) for each in rule.evidence}, zone=sitting.zone, fault=fault,
        typed=request.form, clauses=[sitting.edition.label(each, tongue) for each in ("DC-16", absences.CLAUSE)],
    )  # fmt: skip


def _decoding(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        sitting = delivery.sitting_ref(work, sitting_id)
        access.acting_office_of(work, sitting.edition)
    return render_template(
        "grading/decode.html", sitting=sitting, title=sitting.titles[language()], fault=fault, typed=request.form,
        clause=sitting.edition.label("CS-14.2", language()),
    )  # fmt: skip
