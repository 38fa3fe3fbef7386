"""Sittings, sessions and what happened in them. Steps and responses are evidence: append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.core.db import APPEND_ONLY, Base
from server.core.wrapped import wrapped_key

TRIED = text("is_pretest")


def session_place(sitting_id: int, registration_id: int) -> str:
    """What the data key of a session is bound to."""
    return f"exam_session:{sitting_id}:{registration_id}"


def answer_place(session_id: int, section_id: int, seq: int) -> str:
    """What a sealed answer is bound to."""
    return f"response:{session_id}:{section_id}:{seq}"


def working_place(session_id: int, section_id: int, seq: int) -> str:
    """What the sealed working of a step is bound to."""
    return f"working:{session_id}:{section_id}:{seq}"


class Sitting(Base):
    """A scheduled event. It pins the edition by which everything later is judged.

    `starts_at` is the start of the test; the briefing comes before it (DC-11). `early_start_order` is the order
    that lets the proctor start before the hour; `is_released_at_once` shows grades as soon as they stand.
    `seb_policy` says whether candidates must come in Safe Exam Browser; `tools` is what their page has, where the
    sitting decides that itself (DC-15)."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("seb_policy IN ('required', 'allowed', 'off')", name="seb_policy"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    titles: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    edition_code: Mapped[str] = mapped_column(String(40))
    edition_version: Mapped[str] = mapped_column(String(20))
    edition_digest: Mapped[str] = mapped_column(String(64))
    order_no: Mapped[str] = mapped_column(String(60))
    early_start_order: Mapped[str | None] = mapped_column(String(60))
    is_released_at_once: Mapped[bool] = mapped_column(default=False)
    seb_policy: Mapped[str] = mapped_column(String(10), default="off")
    tools: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    sections: Mapped[list[SittingSection]] = relationship(order_by="SittingSection.position")


class SittingSection(Base):
    """One subject of a sitting: its place in the order, its pool and its time (DC-12)."""

    __tablename__ = "sitting_section"
    __table_args__ = (UniqueConstraint("sitting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    position: Mapped[int]
    subject: Mapped[str] = mapped_column(String(40))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    limit_s: Mapped[int]


class ExamSession(Base):
    """One candidate's run. `lease` counts devices: a request with an older lease comes from a device that was left;
    `sign_in_key` is that of the page that took it, so that a sign-in whose reply was lost may be repeated.
    `claims` counts the other computers that wait for the proctor's word (`DeviceClaim`).

    `seb_way` is how the device proved at sign-in to be Safe Exam Browser, with the Config Key `seb_key`; `seb_fault`
    is the rule it failed, at sign-in or later. A pause with `break_until` is a break the candidate may take;
    one with `held_at` the machine made then, because time ran out while nobody could be heard (`paused_at`);
    `given_s` is what was given back of lost time, `plays_given` how many plays of recordings. Until
    `watched_until` the page asks more often what has changed."""

    __tablename__ = "exam_session"
    __table_args__ = (
        UniqueConstraint("sitting_id", "registration_id"),
        CheckConstraint(
            "state IN ('expected', 'admitted', 'running', 'paused', 'submitted', 'removed', 'absent')",
            name="state",
        ),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused_at"),
        CheckConstraint("state = 'paused' OR break_until IS NULL", name="break_until"),
        CheckConstraint("state = 'paused' OR held_at IS NULL", name="held_at"),
        CheckConstraint(
            "state NOT IN ('running', 'paused', 'submitted') OR ends_at IS NOT NULL", name="ends_at"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    registration_no: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(250))
    language: Mapped[str] = mapped_column(String(2))
    centre_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    seat: Mapped[str | None] = mapped_column(String(20))
    topic: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), default="expected")
    seed: Mapped[int] = mapped_column(BigInteger)
    data_key: Mapped[bytes] = wrapped_key("exam_session:{sitting_id}:{registration_id}")
    code_serial: Mapped[int] = mapped_column(default=1)
    code_used_at: Mapped[datetime | None]
    code_failed: Mapped[int] = mapped_column(default=0)
    code_locked_until: Mapped[datetime | None]
    lease: Mapped[int] = mapped_column(default=0)
    sign_in_key: Mapped[str | None] = mapped_column(String(36))
    claims: Mapped[int] = mapped_column(default=0)
    seb_way: Mapped[str | None] = mapped_column(String(10))
    seb_key: Mapped[str | None] = mapped_column(String(64))
    seb_fault: Mapped[str | None] = mapped_column(String(20))
    started_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    break_until: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    break_used_s: Mapped[int] = mapped_column(default=0)
    given_s: Mapped[int] = mapped_column(default=0)
    plays_given: Mapped[int] = mapped_column(default=0)
    watched_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)
    sitting: Mapped[Sitting] = relationship()
    sections: Mapped[list[Section]] = relationship(order_by="Section.position")

    __mapper_args__ = {"version_id_col": version_id}

    @property
    def place(self) -> str:
        """What the session's data key is bound to."""
        return session_place(self.sitting_id, self.registration_id)

    @property
    def running(self) -> Section | None:
        """The section that is before the candidate, if one is."""
        return next((each for each in self.sections if each.state == "running"), None)

    @property
    def pending(self) -> Section | None:
        """The section that comes next, if one is left."""
        return next((each for each in self.sections if each.state == "pending"), None)


