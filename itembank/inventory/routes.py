"""Pages of the bank as a whole: search with acts on many items, and what is to be written next. No content here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from itembank.authoring.beginning import areas
from itembank.inventory import judged, queries, service
from itembank.inventory.filters import SORTS, STATES, Filters
from itembank.inventory.plots import difficulty_plot, given_plot
from itembank.items.content import TIERS
from itembank.items.parts import TYPES
from server.core.errors import Invalid
from server.core.roles import Role
from server.core.terms import LANGUAGES
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("inventory", __name__, template_folder="templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)


@bp.get("/bank/items")
@allow(*READERS)
def items() -> ResponseReturnValue:
    """The items that answer what the address asks."""
    return _list(Filters.read(request.args))


@bp.post("/bank/items")
@allow(Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)
def act() -> ResponseReturnValue:
    """An act on the items that were ticked; what was typed stays when it cannot be done."""
    asked = Filters.read(request.args)
    ids = [int(each) for each in request.form.getlist("id") if each.isascii() and each.isdecimal() and len(each) < 10]
    try:
        with unit_of_work() as work:
            outcome = service.act_on(
                work, ids, request.form.get("act", ""), request.form.get("reason", ""), request.form.get("family", "")
            )
    except Invalid as fault:
        return _list(asked, fault=fault, ticked=frozenset(ids)), 422
    return _list(asked, outcome=outcome)


@bp.get("/bank/health")
@allow(*READERS)
def health() -> ResponseReturnValue:
    """What every cell of every blueprint has and needs, and what is to be written next."""
    with reading() as work:
        subjects = judged.health(work)
    plots = {each.subject: (difficulty_plot(each), given_plot(each)) for each, _spec in subjects}
    return render_template("inventory/health.html", subjects=subjects, plots=plots, tiers=TIERS)


def _list(
    asked: Filters, outcome: service.Outcome | None = None, fault: Invalid | None = None,
    ticked: frozenset[int] = frozenset(),
) -> str:
    with reading() as work:
        page = queries.search(work, asked)
        subjects = queries.subjects(work)
        titles = {subject: areas(work, subject) for subject in subjects if asked.subject in ("", subject)}
    acts = [act for act, roles in service.ACTS.items() if actor().may(*roles)]
    return render_template(
        "inventory/items.html", asked=asked, page=page, subjects=subjects, titles=titles, tiers=TIERS, types=TYPES,
        states=STATES, sorts=SORTS, languages=LANGUAGES, acts=acts, outcome=outcome, fault=fault, ticked=ticked,
        typed=request.form,
    )  # fmt: skip
