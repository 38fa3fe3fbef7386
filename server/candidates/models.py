"""The yearly programme, the certified admission lists, and who is registered for which subjects."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key


class Programme(Base):
    """What is examined in a year, under which edition of the policy and by which order (DC-3)."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    year: Mapped[int]
    titles: Mapped[dict[str, Any]]
    edition_code: Mapped[str] = mapped_column(String(40))
    edition_version: Mapped[str] = mapped_column(String(20))
    edition_digest: Mapped[str] = mapped_column(String(64))
    order_no: Mapped[str] = mapped_column(String(60))
    subjects: Mapped[list[ProgrammeSubject]] = relationship(order_by="ProgrammeSubject.position")


class ProgrammeSubject(Base):
    """One subject of a programme, in the order in which it is sat."""

    __tablename__ = "programme_subject"
    __table_args__ = (UniqueConstraint("programme_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    position: Mapped[int]
    subject: Mapped[str] = mapped_column(String(40))


class AdmissionList(Base):
    """A list of candidates as it was received, certified by the department's seal (DC-9). Never edited."""

    __tablename__ = "admission_list"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    n_candidates: Mapped[int]
    certified_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    certified_at: Mapped[datetime]
    seal: Mapped[bytes] = mapped_column(LargeBinary(64))


class Candidate(Base):
    """One person. The document's number and the photo are sealed; `document_mac` finds a document again."""

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_name: Mapped[str] = mapped_column(String(80))
    given_name: Mapped[str] = mapped_column(String(80))
    patronymic: Mapped[str] = mapped_column(String(80), default="")
    birth_date: Mapped[date]
    document_kind: Mapped[str] = mapped_column(String(40))
    document_mac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    data_key: Mapped[bytes] = wrapped_key("candidate:{document_mac}")
    document_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    photo_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    photo_type: Mapped[str | None] = mapped_column(String(20))

    @property
    def place(self) -> str:
        """What the candidate's data key is bound to."""
        return f"candidate:{self.document_mac.hex()}"

    @property
    def name(self) -> str:
        """Family name, given name, patronymic."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


class Registration(Base):
    """A candidate in a programme, known from here on by the registration number.

    School and language are those of the year; `photo_name` is the file the list says shows the candidate. `school_id`
    is the school that bears the name, where the list's department has one: it reads the results (CS-5). `sex`, where
    the list says it, serves the comparison of items among girls and boys, nothing else (EM-7)."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("programme_id", "candidate_id", "attempt"),
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    admission_list_id: Mapped[int] = mapped_column(ForeignKey("admission_list.id"))
    registration_no: Mapped[str] = mapped_column(String(40), unique=True)
    school: Mapped[str] = mapped_column(String(160))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    sex: Mapped[str | None] = mapped_column(String(6))
    photo_name: Mapped[str] = mapped_column(String(120), default="")
    attempt: Mapped[int] = mapped_column(default=1)
    candidate: Mapped[Candidate] = relationship()
    subjects: Mapped[list[RegistrationSubject]] = relationship(order_by="RegistrationSubject.id")


class RegistrationSubject(Base):
    """One subject that is sat, in one language (DC-4); `language` never falls back silently."""

    __tablename__ = "registration_subject"
    __table_args__ = (UniqueConstraint("registration_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    subject: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))


class Accommodation(Base):
    """A decision that a candidate sits the test under a condition: extra time, breaks, large print (DC-12).

    A later row with `supersedes_id` stands for the earlier one; one that `is_withdrawn` ends it, and its `evidence`
    says why."""

    __tablename__ = "accommodation"
    __table_args__ = (CheckConstraint("supersedes_id IS NOT NULL OR NOT is_withdrawn", name="withdrawn"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    effect: Mapped[str] = mapped_column(String(20))
    extent: Mapped[int]
    order_number: Mapped[str] = mapped_column(String(60))
    evidence: Mapped[str] = mapped_column(String(300))
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_on: Mapped[date]
    ruling: Mapped[dict[str, Any]]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("accommodation.id"), unique=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime]
