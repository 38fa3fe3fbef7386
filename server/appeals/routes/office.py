"""The offices' pages of appeals: the commission's register, filing by number, notices, the final list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import accounts
from server.accounts.queries import everybody_with
from server.appeals import commission, filing, office, papers, telling, words
from server.appeals.commission import Seat
from server.appeals.filing import Claim, Filed
from server.appeals.listing import Wish, sheet
from server.appeals.machine import FINISHED
from server.candidates.queries import ProgrammeRef, programmes
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_day
from server.core.work import Work
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, refusal, unit_of_work
from server.grading import access

PARTS = {"open": lambda row: row.state not in FINISHED, "over": lambda row: row.state in FINISHED}
bp = Blueprint("appeals_office", __name__, url_prefix="/office/appeals", template_folder="../templates")


@bp.get("")
@allow(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """The cases of the office's own candidates, and the form by which a department files."""
    return _overview(None, ())


@bp.post("")
@allow(Role.OFFICE)
def file_list() -> ResponseReturnValue:
    """A department's list of appellants stands filed, line by line; what was refused says why."""
    form = request.form
    try:
        tasks = filing.tasks_of(form.get("tasks", "").replace(",", " ").split())
        claim = Claim(form.get("subject", ""), tuple(form.getlist("ground")), tasks, form.get("words", ""))
        with unit_of_work() as work:
            filed = filing.file_list(work, form.get("numbers", "").splitlines(), claim)
    except (Invalid, Stale) as fault:
        return _overview(fault, ()), 422
    return _overview(None, filed)


@bp.post("/<int:appeal_id>/withdraw")
@allow(Role.OFFICE)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """The department takes back what it filed."""
    return _done("withdrawn", lambda work: filing.withdraw_for(work, appeal_id))


@bp.post("/<int:appeal_id>/hand-over")
@allow(Role.OFFICE)
def hand_over(appeal_id: int) -> ResponseReturnValue:
    """The notice on paper was handed over."""
    return _done("handed", lambda work: telling.hand_over(work, appeal_id))


@bp.get("/<int:appeal_id>/notice.pdf")
@allow(Role.OFFICE)
def notice(appeal_id: int) -> ResponseReturnValue:
    """The notice of a decision, to be handed over."""
    with unit_of_work() as work:
        return as_pdf(papers.print_notice(work, appeal_id, tongue(), origin()), "appeal-notice")


@bp.post("/sittings/<int:sitting_id>/list")
@allow(Role.OFFICE)
def issue_list(sitting_id: int) -> ResponseReturnValue:
    """The final list of the sitting is issued under the office's seal."""
    return _done("listed", lambda work: telling.issue_list(work, sitting_id))


@bp.get("/sittings/<int:sitting_id>/list.pdf")
@allow(Role.OFFICE)
def final_list(sitting_id: int) -> ResponseReturnValue:
    """The final list on paper."""
    with unit_of_work() as work:
        return as_pdf(papers.print_list(work, sitting_id, tongue(), origin()), "appeals")


@bp.get("/commission")
@allow(Role.OFFICE)
def commission_form() -> ResponseReturnValue:
    """The appeals commission as it stands, and the form that names it."""
    return _commission(None)


@bp.post("/commission")
@allow(Role.OFFICE)
def name_commission() -> ResponseReturnValue:
    """The commission of a programme is named as its order has it (DC-24)."""
    form = request.form
    ids = [row_id(each) for each in form.getlist("member") if each.isdigit()]
    seats = [Seat(each, form.get(f"role_{each}", ""), form.get(f"body_{each}", "")) for each in ids]
    programme_id = form.get("programme", 0, type=row_id)

    def command(work: Work) -> None:
        ordered_on = _day(form.get("ordered_on", ""))
        commission.name_commission(work, programme_id, form.get("order_no", ""), ordered_on, seats)

    if fault := refusal(command):
        return _commission(fault), 422
    return redirect(url_for("appeals_office.commission_form", programme=programme_id, done="named"), 303)


def _day(typed: str) -> date:
    try:
        return typed_day(typed)
    except ValueError:
        raise Invalid("appeal_commission_day") from None


def _done(done: str, command: Callable[[Work], object]) -> ResponseReturnValue:
    fault = refusal(command)
    if isinstance(fault, Refused):
        raise fault  # an office that reads results and does nothing with them: there is no form to go back to
    if fault is not None:
        return _overview(fault, ()), 422
    return redirect(url_for("appeals_office.overview", done=done), 303)


def _overview(fault: CatError | None, filed: tuple[Filed, ...] | list[Filed]) -> str:
    with unit_of_work() as work:  # that the cases were read is journalled
        known = programmes(work)
        own = accounts.organisation_of(work, work.actor.organisation_id or 0).kind
        cases = office.cases_of_office(work, known)
        grounds = {code: name for each in reversed(known) for code, name in words.grounds(each.edition).items()}
        return render_template(
            "appeals/office.html", sheet=sheet(cases, Wish.of(request.args), PARTS), now=work.now, words=words,
            sittings=office.sittings_with_appeals(work, cases),
            is_whole=own in ("ntc", "ministry"), may_file=own == "department", fault=fault, filed=filed,
            subjects=office.subjects_of(known), grounds=grounds, typed=request.form,
            clause=known[0].edition.label(filing.WINDOW, language()) if known else "",
        )  # fmt: skip


def _commission(fault: CatError | None) -> str:
    with reading() as work:
        known = programmes(work)
        chosen = _chosen(known)
        if chosen is not None:
            access.require_whole(work, chosen.edition)
        elif not access.is_whole_country(work):
            raise Denied("not_allowed")
        return render_template(
            "appeals/commission.html", programmes=known, programme=chosen, people=everybody_with(work, Role.APPEALS),
            current=commission.commission_of(work, chosen.id) if chosen else None, fault=fault, typed=request.form,
            roles=words.roles(chosen.edition) if chosen else {}, bodies=words.bodies(chosen.edition) if chosen else {},
            rule=(rule := commission.rule_of(chosen.edition)) if chosen else None,
            may_name=bool(chosen and rule.judge_approver(access.office_kind(work)).allowed),
            place="ordered_on" if fault and fault.code == "appeal_commission_day" else "order_no",
        )  # fmt: skip


def _chosen(known: list[ProgrammeRef]) -> ProgrammeRef | None:
    wanted = request.values.get("programme", 0, type=row_id)
    return next((each for each in known if each.id == wanted), known[0] if known else None)
