"""The tables of what follows a session (CS-13, CS-16); nothing is overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import APPEND_ONLY, Base


class ParentsTold(Base):
    """That somebody who must see a list was shown it on account of this candidate: how, and who says so (CS-16)."""

    __tablename__ = "parents_told"
    __table_args__ = (UniqueConstraint("session_id", "list_name", "shown_to"), APPEND_ONLY)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("exam_session.id"))
    list_name: Mapped[str] = mapped_column(String(40))
    shown_to: Mapped[str] = mapped_column(String(40))
    how: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]


class OutcomeOrder(Base):
    """The order of an organisation on the outcome of a session, its shortcomings and measures; the newest counts."""

    __tablename__ = "outcome_order"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    order_no: Mapped[str] = mapped_column(String(60))
    shortcomings: Mapped[str] = mapped_column(Text)
    measures: Mapped[str] = mapped_column(Text)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("outcome_order.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(String(60))
    recorded_at: Mapped[datetime]
