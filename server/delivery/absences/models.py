"""The table of reasons for absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class AbsenceReason(Base):
    """A decision that a candidate had a valid reason not to come, with its paper (DC-18).

    A row with `supersedes_id` withdraws the earlier one by a decision of its own."""

    __tablename__ = "absence_reason"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[str] = mapped_column(String(40))
    paper: Mapped[str] = mapped_column(String(300))
    decision: Mapped[str] = mapped_column(String(60))
    ruling: Mapped[dict[str, Any]]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("absence_reason.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
