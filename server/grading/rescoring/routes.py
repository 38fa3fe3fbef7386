"""The office's pages of rescoring: what is corrected and on whose decision, its effect, who signs, what is in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.items.correcting import ask_key, asked_keys, key_named, version_named
from server import delivery
from server.accounts.signing.typed import own_pin
from server.core.errors import CatError, Invalid, NotFound, Refused, Stale
from server.core.i18n import language
from server.core.regulation import editions
from server.core.roles import Role
from server.core.work import Work
from server.delivery.forms import session_of
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work
from server.grading import access
from server.grading.policy import Policy
from server.grading.rescoring import plots, queries, service
from server.grading.rescoring.service import Cause
from server.grading.rescoring.standing import CLAUSE

bp = Blueprint("rescoring", __name__, url_prefix="/office/rescoring", template_folder="templates")
A_PAGE = 50
ORDER = "order:"  # a decision that is typed here is never taken for one of the appeals commission


@bp.get("")
@allow(Role.OFFICE)
def runs() -> ResponseReturnValue:
    """Every run, and what is in force."""
    with reading() as work:
        access.require_country(work)
        rows, keys = queries.runs(work), asked_keys(work)
    return render_template("rescoring/runs.html", rows=rows, keys=keys, clause=_clause())


@bp.get("/new")
@allow(Role.OFFICE)
def new() -> ResponseReturnValue:
    """The form by which a correction is proposed."""
    return _new(None)


@bp.post("")
@allow(Role.OFFICE)
def propose() -> ResponseReturnValue:
    """The run stands, and its effect is being computed."""
    try:
        with unit_of_work() as work:
            access.require_country(work)
            if _is_key_wanted():
                _ask_key(work)
                return redirect(url_for("rescoring.runs", _anchor="keys"), 303)
            run_id = service.propose(work, _cause(work))
    except (Invalid, NotFound, Stale) as fault:
        return _new(fault), 422
    return redirect(url_for("rescoring.run", rescoring_id=run_id), 303)


@bp.get("/<int:rescoring_id>")
@allow(Role.OFFICE)
def run(rescoring_id: int) -> ResponseReturnValue:
    """A run: its effect, who has signed it, and what may be done."""
    return _run(rescoring_id, None)


@bp.post("/<int:rescoring_id>/effect")
@allow(Role.OFFICE)
def compute(rescoring_id: int) -> ResponseReturnValue:
    """The effect is being computed anew."""
    return _done(rescoring_id, lambda work: service.compute_again(work, rescoring_id))


@bp.post("/<int:rescoring_id>/sign")
@allow(Role.OFFICE)
def sign(rescoring_id: int) -> ResponseReturnValue:
    """The person who is signed in stands for the effect, by their PIN."""
    with reading() as work:
        attempt = own_pin(work, request.form)
    shown = request.form.get("effect_id", 0, type=row_id)
    return _done(rescoring_id, lambda work: service.sign(work, rescoring_id, shown, attempt))


@bp.post("/<int:rescoring_id>/withdraw")
@allow(Role.OFFICE)
def withdraw(rescoring_id: int) -> ResponseReturnValue:
    """The run will not be applied."""
    return _done(rescoring_id, lambda work: service.withdraw(work, rescoring_id, request.form.get("reason", "")))


def _done(run_id: int, act: Callable[[Work], CatError | None]) -> ResponseReturnValue:
    try:
        with unit_of_work() as work:
            access.require_country(work)
            fault = act(work)
    except (Invalid, Refused, Stale) as error:
        fault = error
    if fault is not None:
        return _run(run_id, fault), 422
    return redirect(url_for("rescoring.run", rescoring_id=run_id), 303)


def _cause(work: Work) -> Cause:
    """What the form says is to be corrected."""
    said = request.form
    kind, order = said.get("kind", ""), said.get("decided_by", "").strip()
    said_of = Cause(kind=kind, reason=said.get("reason", ""), decided_by=f"{ORDER}{order}" if order else "")
    if kind in service.SESSION_KINDS:
        session_id = session_of(said.get("form_no", ""))
        if session_id is None:
            raise Invalid("rescoring_form_unknown")
        return replace(said_of, session_id=session_id)
    version = version_named(work, said.get("code", "").strip(), _number(said.get("version", "")))
    key = key_named(work, version, _number(said.get("key", ""))) if kind == "key_corrected" else None
    return replace(said_of, item_version_id=version, key_version_id=key)


def _is_key_wanted() -> bool:
    """Whether a key is to be corrected that nobody has made yet."""
    return request.form.get("kind") == "key_corrected" and not request.form.get("key", "").strip()


def _ask_key(work: Work) -> None:
    said = request.form
    version = version_named(work, said.get("code", "").strip(), _number(said.get("version", "")))
    decided_by = " ".join(said.get("decided_by", "").split())
    if not decided_by:
        raise Invalid("rescoring_undecided")
    ask_key(work, version, said.get("reason", ""), decided_by)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None


def _new(fault: CatError | None) -> str:
    with reading() as work:
        access.require_country(work)
    typed = request.form if request.method == "POST" else request.args
    return render_template(
        "rescoring/new.html", fault=fault, typed=typed, most=service.LONGEST_REASON, clause=_clause(),
        kinds=(*service.ITEM_KINDS, *service.SESSION_KINDS),
    )  # fmt: skip


def _run(run_id: int, fault: CatError | None) -> str:
    at = request.args.get("from", 0, type=row_id)
    with reading() as work:
        access.require_country(work)
        page = queries.run_page(work, run_id)
        changes = queries.changes_of(work, run_id, at, A_PAGE)
        sittings = [] if page.effect is None else page.effect.summary["sittings"]
        refs = [delivery.sitting_ref(work, each) for each in sittings]
        policies = [Policy.of(each.edition) for each in refs]
        centres = queries.centre_names(work, page.effect)
    titles: dict[str, str] = {}
    for policy in policies:
        titles |= {**policy.subject_titles(language()), **policy.grade_titles(language())}
    return render_template(
        "rescoring/run.html", page=page, row=page.row, changes=changes, at=at, a_page=A_PAGE, fault=fault,
        titles=titles, sittings=[(each.id, each.titles[language()]) for each in refs], centres=centres,
        plot=plots.plot_of(page.effect), typed=request.form, clause=_clause(), most=service.LONGEST_REASON,
        has_signed=(actor().id or 0) in page.signer_ids,
    )  # fmt: skip


def _clause() -> str:
    return next(law for law in editions() if not law.fictitious).label(CLAUSE, language())
