"""Which sittings try items out, and how many answers each item of a plan is going to have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class SittingPretest(Base):
    """The decision that a subject of a sitting tries out the items of a plan, or none; the last one counts."""

    __tablename__ = "sitting_pretest"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("pretest_plan.id"), index=True)
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(60))


class PretestCount(Base):
    """The answers to each item of a plan that were given or are to be expected, in thousandths, by its position.

    Thousandths, because of the items offered to a candidate some are given, and which is not known beforehand."""

    __tablename__ = "pretest_count"

    plan_id: Mapped[int] = mapped_column(ForeignKey("pretest_plan.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    expected: Mapped[list[Any]]
