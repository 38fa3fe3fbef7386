"""Pages by which a calibration is asked for, watched and cancelled."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.calibrations import jobs, queries, words
from itembank.calibrations.machine import OPEN
from itembank.calibrations.queries import JobRow
from itembank.calibrations.spec import Spec
from itembank.rehearsals.wire import TaskReply
from server.core.errors import CatError, Invalid
from server.core.i18n import language
from server.core.roles import Role
from server.core.work import Work
from server.delivery.answered import sources
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("calibrating", __name__, template_folder="templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
JOB = "/bank/calibrations/jobs/<int:job_id>"


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
            job_id = jobs.request_calibration(work, _spec(work))
    except Invalid as fault:
        return _form(fault), 409
    return redirect(url_for("calibrating.job", job_id=job_id), 303)


@bp.get(JOB)
@allow(*READERS)
def job(job_id: int) -> ResponseReturnValue:
    """A calibration that was asked for: how far it is, or what came of it."""
    with reading() as work:
        row = queries.job(work, job_id)
        spec = Spec.of(row.spec)
    if row.run_id is not None:
        return redirect(url_for("calibrations.report", run_id=row.run_id), 303)
    return render_template("calibrating/job.html", job=row, spec=spec, words=words, is_open=row.state in OPEN)


@bp.get(JOB + "/progress")
@allow(*READERS)
def progress(job_id: int) -> ResponseReturnValue:
    """How far it is, for the page that is looked at."""
    with reading() as work:
        row = queries.job(work, job_id)
    reply = TaskReply.model_validate({
        "state": "queued" if row.state == "requested" else row.state, "done": row.done, "total": row.total,
        "words": words.state(row), "next": _next(row),
    })  # fmt: skip
    return Response(reply.model_dump_json(), mimetype="application/json", headers={"Cache-Control": "no-store"})


@bp.post(JOB + "/cancel")
@allow(Role.PSYCHOMETRICIAN)
def cancel(job_id: int) -> ResponseReturnValue:
    """Nobody goes on with it."""
    with unit_of_work() as work:
        jobs.cancel(work, job_id)
    return redirect(url_for("calibrating.job", job_id=job_id), 303)


def _next(row: JobRow) -> str | None:
    """Where the page goes once there is nothing more to watch."""
    return None if row.state in OPEN else url_for("calibrating.job", job_id=row.id)


def _form(fault: CatError | None) -> str:
    subject = request.values.get("subject", "")
    with reading() as work:
        runs = queries.runs(work)
        found = sources(work, subject) if subject else []
    subjects = sorted({run.subject for run in runs})
    own = [run for run in runs if run.subject == subject]
    decided = next((run.id for run in own if not run.n_open), None)  # the newest that nothing has to be decided about
    return render_template(
        "calibrating/new.html", subject=subject if subject in subjects else "", subjects=subjects, sources=found,
        runs=own, reference=request.form.get("reference", decided, type=row_id), fault=fault, said=request.form,
        locale=language(),
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
