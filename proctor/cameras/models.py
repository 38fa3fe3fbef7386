"""Cameras of a room, and the waivers by which a room may be opened without them (VS-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Camera(Base):
    """A camera of a room; `state_since` is when it began to work or ceased to, and the journal has each change."""

    __tablename__ = "camera"
    __table_args__ = (UniqueConstraint("room_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    name: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(120))
    is_working: Mapped[bool]
    state_since: Mapped[datetime]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class CameraWaiver(Base):
    """The order by which a room serves a sitting without its cameras; a later one stands for the earlier."""

    __tablename__ = "camera_waiver"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    order_number: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[str] = mapped_column(String(120))
    ruling: Mapped[dict[str, Any]]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
