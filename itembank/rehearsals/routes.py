"""Pages of rehearsals: asked for, watched, stopped, read, repeated."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import law, words
from itembank.blueprints.spec import Spec
from itembank.rehearsals import figures, queries, service
from itembank.rehearsals.plan import Plan
from itembank.rehearsals.service import Subject
from itembank.rehearsals.wire import TaskReply
from server.core import tasks
from server.core.errors import Invalid
from server.core.i18n import _, language, ngettext, number
from server.core.roles import Role
from server.core.tasks import TaskView
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("rehearsals", __name__)
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
TASK = "/bank/rehearsals/tasks/<int:task_id>"
REHEARSAL = "/bank/rehearsals/<int:rehearsal_id>"


@bp.post("/bank/rehearsals")
@allow(*READERS)
def begin() -> ResponseReturnValue:
    """A draft, a blueprint or a pool will be rehearsed; the page that asked shows how far it is."""
    ids = {name: request.form.get(name, type=row_id) for name in ("draft", "blueprint", "pool")}
    if sum(each is not None for each in ids.values()) != 1:
        raise Invalid("unreadable")
    subject = Subject(request.form.get("run", 0, type=row_id), ids["draft"], ids["blueprint"], ids["pool"])
    plan = Plan(_whole("n"), request.form.get("crowd", ""), _whole("seed"))
    with unit_of_work() as work:
        service.ask_rehearsal(work, subject, plan)
    return redirect(_page_of(subject.name), 303)


@bp.get(REHEARSAL)
@allow(*READERS)
def rehearsal(rehearsal_id: int) -> ResponseReturnValue:
    """One rehearsal: what was tried, and what came of it, in charts with their tables."""
    with reading() as work:
        page = queries.rehearsal_page(work, rehearsal_id)
    spec = Spec.from_json(page.spec)
    names = [cut.titles[language()] for cut in law.cuts()]
    cuts = page.report["grades"]["cuts"]
    titles = names if len(names) == len(cuts) else ["" for _cut in cuts]
    return render_template(
        "bank/rehearsal.html", page=page, conditions=figures.conditions(page.report, titles),
        overview=figures.overview(page.report, _("Rehearsal %(id)s", id=page.id)),
        more=(figures.by_cut(page.report, titles), figures.quotas(page.report, words.names_of(spec, {}))),
        figures=figures.figures(page.report, titles),
    )  # fmt: skip


@bp.post(REHEARSAL + "/repeat")
@allow(*READERS)
def repeat(rehearsal_id: int) -> ResponseReturnValue:
    """The same is rehearsed once more, to be compared."""
    with unit_of_work() as work:
        task_id = service.repeat_rehearsal(work, rehearsal_id)
        subject = tasks.task_view(work, task_id).subject
    return redirect(_page_of(subject), 303)


@bp.get(TASK)
@allow(*READERS)
def progress(task_id: int) -> ResponseReturnValue:
    """How far a rehearsal is."""
    with reading() as work:
        task = _own(tasks.task_view(work, task_id))
    done = url_for("rehearsals.rehearsal", rehearsal_id=task.result_id) if task.result_id else _page_of(task.subject)
    reply = TaskReply.model_validate({
        "state": task.state, "done": task.done, "total": task.total, "words": in_words(task),
        "next": None if task.is_open else done,
    })  # fmt: skip
    return Response(reply.model_dump_json(), mimetype="application/json")


@bp.post(TASK + "/stop")
@allow(*READERS)
def stop(task_id: int) -> ResponseReturnValue:
    """The rehearsal is not begun, or ends."""
    with unit_of_work() as work:
        task = _own(tasks.task_view(work, task_id))
        tasks.cancel(work, task_id)
    return redirect(_page_of(task.subject), 303)


def in_words(task: TaskView) -> str:
    """How far a task is, as its page says it."""
    if task.state == "queued":
        return ngettext("Waits; %(n)s task is before it.", "Waits; %(n)s tasks are before it.", task.before)
    if task.total:
        return _("%(done)s of %(total)s candidates", done=number(task.done), total=number(task.total))
    return _("begins")


def _own(task: TaskView) -> TaskView:
    if task.kind != service.KIND:
        raise Invalid("unreadable")
    return task


def _whole(name: str) -> int:
    text = request.form.get(name, "").replace(" ", "").replace("\u00a0", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1


def _page_of(subject: str) -> str:
    kind, _colon, id_ = subject.partition(":")
    at = int(id_)
    if kind == "draft":
        return url_for("drafts.draft", draft_id=at, _anchor="rehearsals")
    if kind == "blueprint":
        return url_for("bank.blueprint", blueprint_id=at, _anchor="rehearsals")
    return url_for("bank.pool", pool_id=at, _anchor="rehearsals")