class Section(Base):
    """One subject of a session, with its own clock; `answered` counts responses, `quick` the last quick ones in a row.

    `extra_s` is what the candidate has above the limit by a recorded decision, fixed when the section begins;
    `short_s` what the end of the whole cuts off it, less what was given back of that.
    `length` is the blueprint's with the written tasks, and of a section that ended early how many it had; `stop_reason`
    says why the engine gave no more. `open_items` is what exposure control left open when it began (`bench.Begun`),
    `pretest` which items may be tried out in it (`seeds.Seeds`); these count in `length` and `answered`. `met` are the
    items, by their places on the bench, that an additional test or a repeat must not give again (`unseen`)."""

    __tablename__ = "section"
    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        CheckConstraint("state IN ('pending', 'running', 'done')", name="state"),
        CheckConstraint("(state = 'pending') = (ends_at IS NULL)", name="ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    position: Mapped[int]
    subject: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    limit_s: Mapped[int]
    extra_s: Mapped[int] = mapped_column(default=0)
    short_s: Mapped[int] = mapped_column(default=0)
    length: Mapped[int]
    open_items: Mapped[bytes | None] = mapped_column(LargeBinary)
    pretest: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    met: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    stop_reason: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="pending")
    answered: Mapped[int] = mapped_column(default=0)
    quick: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PoolExposure(Base):
    """How often the items of a pool under exposure control have been seen: counted when a section is over.

    Of `n_candidates`, by the item's place in the pool, to how many it was shown and for how many it was open."""

    __tablename__ = "pool_exposure"

    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    n_candidates: Mapped[int] = mapped_column(default=0)
    administered: Mapped[list[Any]]
    eligible: Mapped[list[Any]]


class Step(Base):
    """One selection with its trace: the item given, why, and in which order its options stood.

    One that `is_pretest` is tried out: its `item_index` lies behind the pool's, in its plan, and it is never scored."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("section_id", "seq"),
        # Of all steps the few on which items are tried out: how many answers one has is asked again and again.
        Index("ix_step_pretest", "item_version_id", sqlite_where=TRIED, postgresql_where=TRIED),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    item_index: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    option_order: Mapped[str] = mapped_column(String(40))
    is_reached: Mapped[bool]
    is_pretest: Mapped[bool] = mapped_column(default=False)
    trace: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class Response(Base):
    """One counted answer. `key` is the client's idempotency key; the answer itself is sealed.

    One to a written task bears no score: people mark it."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("section_id", "seq"),
        UniqueConstraint("session_id", "key"),
        CheckConstraint("is_written = (score IS NULL)", name="score"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    key: Mapped[str] = mapped_column(String(36))
    answer_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    is_written: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int | None]
    spent_ms: Mapped[int]
    received_at: Mapped[datetime]


class LateAnswer(Base):
    """An answer that came after its time was up: not counted, not lost (DC-12)."""

    __tablename__ = "late_answer"
    __table_args__ = (UniqueConstraint("session_id", "key"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    key: Mapped[str] = mapped_column(String(36))
    answer_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    late_ms: Mapped[int]


class Working(Base):
    """What a candidate wrote and drew beside one step (DC-13), sealed: one row a step, the last version wins.

    Saves are refused once the step is left, so the row that stays is what stood then: what an appeal looks at
    (DC-26). Every version kept would be a hundred times the answers, of lines the candidate crossed out."""

    __tablename__ = "working"
    __table_args__ = (UniqueConstraint("section_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    seq: Mapped[int]
    version: Mapped[int]
    key: Mapped[str] = mapped_column(String(36))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]


class AnswerSheet(Base):
    """What a section comes to for scoring, written when the session is sealed and covered by the seal.

    `items` and `marks` have one place a step; `fault` says why the section may not be scored, `fault_seq` where."""

    __tablename__ = "answer_sheet"
    __table_args__ = (APPEND_ONLY,)

    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True, autoincrement=False)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    items: Mapped[bytes] = mapped_column(LargeBinary)
    marks: Mapped[bytes] = mapped_column(LargeBinary)
    fault: Mapped[str | None] = mapped_column(String(40))
    fault_seq: Mapped[int | None]


class Seal(Base):
    """The centre's signature over everything the session holds (DC-14)."""

    __tablename__ = "seal"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime]


class Device(Base):
    """A computer on which a candidate signed in: the lease it got, its address and name, and where it was to stand.

    `token_mac` tells one computer from another by a cookie of its own, so that a wrong seat is seen (DC-10)."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("session_id", "lease"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    lease: Mapped[int]
    token_mac: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(200))
    seat: Mapped[str | None] = mapped_column(String(20))
    seen_at: Mapped[datetime]


class TimeGrant(Base):
    """Time given back to one session: how much, of how much lost, by whom, why, under which ruling (DC-12).

    Without a section it is time lost between subjects. `act` names the decision taken for several at once."""

    __tablename__ = "time_grant"
    __table_args__ = (CheckConstraint("given_s > 0", name="given_s"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    given_s: Mapped[int]
    lost_s: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    act: Mapped[str] = mapped_column(String(60))
    ruling: Mapped[dict[str, Any]]
    given_by: Mapped[str] = mapped_column(String(60))
    given_at: Mapped[datetime]


class CandidateMessage(Base):
    """What the proctor wrote to a candidate: shown by the page at `shown_at`, confirmed at `read_at`.

    `code` names an answer kept ready; `key` makes a second press of the button harmless."""

    __tablename__ = "candidate_message"
    __table_args__ = (
        Index("ix_candidate_message_unread", "session_id", "read_at"),
        UniqueConstraint("session_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    key: Mapped[str | None] = mapped_column(String(36))
    code: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(500))
    sent_by: Mapped[str] = mapped_column(String(60))
    sent_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
