"""The last sign of life of each session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Heartbeat(Base):
    """When the candidate's page was last heard, how often its window was left, what it could not send yet."""

    __tablename__ = "heartbeat"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True)
    seen_at: Mapped[datetime]
    lost_focus: Mapped[int]
    unsent: Mapped[int]
