"""Items, their versions and their keys. Content and keys are sealed under a data key of each version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key


class Item(Base):
    """What an item is about; what it says stands in its versions.

    Items of a `family` are enemies; those of a `passage` belong to one text and are given in a row."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("tier IN ('basic', 'medium', 'raised')", name="tier"),
        CheckConstraint(
            "type IN ('choice', 'multiple_choice', 'matching', 'ordering', 'inline_choice', 'gap_match', "
            "'hotspot', 'text_entry', 'extended_text')",
            name="type",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    subject: Mapped[str] = mapped_column(String(40), index=True)
    area: Mapped[str] = mapped_column(String(40))
    tier: Mapped[str] = mapped_column(String(10))
    type: Mapped[str] = mapped_column(String(20))
    family: Mapped[str | None] = mapped_column(String(40))
    passage: Mapped[str | None] = mapped_column(String(40))
    is_demonstration: Mapped[bool] = mapped_column(default=False)


class ItemVersion(Base):
    """One wording of an item in all its languages; never edited. Its source is what the next wording starts from."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    version: Mapped[int]
    languages: Mapped[list[Any]]
    place: Mapped[str] = mapped_column(String(80), unique=True)
    data_key: Mapped[bytes] = wrapped_key("{place}")
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    source_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))


class ItemMedia(Base):
    """A file that stands in an item version, by the digest under which its content names it: sealed with it."""

    __tablename__ = "item_media"
    __table_args__ = (UniqueConstraint("item_version_id", "digest"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class KeyVersion(Base):
    """What counts as right for an item version; a correction is a row that supersedes."""

    __tablename__ = "key_version"
    __table_args__ = (UniqueConstraint("item_version_id", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    version: Mapped[int]
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("key_version.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))


class KeyRequest(Base):
    """The testing office asks the commission for another key of an item version, on a decision. Whom it was asked opens
    the item for that; nobody opens one that was not asked for."""

    __tablename__ = "key_request"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
