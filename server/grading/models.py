"""Scores, grades and what the policy makes of them; a correction supersedes, nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Score(Base):
    """A number from a scoring run. `percent` is the expected share of marks on the pool's reference form (DC-20)."""

    __tablename__ = "score"
    __table_args__ = (Index("ix_score_section_id", "section_id"), APPEND_ONLY)

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
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("score.id"))
    made_at: Mapped[datetime]


class Grade(Base):
    """What the edition says of a score, with the ruling that says so."""

    __tablename__ = "grade"
    __table_args__ = (Index("ix_grade_session_id", "session_id"), APPEND_ONLY)

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
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    is_eligible: Mapped[bool]
    ruling: Mapped[dict[str, Any]]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("eligibility.id"))
    made_at: Mapped[datetime]


class Release(Base):
    """From here on the candidates of a sitting see their grades."""

    __tablename__ = "release"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), unique=True)
    released_by: Mapped[str] = mapped_column(String(60))
    released_at: Mapped[datetime]
