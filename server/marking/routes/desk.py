"""The marker's pages: how much is left, one work after the other, giving one back. No name is on any of them."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.core.errors import CatError, Invalid, Refused, Stale
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import parse, reading, unit_of_work
from server.marking import desk as queries
from server.marking import giving, wire

bp = Blueprint("marking", __name__, url_prefix="/marking", template_folder="../templates")
# A picture opened by itself runs nothing, fetches nothing, and belongs to no site.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("")
@allow(Role.MARKER)
def desk() -> ResponseReturnValue:
    """What is left to mark, until when, and what was marked last."""
    with reading() as work:
        loads, recent = queries.loads(work), queries.recent(work)
    return render_template(
        "marking/desk.html", loads=loads, recent=recent, left=sum(load.left for load in loads)
    )


@bp.get("/next")
@allow(Role.MARKER)
def following() -> ResponseReturnValue:
    """The next work, or the desk where none is left."""
    with reading() as work:
        ref = queries.next_ref(work)
    return redirect(url_for("marking.desk") if ref is None else url_for("marking.sheet", ref=ref), 303)


@bp.get("/works/<ref>")
@allow(Role.MARKER)
def sheet(ref: str) -> ResponseReturnValue:
    """One work with its task and rubric, and the points it may be given."""
    return _sheet(ref, None)


@bp.post("/works/<ref>")
@allow(Role.MARKER)
def give(ref: str) -> ResponseReturnValue:
    """The mark stands; sent twice it counts once."""
    if request.is_json:
        ask = parse(wire.MarkGiven)
        given = giving.Given(ask.points, ask.key, ask.note, ask.spent_ms, ask.replaces)
        with unit_of_work() as work:
            giving.give_mark(work, ref, given)
        return Response(
            wire.MarkKept(next=url_for("marking.following")).model_dump_json(), mimetype="application/json"
        )
    try:
        given = _from_form()
        with unit_of_work() as work:
            giving.give_mark(work, ref, given)
    except (Invalid, Refused, Stale) as error:
        return _sheet(ref, error), 422
    return redirect(url_for("marking.following"), 303)


@bp.post("/works/<ref>/give-back")
@allow(Role.MARKER)
def give_back(ref: str) -> ResponseReturnValue:
    """The work goes to another marker."""
    try:
        with unit_of_work() as work:
            giving.give_back(work, ref, request.form.get("reason", ""))
    except (Refused, Stale) as error:
        return _sheet(ref, error), 422
    return redirect(url_for("marking.following"), 303)


@bp.get("/works/<ref>/figures/<name>")
@allow(Role.MARKER)
def figure(ref: str, name: str) -> ResponseReturnValue:
    """A figure of the task of that work."""
    with reading() as work:
        data, kind = queries.figure(work, ref, name)
    return Response(data, mimetype=kind, headers={"Content-Security-Policy": ALONE})


def _sheet(ref: str, fault: CatError | None) -> str:
    with reading() as work:
        figures = queries.figures(work, ref)

        def link(name: str) -> tuple[str, str] | None:
            found = figures.get(name)
            return found and (url_for("marking.figure", ref=ref, name=found[0]), found[1])

        page = queries.sheet(work, ref, link)
    return render_template("marking/sheet.html", page=page, fault=fault, key=uuid4(), typed=request.form)


def _from_form() -> giving.Given:
    form = request.form
    try:
        replaces = row_id(form["replaces"]) if form.get("replaces") else None
        spent = row_id(form["spent_ms"]) if form.get("spent_ms") else None
        return giving.Given(row_id(form["points"]), UUID(form["key"]), form.get("note", ""), spent, replaces)
    except (KeyError, ValueError):
        raise Invalid("points_missing") from None
