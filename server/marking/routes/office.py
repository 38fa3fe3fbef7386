"""The office's page of a marking: opened, markers called and released, what was sealed taken in, how it goes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.core import tasks
from server.core.errors import CatError, Invalid, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, refusal
from server.marking import intake, opening, overview, plots
from server.marking.desk import subject_title

bp = Blueprint("marking_office", __name__, url_prefix="/office/sittings/<int:sitting_id>/marking")
DIGITS = 3


@bp.get("")
@allow(Role.OFFICE)
def page(sitting_id: int) -> ResponseReturnValue:
    """How far the marking is, who marks what, how they agree; before it is open, what the tasks are worth."""
    return _page(sitting_id, None)


@bp.post("")
@allow(Role.OFFICE)
def begin(sitting_id: int) -> ResponseReturnValue:
    """The marking is open; what is sealed is taken in."""

    def act(work: Work) -> None:
        marking_id = opening.open_marking(work, sitting_id, _maxima())
        _ask_intake(work, sitting_id, marking_id)

    return _done(sitting_id, act)


@bp.post("/intake")
@allow(Role.OFFICE)
def take_in(sitting_id: int) -> ResponseReturnValue:
    """What was sealed since is taken in too."""

    def act(work: Work) -> None:
        opening.require_office(work)
        _ask_intake(work, sitting_id, opening.opened(work, sitting_id).id)

    return _done(sitting_id, act)


@bp.post("/markers")
@allow(Role.OFFICE)
def call(sitting_id: int) -> ResponseReturnValue:
    """A marker is called, for subjects in languages."""

    def act(work: Work) -> None:
        chosen, subjects, languages = (
            request.form.get("marker", ""),
            request.form.getlist("subject"),
            _languages(),
        )
        if not chosen.isdecimal():
            raise Invalid("marker_unknown")
        opening.call_marker(work, sitting_id, row_id(chosen), subjects, languages)

    return _done(sitting_id, act)


@bp.post("/markers/<int:staff_id>/release")
@allow(Role.OFFICE)
def release(sitting_id: int, staff_id: int) -> ResponseReturnValue:
    """A marker marks no more; the others take what is left."""
    return _done(sitting_id, lambda work: opening.release_marker(work, sitting_id, staff_id))


def _done(sitting_id: int, act: Callable[[Work], None]) -> ResponseReturnValue:
    if fault := refusal(act):
        return _page(sitting_id, fault), 422
    return redirect(url_for("marking_office.page", sitting_id=sitting_id), 303)


def _ask_intake(work: Work, sitting_id: int, marking_id: int) -> None:
    arguments = {"marking_id": marking_id, "sitting_id": sitting_id}
    tasks.ask_once(work, intake.KIND, f"marking:{marking_id}", arguments)


def _languages() -> list[str]:
    return request.form.getlist("language")


def _maxima() -> dict[int, int]:
    """Item version → points, of the fields that were filled in."""
    found = {}
    for name, text in request.form.items():
        head, _colon, version = name.partition(":")
        if head != "maximum" or not text.strip():
            continue
        if not version.isdecimal() or not text.strip().isdecimal() or len(text.strip()) > DIGITS:
            raise Invalid("scale_malformed")
        found[row_id(version)] = int(text)
    return found


def _page(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        view = overview.overview(work, sitting_id)
    edition, tongue = view.sitting.edition, language()
    if fault is not None and isinstance(fault, NotFound):
        raise fault
    subjects = {code: subject_title(edition, code) for code in view.sitting.subjects}
    labels = {each: edition.label(each, tongue) for each in ("CS-14.2", "CS-14.2.marks", "DC-14")}
    return render_template(
        "marking/office.html", view=view, fault=fault, typed=request.form, title=view.sitting.titles[tongue],
        subjects=subjects, labels=labels, charts=plots.charts(view, subjects),
    )  # fmt: skip
