"""Organisations and their staff. Candidates are not staff and have no password."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

ORGANISATION_KINDS = ("ministry", "ntc", "department", "school", "centre")


class Organisation(Base):
    """Ministry, testing centre, department, school or test centre (DC-1). Those that certify hold a key."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('ministry', 'ntc', 'department', 'school', 'centre')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[dict[str, Any]]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sealing_public: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sealing_private: Mapped[bytes | None] = wrapped_key("organisation:{code}")


class Staff(Base):
    """One person who signs in with a password; `failed` and `locked_until` slow a guesser at unknown browsers down."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class StaffRole(Base):
    """A role that a staff member holds in their organisation."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("staff_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(20))


class StaffLogin(Base):
    """One signed-in browser; only a digest of its token is kept, and ending the row signs it out.

    `proved_at`: when its second factor was proved; until then it holds no role that needs one."""

    __tablename__ = "staff_login"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]


class StaffDevice(Base):
    """A browser that a staff member signed in from, by the digest of its token; its wrong passwords count apart."""

    __tablename__ = "staff_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    seen_at: Mapped[datetime]
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class SecondFactor(Base):
    """The authenticator of a staff member: its wrapped secret, one that waits to be bound, the last step used.

    What waits was shown to one sign-in alone, `pending_for`: nobody who looked before keeps a copy of what is bound."""

    __tablename__ = "second_factor"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[bytes | None] = wrapped_key("staff:{staff_id}/second_factor")
    pending: Mapped[bytes | None] = wrapped_key("staff:{staff_id}/second_factor")
    pending_for: Mapped[str | None] = mapped_column(String(64))
    last_step: Mapped[int] = mapped_column(default=0)
    set_at: Mapped[datetime | None]
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class PaperCode(Base):
    """A code on paper for one whose authenticator is gone: it proves once."""

    __tablename__ = "paper_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None]


class StaffPin(Base):
    """The PIN a staff member signs with; `failed` and `locked_until` slow a guesser down."""

    __tablename__ = "staff_pin"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class Signature(Base):
    """Who signed what, in which capacity and when: a staff member by PIN, or a name by hand where there is none.

    `digest` is that of the document as it stood; `mac` that of the row; `console_of`: at whose console it was."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("subject", "digest", "staff_id"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(120))
    signed_at: Mapped[datetime]
    console_of: Mapped[str] = mapped_column(String(60))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
