"""Exports: asked for, decided by another person who proves themselves afresh, taken once."""

from __future__ import annotations

import io
import re

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from itembank.exports import queries, service
from itembank.exports.tests import MOST_COPIES, PAPERS, Asked, Terms, asked
from server.accounts import second_factor
from server.accounts.cookie import STAFF_COOKIE
from server.core.errors import CatError, Invalid, NotFound
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("exports", __name__, url_prefix="/bank/export", template_folder="templates")
ASKING = service.ASKING


@bp.get("")
@allow(*ASKING, Role.SECURITY)
def exports() -> ResponseReturnValue:
    """One's own requests, or for who decides on them all of them."""
    return _page(None)


@bp.post("/new")
@allow(*ASKING, Role.SECURITY)
def ask() -> ResponseReturnValue:
    """The request stands and waits for another person; security officers may ask for what is withdrawn alone."""
    codes = [code[:40] for code in re.split(r"[\s,;]+", request.form.get("codes", "")) if code]
    format_, reason = request.form.get("format", ""), request.form.get("reason", "")
    try:
        with unit_of_work() as work:
            if test := request.form.get("test", ""):
                copies = request.form.get("copies", 0, type=row_id)
                on_paper = Terms(test, request.form.get("language", ""), copies)
                service.ask_test(work, on_paper if format_ in PAPERS else Terms(test), format_, reason)
            else:
                service.ask(work, codes, format_, reason)
    except Invalid as error:
        return _page(error), 422
    return redirect(url_for("exports.exports"), 303)


@bp.post("/<int:request_id>/decide")
@allow(Role.SECURITY)
def decide(request_id: int) -> ResponseReturnValue:
    """The file may be taken, or not; the code of the second factor is asked for each time."""
    with unit_of_work() as work:  # a wrong code is counted, so it commits
        token = request.cookies.get(STAFF_COOKIE, "")
        fault = second_factor.prove(work, actor().id or 0, token, request.form.get("code", ""))
    if fault is not None:
        return _page(fault), 422
    try:
        with unit_of_work() as work:
            service.decide(
                work, request_id, request.form.get("revision", 0, type=row_id),
                is_approved=request.form.get("decision") == "approve", reason=request.form.get("reason", ""),
            )  # fmt: skip
    except Invalid as error:
        return _page(error), 422
    return redirect(url_for("exports.exports"), 303)


@bp.post("/<int:request_id>/file")
@allow(*ASKING, Role.SECURITY)
def take(request_id: int) -> ResponseReturnValue:
    """The file, once."""
    with unit_of_work() as work:
        taken = service.take(work, request_id)
    if isinstance(taken, CatError):
        return _page(taken), 422
    return send_file(
        io.BytesIO(taken.data), mimetype=taken.media_type, as_attachment=True, download_name=taken.name, max_age=0
    )


def _page(error: CatError | None) -> str:
    with reading() as work:
        rows = queries.exports(work, only_own=not work.actor.may(Role.SECURITY))
        test, fault = _wanted(work, request.values.get("test", ""))
    return render_template(
        "exports/exports.html", rows=rows, error=error or fault, typed=request.values, most=service.MOST_ITEMS,
        test=test, test_name=request.values.get("test", ""), most_copies=MOST_COPIES,
    )  # fmt: skip


def _wanted(work: Work, name: str) -> tuple[Asked | None, CatError | None]:
    """The test that the page is asked for, or why it cannot go out."""
    if not name or not work.actor.may(*ASKING):
        return None, None
    try:
        return asked(work, name), None
    except (Invalid, NotFound) as fault:
        return None, fault
