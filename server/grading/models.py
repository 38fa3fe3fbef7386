"""Scores, grades and what the policy makes of them; a correction supersedes, nothing is overwritten.
The unique indexes let a session be graded for the first time once only, however many processes try."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


def _first(name: str, *columns: str) -> Index:
    """One row alone supersedes nothing; every later one names the row it corrects, and no two name the same."""
    first = text("supersedes_id IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=first, postgresql_where=first)


class Score(Base):
    """A number from a scoring run. `percent` is that of the points expected on the reference form and of those given
    to written tasks, `written_points` of `written_max` (DC-20); `corrections` is the digest of what was corrected."""

    __tablename__ = "score"
    __table_args__ = (
        _first("uq_score_first", "section_id"),
        UniqueConstraint("supersedes_id"),
        Index("ix_score_session_id", "session_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    subject: Mapped[str] = mapped_column(String(40))
    theta: Mapped[float]
    se: Mapped[float]
    percent: Mapped[float]
    percent_sd: Mapped[float]
    probabilities: Mapped[dict[str, Any]]
    pool_digest: Mapped[str] = mapped_column(String(64))
    n_items: Mapped[int]
    written_points: Mapped[str] = mapped_column(String(12), default="0")
    written_max: Mapped[int] = mapped_column(default=0)
    corrections: Mapped[str] = mapped_column(String(64), default="")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("score.id"))
    made_at: Mapped[datetime]


class Grade(Base):
    """What the edition says of a score, with the ruling that says so."""

    __tablename__ = "grade"
    __table_args__ = (
        _first("uq_grade_first", "session_id", "subject"),
        UniqueConstraint("supersedes_id"),
        Index("ix_grade_session_id", "session_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"))
    subject: Mapped[str] = mapped_column(String(40))
    percent: Mapped[str] = mapped_column(String(12))
    grade: Mapped[str] = mapped_column(String(40))
    ruling: Mapped[dict[str, Any]]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("grade.id"))
    made_at: Mapped[datetime]


class Eligibility(Base):
    """Whether the right to the certificate is confirmed (DC-21), with the reasons."""

    __tablename__ = "eligibility"
    __table_args__ = (
        _first("uq_eligibility_first", "session_id"),
        UniqueConstraint("supersedes_id"),
        Index("ix_eligibility_session_id", "session_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    is_eligible: Mapped[bool]
    ruling: Mapped[dict[str, Any]]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility.id"))
    made_at: Mapped[datetime]


class Hold(Base):
    """A session that may not be graded as it stands, once for each reason (DC-14); a later grade lifts it."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("session_id", "reason"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    reason: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class CorrectionHead(Base):
    """How many corrections were ever applied. Locked while what stands is changed or listed, as `grading.head` says."""

    __tablename__ = "correction_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    applied: Mapped[int]
