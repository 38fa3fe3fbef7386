"""Pages of calibration runs: the list, a report, its technical part, item cards, and what is decided of each item."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring.beginning import areas
from itembank.calibrations import decisions, plots, queries, words
from itembank.calibrations.queries import ItemLine, Report
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("calibrations", __name__, template_folder="templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
RUN = "/bank/calibrations/<int:run_id>"
ITEM = RUN + "/items/<int:item_version_id>"
LETTERS = plots.LETTERS


@bp.get("/bank/calibrations")
@allow(*READERS)
def overview() -> ResponseReturnValue:
    """Runs, newest first, and what was asked for and has no run yet."""
    with reading() as work:
        return render_template("bank/calibrations.html", runs=queries.runs(work), tasks=queries.asked(work))


@bp.get(RUN)
@allow(*READERS)
def report(run_id: int) -> ResponseReturnValue:
    """What a run found, item by item, those that ask for a look first."""
    with reading() as work:
        found = queries.report(work, run_id)
        names = queries.regions(work, found)
    return render_template("bank/calibration.html", report=found, words=words, names=names)


@bp.get(RUN + "/technical")
@allow(*READERS)
def technical(run_id: int) -> ResponseReturnValue:
    """The technical report of a run (EM-7): precision, fit, groups, dimensions, exposure, and what it rests on."""
    with reading() as work:
        found = queries.report(work, run_id)
    return render_template(
        "bank/calibration_technical.html", report=found, words=words, chart=plots.precision(found.whole),
        exposure=queries.exposure(found),
    )  # fmt: skip


@bp.get(ITEM)
@allow(*READERS)
def card(run_id: int, item_version_id: int) -> ResponseReturnValue:
    """One item: its curves, its figures, what is said of it, and what was decided. No word of its content."""
    return _card(run_id, item_version_id, None)


@bp.post(ITEM + "/decision")
@allow(Role.PSYCHOMETRICIAN)
def decide(run_id: int, item_version_id: int) -> ResponseReturnValue:
    """Accepted or rejected, with the reason; the next one that nobody has decided about is opened."""
    verdict = request.form.get("verdict")
    try:
        if verdict not in ("accepted", "rejected"):
            raise Invalid("calibration_verdict")
        with unit_of_work() as work:
            decisions.decide(
                work, run_id, item_version_id, "accepted" if verdict == "accepted" else "rejected",
                request.form.get("reason", ""), request.form.get("after", None, type=row_id),
            )  # fmt: skip
            following = queries.report(work, run_id).next_open(item_version_id)
    except (Denied, Invalid, Stale) as fault:
        return _card(run_id, item_version_id, fault), 409
    if following is None:
        return redirect(url_for("calibrations.report", run_id=run_id, done="all"), 303)
    return redirect(url_for("calibrations.card", run_id=run_id, item_version_id=following, done=verdict), 303)


def _card(run_id: int, item_version_id: int, fault: CatError | None) -> str:
    with reading() as work:
        found = queries.report(work, run_id)
        history = queries.history(work, run_id, item_version_id)
        names = queries.regions(work, found)
        titles = areas(work, found.run.subject)
    line = _line(found, item_version_id)
    charts = [chart for chart in (plots.curve(line.figures), plots.options(line.figures),
                                  plots.information(line.figures)) if chart is not None]  # fmt: skip
    return render_template(
        "bank/calibration_item.html", report=found, line=line, history=history, charts=charts, words=words,
        letters=LETTERS, fault=fault, said=request.form, names=names, areas=titles,
    )  # fmt: skip


def _line(found: Report, item_version_id: int) -> ItemLine:
    line = next((each for each in found.items if each.item_version_id == item_version_id), None)
    if line is None:
        raise NotFound("not_found")
    return line
