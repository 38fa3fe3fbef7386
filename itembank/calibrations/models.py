"""Calibration runs and the parameters they gave: recorded, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
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
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    a: Mapped[float]
    b: Mapped[float]
    c: Mapped[float]
    se_a: Mapped[float | None]
    se_b: Mapped[float | None]
    se_c: Mapped[float | None]
    alpha: Mapped[float | None]
    beta: Mapped[float | None]
