"""Plays of recordings in the database: evidence, append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class SoundPlay(Base):
    """A recording was handed out to be heard, beside the step `seq`. `key` is the page's own for this play.

    Plays are counted by the recording's digest over the section: items read beside one recording share them."""

    __tablename__ = "sound_play"
    __table_args__ = (
        UniqueConstraint("section_id", "digest", "play"),
        UniqueConstraint("session_id", "key"),
        CheckConstraint("play > 0", name="play"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    play: Mapped[int]
    key: Mapped[str] = mapped_column(String(36))
    ruling: Mapped[dict[str, Any]]
    played_at: Mapped[datetime]


class PlayReturn(Base):
    """A play that a failure cut was given back by the proctor: why, and under which ruling (DC-12)."""

    __tablename__ = "play_return"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    play_id: Mapped[int] = mapped_column(ForeignKey("sound_play.id"), unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    ruling: Mapped[dict[str, Any]]
    given_by: Mapped[str] = mapped_column(String(60))
    given_at: Mapped[datetime]
