"""Rescoring runs: what is to be corrected and on whose decision, its effect as it was shown, and each change in it.
Nothing here is a result: an applied run makes new scores, grades and decisions that supersede the earlier ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class RescoringRun(Base):
    """One correction, from its proposal until it is applied or withdrawn.

    An item is struck or another key counts for it, whoever met it; or one session is scored anew, for changed marks
    or for itself. `decided_by` names the decision it rests on (`appeal_decision:12`, `order:…`), `applied_no` its
    place among all that was ever corrected: scores are read back in that order."""

    __tablename__ = "rescoring_run"
    __table_args__ = (
        CheckConstraint("kind IN ('item_struck', 'key_corrected', 'marks_changed', 'session')", name="kind"),
        CheckConstraint("state IN ('proposed', 'signed', 'applied', 'withdrawn')", name="state"),
        CheckConstraint(
            "(kind IN ('item_struck', 'key_corrected')) = (item_version_id IS NOT NULL)", name="item_version_id"
        ),
        CheckConstraint("(kind = 'key_corrected') = (key_version_id IS NOT NULL)", name="key_version_id"),
        CheckConstraint("(kind IN ('marks_changed', 'session')) = (session_id IS NOT NULL)", name="session_id"),
        CheckConstraint("(state = 'applied') = (applied_no IS NOT NULL)", name="applied_no"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    item_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"), index=True)
    key_version_id: Mapped[int | None] = mapped_column(ForeignKey("key_version.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("exam_session.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[str] = mapped_column(String(80))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), index=True)
    applied_no: Mapped[int | None] = mapped_column(unique=True)
    applied_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}


class RescoringEffect(Base):
    """What a run would change, computed over all whom it concerns; the newest of a run is the one that is signed.

    `basis` is the digest of what it rests on (scores, decisions, marks, corrections in force, releases): where that
    is another one by now, the effect is stale. `digest` covers each change with it."""

    __tablename__ = "rescoring_effect"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("rescoring_run.id"), index=True)
    basis: Mapped[str] = mapped_column(String(64))
    summary: Mapped[dict[str, Any]]
    n_changes: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))


class RescoringChange(Base):
    """One subject of one candidate that does not stay as it is, before and after.

    `after` is the whole new score, as it will stand to the bit; one that `is_kept` stays all the same, because the
    edition lowers nobody here, or because `problem` leaves no score to put in its place."""

    __tablename__ = "rescoring_change"
    __table_args__ = (
        UniqueConstraint("effect_id", "section_id"),
        CheckConstraint("problem IS NULL OR is_kept", name="problem"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_id: Mapped[int] = mapped_column(ForeignKey("rescoring_effect.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    subject: Mapped[str] = mapped_column(String(40))
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"))
    percent_before: Mapped[float]
    compared_before: Mapped[str] = mapped_column(String(12))
    grade_before: Mapped[str] = mapped_column(String(40))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    compared_after: Mapped[str] = mapped_column(String(12))
    grade_after: Mapped[str] = mapped_column(String(40))
    right_before: Mapped[bool]
    right_after: Mapped[bool]
    is_kept: Mapped[bool]
    problem: Mapped[str | None] = mapped_column(String(40))
