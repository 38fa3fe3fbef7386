"""What came of a rehearsal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Rehearsal(Base):
    """A simulation of a draft, a blueprint or a pool on the items of a calibration: by which `spec` and `plan`
    (candidates, their abilities, seed), with what `report`.

    `digest` is over the items' figures, spec, plan and report: who repeats it gets the same."""

    __tablename__ = "rehearsal"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    calibration_run_id: Mapped[int] = mapped_column(ForeignKey("calibration_run.id"))
    blueprint_draft_id: Mapped[int | None] = mapped_column(ForeignKey("blueprint_draft.id"), index=True)
    blueprint_id: Mapped[int | None] = mapped_column(ForeignKey("blueprint.id"), index=True)
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pool.id"))
    spec: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))
