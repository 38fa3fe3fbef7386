"""Violations and their protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Irregularity(Base):
    """One violation with its protocol (DC-15): who, what, when, witnesses, the candidate's statement."""

    __tablename__ = "irregularity"
    __table_args__ = (
        CheckConstraint("consequence IN ('warning', 'removal')", name="consequence"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    violation: Mapped[str] = mapped_column(String(40))
    consequence: Mapped[str] = mapped_column(String(20))
    narrative: Mapped[str] = mapped_column(Text)
    witnesses: Mapped[list[Any]]
    statement: Mapped[str] = mapped_column(Text)
    ruling: Mapped[dict[str, Any]]
    reported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reported_at: Mapped[datetime]
