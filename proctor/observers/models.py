"""Observers of rooms, what they remarked, and the timetables that were approved with them (CS-3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Observer(Base):
    """Who observes a sitting at a centre, by which mandate: one room, or all where `room_sitting_id` is empty.

    They sign in by a one-time code like candidates; `lease` counts devices, and a withdrawn one sees nothing."""

    __tablename__ = "observer"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    room_sitting_id: Mapped[int | None] = mapped_column(ForeignKey("room_sitting.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(200))
    mandate: Mapped[str] = mapped_column(String(60))
    code_serial: Mapped[int] = mapped_column(default=1)
    code_used_at: Mapped[datetime | None]
    code_failed: Mapped[int] = mapped_column(default=0)
    code_locked_until: Mapped[datetime | None]
    lease: Mapped[int] = mapped_column(default=0)
    ruling: Mapped[dict[str, Any]]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    invited_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ObserverRemark(Base):
    """What an observer remarked of a room, in their own words."""

    __tablename__ = "observer_remark"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("observer.id"))
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    text: Mapped[str] = mapped_column(String(1000))
    made_at: Mapped[datetime]


class Timetable(Base):
    """A centre's proposal: which sittings, when, which subjects, in which rooms; its digest is what is approved."""

    __tablename__ = "timetable"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    lines: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]


class TimetableApproval(Base):
    """The order that approved a timetable, the observers who took part, and the ruling on them."""

    __tablename__ = "timetable_approval"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id"), unique=True)
    order_no: Mapped[str] = mapped_column(String(60))
    observers: Mapped[list[Any]]
    ruling: Mapped[dict[str, Any]]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime]
