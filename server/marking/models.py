"""Written work, who marks it and the marks given. What was drawn and marked is only added to, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

FIRST = text("supersedes_id IS NULL")


def note_place(ref: str, staff_id: int) -> str:
    """What a marker's sealed note on a work is bound to."""
    return f"mark:{ref}:{staff_id}"


class Marking(Base):
    """The marking of a sitting's written work, opened by the office; notes of markers are sealed under its key."""

    __tablename__ = "marking"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), unique=True)
    due_at: Mapped[datetime]
    data_key: Mapped[bytes] = wrapped_key("marking:{sitting_id}")
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    opened_at: Mapped[datetime]


class MarkingTask(Base):
    """A written task of the sitting and the points it is worth, fixed before the first mark."""

    __tablename__ = "marking_task"
    __table_args__ = (
        UniqueConstraint("marking_id", "item_version_id"),
        CheckConstraint("maximum > 0", name="maximum"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    subject: Mapped[str] = mapped_column(String(40))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    item_index: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    maximum: Mapped[int]


class MarkerCall(Base):
    """That somebody marks a subject in a language, or no more; the newest row stands."""

    __tablename__ = "marker_call"
    __table_args__ = (Index("ix_marker_call_marking_id_staff_id", "marking_id", "staff_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    subjects: Mapped[list[Any]]
    languages: Mapped[list[Any]]
    is_called: Mapped[bool]
    called_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    called_at: Mapped[datetime]


class WrittenWork(Base):
    """What a sealed session holds on one written task. Pages know it by `ref`, which tells of no order or person."""

    __tablename__ = "written_work"
    __table_args__ = (
        UniqueConstraint("section_id", "seq"),
        UniqueConstraint("ref"),
        Index("ix_written_work_session_id", "session_id"),
        Index("ix_written_work_marking_id", "marking_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("marking_task.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    ref: Mapped[str] = mapped_column(String(32))
    taken_at: Mapped[datetime]


class UnmarkedSession(Base):
    """A session whose work is not marked, because its seal is missing or broken, with the ruling (DC-14)."""

    __tablename__ = "unmarked_session"
    __table_args__ = (UniqueConstraint("marking_id", "session_id", "code"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    code: Mapped[str] = mapped_column(String(40))
    ruling: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]


class MarkingDraw(Base):
    """A draw of markers: its seed, how many works had to be given out, and what each marker had before it."""

    __tablename__ = "marking_draw"
    __table_args__ = (Index("ix_marking_draw_marking_id", "marking_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("marking.id"))
    seed: Mapped[int] = mapped_column(BigInteger)
    n_works: Mapped[int]
    loads: Mapped[dict[str, Any]]
    drawn_at: Mapped[datetime]


class Allotment(Base):
    """That a work was drawn for a marker: first, second, or third on disagreement. Nobody gets a work twice."""

    __tablename__ = "allotment"
    __table_args__ = (
        UniqueConstraint("work_id", "staff_id"),
        UniqueConstraint("supersedes_id"),
        Index(
            "uq_allotment_first", "work_id", "turn", unique=True, sqlite_where=FIRST, postgresql_where=FIRST
        ),
        Index("ix_allotment_staff_id", "staff_id"),
        CheckConstraint("turn BETWEEN 1 AND 3", name="turn"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("marking_draw.id"))
    work_id: Mapped[int] = mapped_column(ForeignKey("written_work.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    turn: Mapped[int]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("allotment.id"))


class GivenBack(Base):
    """A work that goes to another marker: given back by its own, or taken from them by the office, and why."""

    __tablename__ = "given_back"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    allotment_id: Mapped[int] = mapped_column(ForeignKey("allotment.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    given_back_at: Mapped[datetime]


class Mark(Base):
    """Points for a work, by a marker or by the decision on an appeal; a correction supersedes."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("supersedes_id"),
        UniqueConstraint("work_id", "key"),
        Index("uq_mark_first", "allotment_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
        CheckConstraint("source IN ('marker', 'appeal')", name="source"),
        CheckConstraint("(source = 'marker') = (allotment_id IS NOT NULL)", name="allotment_id"),
        CheckConstraint("(source = 'appeal') = (because IS NOT NULL)", name="because"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("written_work.id"))
    allotment_id: Mapped[int | None] = mapped_column(ForeignKey("allotment.id"))
    source: Mapped[str] = mapped_column(String(10))
    points: Mapped[str] = mapped_column(String(8))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    because: Mapped[str | None] = mapped_column(String(200))
    spent_ms: Mapped[int | None]
    key: Mapped[str] = mapped_column(String(36))
    by: Mapped[str] = mapped_column(String(60))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("mark.id"))
    made_at: Mapped[datetime]
