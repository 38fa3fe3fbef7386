"""Pages by which a calibration is asked for and watched."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning
from itembank.calibrations import jobs
from itembank.calibrations.queries import runs
from itembank.calibrations.spec import Spec
from server.core import tasks
from server.core.errors import CatError, Invalid
from server.core.roles import Role
from server.core.work import Work
from server.delivery.answered import sources
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work
from server.quality.calibrating.queries import sittings_named, sittings_with_answers

bp = Blueprint("calibrating", __name__, template_folder="templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)


@bp.get("/bank/calibrations/new")
@allow(Role.PSYCHOMETRICIAN)
def new() -> ResponseReturnValue:
    """Which subject, then which sittings, which design and which scale."""
    return _form(None)


@bp.post("/bank/calibrations/new")
@allow(Role.PSYCHOMETRICIAN)
def ask() -> ResponseReturnValue:
    """The calibration waits for the worker; its page shows how far it is."""
    try:
        with unit_of_work() as work:
            task_id = jobs.request_calibration(work, _spec(work))
    except Invalid as fault:
        return _form(fault), 409
    return redirect(url_for("calibrating.job", task_id=task_id), 303)


@bp.get("/bank/calibrations/jobs/<int:task_id>")
@allow(*READERS)
def job(task_id: int) -> ResponseReturnValue:
    """A calibration that was asked for: how far it is, why there is none, or its report."""
    with reading() as work:
        spec = jobs.spec_of(work, task_id)
        task = tasks.task_view(work, task_id)
        sittings = sittings_named(work, spec.sittings)
    if task.result_id is not None:
        return redirect(url_for("calibrations.report", run_id=task.result_id), 303)
    return render_template("calibrating/job.html", task=task, spec=spec, sittings=sittings)


def _form(fault: CatError | None) -> str:
    subject = request.values.get("subject", "")
    with reading() as work:
        every = runs(work)
        subjects = sorted({*beginning.subjects(work), *(run.subject for run in every)})
        found = sittings_with_answers(work, subject) if subject in subjects else []
    own = [run for run in every if run.subject == subject]
    decided = next((run.id for run in own if not run.n_open), None)  # the newest that nothing has to be decided about
    said = request.form
    return render_template(
        "calibrating/new.html", subject=subject if subject in subjects else "", subjects=subjects, sittings=found,
        runs=own, reference=said.get("reference", None, type=row_id) if said else decided, fault=fault, said=said,
    )  # fmt: skip


def _spec(work: Work) -> Spec:
    """What the form says; what makes no sense of it is refused by name."""
    said = request.form
    design = said.get("design", "")
    if design not in ("fixed", "concurrent"):
        raise Invalid("calibration_spec", part="design")
    ids = tuple(sorted(said.getlist("sitting", type=row_id)))
    offered = {each.sitting_id for each in sources(work, said.get("subject", ""))}
    if not set(ids) <= offered:
        raise Invalid("calibration_spec", part="sittings")
    return Spec(
        subject=said.get("subject", ""), sittings=ids, until=work.now,
        design="fixed" if design == "fixed" else "concurrent",
        reference_run_id=said.get("reference", None, type=row_id), releases="releases" in said,
    )  # fmt: skip
