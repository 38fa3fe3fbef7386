"""Pages of additional tests and repeats: planned by the testing centre, places given by granted cases (DC-19)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.queries import pools_by_subject
from server import accounts, delivery
from server.accounts.queries import centres
from server.candidates import cases, queries
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_day
from server.core.work import Work
from server.delivery.additional.planning import TAKES, Kind, NewAdditional, assign, plan_additional
from server.delivery.additional.queries import AdditionalRef, additional_sittings
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work
from server.grading.cases import pages

bp = Blueprint("additional", __name__, url_prefix="/office/additional", template_folder="../../templates")
OFFICES = (*accounts.WHOLE_COUNTRY, "department", "school")
PLACES = {"additional_day": "held_on", "case_day_malformed": "held_on", "order_missing": "order_no",
          "published_late": "late_because"}  # fmt: skip


@bp.get("")
@allow(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """The additional tests and repeats that were made known, and the form for another."""
    return _overview(None)


@bp.post("")
@allow(Role.OFFICE)
def plan() -> ResponseReturnValue:
    """The sitting stands and is made known; what was typed stays when it is refused."""
    try:
        with unit_of_work() as work:
            if not _is_whole(work):
                raise Denied("not_allowed")
            sitting_id = plan_additional(work, _asked(work))
    except Denied:
        raise
    except CatError as error:
        return _overview(error), 422
    return redirect(url_for("additional.show", additional_id=sitting_id, done="planned"), 303)


@bp.get("/<int:additional_id>")
@allow(Role.OFFICE)
def show(additional_id: int) -> ResponseReturnValue:
    """One of them: who has a place, and whose granted case waits for one."""
    return _page(additional_id, None)


@bp.post("/<int:additional_id>")
@allow(Role.OFFICE)
def give_place(additional_id: int) -> ResponseReturnValue:
    """The candidate of a granted case is registered once more and expected in the sitting."""
    try:
        with unit_of_work() as work:
            if not _is_whole(work):
                raise Denied("not_allowed")
            assign(work, additional_id, request.form.get("case_id", 0, type=row_id))
    except (Invalid, Refused, Stale) as error:
        return _page(additional_id, error), 422
    return redirect(url_for("additional.show", additional_id=additional_id, done="assigned"), 303)


def _is_whole(work: Work) -> bool:
    kind = accounts.organisation_of(work, work.actor.organisation_id or 0).kind
    if kind not in OFFICES:
        raise Denied("not_allowed")
    return kind in accounts.WHOLE_COUNTRY


def _asked(work: Work) -> NewAdditional:
    form = request.form
    kind: Kind = "repeat" if form.get("kind") == "repeat" else "additional"
    programme = queries.programme_ref(work, form.get("programme", 0, type=row_id))
    pools = {subject: form.get(f"pool_{subject}", 0, type=row_id) for subject in programme.subjects}
    known = pools_by_subject(work)
    chosen = {subject: pool_id for subject, pool_id in pools.items() if pool_id}
    if any(pool_id not in {row.id for row in known.get(subject, [])} for subject, pool_id in chosen.items()):
        raise Invalid("additional_malformed")
    return NewAdditional(
        kind, programme.id, _day("held_on"), form.get("order_no", ""), _day("ordered_on"), chosen,
        form.get("centre", 0, type=row_id) or None, form.get("late_because", ""),
    )  # fmt: skip


def _day(name: str) -> date:
    try:
        return typed_day(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid("case_day_malformed") from error


def _overview(fault: CatError | None) -> str:
    tongue = language()
    with reading() as work:
        is_whole = _is_whole(work)
        rows = [(each, delivery.sitting_ref(work, each.sitting_id)) for each in additional_sittings(work)]
        programmes = queries.programmes(work) if is_whole else []
        waiting = {each.id: _waiting(work, each.id) for each in programmes}
        every = centres(work) if is_whole else []
        pools = pools_by_subject(work) if is_whole else {}
        subjects = [(each, pages.subject_titles(programmes[0].edition, (each,))) for each in programmes[0].subjects
                    ] if programmes else []  # fmt: skip
    return render_template(
        "cases/additional.html", rows=rows, programmes=[(each.id, each.title(tongue)) for each in programmes],
        waiting=waiting, centres=[(each.id, each.name(tongue)) for each in every], pools=pools, subjects=subjects,
        fault=fault, typed=request.form, place=PLACES.get(fault.code, "held_on") if fault else "", is_whole=is_whole,
    )  # fmt: skip


def _waiting(work: Work, programme_id: int) -> tuple[int, int]:
    """How many granted cases wait for an additional test, and how many for a repeat."""
    found = [each.kind for each in cases.granted(work, programme_id, [*TAKES["additional"], *TAKES["repeat"]])]
    return sum(kind in TAKES["additional"] for kind in found), sum(kind in TAKES["repeat"] for kind in found)


def _page(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        is_whole = _is_whole(work)
        ref = _one(work, sitting_id)
        sitting = delivery.sitting_ref(work, sitting_id)
        kind: Kind = "repeat" if ref.kind == "repeat" else "additional"
        mine = cases.cases(work)
        waiting = [
            pages.view(work, each) for each in sorted(mine, key=lambda each: each.id)
            if each.state == "granted" and each.kind in TAKES[kind] and each.programme.id == sitting.programme_id
        ]
        given = {each.next_registration_id: each for each in mine}
        sessions = delivery.sessions_of_sitting(work, sitting_id)
        placed = [(each, given[each.registration_id]) for each in sessions if each.registration_id in given]
        centre = accounts.organisation_of(work, ref.centre_id).name(language()) if ref.centre_id else ""
        places = {each: accounts.organisation_of(work, each).name(language())
                  for each in {session.centre_id for session, _case in placed}}  # fmt: skip
    return render_template(
        "cases/additional_one.html", ref=ref, sitting=sitting, title=sitting.titles[language()], fault=fault,
        waiting=waiting, placed=placed, centre=centre, places=places,
        subjects=pages.subject_titles(sitting.edition, sitting.subjects), is_whole=is_whole,
        clause=sitting.edition.label("CS-18" if kind == "repeat" else "DC-19", language()),
        done=request.args.get("done", ""),
    )  # fmt: skip


def _one(work: Work, sitting_id: int) -> AdditionalRef:
    found = next((each for each in additional_sittings(work) if each.sitting_id == sitting_id), None)
    if found is None:
        raise NotFound("not_found")
    return found
