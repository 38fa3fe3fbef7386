"""Pages after the appeals: approval, statements, notices and attestation; the public page that checks a statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import delivery
from server.accounts import signing
from server.accounts.signing.typed import own_pin
from server.core import tasks
from server.core.errors import CatError, Invalid, NotFound, Refused, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_day, typed_page
from server.core.work import Work
from server.delivery.queries import held
from server.edge.guard import actor, allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, refusal, unit_of_work
from server.grading import access
from server.grading.lists.views import PAGE
from server.statements import batch, checking, issuing, notices, papers, queries, said, service, views

bp = Blueprint("statements", __name__, template_folder="templates")
ASKED = checking.Asked()
Command = Callable[[Work, signing.PinAttempt], CatError | None]


@bp.get("/check")
@allow(Role.PUBLIC)
def check_form() -> ResponseReturnValue:
    """Where anybody with a statement in hand types its code."""
    return render_template("statements/check.html", verdict=None, fault=None, typed="")


@bp.post("/check")
@allow(Role.PUBLIC)
def check() -> ResponseReturnValue:
    """Whether the statement with the code is in force."""
    typed = request.form.get("code", "")
    try:
        with reading() as work:
            if not ASKED.counts(request.remote_addr or "", work.now):
                raise Stale("checked_too_often", minutes=1)
            verdict = checking.check(work, typed)
    except (Invalid, NotFound) as fault:
        return render_template("statements/check.html", verdict=None, fault=fault, typed=typed), 422
    except Stale as fault:
        return render_template("statements/check.html", verdict=None, fault=fault, typed=typed), 429
    return render_template("statements/check.html", verdict=verdict, fault=None, typed="")


@bp.get("/office/sittings/<int:sitting_id>/final")
@allow(Role.OFFICE)
def final(sitting_id: int) -> ResponseReturnValue:
    """The results after the appeals, of the reader's circle."""
    return _final(sitting_id, None)


@bp.get("/office/sittings/<int:sitting_id>/final/notices")
@allow(Role.OFFICE)
def final_notices(sitting_id: int) -> ResponseReturnValue:
    """A notice of the approved result to each candidate of a page, to print and hand out."""
    with reading() as work:
        seen = views.final(work, sitting_id, typed_page(request.args.get("page", "")))
        return as_pdf(notices.print_notices(work, seen, seen.people, tongue(), origin()), "notices")


@bp.post("/office/sittings/<int:sitting_id>/approve")
@allow(Role.OFFICE)
def approve(sitting_id: int) -> ResponseReturnValue:
    """The ministry has approved the results with the PIN of whoever is signed in."""
    list_id, order = request.form.get("list", 0, type=row_id) or 0, request.form.get("order", "")

    def command(work: Work, attempt: signing.PinAttempt) -> CatError | None:
        return service.approve(work, sitting_id, list_id, order, attempt)

    return _with_pin(command, lambda fault: _final(sitting_id, fault), _at(sitting_id, "approved"))


@bp.post("/office/sittings/<int:sitting_id>/statements")
@allow(Role.OFFICE)
def issue(sitting_id: int) -> ResponseReturnValue:
    """Each confirmed candidate will have a statement of the approved result; the page shows how far it is."""
    try:
        with unit_of_work() as work:
            issuing.ask(work, sitting_id)
    except Stale as fault:
        return _final(sitting_id, fault), 409
    return redirect(url_for("statements.final", sitting_id=sitting_id), 303)


@bp.post("/office/sittings/<int:sitting_id>/told")
@allow(Role.OFFICE)
def tell(sitting_id: int) -> ResponseReturnValue:
    """That candidates, parents or the school were told is on record."""
    form = request.form
    try:
        with unit_of_work() as work:
            given = queries.approval_of(work, sitting_id)
            if given is None:
                raise Stale("not_approved")
            ids = [each for each in form.getlist("session", type=row_id) if each]
            service.tell(work, given.id, ids, form.get("recipient", ""), form.get("way", ""), _day(form.get("day", "")))
    except (Invalid, Stale) as fault:
        return _final(sitting_id, fault), 422
    return redirect(_at(sitting_id, "told"), 303)


@bp.post("/office/sittings/<int:sitting_id>/statements/print")
@allow(Role.OFFICE)
def print_all(sitting_id: int) -> ResponseReturnValue:
    """All statements of the reader's circle will be printed into one archive."""
    try:
        with unit_of_work() as work:
            batch.ask(work, sitting_id, request.form.get("lang", ""), origin())
    except (Invalid, Stale) as fault:
        return _final(sitting_id, fault), 422
    return redirect(_at(sitting_id, "printing"), 303)


@bp.get("/office/statements/batches/<int:batch_id>")
@allow(Role.OFFICE)
def archive(batch_id: int) -> ResponseReturnValue:
    """The archive of statements, for whoever asked for it."""
    with unit_of_work() as work:
        content = batch.take(work, batch_id)
    headers = {"Content-Disposition": f'attachment; filename="statements-{batch_id}.zip"'}
    return Response(content, mimetype="application/zip", headers=headers)


@bp.get("/office/statements/<int:statement_id>")
@allow(Role.OFFICE)
def statement(statement_id: int) -> ResponseReturnValue:
    """A statement, whether it is in force, and the form that revokes it."""
    return _statement(statement_id, None)


