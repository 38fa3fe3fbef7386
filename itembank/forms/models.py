"""Parallel forms of a pool, frozen under a digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class FormSet(Base):
    """Forms assembled together: what for, by which `plan`, and the `proof` of how alike they are."""

    __tablename__ = "form_set"
    __table_args__ = (CheckConstraint("purpose IN ('paper', 'makeup')", name="purpose"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    plan: Mapped[dict[str, Any]]
    proof: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))


class ExamForm(Base):
    """A fixed set of items in their order, by their positions in the pool."""

    __tablename__ = "exam_form"
    __table_args__ = (UniqueConstraint("form_set_id", "number"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_set_id: Mapped[int] = mapped_column(ForeignKey("form_set.id"))
    number: Mapped[int]
    positions: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
