"""Calibration runs, their parameters and reports, and what was decided of each item: recorded, never overwritten.
A job is a run that was asked for; it waits and is made as a task of `server.core.tasks`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class CalibrationRun(Base):
    """Where parameters come from. A `demonstration` source is invented and marked so wherever it is shown.

    `sigma` is the sd of speed in the population where response times were calibrated too."""

    __tablename__ = "calibration_run"
    __table_args__ = (CheckConstraint("source IN ('demonstration', 'estimated')", name="source"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(10))
    scale: Mapped[str] = mapped_column(String(40))
    n_persons: Mapped[int]
    sigma: Mapped[float | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))


class ItemParameter(Base):
    """a, b, c of one item version in one run, on the logistic metric (D = 1); alpha, beta of its response time."""

    __tablename__ = "item_parameter"
    __table_args__ = (UniqueConstraint("run_id", "item_version_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    a: Mapped[float]
    b: Mapped[float]
    c: Mapped[float]
    se_a: Mapped[float | None]
    se_b: Mapped[float | None]
    se_c: Mapped[float | None]
    alpha: Mapped[float | None]
    beta: Mapped[float | None]


class CalibrationJob(Base):
    """What a calibration that was asked for is to be made of; how far it is and what came of it, its task tells."""

    __tablename__ = "calibration_job"
    __table_args__ = (APPEND_ONLY,)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    spec: Mapped[dict[str, Any]]


class CalibrationReport(Base):
    """What a run that was calculated here rests on, and what it found as a whole.

    `digest` is over every answer that was used; with `lineage` (spec, policy, versions of software, what was left
    out) and `seed` the run can be repeated to the bit."""

    __tablename__ = "calibration_report"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"), unique=True)
    reference_run_id: Mapped[int | None] = mapped_column(ForeignKey("calibration_run.id"))
    design: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int] = mapped_column(BigInteger)
    lineage: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]


class CalibrationItem(Base):
    """What a run found of one item version: what became of it, its figures, and what is said of it in words.

    `outcome`: new (estimated here), anchored (its parameters were taken as they stood), released (an anchor that had
    moved, estimated anew), or why it has no parameters."""

    __tablename__ = "calibration_item"
    __table_args__ = (UniqueConstraint("run_id", "item_version_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(10))
    n: Mapped[int]
    figures: Mapped[dict[str, Any]]
    flags: Mapped[list[Any]]


class CalibrationDecision(Base):
    """Whether the parameters of an item may be used, and why; a later decision supersedes, nothing is overwritten."""

    __tablename__ = "calibration_decision"
    __table_args__ = (
        Index("uq_calibration_decision_first", "run_id", "item_version_id", unique=True,
              sqlite_where=text("supersedes_id IS NULL"), postgresql_where=text("supersedes_id IS NULL")),
        CheckConstraint("verdict IN ('accepted', 'rejected')", name="verdict"),
        APPEND_ONLY,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("calibration_decision.id"), unique=True)
