"""The page of one item: its life, for everybody who works on the bank; its content for nobody here."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning, history
from itembank.authoring.routes.desk import EVERYBODY
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import reading

bp = Blueprint("bank_items", __name__, template_folder="../templates")
NAMES = (Role.COMMISSION, Role.SECURITY)
FIGURES = (Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)


@bp.get("/bank/items/<name>")
@allow(*EVERYBODY)
def item(name: str) -> ResponseReturnValue:
    """Texts and versions with their moves, readings, decisions; figures and pools for those who work with them."""
    with reading() as work:
        me = actor()
        page = history.item_page(work, name, with_openings=me.may(Role.SECURITY), with_names=me.may(*NAMES))
        titles = beginning.areas(work, page.item.subject)
    return render_template("bank/item.html", page=page, titles=titles, sees_figures=actor().may(*FIGURES))
