"""Safe Exam Browser in the database: configurations of sittings, keys of versions, and what was checked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class SebConfiguration(Base):
    """The settings that computers are opened with, to the byte, and their Config Key; the newest revision holds."""

    __tablename__ = "seb_configuration"
    __table_args__ = (UniqueConstraint("sitting_id", "revision"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    revision: Mapped[int]
    origin: Mapped[str] = mapped_column(String(200))
    settings: Mapped[bytes] = mapped_column(LargeBinary)
    config_key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class SebExamKey(Base):
    """The Browser Exam Key of one version of the browser for one revision of the settings."""

    __tablename__ = "seb_exam_key"
    __table_args__ = (UniqueConstraint("configuration_id", "exam_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    configuration_id: Mapped[int] = mapped_column(ForeignKey("seb_configuration.id"))
    client: Mapped[str] = mapped_column(String(60))
    exam_key: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SebCheck(Base):
    """What a browser sent of itself and what came of it: by which way it passed, or which rule it failed.

    `nonce` is that of the page whose script was believed; it is believed once."""

    __tablename__ = "seb_check"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    checked_at: Mapped[datetime]
    way: Mapped[str | None] = mapped_column(String(10))
    fault: Mapped[str | None] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(String(300))
    config_hash: Mapped[str] = mapped_column(String(64))
    exam_hash: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(120))
    nonce: Mapped[str | None] = mapped_column(String(80), unique=True)
