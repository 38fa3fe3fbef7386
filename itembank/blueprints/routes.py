"""The bank's pages for the commission and the psychometrician: metadata and figures, never content."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from itembank.blueprints import queries
from itembank.blueprints.drafts import queries as drafts
from itembank.blueprints.drafts import words
from itembank.items.content import TIERS
from itembank.rehearsals import queries as rehearsals
from itembank.rehearsals.plan import CROWDS
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import reading

bp = Blueprint("bank", __name__, template_folder="templates")


@bp.get("/bank")
@allow(Role.COMMISSION, Role.PSYCHOMETRICIAN)
def overview() -> ResponseReturnValue:
    """What the bank holds, by subject, area and tier, with blueprints and pools."""
    with reading() as work:
        subjects = queries.overview(work)
    return render_template("bank/overview.html", subjects=subjects, tiers=TIERS)


@bp.get("/bank/blueprints/<int:blueprint_id>")
@allow(Role.COMMISSION, Role.PSYCHOMETRICIAN)
def blueprint(blueprint_id: int) -> ResponseReturnValue:
    """One approved blueprint beside the one before it, with its rehearsals."""
    with reading() as work:
        page = queries.blueprint_page(work, blueprint_id)
        tried = rehearsals.of_blueprint(work, blueprint_id)
        runs = drafts.runs_of(work, page.subject)
    lines = words.compared(page.before, page.spec)
    return render_template("bank/blueprint.html", page=page, tried=tried, runs=runs, lines=lines, crowds=list(CROWDS))


@bp.get("/bank/pools/<int:pool_id>")
@allow(Role.COMMISSION, Role.PSYCHOMETRICIAN)
def pool(pool_id: int) -> ResponseReturnValue:
    """One pool: blueprint, proof, parameters and information."""
    with reading() as work:
        page = queries.pool_page(work, pool_id)
        tried = rehearsals.of_pool(work, pool_id)
    return render_template("bank/pool.html", page=page, tiers=TIERS, tried=tried, crowds=list(CROWDS))
