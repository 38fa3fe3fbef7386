"""Readings: a text with all that is said of it and the reader's list, verdicts, who reads what by when, differences."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import assigning, comparing, judging, reviewing, waiting
from itembank.authoring.reading import open_page
from server.core.errors import Invalid, NotFound
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("reviews", __name__, template_folder="../templates")
READERS = (Role.WRITER, Role.REVIEWER, Role.EDITOR, Role.COMMISSION)


@bp.get("/bank/manuscripts/<int:manuscript_id>/reading")
@allow(*READERS)
def read(manuscript_id: int) -> ResponseReturnValue:
    """The text, place by place, for one whom it concerns; the opening is journalled."""
    return _page(manuscript_id, None)


@bp.post("/bank/manuscripts/<int:manuscript_id>/comments")
@allow(*READERS)
def comment(manuscript_id: int) -> ResponseReturnValue:
    """What was said stands at its place, under what it answers."""
    anchor, answers = request.form.get("anchor", ""), request.form.get("answers_id", type=row_id)
    try:
        with unit_of_work() as work:
            said = reviewing.comment(
                work, manuscript_id, anchor, request.form.get("body", ""), answers,
                is_settling=request.form.get("settles") == "yes",
            )  # fmt: skip
    except Invalid as fault:
        return _page(manuscript_id, fault), 422
    return redirect(url_for("reviews.read", manuscript_id=manuscript_id, _anchor=f"said-{answers or said}"), 303)


@bp.post("/bank/manuscripts/<int:manuscript_id>/reviews/<int:review_id>")
@allow(Role.REVIEWER, Role.EDITOR)
def judge(manuscript_id: int, review_id: int) -> ResponseReturnValue:
    """The reading is done, and the text goes on or back."""
    form = request.form
    try:
        with unit_of_work() as work:
            if reviewing.manuscript_of(work, review_id) != manuscript_id:
                raise NotFound("not_found")
            said = judging.Judgement(form.get("verdict", ""), form.getlist("checked"), form.get("reason", ""))
            judging.judge(work, review_id, form.get("revision", 0, type=row_id), said)
    except Invalid as fault:
        return _page(manuscript_id, fault, review_id), 422
    return redirect(url_for("desk.my_work", done=form.get("verdict")), 303)


@bp.get("/bank/manuscripts/<int:manuscript_id>/differences")
@allow(*READERS)
def compare(manuscript_id: int) -> ResponseReturnValue:
    """What two texts of an item say otherwise, place by place."""
    with reading() as work:
        page = comparing.compare(work, manuscript_id, request.args.get("before", ""), request.args.get("after", ""))
    return render_template("bank/differences.html", page=page)


@bp.get("/bank/readings")
@allow(Role.COMMISSION)
def readings() -> ResponseReturnValue:
    """Every reading that is not done: of what, by whom, by when; no word of any text."""
    with reading() as work:
        rows = waiting.readings(work)
        readers = {row.id: assigning.readers(work, row.id) for row in rows}
    return render_template("bank/readings.html", rows=rows, readers=readers)


@bp.post("/bank/readings/<int:review_id>/assign")
@allow(Role.COMMISSION)
def assign(review_id: int) -> ResponseReturnValue:
    """Another person reads it, by another day."""
    form = request.form
    with unit_of_work() as work:
        assigning.assign(
            work, review_id, form.get("revision", 0, type=row_id), form.get("reviewer", 0, type=row_id),
            form.get("due_on", ""),
        )  # fmt: skip
    return redirect(url_for("reviews.readings", done=review_id), 303)


def _page(manuscript_id: int, fault: Invalid | None, review_id: int = 0) -> str:
    with reading() as work:
        page = open_page(work, manuscript_id)
    return render_template("bank/reading.html", page=page, fault=fault, typed=request.form, failed=review_id)
