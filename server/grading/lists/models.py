"""Frozen lists of results, their release, their delivery to departments. A correction is a later version; no row of a
list ever changes, and what was delivered is what was frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class ResultList(Base):
    """The results of a sitting as they stood when it was frozen: a version of them, and the digest over its rows."""

    __tablename__ = "result_list"
    __table_args__ = (UniqueConstraint("sitting_id", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    version: Mapped[int]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("result_list.id"), unique=True)
    because: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    n_rows: Mapped[int]
    n_graded: Mapped[int]
    n_held: Mapped[int]
    frozen_by: Mapped[str] = mapped_column(String(60))
    frozen_at: Mapped[datetime]


class ResultRow(Base):
    """One candidate on a list. `fingerprint` is that of what the candidate is told, the same while it is the same.

    `grades` are percent and grade by subject with the id of the grade, `reasons` those of the decision; `hold` says
    why there is neither."""

    __tablename__ = "result_row"
    __table_args__ = (
        UniqueConstraint("list_id", "session_id"),
        Index("ix_result_row_list_id_centre_id", "list_id", "centre_id"),
        Index("ix_result_row_session_id", "session_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("result_list.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    registration_no: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(250))
    school: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(20))
    grades: Mapped[list[Any]]
    is_eligible: Mapped[bool | None]
    reasons: Mapped[list[Any]]
    hold: Mapped[str | None] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))


class Release(Base):
    """From here on those whom a list concerns see it, under the seal of the organisation that released it."""

    __tablename__ = "release"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("result_list.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seal: Mapped[bytes] = mapped_column(LargeBinary(64))
    released_by: Mapped[str] = mapped_column(String(60))
    released_at: Mapped[datetime]


class DepartmentDelivery(Base):
    """That a department was given its part of a released list: how many rows, their digest, the ruling on the term."""

    __tablename__ = "department_delivery"
    __table_args__ = (UniqueConstraint("list_id", "department_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("result_list.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    n_rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    ruling: Mapped[dict[str, Any]]
    delivered_at: Mapped[datetime]


class DeliveryReceipt(Base):
    """That the department received it: who signed for it, and when. The time to appeal counts from here (DC-25)."""

    __tablename__ = "delivery_receipt"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("department_delivery.id"), unique=True)
    received_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime]
