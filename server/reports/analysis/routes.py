"""Pages of the analysis of a sitting, and the tables that leave it; each reading is journalled (CS-5)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from server import delivery
from server.core.errors import Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.tables import XLSX, Grid, as_csv, as_xlsx
from server.core.vault import digest
from server.core.work import Work
from server.delivery import SittingRef
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work
from server.grading.access import circle_of
from server.grading.policy import Policy
from server.reports.access import record_reading
from server.reports.analysis import export, page
from server.reports.analysis.told import Told, told_rows
from server.reports.areas import claim

bp = Blueprint("analysis", __name__, url_prefix="/office/sittings", template_folder="../templates")


@bp.get("/<int:sitting_id>/analysis")
@allow(Role.OFFICE)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """Means by school, district and language in one subject, and its content areas."""
    with reading() as work:
        ref, told = _told(work, sitting_id, is_beside_all=True)
        policy = Policy.of(ref.edition)
        asked = request.args.get("subject", "")
        subject = asked if asked in ref.subjects else ref.subjects[0]
        shown = page.analysis(work, ref, policy, told, subject) if told is not None and told.rows else None
    # Before the page leaves: what cannot be journalled is not shown.
    with unit_of_work() as work:
        record_reading(work, f"sitting:{ref.id}", told.sessions if told else ())
    return render_template(
        "analysis/sitting.html", ref=ref, told=told, page=shown, subject=subject, claim=claim,
        subjects=policy.subject_titles(language()), grades=policy.grade_titles(language()),
    )  # fmt: skip


@bp.get("/<int:sitting_id>/results.csv")
@allow(Role.OFFICE)
def as_table(sitting_id: int) -> ResponseReturnValue:
    """The results of one's circle as a table."""
    return _taken_out(sitting_id, "csv", "text/csv", as_csv)


@bp.get("/<int:sitting_id>/results.xlsx")
@allow(Role.OFFICE)
def as_workbook(sitting_id: int) -> ResponseReturnValue:
    """The same as a workbook."""
    return _taken_out(sitting_id, "xlsx", XLSX, lambda grid: as_xlsx([grid]))


def _taken_out(sitting_id: int, kind: str, mimetype: str, written: Callable[[Grid], bytes]) -> Response:
    """The file; the journal has who took it out, and its digest."""
    with reading() as work:
        ref, told = _told(work, sitting_id)
        if told is None or not told.rows:
            raise Stale("results_not_out")
        data = written(export.results(work, ref, Policy.of(ref.edition), told))
    with unit_of_work() as work:
        work.record("result:exported", f"sitting:{sitting_id}", clause="CS-5", kind=kind, digest=digest(data),
                    sessions=sorted(told.sessions))  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="results-{sitting_id}-{told.version or 0}.{kind}"'}
    return Response(data, mimetype=mimetype, headers=headers)


def _told(work: Work, sitting_id: int, *, is_beside_all: bool = False) -> tuple[SittingRef, Told | None]:
    ref = delivery.sitting_ref(work, sitting_id)
    return ref, told_rows(work, ref, circle_of(work, ref.edition), is_beside_all=is_beside_all)
