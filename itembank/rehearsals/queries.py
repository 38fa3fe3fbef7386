"""What pages show of rehearsals: those tried, those under way, and one with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from itembank.calibrations.models import CalibrationRun
from itembank.rehearsals.models import Rehearsal
from itembank.rehearsals.plan import Plan
from itembank.rehearsals.service import KIND
from server.core import tasks
from server.core.errors import NotFound
from server.core.tasks import TaskView
from server.core.work import Work

SHOWN = 20


@dataclass(frozen=True)
class RehearsalRow:
    """A rehearsal in a list: its plan and its main figures."""

    id: int
    run_id: int
    plan: Plan
    digest: str
    made_at: datetime
    is_current: bool
    se: float | None
    highest: float
    overlap: float
    pass_fail: float
    n_violating: int


@dataclass(frozen=True)
class Tried:
    """The rehearsals of a draft, a blueprint or a pool, and the tasks that are still open or failed."""

    rows: tuple[RehearsalRow, ...]
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True)
class RehearsalPage:
    """One rehearsal with its report; `twins` are those with the same plan and spec, and whether they say the same."""

    id: int
    subject: str
    run_id: int
    is_demonstration: bool
    draft_id: int | None
    blueprint_id: int | None
    pool_id: int | None
    spec: Mapping[str, Any]
    plan: Plan
    report: Mapping[str, Any]
    digest: str
    made_at: datetime
    twins: tuple[tuple[int, bool], ...]


def of_draft(work: Work, draft_id: int, spec: Mapping[str, Any] | None = None) -> Tried:
    """What was tried of a draft; `is_current` where its spec is still this one."""
    return _tried(work, Rehearsal.blueprint_draft_id == draft_id, f"draft:{draft_id}", spec)


def of_blueprint(work: Work, blueprint_id: int, spec: Mapping[str, Any] | None = None) -> Tried:
    """What was tried of a blueprint."""
    return _tried(work, Rehearsal.blueprint_id == blueprint_id, f"blueprint:{blueprint_id}", spec)


def of_pool(work: Work, pool_id: int) -> Tried:
    """What was tried of a pool."""
    return _tried(work, Rehearsal.pool_id == pool_id, f"pool:{pool_id}", None)


def rehearsal_page(work: Work, rehearsal_id: int) -> RehearsalPage:
    """The rehearsal; NotFound if there is none."""
    row = work.db.get(Rehearsal, rehearsal_id)
    if row is None:
        raise NotFound("not_found")
    run = work.db.get_one(CalibrationRun, row.calibration_run_id)
    others = work.db.scalars(
        select(Rehearsal).where(Rehearsal.calibration_run_id == run.id, Rehearsal.id != row.id).order_by(Rehearsal.id)
    )
    twins = tuple(
        (each.id, each.digest == row.digest) for each in others
        if each.plan == row.plan and each.spec == row.spec and each.pool_id == row.pool_id
    )  # fmt: skip
    return RehearsalPage(
        row.id, row.subject, run.id, run.source == "demonstration", row.blueprint_draft_id, row.blueprint_id,
        row.pool_id, row.spec, Plan.from_json(row.plan), row.report, row.digest, row.made_at, twins,
    )  # fmt: skip


def _tried(work: Work, which: Any, subject: str, spec: Mapping[str, Any] | None) -> Tried:
    found = work.db.scalars(select(Rehearsal).where(which).order_by(Rehearsal.id.desc()).limit(SHOWN))
    waiting = [task for task in tasks.latest(work, KIND, subject) if task.is_open or task.failure]
    return Tried(tuple(_row(each, spec) for each in found), tuple(waiting))


def _row(row: Rehearsal, spec: Mapping[str, Any] | None) -> RehearsalRow:
    report = row.report
    return RehearsalRow(
        row.id, row.calibration_run_id, Plan.from_json(row.plan), row.digest, row.made_at,
        spec is None or row.spec == dict(spec), report["precision"]["se"], report["exposure"]["highest"],
        report["exposure"]["overlap"], report["grades"]["pass_fail"], report["violations"]["tests"],
    )  # fmt: skip
