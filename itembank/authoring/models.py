"""Manuscripts: the working text of item versions, where each stands, and what reviewers and the commission said.
Texts, comments and minutes are sealed; ids, states and dates are not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

OPEN_STATES = ("draft", "content_review", "language_review")


class Manuscript(Base):
    """The text of one version of an item and the state it is in, from draft to retired.

    While it is open its source is sealed here; when both reviews have passed, it is frozen into an item version,
    which keeps the source from then on. `stale` are the languages that no longer say what the origin says."""

    __tablename__ = "manuscript"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint(
            "state IN ('draft', 'content_review', 'language_review', 'pretest', 'calibrated', 'approved', 'in_use', "
            "'resting', 'retired')",
            name="state",
        ),
        CheckConstraint("(source_sealed IS NULL) = (item_version_id IS NOT NULL)", name="source"),
        CheckConstraint(
            "item_version_id IS NOT NULL OR state IN ('draft', 'content_review', 'language_review', 'retired')",
            name="item_version_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    origin: Mapped[str] = mapped_column(String(2))
    languages: Mapped[list[Any]]
    stale: Mapped[list[Any]]
    data_key: Mapped[bytes | None] = wrapped_key("manuscript:{id}")
    source_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    item_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"), unique=True)
    revision: Mapped[int] = mapped_column()
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(60))

    __mapper_args__ = {"version_id_col": revision}


class ManuscriptText(Base):
    """The text as it was handed in, for the differences between what was reviewed and what came of it."""

    __tablename__ = "manuscript_text"
    __table_args__ = (UniqueConstraint("manuscript_id", "number"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"))
    number: Mapped[int]
    source_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    stage: Mapped[str] = mapped_column(String(20))
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(String(60))


class ManuscriptMedia(Base):
    """A file of a manuscript, by the digest under which its source names it."""

    __tablename__ = "manuscript_media"
    __table_args__ = (UniqueConstraint("manuscript_id", "digest"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class ItemSketch(Base):
    """Keyed hashes by which a text that says nearly the same is found; they tell of no word (`likeness`)."""

    __tablename__ = "item_sketch"

    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"), primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    least: Mapped[bytes] = mapped_column(LargeBinary)


class Review(Base):
    """One reading of a manuscript by one person: of its content, or of one language. Decided once.

    `text_number` is the text that was handed in to it; a review whose text changed under it is `overtaken`. Who
    changed words of the language has `mended` it: another person reads it after them.
    `checked` are the points of the list (`rules.CHECKS`) that the reader found right."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("kind IN ('content', 'language')", name="kind"),
        CheckConstraint("(kind = 'language') = (language IS NOT NULL)", name="language"),
        CheckConstraint("verdict IN ('pass', 'mended', 'return', 'overtaken')", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name="decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(2))
    text_number: Mapped[int]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date]
    verdict: Mapped[str | None] = mapped_column(String(10))
    checked: Mapped[list[Any] | None]
    decided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class ManuscriptHand(Base):
    """That an editor changed words of the language they were reading; the last row of a language says who did last."""

    __tablename__ = "manuscript_hand"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime]


class ReviewComment(Base):
    """What somebody said on a place of the text, such as `ky.options.2`; an answer names what it answers."""

    __tablename__ = "review_comment"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("review_comment.id"))
    anchor: Mapped[str] = mapped_column(String(60))
    is_settling: Mapped[bool]
    place: Mapped[str] = mapped_column(String(80), unique=True)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class CommissionSession(Base):
    """A session of the methodological commission on a subject: its agenda is decided on, its minutes are signed.

    Decisions take effect with the signatures (`in_force`); minutes that are not right are annulled, never changed."""

    __tablename__ = "commission_session"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed', 'in_force', 'annulled')", name="state"),
        CheckConstraint("state = 'annulled' OR (state = 'open') = (closed_at IS NULL)", name="closed_at"),
        CheckConstraint("(minutes_sealed IS NULL) = (closed_at IS NULL)", name="minutes_sealed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[date]
    order_no: Mapped[str] = mapped_column(String(60))
    members: Mapped[list[Any]]
    chair_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(20))
    data_key: Mapped[bytes] = wrapped_key("commission_session:{id}")
    minutes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(60))
    closed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class CommissionDecision(Base):
    """A manuscript on the agenda of a session since `added_at`, and what was decided on it last; the reason is a
    note."""

    __tablename__ = "commission_decision"
    __table_args__ = (
        UniqueConstraint("commission_session_id", "manuscript_id"),
        CheckConstraint("verdict IN ('approve', 'rework', 'rest', 'wake', 'retire')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_session_id: Mapped[int] = mapped_column(ForeignKey("commission_session.id"))
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id"), index=True)
    added_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class CommissionPresence(Base):
    """A member confirmed, at their own sign-in, that they sit in the session, with the agenda as it was then."""

    __tablename__ = "commission_presence"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_session_id: Mapped[int] = mapped_column(ForeignKey("commission_session.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime]


class CommissionNote(Base):
    """What was said in a session, of an item or of the whole; with a verdict it is the reason of a decision."""

    __tablename__ = "commission_note"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve', 'rework', 'rest', 'wake', 'retire')", name="verdict"),
        CheckConstraint("verdict IS NULL OR manuscript_id IS NOT NULL", name="manuscript_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_session_id: Mapped[int] = mapped_column(ForeignKey("commission_session.id"), index=True)
    manuscript_id: Mapped[int | None] = mapped_column(ForeignKey("manuscript.id"))
    verdict: Mapped[str | None] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(80), unique=True)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
