"""Pages of blueprint drafts: begun, written with contradictions shown as one writes, proposed, signed, approved."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import commission, law, queries, service, words
from itembank.blueprints.drafts.reading import MOST_AREAS, kept
from itembank.blueprints.drafts.wire import DraftAsk, DraftProblem, DraftReply
from itembank.blueprints.spec import Spec
from itembank.items.content import TIERS
from itembank.rehearsals import queries as rehearsals
from itembank.rehearsals.plan import CROWDS
from server import accounts
from server.accounts.signing.typed import member_pin
from server.core.errors import CatError
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("drafts", __name__, template_folder="../templates")
WRITERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
DRAFT = "/bank/blueprints/drafts/<int:draft_id>"


@bp.get("/bank/blueprints")
@allow(*WRITERS)
def overview() -> ResponseReturnValue:
    """Drafts and approved blueprints by subject, and the commission of the year."""
    return _overview(None)


@bp.post("/bank/blueprints/drafts")
@allow(*WRITERS)
def begin() -> ResponseReturnValue:
    """A draft begins as the subject's last blueprint was, or the one that is open is gone on with."""
    subject, year = request.form.get("subject", ""), request.form.get("year", 0, type=row_id)
    try:
        with unit_of_work() as work:
            draft_id = service.begin_draft(work, subject, year)
    except CatError as error:
        return _overview(error), 422
    return redirect(url_for("drafts.draft", draft_id=draft_id), 303)


@bp.get(DRAFT)
@allow(*WRITERS)
def draft(draft_id: int) -> ResponseReturnValue:
    """One draft: the form, what stands in the way, last year's beside it, rehearsals and signatures."""
    return _page(draft_id)


@bp.post(DRAFT)
@allow(*WRITERS)
def save(draft_id: int) -> ResponseReturnValue:
    """What was typed is kept; what somebody else saved meanwhile is not overwritten."""
    try:
        with unit_of_work() as work:
            service.save_draft(work, draft_id, _revision(), request.form)
    except CatError as error:
        return _page(draft_id, error, typed=kept(request.form)), 422
    return _back(draft_id, "saved")


@bp.post(DRAFT + "/check")
@allow(*WRITERS)
def check(draft_id: int) -> ResponseReturnValue:
    """What stands in the way of the fields as they stand just now; nothing is kept."""
    ask = parse(DraftAsk)
    fields = kept(ask.fields)
    with reading() as work:
        page = queries.draft_page(work, draft_id, ask.run)
        found = queries.check(work, fields, page.run_id)
    names = words.names_of(found.spec, fields)
    supply = found.supply
    reply = DraftReply(
        problems=tuple(DraftProblem(place=each.place, message=words.sentence(each, names)) for each in found.problems),
        supply=tuple(
            DraftProblem(place=each.place, message=words.sentence(each, names))
            for each in (supply.problems if supply else ())
        ),
        is_feasible=supply is not None and supply.is_feasible, verdict=words.verdict(found),
    )  # fmt: skip
    return Response(reply.model_dump_json(), mimetype="application/json")


@bp.post(DRAFT + "/propose")
@allow(*WRITERS)
def propose(draft_id: int) -> ResponseReturnValue:
    """The draft stands still for the commission to sign."""
    rehearsal_id = request.form.get("rehearsal", 0, type=row_id) or None
    try:
        with unit_of_work() as work:
            service.propose_draft(work, draft_id, _revision(), rehearsal_id)
    except CatError as error:
        return _page(draft_id, error), 422
    return _back(draft_id, "proposed")


@bp.post(DRAFT + "/recall")
@allow(*WRITERS)
def recall(draft_id: int) -> ResponseReturnValue:
    """The draft is written on."""
    try:
        with unit_of_work() as work:
            service.recall_draft(work, draft_id, _revision(), request.form.get("reason", ""))
    except CatError as error:
        return _page(draft_id, error), 422
    return _back(draft_id, "recalled")


