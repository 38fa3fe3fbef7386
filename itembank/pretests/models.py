"""Pretest plans: which items are tried out in the tests of a pool, how many a candidate and where; frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class PretestPlan(Base):
    """What is tried out, unscored, in the tests of one pool: `per_candidate` items each, not before `first` scored
    items and not after the last `last`, at least `apart` scored ones between two.

    `needed` are the answers each item is to get in each language. Near ones (`is_near`) are chosen by how far the
    guess of their difficulty is from theta. `proof` holds a seal of each item."""

    __tablename__ = "pretest_plan"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    per_candidate: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    apart: Mapped[int]
    is_near: Mapped[bool]
    needed: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    proof: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))


class PretestItem(Base):
    """One item of a plan, in the version and under the key that are tried out; `b_guess` is what its tier has."""

    __tablename__ = "pretest_item"
    __table_args__ = (UniqueConstraint("plan_id", "position"), UniqueConstraint("plan_id", "item_version_id"),
                      APPEND_ONLY)  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("pretest_plan.id"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    key_version_id: Mapped[int] = mapped_column(ForeignKey("key_version.id"))
    tier: Mapped[str] = mapped_column(String(10))
    area: Mapped[str] = mapped_column(String(40))
    family: Mapped[str | None] = mapped_column(String(40))
    passage: Mapped[str | None] = mapped_column(String(40))
    b_guess: Mapped[float]


class PretestStop(Base):
    """From here on no candidate gets this item of a plan; without a position, none of its items."""

    __tablename__ = "pretest_stop"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("pretest_plan.id"), index=True)
    position: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300))
    stopped_at: Mapped[datetime]
    stopped_by: Mapped[str] = mapped_column(String(60))