@bp.post("/office/statements/<int:statement_id>/revoke")
@allow(Role.OFFICE)
def revoke(statement_id: int) -> ResponseReturnValue:
    """The statement is not in force any more."""
    reason = request.form.get("reason", "")

    def command(work: Work, attempt: signing.PinAttempt) -> CatError | None:
        return service.revoke(work, statement_id, reason, attempt)

    here = url_for("statements.statement", statement_id=statement_id)
    return _with_pin(command, lambda fault: _statement(statement_id, fault), here)


@bp.get("/office/statements/<int:statement_id>/paper")
@allow(Role.OFFICE)
def paper(statement_id: int) -> ResponseReturnValue:
    """The statement as PDF."""
    with reading() as work:
        return as_pdf(papers.print_statement(work, _of_circle(work, statement_id), tongue(), origin()), "statement")


@bp.get("/exam/result/notice")
@allow(Role.CANDIDATE)
def own_notice() -> ResponseReturnValue:
    """The newest notice in force to the candidate whose session this device holds."""
    with reading() as work:
        session = delivery.session_ref(work, held(work).id)
        return as_pdf(notices.print_own(work, session, tongue(), origin()), "notice")


@bp.get("/exam/result/statement")
@allow(Role.CANDIDATE)
def own() -> ResponseReturnValue:
    """The statement of the candidate whose session this device holds."""
    with reading() as work:
        found = queries.in_force(work, [session_id := held(work).id]).get(session_id)
        if found is None:
            raise NotFound("not_found")
        return as_pdf(papers.print_statement(work, said.said_of(work, found), tongue(), origin()), "statement")


@bp.get("/office/sessions/<int:session_id>/attestation")
@allow(Role.OFFICE)
def attestation(session_id: int) -> ResponseReturnValue:
    """How a candidate goes on to attestation."""
    return _attestation(session_id, None)


@bp.post("/office/sessions/<int:session_id>/attestation")
@allow(Role.OFFICE)
def attest(session_id: int) -> ResponseReturnValue:
    """The subject of choice, or the papers of one whose right was not confirmed, are on record."""
    form = request.form
    try:
        with unit_of_work() as work:
            if form.get("kind") == "choice":
                service.choose(work, session_id, form.getlist("subject"))
            else:
                service.admit(work, session_id, {code.removeprefix("paper-"): form[code] for code in form
                                                 if code.startswith("paper-")})  # fmt: skip
    except (Invalid, Refused, Stale) as fault:
        return _attestation(session_id, fault), 422
    return redirect(url_for("statements.attestation", session_id=session_id, done=1), 303)


def _final(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        number = typed_page(request.args.get("page", ""))
        seen = views.final(work, sitting_id, number)
        ids = [each.row.session_id for each in seen.people]
        if ids:
            work.record("result:read", f"sitting:{sitting_id}", clause=access.CLAUSE, sessions=ids)
        edition, given = seen.sitting.edition, seen.approval
        return render_template(
            "statements/final.html", seen=seen, page_no=number, page_size=PAGE, fault=fault,
            title=seen.sitting.titles[language()], typed=request.form, ways=service.WAYS, today=work.now,
            approval_clause=edition.label(service.APPROVAL, language()), maximum=service.ORDER_MAX,
            statement_clause=edition.label(service.EXTRACT, language()),
            task=tasks.latest(work, batch.KIND, f"sitting:{sitting_id}", 1, work.actor.label),
            batch=batch.newest(work, given.id) if given else None,
            issuing=tasks.latest(work, issuing.KIND, f"sitting:{sitting_id}", 1) if seen.circle.is_whole else [],
        )  # fmt: skip


def _statement(statement_id: int, fault: CatError | None) -> str:
    with reading() as work:
        found = _of_circle(work, statement_id)
        circle = access.circle_of(work, found.sitting.edition)
        work.record("result:read", f"session:{found.ref.session_id}", clause=access.CLAUSE)
        return render_template(
            "statements/statement.html", found=found, is_genuine=said.is_genuine(work, found), is_whole=circle.is_whole,
            has_pin=signing.has_pin(work, actor().id or 0), fault=fault, typed=request.form,
            maximum=service.REASON_MAX, clause=found.sitting.edition.label(service.EXTRACT, language()),
        )  # fmt: skip


def _attestation(session_id: int, fault: CatError | None) -> str:
    with reading() as work:
        found = views.attestation(work, session_id)
        work.record("result:read", f"session:{session_id}", clause=access.CLAUSE)
        return render_template(
            "statements/attestation.html", found=found, fault=fault, typed=request.form, maximum=service.PAPER_MAX,
            count=views.choice_count(found.sitting),
        )  # fmt: skip


def _of_circle(work: Work, statement_id: int) -> said.Said:
    """The statement, if its candidate lies in the actor's circle; others learn only that nothing is here."""
    found = said.said_of(work, queries.statement(work, statement_id))
    access.require_session(work, found.sitting.edition, delivery.session_ref(work, found.ref.session_id))
    return found


def _with_pin(command: Command, page: Callable[[CatError], str], done: str) -> ResponseReturnValue:
    with reading() as work:
        attempt = own_pin(work, request.form)
    fault = refusal(lambda work: command(work, attempt))
    return redirect(done, 303) if fault is None else (page(fault), 422)


def _at(sitting_id: int, done: str) -> str:
    return url_for("statements.final", sitting_id=sitting_id, done=done)


def _day(typed: str) -> date:
    try:
        return typed_day(typed)
    except ValueError as error:
        raise Invalid("notice_day_malformed") from error
