"""The page on which a pool is put together and published."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import words
from itembank.blueprints.pools import queries, service
from itembank.items.content import TIERS
from server.core.errors import CatError
from server.core.i18n import LANGUAGES
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("pools", __name__, template_folder="../templates")
ROUTE = "/bank/blueprints/<int:blueprint_id>/pool"
USUAL = ("ky", "ru")


@bp.get(ROUTE)
@allow(Role.PSYCHOMETRICIAN)
def choose(blueprint_id: int) -> ResponseReturnValue:
    """Calibration and languages are chosen; the page says which items enter, which not, and whether it holds."""
    return _page(blueprint_id, None)


@bp.post(ROUTE)
@allow(Role.PSYCHOMETRICIAN)
def publish(blueprint_id: int) -> ResponseReturnValue:
    """The pool is frozen, proved and digested."""
    form = request.form
    try:
        with unit_of_work() as work:
            pool_id = service.publish_chosen(
                work, blueprint_id, form.get("run", 0, type=row_id), languages=_languages(),
                written=[code for code in form.getlist("written") if code],
                rehearsal_id=form.get("rehearsal", 0, type=row_id), left_out=form.get("left_out", -1, type=int),
            )  # fmt: skip
    except CatError as error:
        return _page(blueprint_id, error), 422
    return redirect(url_for("bank.pool", pool_id=pool_id, done="published"), 303)


def _languages() -> tuple[str, ...]:
    found = request.values.getlist("language")
    return tuple(each for each in LANGUAGES if each in found) or (USUAL if request.method == "GET" else ())


def _page(blueprint_id: int, fault: CatError | None) -> str:
    with reading() as work:
        page = queries.choosing(work, blueprint_id, request.values.get("run", type=row_id), _languages())
    return render_template(
        "bank/pool_choose.html", page=page, fault=fault, names=words.names_of(page.spec, {}), tiers=TIERS,
        sentence_of=words.sentence, all_languages=LANGUAGES, chosen=request.values.getlist("written"),
    )  # fmt: skip
