"""Items that are given to nobody any more because somebody who should not have seen them has, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class Withdrawal(Base):
    """An item version is withdrawn from every test, also from those that run if `is_in_running`; `act` names the
    decision, which may be on several. A row that `lifts` another says that it may be given again."""

    __tablename__ = "withdrawal"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"), index=True)
    act: Mapped[str] = mapped_column(String(32), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    leaked_at: Mapped[datetime | None]
    is_in_running: Mapped[bool]
    lifts_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawal.id"), unique=True)
    withdrawn_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(60))
