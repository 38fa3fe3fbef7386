"""The office's page of a sitting's tools: what is offered, what the edition forbids and why (DC-15)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.core.errors import CatError, Invalid, Refused
from server.core.i18n import language
from server.core.roles import Role
from server.delivery.service import tooling
from server.delivery.tools import queries
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("tools", __name__, url_prefix="/office", template_folder="../templates")


@bp.get("/sittings/<int:sitting_id>/tools")
@allow(Role.OFFICE)
def form(sitting_id: int) -> ResponseReturnValue:
    """The tools of the edition, those of the sitting ticked; a forbidden one cannot be ticked and says why."""
    return _page(sitting_id, None)


@bp.post("/sittings/<int:sitting_id>/tools")
@allow(Role.OFFICE)
def decide(sitting_id: int) -> ResponseReturnValue:
    """The candidates of the sitting will have these tools."""
    try:
        with unit_of_work() as work:
            tooling.decide(work, sitting_id, set(request.form.getlist("tool")))
    except (Refused, Invalid) as error:
        return _page(sitting_id, error), 409
    return redirect(url_for("tools.form", sitting_id=sitting_id, done="decided"), 303)


def _page(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        sitting = queries.of_office(work, sitting_id)
        rule = queries.rule_of(sitting)
        offered = queries.offered(sitting)
        rows = [(each, each.title(language()), rule.judge(each.code)) for each in rule.tools]
        return render_template(
            "delivery/tools.html", sitting=sitting, title=sitting.titles[language()], rows=rows, offered=offered,
            fault=fault, clause=queries.CLAUSE, is_fixed=queries.is_fixed(work, sitting_id),
        )  # fmt: skip
