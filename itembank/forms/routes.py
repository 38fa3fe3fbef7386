"""Pages of linear forms: asked for, and what they consist of, by codes."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import words
from itembank.forms import queries, service
from itembank.items.content import TIERS
from server.core.errors import CatError, Invalid
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("forms", __name__)
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
OF_POOL = "/bank/pools/<int:pool_id>/forms"


@bp.get(OF_POOL)
@allow(*READERS)
def of_pool(pool_id: int) -> ResponseReturnValue:
    """The forms of a pool, and the form that asks for more."""
    return _page(pool_id, None)


@bp.post(OF_POOL)
@allow(Role.PSYCHOMETRICIAN)
def begin(pool_id: int) -> ResponseReturnValue:
    """Forms will be assembled; the page that asked shows when they stand."""
    form = request.form
    try:
        plan = service.Plan(
            form.get("n", 0, type=row_id), form.get("least", -1, type=row_id), form.get("most", -1, type=row_id),
            form.get("purpose", ""), "is_fresh" in form,
        )  # fmt: skip
        with unit_of_work() as work:
            service.ask_forms(work, pool_id, plan)
    except Invalid as error:
        return _page(pool_id, error), 422
    return redirect(url_for("forms.of_pool", pool_id=pool_id), 303)


@bp.get("/bank/forms/<int:form_set_id>")
@allow(*READERS)
def forms(form_set_id: int) -> ResponseReturnValue:
    """What each form consists of, and how alike they are."""
    with reading() as work:
        page = queries.forms_page(work, form_set_id)
    return render_template("bank/forms.html", page=page, names=words.names_of(page.spec, {}), tiers=TIERS)


def _page(pool_id: int, fault: CatError | None) -> str:
    with reading() as work:
        page = queries.forms_of(work, pool_id)
    return render_template("bank/pool_forms.html", page=page, fault=fault, typed=request.form,
                           most_forms=service.MOST_FORMS)  # fmt: skip
