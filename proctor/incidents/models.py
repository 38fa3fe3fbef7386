"""What went wrong in a room in a sitting, from when to when, and the time given back with it (DC-12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Incident(Base):
    """Something happened in a room: of which kind, since when, whom it touched (None: all who sat there)."""

    __tablename__ = "incident"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("exam_session.id"))
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(500))
    began_at: Mapped[datetime]
    n_affected: Mapped[int]
    written_by: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime]


class IncidentEnd(Base):
    """The incident is over; so much was given back to so many with it."""

    __tablename__ = "incident_end"
    __table_args__ = (CheckConstraint("(n_given = 0) = (given_s = 0)", name="given"), APPEND_ONLY)

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    ended_at: Mapped[datetime]
    given_s: Mapped[int]
    n_given: Mapped[int]
    ended_by: Mapped[str] = mapped_column(String(60))
