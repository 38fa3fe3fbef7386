"""The commission's pages: its sessions, and one session from its agenda to signed minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning, commission, waiting
from itembank.authoring.commission import paper, queries
from itembank.blueprints.drafts.commission import commission_of
from itembank.blueprints.drafts.law import this_year
from server.accounts.signing.typed import member_pin
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.roles import Role
from server.core.terms import typed_day
from server.core.work import Work
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, unit_of_work

bp = Blueprint("commission", __name__, template_folder="../templates")
SESSION = "/bank/commission/<int:meeting_id>"


@bp.get("/bank/commission")
@allow(Role.COMMISSION)
def overview() -> ResponseReturnValue:
    """Sessions, what waits for one, and the form that opens the next."""
    return _overview(None)


@bp.post("/bank/commission")
@allow(Role.COMMISSION)
def open_session() -> ResponseReturnValue:
    """The session is open, with everything of its subject that waits on its agenda."""
    form = request.form
    try:
        with unit_of_work() as work:
            meeting_id = commission.open_session(
                work, form.get("subject", ""), _day(form.get("held_on", "")), form.get("order_no", ""),
                _ids("members"),
            )  # fmt: skip
            if work.actor.id in _ids("members"):
                rows = waiting.for_commission(work, form.get("subject", ""))
                commission.put_on_agenda(work, meeting_id, [each.id for each in rows])
    except Denied:
        raise
    except CatError as fault:
        return _overview(fault), 422
    return redirect(url_for("commission.session", meeting_id=meeting_id), 303)


@bp.get(SESSION)
@allow(Role.COMMISSION)
def session(meeting_id: int) -> ResponseReturnValue:
    """One session: its agenda, its decisions, its signatures."""
    return _page(meeting_id, None)


@bp.post(SESSION + "/presence")
@allow(Role.COMMISSION)
def confirm_presence(meeting_id: int) -> ResponseReturnValue:
    """Who is signed in sits in the session."""
    return _done(meeting_id, "present", lambda work: commission.confirm_presence(work, meeting_id))


@bp.post(SESSION + "/agenda")
@allow(Role.COMMISSION)
def put_on_agenda(meeting_id: int) -> ResponseReturnValue:
    """These items are before the session."""

    def command(work: Work) -> None:
        if code := request.form.get("code", "").strip():
            commission.put_item_on_agenda(work, meeting_id, code)
        commission.put_on_agenda(work, meeting_id, _ids("items"))

    return _done(meeting_id, "agenda", command)


@bp.post(SESSION + "/notes")
@allow(Role.COMMISSION)
def add_note(meeting_id: int) -> ResponseReturnValue:
    """What was said stands in the session."""
    item, body = request.form.get("item", type=row_id), request.form.get("body", "")
    return _done(meeting_id, "noted", lambda work: commission.add_note(work, meeting_id, item, body))


@bp.post(SESSION + "/decide")
@allow(Role.COMMISSION)
def decide(meeting_id: int) -> ResponseReturnValue:
    """The session decides on the items that were ticked."""
    verdict, reason = request.form.get("verdict", ""), request.form.get("reason", "")
    return _done(
        meeting_id, "decided", lambda work: commission.decide(work, meeting_id, _ids("items"), verdict, reason)
    )


@bp.post(SESSION + "/close")
@allow(Role.COMMISSION)
def close(meeting_id: int) -> ResponseReturnValue:
    """The minutes stand and can be signed."""
    return _done(meeting_id, "closed", lambda work: commission.close(work, meeting_id, _revision()))


@bp.post(SESSION + "/annul")
@allow(Role.COMMISSION)
def annul(meeting_id: int) -> ResponseReturnValue:
    """Nothing of the session takes effect."""
    reason = request.form.get("reason", "")
    return _done(meeting_id, "annulled", lambda work: commission.annul(work, meeting_id, _revision(), reason))


@bp.post(SESSION + "/sign")
@allow(Role.COMMISSION)
def sign(meeting_id: int) -> ResponseReturnValue:
    """A member has typed their PIN at this screen."""
    form = request.form
    with reading() as work:
        attempt = member_pin(work, form)
    shown = form.get("digest", "")
    return _done(meeting_id, "signed", lambda work: commission.sign(work, meeting_id, shown, attempt), CatError)


@bp.get(SESSION + "/minutes")
@allow(Role.COMMISSION)
def minutes(meeting_id: int) -> ResponseReturnValue:
    """The minutes as a PDF, for members of the session."""
    with reading() as work:
        printed = paper.print_minutes(work, meeting_id, tongue(), origin())
    return as_pdf(printed, "minutes")


def _done(
    meeting_id: int,
    done: str,
    command: Callable[[Work], CatError | None],
    told: type[CatError] | tuple[type[CatError], ...] = (Invalid, Refused, Stale),
) -> ResponseReturnValue:
    """The session's page once the command is done; with what was typed and the reason if it cannot be.

    A refusal that the command returns is committed: a wrong PIN is counted. Others have their own page."""
    try:
        with unit_of_work() as work:
            fault = command(work)
    except told as error:
        fault = error
    if fault is not None:
        return _page(meeting_id, fault), 422
    return redirect(url_for("commission.session", meeting_id=meeting_id, done=done), 303)


def _overview(fault: CatError | None) -> str:
    with reading() as work:
        rows = queries.sessions(work)
        waits = waiting.for_commission(work)
        subjects = beginning.subjects(work)
        year = this_year(work)
        named = commission_of(work, year)
        today = work.now.date()
    return render_template(
        "bank/sessions.html", rows=rows, waits=waits, subjects=subjects, year=year, commission=named, today=today,
        fault=fault, typed=request.form,
    )  # fmt: skip


def _page(meeting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        page = queries.session_page(work, meeting_id)
        more = waiting.for_commission(work, page.row.subject) if page.row.state == "open" else []
    return render_template("bank/session.html", page=page, more=more, fault=fault, typed=request.form)


def _ids(name: str) -> list[int]:
    return request.form.getlist(name, type=row_id)


def _revision() -> int:
    return request.form.get("revision", 0, type=row_id)


def _day(text: str) -> date:
    try:
        return typed_day(text)
    except ValueError as error:
        raise Invalid("session_incomplete") from error
