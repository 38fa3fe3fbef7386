"""The commission of a year, appeals, hearings, motions and votes, protocols, decisions, notices and final lists.
What people wrote is sealed; what somebody said, voted, signed or decided is only added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

NOT_WITHDRAWN = text("state <> 'withdrawn'")


class AppealCommission(Base):
    """The technical appeals commission of a programme as its order names it (DC-24); a later row counts.

    `members`: [{"staff_id", "name", "role", "body"}]."""

    __tablename__ = "appeal_commission"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    order_no: Mapped[str] = mapped_column(String(60))
    ordered_on: Mapped[date]
    members: Mapped[list[Any]]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(60))


class Appeal(Base):
    """An appeal against the result of one session in one subject, received then (DC-25); one for each result.

    `grounds` are codes of DC-23; the candidate's words are sealed."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index(
            "uq_appeal_result", "session_id", "subject", "received_at", unique=True, sqlite_where=NOT_WITHDRAWN,
            postgresql_where=NOT_WITHDRAWN,
        ),
        CheckConstraint(
            "state IN ('filed', 'admitted', 'heard', 'decided', 'told', 'closed', 'refused', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("filed_by IN ('candidate', 'department')", name="filed_by"),
        CheckConstraint("(filed_by = 'department') = (department_id IS NOT NULL)", name="department_id"),
        CheckConstraint("received_at <= filed_at", name="received_at"),
        CheckConstraint(
            "state NOT IN ('heard', 'decided', 'told', 'closed') OR hearing_id IS NOT NULL", name="hearing_id"
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    filed_by: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    grounds: Mapped[list[Any]]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    data_key: Mapped[bytes] = wrapped_key("appeal:{id}")
    received_at: Mapped[datetime]
    filed_at: Mapped[datetime]
    filer: Mapped[str] = mapped_column(String(60))
    ruling: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20))
    hearing_id: Mapped[int | None] = mapped_column(ForeignKey("appeal_hearing.id"), index=True)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class AppealTask(Base):
    """A task that the appeal names, by its number in the candidate's test; whether it is reviewed at all (DC-27)."""

    __tablename__ = "appeal_task"
    __table_args__ = (UniqueConstraint("appeal_id", "seq"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    ruling: Mapped[dict[str, Any]]


class AppealInterest(Base):
    """A member stands aside, for good (DC-24): from one case, or from whoever has that number or is of that school."""

    __tablename__ = "appeal_interest"
    __table_args__ = (
        CheckConstraint("kind IN ('case', 'number', 'school')", name="kind"),
        CheckConstraint("(kind = 'case') = (appeal_id IS NOT NULL)", name="appeal_id"),
        CheckConstraint("(kind = 'case') = (target IS NULL)", name="target"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    interest: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"), index=True)
    target: Mapped[str | None] = mapped_column(String(160))
    declared_at: Mapped[datetime]


class AppealHearing(Base):
    """A sitting of the commission at which appeals are heard: called, then open, then over."""

    __tablename__ = "appeal_hearing"
    __table_args__ = (CheckConstraint("state IN ('called', 'open', 'over')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commission_id: Mapped[int] = mapped_column(ForeignKey("appeal_commission.id"), index=True)
    held_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(160))
    called_at: Mapped[datetime]
    called_by: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class AppealPresence(Base):
    """A member confirmed, at their own sign-in, that they sit in the hearing."""

    __tablename__ = "appeal_presence"
    __table_args__ = (UniqueConstraint("hearing_id", "staff_id"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("appeal_hearing.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime]


class AppealMotion(Base):
    """What is put to the vote in a case: an outcome for each task, with its reason, sealed; the last one counts."""

    __tablename__ = "appeal_motion"
    __table_args__ = (UniqueConstraint("appeal_id", "number"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    hearing_id: Mapped[int] = mapped_column(ForeignKey("appeal_hearing.id"))
    number: Mapped[int]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    put_at: Mapped[datetime]
    put_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class AppealVote(Base):
    """A member's vote on a motion, cast once."""

    __tablename__ = "appeal_vote"
    __table_args__ = (
        UniqueConstraint("motion_id", "staff_id"),
        CheckConstraint("choice IN ('for', 'against', 'abstain')", name="choice"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("appeal_motion.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    choice: Mapped[str] = mapped_column(String(10))
    cast_at: Mapped[datetime]


class AppealProtocol(Base):
    """The protocol of a case as it was drawn up, sealed; a later version stands in its stead (DC-28)."""

    __tablename__ = "appeal_protocol"
    __table_args__ = (UniqueConstraint("appeal_id", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    motion_id: Mapped[int] = mapped_column(ForeignKey("appeal_motion.id"))
    version: Mapped[int]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("appeal_protocol.id"))


class AppealDecision(Base):
    """The decision that a signed protocol makes: one for each case, never another (DC-28)."""

    __tablename__ = "appeal_decision"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), unique=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("appeal_protocol.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    is_unchanged: Mapped[bool]
    ruling: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]


class AppealCorrection(Base):
    """What a decision proposed to be scored anew, and the run of grading that it is."""

    __tablename__ = "appeal_correction"
    __table_args__ = (
        UniqueConstraint("decision_id", "seq"),
        CheckConstraint("outcome IN ('marks_changed', 'item_struck', 'key_corrected')", name="outcome"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("appeal_decision.id"))
    seq: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    run_id: Mapped[int] = mapped_column(index=True)


class AppealNotice(Base):
    """The appellant was told what was decided: how, and by whom."""

    __tablename__ = "appeal_notice"
    __table_args__ = (CheckConstraint("way IN ('page', 'paper')", name="way"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    is_changed: Mapped[bool]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    told_at: Mapped[datetime]
    told_by: Mapped[str] = mapped_column(String(60))


class AppealList(Base):
    """The final list of a sitting's appeals under the seal of the centre (DC-28); a later version supersedes it.

    `rows` are by registration number, without names."""

    __tablename__ = "appeal_list"
    __table_args__ = (UniqueConstraint("sitting_id", "version"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    version: Mapped[int]
    rows: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(60))
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("appeal_list.id"))
