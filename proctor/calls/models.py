"""Calls of candidates for the proctor, on technical matters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Call(Base):
    """One call: of which kind, in which words, and how far it is; its moves stand in `transition`.

    A candidate has one open call at a time; `key` is the page's own name of it, so that a retry is harmless."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("session_id", "key"),
        Index("uq_call_open", "session_id", unique=True, sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        CheckConstraint("state IN ('asked', 'taken', 'answered', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    key: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
