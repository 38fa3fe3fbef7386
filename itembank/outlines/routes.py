"""Pages of tests that came with packages: the list, one test by codes, and a blueprint begun like it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning
from itembank.blueprints.drafts.law import this_year
from itembank.outlines import queries, service
from server.core.errors import CatError
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("outlines", __name__, template_folder="templates")
OUTLINE = "/bank/outlines/<int:test_id>"


@bp.get("/bank/outlines")
@allow(Role.WRITER, *queries.ALL_OF_THEM)
def outlines() -> ResponseReturnValue:
    """Tests that came with packages: one's own, or for who plans tests all of them."""
    with reading() as work:
        rows = queries.outlines(work)
    return render_template("bank/outlines.html", rows=rows)


@bp.get(OUTLINE)
@allow(Role.WRITER, *queries.ALL_OF_THEM)
def outline(test_id: int) -> ResponseReturnValue:
    """One test: its sections and items by codes and states, what is not kept of it. No word of any item."""
    return _page(test_id, None)


@bp.post(OUTLINE + "/blueprint")
@allow(*queries.ALL_OF_THEM)
def draft(test_id: int) -> ResponseReturnValue:
    """A blueprint draft begins with what is counted in the test."""
    try:
        with unit_of_work() as work:
            draft_id = service.draft_blueprint(work, test_id, request.form.get("year", 0, type=row_id))
    except CatError as fault:
        return _page(test_id, fault), 422
    return redirect(url_for("drafts.draft", draft_id=draft_id), 303)


def _page(test_id: int, fault: CatError | None) -> str:
    with reading() as work:
        known = queries.outline(work, test_id)
        titles = beginning.areas(work, known.row.subject)
        year = this_year(work)
    return render_template("bank/outline.html", test=known, titles=titles, year=year, fault=fault)
