"""The auditor's page of who read which results (CS-5)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from server.accounts.queries import staff_of_login
from server.core.i18n import _
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading
from server.reports.readings import queries

bp = Blueprint("readings", __name__, template_folder="../templates")
PAGE = 50


@bp.get("/journal/results")
@allow(Role.AUDITOR)
def results() -> ResponseReturnValue:
    """A page of readings, newest first, of a person or of a candidate if one is named."""
    fields = {name: request.args.get(name, "").strip()[:80] for name in ("person", "number")}
    with reading() as work:
        found = queries.readings(work, actor=_actor(work, fields["person"]), number=fields["number"],
                                 before=request.args.get("before", type=row_id), size=PAGE)  # fmt: skip
    return render_template("readings/results.html", found=found, fields=fields, acts=_acts(),
                           more=queries.NUMBERS_SHOWN)  # fmt: skip


def _actor(work: Work, person: str) -> str:
    if not person or ":" in person:
        return person
    staff_id = staff_of_login(work, person)
    return "staff:?" if staff_id is None else f"staff:{staff_id}"  # of one whom nobody knows there are no lines


def _acts() -> dict[str, str]:
    return {
        "result:read": _("Read"), "results:read": _("Read as a list"), "result:exported": _("Taken out as a file"),
        "work:decoded": _("Code turned into a name"),
    }  # fmt: skip
