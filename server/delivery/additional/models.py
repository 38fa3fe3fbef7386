"""What makes a sitting an additional test or a repeat."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class AdditionalSitting(Base):
    """That a sitting is for those who were absent with a valid reason, or repeat; by which order of which day.

    It was made known when it was planned; `ruling` says whether that was in time, `late_because` why it was not.
    With `centre_id` everybody comes to that one centre, else each to their own."""

    __tablename__ = "additional_sitting"
    __table_args__ = (CheckConstraint("kind IN ('additional', 'repeat')", name="kind"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    ordered_on: Mapped[date]
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    late_because: Mapped[str] = mapped_column(String(300), default="")
    ruling: Mapped[dict[str, Any]]
    published_by: Mapped[str] = mapped_column(String(60))
    published_at: Mapped[datetime]
