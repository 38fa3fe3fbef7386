"""Recordings of a room in a sitting, what holds them, and that their bytes were removed (VS-1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Recording(Base):
    """What one camera recorded from one instant to another; its bytes are in the store under `digest`."""

    __tablename__ = "recording"
    __table_args__ = (
        UniqueConstraint("room_sitting_id", "camera_id", "begins_at", "digest"),
        CheckConstraint("begins_at < ends_at", name="range"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"))
    camera_id: Mapped[int] = mapped_column(ForeignKey("camera.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    extension: Mapped[str] = mapped_column(String(8))
    keep_until: Mapped[date] = mapped_column(index=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]


class RecordingRemoval(Base):
    """The bytes of a recording were removed because its time was over; the ruling says why they could be."""

    __tablename__ = "recording_removal"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), unique=True)
    ruling: Mapped[dict[str, Any]]
    removed_at: Mapped[datetime]


class RecordingHold(Base):
    """Nothing recorded in the room in that sitting is removed while a hold on it stands."""

    __tablename__ = "recording_hold"
    __table_args__ = (CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    placed_at: Mapped[datetime]
    lift_reason: Mapped[str | None] = mapped_column(String(500))
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lifted_at: Mapped[datetime | None]
