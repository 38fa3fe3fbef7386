"""What the ministry approved, who was told, the statements of the confirmed right, and cases of school attestation.
Nothing is overwritten: what ends or replaces a row is a row of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key


class ResultApproval(Base):
    """The ministry has approved a released list of results after appeals, by an order (DC-29).

    `told_by_at` is the last moment for telling schools, candidates and parents."""

    __tablename__ = "result_approval"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("result_list.id"), unique=True)
    order_no: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    appeals_ended_at: Mapped[datetime]
    told_by_at: Mapped[datetime]
    ruling: Mapped[dict[str, Any]]
    approved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime]


class FinalNotice(Base):
    """That the school, the candidate or the parents were told the approved result, how, and who says so (DC-29)."""

    __tablename__ = "final_notice"
    __table_args__ = (UniqueConstraint("approval_id", "session_id", "recipient"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("result_approval.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(20))
    told_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]


class Statement(Base):
    """A statement of the confirmed right (DC-30, DC-33, DC-34), found by the digest of its code alone.

    The code itself is derived from the row's id under a key outside the database; `seal` is the issuing
    organisation's over the digest of what the statement says."""

    __tablename__ = "statement"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[str] = mapped_column(String(36), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("result_approval.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seal: Mapped[bytes] = mapped_column(LargeBinary(64))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"), unique=True)
    issued_by: Mapped[str] = mapped_column(String(60))
    issued_at: Mapped[datetime]


class StatementEnd(Base):
    """From here on a statement is not in force, and why: the result was changed, or it was revoked."""

    __tablename__ = "statement_end"
    __table_args__ = (CheckConstraint("kind IN ('revised', 'revoked')", name="kind"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    ended_by: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[datetime]


class StatementBatch(Base):
    """Statements printed together as one archive of PDFs for whoever asked; sealed, and kept for a day at most."""

    __tablename__ = "statement_batch"
    __table_args__ = (CheckConstraint("(archive_sealed IS NULL) = (dropped_at IS NOT NULL)", name="archive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("result_approval.id"))
    asked_by: Mapped[str] = mapped_column(String(60), index=True)
    language: Mapped[str] = mapped_column(String(2))
    n: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    data_key: Mapped[bytes | None] = wrapped_key("statement_batch:{id}")
    archive_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class AttestationCase(Base):
    """How a candidate goes on to school attestation: the subject of choice (DC-31), or the papers of one whose right
    was not confirmed (DC-32). A later row supersedes."""

    __tablename__ = "attestation_case"
    __table_args__ = (CheckConstraint("kind IN ('choice', 'admission')", name="kind"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("result_approval.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[list[Any]]
    papers: Mapped[dict[str, Any]]
    ruling: Mapped[dict[str, Any]]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("attestation_case.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
