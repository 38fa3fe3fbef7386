"""The last sign of life of each session, each time its window was left, and the silences in which its time ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Heartbeat(Base):
    """When the candidate's page was last heard, how often and how long its window was left, what it could not send.

    `away_since` is when it was left and not come back to; `battery` is in percent, where the browser tells;
    `lost_s` is what its silences took of running clocks."""

    __tablename__ = "heartbeat"

    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), primary_key=True)
    seen_at: Mapped[datetime]
    lost_focus: Mapped[int]
    away_s: Mapped[int]
    away_since: Mapped[datetime | None]
    unsent: Mapped[int]
    battery: Mapped[int | None]
    is_charging: Mapped[bool | None]
    lost_s: Mapped[int] = mapped_column(default=0)


class Departure(Base):
    """The test's window or full screen was left, or come back to after `away_ms`: evidence, a row for each.

    `key` is the page's own name of the leaving; the instant is the server's, less what the page says has passed."""

    __tablename__ = "departure"
    __table_args__ = (
        UniqueConstraint("session_id", "key", "is_return"),
        CheckConstraint("kind IN ('window', 'full_screen')", name="kind"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    key: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    is_return: Mapped[bool]
    at: Mapped[datetime]
    away_ms: Mapped[int]
    heard_at: Mapped[datetime]


class Silence(Base):
    """From the last sign of life to the next, longer than the edition bears: time that ran and was lost (DC-12)."""

    __tablename__ = "silence"
    __table_args__ = (CheckConstraint("began_at < ended_at", name="range"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
