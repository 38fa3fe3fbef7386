"""Items that are given to nobody any more: known to somebody who should not have seen them, or found faulty."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Withdrawal(Base):
    """An item, in all its versions and drafts, is withdrawn from every test, also from those that run if
    `is_in_running`; `act` names the decision, which may be on several. A row that `lifts` another ends it.

    Authors and readers learn the `cause` and whether the same may be asked anew under another code
    (`may_rewrite`); the reason in words is for the security officers."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("cause IN ('published', 'lost', 'told', 'suspected', 'faulty')", name="cause"),
        APPEND_ONLY,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    act: Mapped[str] = mapped_column(String(32), index=True)
    cause: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    leaked_at: Mapped[datetime | None]
    is_in_running: Mapped[bool]
    may_rewrite: Mapped[bool]
    lifts_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawal.id"), unique=True)
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(60))
