"""Exports of items: who asked for which, who of the security officers let it out, and what was handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class ExportRequest(Base):
    """One file of items that somebody wants out of the bank; it is made when it is taken, once, and never kept.

    `digest` and `mark` are those of the file that was handed over. `terms` name the test whose items these are, and of
    one on paper its language and how many copies."""

    __tablename__ = "export_request"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'approved', 'refused', 'taken', 'lapsed')", name="state"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_persons"),
        CheckConstraint("state NOT IN ('approved', 'taken', 'refused') OR decided_by_id IS NOT NULL", name="decided"),
        CheckConstraint("(state = 'taken') = (digest IS NOT NULL)", name="digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[str] = mapped_column(String(10))
    item_version_ids: Mapped[list[Any]]
    terms: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(20), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(500))
    until: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str | None] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}
