"""The office's page on conditions of candidates: recorded with order and evidence, withdrawn, read (DC-12)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import accounts
from server.candidates import accommodating, queries
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_day
from server.core.work import Work
from server.delivery.conditions import service
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("conditions", __name__, template_folder="../templates")
OFFICES = (*accounts.WHOLE_COUNTRY, "department")
EXTENT_DIGITS = 5
PLACES = {"registration_unknown": "registration_no", "accommodation_extent": "extent",
          "order_missing": "order_number", "accommodation_evidence_missing": "evidence",
          "accommodation_day_missing": "decided_on", "accommodation_in_future": "decided_on"}  # fmt: skip


@bp.get("/office/accommodations")
@allow(Role.OFFICE)
def decisions() -> ResponseReturnValue:
    """The conditions in force and the form for another decision."""
    return _page(None)


@bp.post("/office/accommodations")
@allow(Role.OFFICE)
def record() -> ResponseReturnValue:
    """The candidate has the condition; what was typed stays when it is refused."""
    try:
        with unit_of_work() as work:
            _office(work)
            accommodating.record_accommodation(work, _typed())
    except Denied:
        raise
    except CatError as error:
        return _page(error), 422
    return redirect(url_for("conditions.decisions", done="recorded"), 303)


@bp.post("/office/accommodations/<int:accommodation_id>/withdraw")
@allow(Role.OFFICE)
def withdraw(accommodation_id: int) -> ResponseReturnValue:
    """The condition is in force no longer; what was typed stays when it is refused."""
    said = {name: request.form.get(name, "") for name in ("order_number", "reason")}
    try:
        with unit_of_work() as work:
            _office(work)
            service.withdraw(work, accommodation_id, **said)
    except (Invalid, Refused, Stale) as error:
        return _page(error, accommodation_id), 422
    return redirect(url_for("conditions.decisions", done="withdrawn"), 303)


def _office(work: Work) -> None:
    if accounts.organisation_of(work, work.actor.organisation_id or 0).kind not in OFFICES:
        raise Denied("not_allowed")


def _typed() -> accommodating.NewDecision:
    text = {name: request.form.get(name, "") for name in ("registration_no", "kind", *accommodating.LIMITS)}
    try:
        decided_on = typed_day(request.form.get("decided_on", ""))
    except ValueError as error:
        raise Invalid("accommodation_day_missing") from error
    extent = request.form.get("extent", "").strip()
    return accommodating.NewDecision(
        **text, extent=int(extent) if extent.isascii() and extent.isdigit() and len(extent) <= EXTENT_DIGITS else 0,
        decided_on=decided_on,
    )  # fmt: skip


def _page(fault: CatError | None, withdrawing: int = 0) -> str:
    with reading() as work:
        _office(work)
        programmes = queries.programmes(work)
        kinds = {kind.code: kind for each in programmes for kind in accommodating.kinds(work, each.id)}
        found = accommodating.in_force(work)
        known = {each.id: each for each in queries.registrations(work, [ref.registration_id for ref in found])}
        zone = programmes[0].edition.zone.key if programmes else "UTC"
    listed = [(kind.code, kind.title(language()), kind.most, kind.effect) for kind in kinds.values()]
    return render_template(
        "delivery/accommodations.html", kinds=listed,
        found=[(ref, known[ref.registration_id]) for ref in found], fault=fault, typed=request.form, zone=zone,
        withdrawing=withdrawing, place=_place(fault, withdrawing),
    )  # fmt: skip


def _place(fault: CatError | None, withdrawing: int) -> str:
    """The field that a refusal is about."""
    if fault is None:
        return ""
    return "in-force" if withdrawing else PLACES.get(fault.code, "registration_no")
