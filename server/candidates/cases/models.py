"""Cases of candidates with their papers and decisions. Papers and decisions are only added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

LIVE = text("state IN ('filed', 'submitted', 'granted', 'assigned')")
WHOLE_TEST = text("session_id IS NULL AND state IN ('filed', 'submitted', 'granted', 'assigned')")


class CandidateCase(Base):
    """What is asked for a candidate: an exemption (DC-17), an additional test (DC-18), an extension of the term (CS-12)
    or a repeat (CS-18). All but the first are about one session: the one that was missed, or not passed.

    `due_at` is the last moment for the decision, `ruling` what the law said when it was handed in; `extended_to`
    the day to which the term is to be extended, `next_registration_id` the attempt that came of it. A grant that was
    taken back has a `CaseTakingBack` and stands no more: the row is "withdrawn" and refers to no attempt."""

    __tablename__ = "candidate_case"
    __table_args__ = (
        CheckConstraint("kind IN ('exemption', 'make_up', 'extension', 'repeat')", name="kind"),
        CheckConstraint(
            "state IN ('filed', 'submitted', 'granted', 'assigned', 'refused', 'withdrawn')", name="state"
        ),
        CheckConstraint("(kind = 'exemption') = (session_id IS NULL)", name="session_id"),
        CheckConstraint("(kind = 'extension') = (extended_to IS NOT NULL)", name="extended_to"),
        CheckConstraint("(state = 'assigned') = (next_registration_id IS NOT NULL)", name="next_registration_id"),
        CheckConstraint("state NOT IN ('submitted', 'granted', 'assigned', 'refused') OR due_at IS NOT NULL",
                        name="due_at"),
        # One session gives one further attempt at most, whatever is asked for it and by whom.
        Index("uq_candidate_case_session", "session_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_candidate_case_exemption", "registration_id", unique=True, sqlite_where=WHOLE_TEST,
              postgresql_where=WHOLE_TEST),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(36), unique=True)
    data_key: Mapped[bytes] = wrapped_key("candidate_case:{token}")
    kind: Mapped[str] = mapped_column(String(20))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("exam_session.id"))
    ground: Mapped[str] = mapped_column(String(40))
    subjects: Mapped[list[Any]]
    extended_to: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20), default="filed")
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    filed_from: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    filed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ruling: Mapped[dict[str, Any] | None]
    next_registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), unique=True)
    version_id: Mapped[int] = mapped_column(default=1)
    papers: Mapped[list[CasePaper]] = relationship(order_by="CasePaper.id")

    __mapper_args__ = {"version_id_col": version_id}

    @property
    def place(self) -> str:
        """What the case's data key is bound to."""
        return f"candidate_case:{self.token}"


class CasePaper(Base):
    """A file among the papers of a case, sealed. Its name on somebody's computer is not kept: it names people."""

    __tablename__ = "case_paper"
    __table_args__ = (UniqueConstraint("case_id", "digest"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("candidate_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]


class CaseDecision(Base):
    """What was decided in a case, once: by which order, why in words (sealed), under which ruling."""

    __tablename__ = "case_decision"
    __table_args__ = (CheckConstraint("outcome IN ('granted', 'refused')", name="outcome"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("candidate_case.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(20))
    order_number: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ruling: Mapped[dict[str, Any]]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_from: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    decided_at: Mapped[datetime]


class CaseTakingBack(Base):
    """That a granted case counts no longer: by which decision, why in words (sealed), under which ruling.

    `next_registration_id` is the attempt that the candidate had been given a place for, and never began."""

    __tablename__ = "case_taking_back"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("candidate_case.id"), unique=True)
    next_registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), unique=True)
    order_number: Mapped[str] = mapped_column(String(60))
    decided_on: Mapped[date]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ruling: Mapped[dict[str, Any]]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_from: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    taken_at: Mapped[datetime]
