"""How often an item version was given to candidates: counted by a job, so that the bank need not ask delivery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class ItemUsage(Base):
    """How often a version was given, and when last."""

    __tablename__ = "item_usage"

    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), primary_key=True, autoincrement=False)
    n_given: Mapped[int]
    last_given_at: Mapped[datetime]


class UsageMark(Base):
    """Up to which instant the usage was counted; its one row."""

    __tablename__ = "usage_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted_to: Mapped[datetime]
