"""Computers that ask to go on with a test that another one holds, and what the proctor decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class DeviceClaim(Base):
    """A computer at which the candidate's used code was typed again; `key` is that of the page that waits there.

    `taken_at` is when a computer that was let in took the test over: a decision is used once."""

    __tablename__ = "device_claim"
    __table_args__ = (
        UniqueConstraint("session_id", "key"),
        CheckConstraint("verdict IN ('let_in', 'refused', 'set_aside')", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("taken_at IS NULL OR verdict = 'let_in'", name="taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    key: Mapped[str] = mapped_column(String(36))
    token_mac: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(500))
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
