"""The candidate's own page of appeals: until when, what is appealed, what came of it (DC-25)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.appeals import filing, office, papers, words
from server.appeals.filing import Claim
from server.core.errors import CatError, Denied, NotFound, NotSignedIn
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import unit_of_work
from server.grading.policy import Policy

bp = Blueprint("own_appeals", __name__, url_prefix="/exam/appeal", template_folder="../templates")


@bp.get("")
@allow(Role.CANDIDATE)
def page() -> ResponseReturnValue:
    """The candidate's appeals, and the form for one while the time lasts."""
    return _page(None)


@bp.post("")
@allow(Role.CANDIDATE)
def file() -> ResponseReturnValue:
    """The appeal stands filed."""
    form = request.form
    try:
        tasks = filing.tasks_of(form.get("tasks", "").replace(",", " ").split())
        claim = Claim(form.get("subject", ""), tuple(form.getlist("ground")), tasks, form.get("words", ""))
        with unit_of_work() as work:
            outcome = filing.file_own(work, claim)
    except (Denied, NotFound, NotSignedIn):
        raise
    except CatError as fault:
        outcome = fault
    if isinstance(outcome, CatError):
        return _page(outcome), 422
    return redirect(url_for("own_appeals.page", done="filed"), 303)


@bp.post("/<int:appeal_id>/withdraw")
@allow(Role.CANDIDATE)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """The appeal is taken back before it is heard."""
    with unit_of_work() as work:
        filing.withdraw_own(work, appeal_id)
    return redirect(url_for("own_appeals.page", done="withdrawn"), 303)


@bp.get("/<int:appeal_id>/notice.pdf")
@allow(Role.CANDIDATE)
def notice(appeal_id: int) -> ResponseReturnValue:
    """The notice of the decision on the candidate's own appeal."""
    with unit_of_work() as work:
        appeal = office.own_case(work, appeal_id)
        printed = papers.notice_paper(work, appeal, tongue(), origin())
    return as_pdf(printed, "appeal-notice")


def _page(fault: CatError | None) -> str:
    with unit_of_work() as work:  # that the result was read is journalled
        found = office.own_page(work)
    edition = found.sitting.edition
    return render_template(
        "appeals/own.html", page=found, fault=fault, typed=request.form, words=words, grounds=words.grounds(edition),
        titles=Policy.of(edition).subject_titles(language()), grade_text=papers.grade_text, edition=edition,
        zone=found.sitting.zone, title=found.sitting.titles[language()],
    )  # fmt: skip
