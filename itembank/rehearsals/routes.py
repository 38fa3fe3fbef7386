"""Pages of rehearsals: asked for, read, repeated."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import law, words
from itembank.blueprints.spec import Spec
from itembank.rehearsals import figures, queries, service
from itembank.rehearsals.plan import Plan
from itembank.rehearsals.service import Subject
from server.core import tasks
from server.core.errors import Invalid
from server.core.i18n import _, language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.tasks.routes import page_of
from server.edge.work import reading, unit_of_work

bp = Blueprint("rehearsals", __name__)
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
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
        task = tasks.task_view(work, service.ask_rehearsal(work, subject, plan))
    return redirect(page_of(task), 303)


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
        task = tasks.task_view(work, service.repeat_rehearsal(work, rehearsal_id))
    return redirect(page_of(task), 303)


def _whole(name: str) -> int:
    text = request.form.get(name, "").replace(" ", "").replace("\u00a0", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else -1
