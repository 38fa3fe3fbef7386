"""What was looked at before release, what it found, and what people decided on it; nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base

KINDS = ("similar", "fit", "rapid", "fast_right", "jump")
VERDICTS = ("hold", "clear")


class ControlRun(Base):
    """One look at all results of a sitting: how many it saw, by which limits, and a digest of what it found."""

    __tablename__ = "control_run"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), unique=True)
    asked_by: Mapped[str] = mapped_column(String(60))
    seen_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class ControlFinding(Base):
    """Something unusual that a person is to decide on. `name` is the same for the same question in another run.

    `figures` hold counts and chances, never a word of a task or an answer."""

    __tablename__ = "control_finding"
    __table_args__ = (
        CheckConstraint("kind IN ('similar', 'fit', 'rapid', 'fast_right', 'jump')", name="kind"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("control_run.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(40))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    p: Mapped[float | None]
    figures: Mapped[dict[str, Any]]


class ControlledSession(Base):
    """A session that a finding concerns."""

    __tablename__ = "controlled_session"
    __table_args__ = (UniqueConstraint("finding_id", "session_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("control_finding.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)


class ControlDecision(Base):
    """What was decided on a finding, why and by whom; a later one on the same question counts."""

    __tablename__ = "control_decision"
    __table_args__ = (CheckConstraint("verdict IN ('hold', 'clear')", name="verdict"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("control_finding.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime]
