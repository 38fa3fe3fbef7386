"""The office's pages of the control before release: what was found in a sitting, and the decision on each question."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import accounts, candidates, delivery
from server.core import tasks
from server.core.errors import CatError, Invalid, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.work import Work
from server.delivery import SittingRef
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work
from server.grading import access
from server.grading.control import plots, queries, service
from server.grading.control.queries import CLAUSE, FindingRef
from server.grading.control.rules import ReleaseControlRule
from server.grading.policy import Policy

bp = Blueprint("control", __name__, url_prefix="/office", template_folder="templates")


@bp.get("/sittings/<int:sitting_id>/control")
@allow(Role.OFFICE)
def overview(sitting_id: int) -> ResponseReturnValue:
    """What the last control found, what is decided on it, and whether the results may be listed."""
    with reading() as work:
        sitting = _sitting(work, sitting_id)
        standing = queries.standing(work, sitting)
        page = {
            "sitting": sitting, **vars(standing), "task": tasks.latest(work, service.KIND, f"sitting:{sitting_id}"),
            **_words(work, sitting, standing.findings),
        }  # fmt: skip
    with unit_of_work() as work:
        ids = sorted({session for each in standing.findings for session in each.sessions})
        work.record("result:read", f"sitting:{sitting_id}", clause="CS-5", sessions=ids)
    return render_template("control/overview.html", **page)


@bp.post("/sittings/<int:sitting_id>/control")
@allow(Role.OFFICE)
def ask(sitting_id: int) -> ResponseReturnValue:
    """The results are looked at, once more if they were before."""
    with unit_of_work() as work:
        service.ask(work, sitting_id)
    return redirect(url_for("control.overview", sitting_id=sitting_id), 303)


@bp.get("/control/<int:finding_id>")
@allow(Role.OFFICE)
def finding(finding_id: int) -> ResponseReturnValue:
    """One question with its figures, and the form that decides it."""
    return _finding(finding_id, None)


@bp.post("/control/<int:finding_id>")
@allow(Role.OFFICE)
def decide(finding_id: int) -> ResponseReturnValue:
    """The results it concerns are held or cleared, for a reason."""
    try:
        with unit_of_work() as work:
            said = request.form
            sitting_id = service.decide(work, finding_id, said.get("verdict", ""), said.get("reason", ""))
    except (Invalid, Stale) as fault:
        return _finding(finding_id, fault), 422
    return redirect(url_for("control.overview", sitting_id=sitting_id, _anchor="findings"), 303)


def _sitting(work: Work, sitting_id: int) -> SittingRef:
    """The sitting, if the actor's office acts on it as a whole."""
    sitting = delivery.sitting_ref(work, sitting_id)
    access.require_whole(work, sitting.edition)
    return sitting


def _finding(finding_id: int, fault: CatError | None) -> str:
    with reading() as work:
        access.require_country(work)
        ref = queries.finding(work, finding_id)
        sitting = _sitting(work, ref.sitting_id)
        history = queries.history(work, ref)
        people = accounts.staff_names(work, [each.decided_by for each in history])
        page = {"sitting": sitting, "ref": ref, "history": history, "people": people, **_words(work, sitting, [ref])}
    with unit_of_work() as work:
        work.record("result:read", f"control_finding:{finding_id}", clause="CS-5", sessions=list(ref.sessions))
    return render_template(
        "control/finding.html", fault=fault, said=request.form, plot=plots.plot_of(ref), maximum=service.REASON_MAX,
        **page,
    )  # fmt: skip


def _words(work: Work, sitting: SittingRef, found: list[FindingRef]) -> dict[str, object]:
    """Who the sessions are, and what subjects, checks and schools are called."""
    ids = sorted({session for each in found for session in each.sessions})
    sessions = {ref.id: ref for ref in delivery.session_refs(work, ids)}
    who = {each.id: each for each in candidates.registrations(work, [s.registration_id for s in sessions.values()])}
    rule = sitting.edition.get(CLAUSE, ReleaseControlRule)
    groups = {each.group_id for each in found if each.group_id is not None}
    return {
        "title": sitting.titles[language()],
        "clause": sitting.edition.label(CLAUSE, language()),
        "sessions": sessions,
        "schools": {id_: accounts.organisation_of(work, id_).name(language()) for id_ in groups},
        "school_of": {id_: who[ref.registration_id].school for id_, ref in sessions.items()},
        "subjects": Policy.of(sitting.edition).subject_titles(language()),
        "checks": {each.code: each.title(language()) for each in rule.checks},
    }
