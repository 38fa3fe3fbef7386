"""Violations and their protocols."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Irregularity(Base):
    """One violation as it was answered in that second (DC-15): who, what, when, and what followed."""

    __tablename__ = "irregularity"
    __table_args__ = (
        CheckConstraint("consequence IN ('warning', 'pause', 'removal')", name="consequence"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    violation: Mapped[str] = mapped_column(String(40))
    consequence: Mapped[str] = mapped_column(String(20))
    narrative: Mapped[str] = mapped_column(Text)
    ruling: Mapped[dict[str, Any]]
    reported_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reported_at: Mapped[datetime]


class Protocol(Base):
    """A protocol as written after the act (DC-15): what happened, the witnesses, the candidate's own words.

    A correction is the next version with its reason; `facts` are whom and where it names, as they then were."""

    __tablename__ = "protocol"
    __table_args__ = (
        UniqueConstraint("irregularity_id", "version"),
        CheckConstraint("(version = 1) = (supersedes_id IS NULL)", name="supersedes"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    irregularity_id: Mapped[int] = mapped_column(ForeignKey("irregularity.id"))
    version: Mapped[int]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("protocol.id"))
    reason: Mapped[str] = mapped_column(String(500))
    facts: Mapped[dict[str, Any]]
    narrative: Mapped[str] = mapped_column(Text)
    witnesses: Mapped[list[Any]]
    is_statement_asked: Mapped[bool]
    statement: Mapped[str] = mapped_column(Text)
    ruling: Mapped[dict[str, Any]]
    written_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    written_at: Mapped[datetime]
