"""Imports: a file as it was uploaded, sealed until it is read, and what became of each item and test in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key


class ItemImport(Base):
    """A file that somebody uploaded to have its items in the bank as drafts of theirs.

    The file is kept sealed, and no longer than it takes to read it; what is said of it as a whole is sealed too.
    `area`, `tier` and `language` are for items that do not say theirs."""

    __tablename__ = "item_import"
    __table_args__ = (CheckConstraint("(upload_sealed IS NULL) = (ended_at IS NOT NULL)", name="upload"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(40))
    tier: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    data_key: Mapped[bytes | None] = wrapped_key("item_import:{id}")
    upload_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    report_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportOutcome(Base):
    """What became of one item of a file: the manuscript it is now, or none; the report on it sealed."""

    __tablename__ = "import_outcome"
    __table_args__ = (UniqueConstraint("item_import_id", "position"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_import_id: Mapped[int] = mapped_column(ForeignKey("item_import.id"))
    position: Mapped[int]
    manuscript_id: Mapped[int | None] = mapped_column(ForeignKey("manuscript.id"))
    report_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ImportedTest(Base):
    """A test of a package: its outline and the report on it, sealed under the import's key. Its items are outcomes."""

    __tablename__ = "imported_test"
    __table_args__ = (UniqueConstraint("item_import_id", "position"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_import_id: Mapped[int] = mapped_column(ForeignKey("item_import.id"))
    position: Mapped[int]
    outline_sealed: Mapped[bytes] = mapped_column(LargeBinary)
