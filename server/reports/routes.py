"""The office's pages: sittings, the results of one, one candidate. Each reading is journalled (CS-5)."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from itembank.blueprints.rules import TiersRule
from server import delivery
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work
from server.grading.access import circle_of, is_whole_country, office_kind, require_act
from server.grading.policy import Policy
from server.grading.queries import percent_text
from server.reports import (
    access,
    candidate,
    deadlines,
    demonstration,
    desk,
    plots,
    results,
    sittings,
    times,
    told,
    words,
)

bp = Blueprint("reports", __name__, url_prefix="/office", template_folder="templates")


@bp.get("")
@allow(Role.OFFICE)
def office() -> ResponseReturnValue:
    """Every sitting with where its candidates stand."""
    with reading() as work:
        rows, is_school = sittings.sitting_rows(work), office_kind(work) == "school"
        may_release = is_whole_country(work)
    return render_template("reports/office.html", rows=rows, is_school=is_school, may_release=may_release)


@bp.get("/deadlines")
@allow(Role.OFFICE)
def due() -> ResponseReturnValue:
    """What is due and what is overdue, of all that concerns the office."""
    with reading() as work:
        rows = deadlines.rows(work)
    n_overdue = sum(row.state == "overdue" for row in rows)
    return render_template("reports/deadlines.html", rows=rows, states=deadlines.states(), n_overdue=n_overdue)


@bp.get("/sittings/<int:sitting_id>")
@allow(Role.OFFICE)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """The results of a sitting, filtered and sorted by the query string."""
    wish = results.Wish.of(request.args)
    with reading() as work:
        row = sittings.sitting_row(work, sitting_id)
        policy = Policy.of(row.ref.edition)
        circle = circle_of(work, row.ref.edition)
        found = told.results_for(work, sitting_id, policy, circle)
        everybody = found.entries()
        wanted = results.wanted(found, everybody, wish)
        shown = found.rows(wanted[(wish.page - 1) * results.PAGE : wish.page * results.PAGE])
        counts = results.grade_counts(found, policy, language())
        is_invented = demonstration.has_demonstration_pool(work, sitting_id)
        may_release = is_whole_country(work)
    # Before the page leaves: what cannot be journalled is not shown.
    with unit_of_work() as work:
        access.record_reading(work, f"sitting:{sitting_id}", [each.entry.session_id for each in shown])
    return render_template(
        "reports/sitting.html", row=row, wish=wish, shown=shown, n_wanted=len(wanted),
        n_all=len(everybody), page_size=results.PAGE, counts=counts, plot=plots.grade_bars(counts, is_invented),
        states=words.states(), seals=words.seals(), holds=words.holds(), percent_text=percent_text,
        subjects=policy.subject_titles(language()), grades=policy.grade_titles(language()),
        is_invented=is_invented, may_release=may_release, is_school=circle.kind == "school",
    )  # fmt: skip


@bp.get("/sessions/<int:session_id>")
@allow(Role.OFFICE)
def session(session_id: int) -> ResponseReturnValue:
    """One candidate; with `replay=1` every decision of the session is made once more and compared."""
    with reading() as work:
        ref = delivery.session_ref(work, session_id)
        edition = delivery.sitting_ref(work, ref.sitting_id).edition
        circle = require_act(work, edition, ref)  # a school reads what was released, not what lies behind it
    wants_replay = circle.is_whole and request.args.get("replay") == "1"
    with unit_of_work() as work:
        access.record_reading(work, f"session:{session_id}")
    with reading() as work:
        page = candidate.session_page(work, ref)
        page = page if circle.is_whole else told.session_as_told(work, page)
        beside = times.times_of(work, session_id)
        seen = desk.at_desk(work, session_id, edition)
        differences, replay_fault = candidate.replay_page(work, session_id) if wants_replay else ([], None)
    tiers = {tier.code: tier.title(language()) for tier in edition.get("DC-8", TiersRule).tiers}
    return render_template(
        "reports/session.html", page=page, times=beside, desk=seen, wants_replay=wants_replay, differences=differences,
        replay_fault=replay_fault, may_replay=circle.is_whole, tiers=tiers, states=words.states(),
        outcomes=words.outcomes(), holds=words.holds(), compared=words.differences(), percent_text=percent_text,
        grades=page.policy.grade_titles(language()),
    )  # fmt: skip
