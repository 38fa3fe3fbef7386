"""A blueprint while it is being written, and the commission that approves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class ContentCommission(Base):
    """The Republican Methodological Commission of a year as its order names it (DC-5); a later row of the year counts.

    `members`: [{"staff_id", "name", "is_chair"}]."""

    __tablename__ = "content_commission"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    order_no: Mapped[str] = mapped_column(String(60))
    members: Mapped[list[Any]]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(60))


class BlueprintDraft(Base):
    """The structure of a subject's test for a year as somebody typed it (`fields`), sound or not.

    Proposed, it stands still while members sign it; approved, it is `blueprint_id`, frozen."""

    __tablename__ = "blueprint_draft"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'proposed', 'approved', 'discarded')", name="state"),
        CheckConstraint("(state = 'approved') = (blueprint_id IS NOT NULL)", name="blueprint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    fields: Mapped[dict[str, Any]]
    rehearsal_id: Mapped[int | None]
    blueprint_id: Mapped[int | None] = mapped_column(ForeignKey("blueprint.id"))
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(60))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}
