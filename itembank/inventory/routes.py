"""Pages of the bank as a whole: search with acts on many items, and what is to be written next. No content here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from itembank.authoring.beginning import areas
from itembank.inventory import cards, judged, queries, service
from itembank.inventory.filters import SORTS, STATES, Filters
from itembank.inventory.plots import difficulty_plot, given_plot
from itembank.items.content import TIERS
from itembank.items.parts import TYPES
from server.core.errors import Invalid
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import LANGUAGES
from server.core.work import Work
from server.edge.guard import actor, allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf
from server.edge.work import reading, unit_of_work

bp = Blueprint("inventory", __name__, template_folder="templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)


@bp.get("/bank/items")
@allow(*READERS)
def items() -> ResponseReturnValue:
    """The items that answer what the address asks."""
    return _list(Filters.read(request.args))


@bp.post("/bank/items")
@allow(*READERS)
def act() -> ResponseReturnValue:
    """What an act would do to each item; once that was seen, the act. What was typed stays when it cannot be done."""
    asked, form = Filters.read(request.args), request.form
    try:
        if form.get("step") == "do":
            with unit_of_work() as work:
                outcome = service.act_on(work, _chosen(work, asked), _ask(work))
            return _list(asked, outcome=outcome)
        with reading() as work:
            outcome = service.look_ahead(work, _chosen(work, asked), _ask(work))
    except Invalid as fault:
        return _list(asked, fault=fault), 422
    return render_template("inventory/act.html", asked=asked, outcome=outcome)


@bp.post("/bank/cards")
@allow(*READERS)
def print_cards() -> ResponseReturnValue:
    """The cards of the items that were ticked, of all that answer, or of the one that is named, as a PDF."""
    asked, named = Filters.read(request.args), request.form.get("name", "")
    try:
        with reading() as work:
            ids = queries.matching_ids(work, asked, cards.MOST) if "whole" in request.form else _ticked()
            codes = [named] if named else cards.codes_of(work, ids[: cards.MOST + 1])
            printed = cards.print_cards(work, codes, language(), origin())
    except Invalid as fault:
        return _list(asked, fault=fault), 422
    return as_pdf(printed, "cards")


@bp.get("/bank/health")
@allow(*READERS)
def health() -> ResponseReturnValue:
    """What every cell of every blueprint has and needs, and what is to be written next."""
    with reading() as work:
        subjects = judged.health(work)
    plots = {each.subject: (difficulty_plot(each), given_plot(each)) for each, _spec in subjects}
    return render_template("inventory/health.html", subjects=subjects, plots=plots, tiers=TIERS)


def _ask(work: Work) -> service.Ask:
    form = request.form
    return service.Ask.read(work, form.get("act", ""), form.get("reason", ""), form.get("family", ""))


def _chosen(work: Work, asked: Filters) -> list[int]:
    """All items that answer, or those that were ticked."""
    return queries.matching_ids(work, asked, service.MOST) if "whole" in request.form else _ticked()


def _ticked() -> list[int]:
    return request.form.getlist("id", type=row_id)


def _list(asked: Filters, outcome: service.Outcome | None = None, fault: Invalid | None = None) -> str:
    with reading() as work:
        page = queries.search(work, asked)
        subjects = queries.subjects(work)
        titles = {subject: areas(work, subject) for subject in subjects if asked.subject in ("", subject)}
    acts = [act for act, roles in service.ACTS.items() if actor().may(*roles)]
    return render_template(
        "inventory/items.html", asked=asked, page=page, subjects=subjects, titles=titles, tiers=TIERS, types=TYPES,
        states=STATES, sorts=SORTS, languages=LANGUAGES, acts=acts, most=service.MOST, most_cards=cards.MOST,
        outcome=outcome, fault=fault, ticked=frozenset(_ticked()), typed=request.form,
    )  # fmt: skip
