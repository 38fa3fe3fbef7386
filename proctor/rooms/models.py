"""Rooms, their numbered places, who is on duty, who sits where and how they were let in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import APPEND_ONLY, Base


class Room(Base):
    """A room of a test centre."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    seats: Mapped[list[Seat]] = relationship(order_by="Seat.id")


class Seat(Base):
    """A numbered place; coordinates in metres, so that the spacing can be checked (DC-10)."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("room_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    number: Mapped[str] = mapped_column(String(20))
    row: Mapped[int]
    col: Mapped[int]
    x_m: Mapped[float]
    y_m: Mapped[float]


class RoomSitting(Base):
    """One room in one sitting: planned, open (desk and doors), running, closed."""

    __tablename__ = "room_sitting"
    __table_args__ = (
        UniqueConstraint("room_id", "sitting_id"),
        CheckConstraint("state IN ('planned', 'open', 'running', 'closed')", name="state"),
        CheckConstraint("state <> 'running' OR started_at IS NOT NULL", name="started_at"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    state: Mapped[str] = mapped_column(String(20), default="planned")
    started_at: Mapped[datetime | None]
    late_until: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}

    @property
    def topic(self) -> str:
        """The stream its consoles listen to."""
        return topic_of(self.id)


def topic_of(room_sitting_id: int) -> str:
    """The stream of a room in a sitting."""
    return f"room:{room_sitting_id}"


class Duty(Base):
    """A staff member on duty in a room in a sitting: acting; away until handed back to; or relieved for good.

    Who is away or relieved sees the room and changes nothing in it."""

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("room_sitting_id", "staff_id"),
        CheckConstraint("mode IN ('acting', 'away', 'relieved')", name="mode"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    mode: Mapped[str] = mapped_column(String(20), default="acting")


class RoomHandover(Base):
    """A room given from hand to hand: who to whom, for how long, and how it stood; both sign it."""

    __tablename__ = "room_handover"
    __table_args__ = (CheckConstraint("kind IN ('temporary', 'final')", name="kind"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taker_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(20))
    standing: Mapped[dict[str, Any]]
    notes: Mapped[str] = mapped_column(String(1000))
    handed_at: Mapped[datetime]


class SeatAssignment(Base):
    """Whose seat it is in this sitting; a move is an update with a journal line."""

    __tablename__ = "seat_assignment"
    __table_args__ = (UniqueConstraint("room_sitting_id", "seat_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), unique=True)


class RoomLayout(Base):
    """What a room was drawn from: walls, board, door, aisles, pillars (DC-10); a room in plain rows has none."""

    __tablename__ = "room_layout"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"), unique=True)
    outline: Mapped[dict[str, Any]]


class SeatingDraw(Base):
    """A draw of seats: its seed, who got which seat number by it, and the ruling on the whole room (DC-10)."""

    __tablename__ = "seating_draw"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_sitting_id: Mapped[int] = mapped_column(ForeignKey("room_sitting.id"), index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    seats: Mapped[dict[str, Any]]
    ruling: Mapped[dict[str, Any]]
    drawn_by: Mapped[str] = mapped_column(String(60))
    drawn_at: Mapped[datetime]


class SeatLock(Base):
    """A candidate who keeps the seat, whatever is drawn, and why: near the door, near the board."""

    __tablename__ = "seat_lock"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(200))


class IdentityCheck(Base):
    """What the proctor saw at the desk, and the ruling on it (DC-9).

    `fingerprint` is the digest of all the rest; it stands on the console and on papers, where both can be compared."""

    __tablename__ = "identity_check"
    __table_args__ = (CheckConstraint("verdict IN ('confirmed', 'refused')", name="verdict"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    document_kind: Mapped[str] = mapped_column(String(40))
    document_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    is_photo_like: Mapped[bool]
    has_seal: Mapped[bool]
    has_signature: Mapped[bool]
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    ruling: Mapped[dict[str, Any]]
    picture_digest: Mapped[str] = mapped_column(String(64), default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    checked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    checked_at: Mapped[datetime]


class DeskPicture(Base):
    """The camera's picture that came with a check, sealed; it alone goes when its time is over (DC-9.picture)."""

    __tablename__ = "desk_picture"

    identity_check_id: Mapped[int] = mapped_column(ForeignKey("identity_check.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Admission(Base):
    """Who was let in, when, how late, and under which ruling (DC-16)."""

    __tablename__ = "admission"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), unique=True)
    identity_check_id: Mapped[int] = mapped_column(ForeignKey("identity_check.id"))
    late_s: Mapped[int]
    ruling: Mapped[dict[str, Any]]
    admitted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    admitted_at: Mapped[datetime]