@bp.post(DRAFT + "/discard")
@allow(*WRITERS)
def discard(draft_id: int) -> ResponseReturnValue:
    """Nothing will come of the draft."""
    try:
        with unit_of_work() as work:
            service.discard_draft(work, draft_id, _revision(), request.form.get("reason", ""))
    except CatError as error:
        return _page(draft_id, error), 422
    return redirect(url_for("drafts.overview"), 303)


@bp.post(DRAFT + "/sign")
@allow(*WRITERS)
def sign(draft_id: int) -> ResponseReturnValue:
    """A member of the commission has typed their PIN at this screen."""
    with reading() as work:
        attempt = member_pin(work, request.form)
    fault: CatError | None
    try:
        with unit_of_work() as work:
            fault = service.sign_draft(work, draft_id, request.form.get("digest", ""), attempt)
    except CatError as error:
        fault = error
    return (_page(draft_id, fault), 422) if fault else _back(draft_id, "signed")


@bp.post(DRAFT + "/approve")
@allow(Role.COMMISSION)
def approve(draft_id: int) -> ResponseReturnValue:
    """The blueprint stands, frozen, by those who signed (DC-5)."""
    try:
        with unit_of_work() as work:
            blueprint_id = service.approve_draft(work, draft_id, _revision())
    except CatError as error:
        return _page(draft_id, error), 422
    return redirect(url_for("bank.blueprint", blueprint_id=blueprint_id), 303)


@bp.get("/office/commission")
@allow(Role.OFFICE)
def commission_form() -> ResponseReturnValue:
    """The commission of the year, and the form that names it."""
    return _commission(None)


@bp.post("/office/commission")
@allow(Role.OFFICE)
def name_commission() -> ResponseReturnValue:
    """The commission of a year is named as its order has it (DC-5)."""
    form = request.form
    try:
        with unit_of_work() as work:
            commission.name_commission(
                work, form.get("year", 0, type=row_id), form.get("order_no", ""),
                [row_id(each) for each in form.getlist("member") if each.isdigit()], form.get("chair", 0, type=row_id),
            )  # fmt: skip
    except CatError as error:
        return _commission(error), 422
    return redirect(url_for("drafts.commission_form", done="named"), 303)


def _revision() -> int:
    return request.form.get("revision", 0, type=row_id)


def _back(draft_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("drafts.draft", draft_id=draft_id, done=done, run=request.form.get("run") or None), 303)


def _overview(fault: CatError | None) -> str:
    with reading() as work:
        rows, year = queries.drafts(work), law.this_year(work)
        return render_template(
            "bank/blueprints.html", drafts=rows, blueprints=queries.published(work), subjects=law.subjects(), year=year,
            commission=commission.commission_of(work, year), fault=fault,
            people=queries.people(work, [row.saved_by for row in rows]),
        )  # fmt: skip


def _page(draft_id: int, fault: CatError | None = None, typed: dict[str, str] | None = None) -> str:
    run_id = request.values.get("run", type=row_id)
    with reading() as work:
        page = queries.draft_page(work, draft_id, run_id)
        found = page.check if typed is None else queries.check(work, typed, page.run_id)
        tried = rehearsals.of_draft(work, draft_id, found.spec.to_json() if found.spec else {})
        people = queries.people(work, [page.row.saved_by])
    fields = page.fields if typed is None else typed
    names = words.names_of(found.spec, fields)
    last = Spec.from_json(page.last.spec) if page.last else None
    return render_template(
        "bank/draft.html", page=page, fields=fields, check=found, names=names, tiers=TIERS,
        most_areas=MOST_AREAS, lines=words.compared(last, found.spec), sentence_of=words.sentence,
        verdict=words.verdict(found), cuts=law.cuts(), clause=law.in_force().label, tried=tried, crowds=list(CROWDS),
        people=people, fault=fault, may_approve=actor().may(Role.COMMISSION),
    )  # fmt: skip


def _commission(fault: CatError | None) -> str:
    with reading() as work:
        year = law.this_year(work)
        members = accounts.holders(work, work.actor.organisation_id or 0, Role.COMMISSION)
        return render_template(
            "bank/commission.html", year=year, members=members, current=commission.commission_of(work, year),
            fault=fault, typed=request.form,
        )  # fmt: skip
