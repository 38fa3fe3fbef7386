"""My work: what waits for each who works on the bank, and the first step of a new item."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning, waiting
from itembank.authoring.commission import queries
from itembank.items.content import TIERS
from itembank.items.parts import TYPES
from server.core.errors import Invalid
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("desk", __name__, template_folder="../templates")
EVERYBODY = (Role.WRITER, Role.REVIEWER, Role.EDITOR, Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)


@bp.get("/bank/my-work")
@allow(*EVERYBODY)
def my_work() -> ResponseReturnValue:
    """What waits for the reader, role by role, the most urgent first."""
    me = actor()
    with reading() as work:
        parts = {
            "texts": waiting.own_texts(work, me.id or 0) if me.may(Role.WRITER) else None,
            "finished": waiting.finished_counts(work, me.id or 0) if me.may(Role.WRITER) else {},
            "readings": waiting.readings(work, me.id) if me.may(Role.REVIEWER, Role.EDITOR) else None,
            "asked": waiting.readings(work) if me.may(Role.COMMISSION) else None,
            "decisions": waiting.for_commission(work) if me.may(Role.COMMISSION) else None,
            "sessions": queries.unfinished(work) if me.may(Role.COMMISSION) else [],
            "to_calibrate": waiting.in_state(work, "pretest") if me.may(Role.PSYCHOMETRICIAN) else None,
        }
    return render_template("bank/my_work.html", **parts)


@bp.get("/bank/manuscripts/new")
@allow(Role.WRITER)
def begin_form() -> ResponseReturnValue:
    """A new item: first its subject, then its tier, area, type and languages."""
    return _form(None)


@bp.post("/bank/manuscripts/new")
@allow(Role.WRITER)
def begin() -> ResponseReturnValue:
    """The draft stands; what was chosen stays when something is missing."""
    new = beginning.NewDraft(
        languages=tuple(request.form.getlist("languages")),
        **{part: request.form.get(part, "") for part in ("subject", "tier", "area", "type", "origin")},
    )
    try:
        with unit_of_work() as work:
            manuscript_id = beginning.begin(work, new)
    except Invalid as fault:
        return _form(fault), 422
    return redirect(url_for("manuscripts.editor", manuscript_id=manuscript_id), 303)


def _form(fault: Invalid | None) -> str:
    subject = request.values.get("subject", "")
    with reading() as work:
        known = beginning.subjects(work)
        areas = beginning.areas(work, subject) if subject in known else {}
    return render_template(
        "bank/begin.html", subjects=known, subject=subject if subject in known else "", areas=areas, tiers=TIERS,
        types=TYPES, fault=fault, typed=request.form, ticked=request.form.getlist("languages"),
    )  # fmt: skip
