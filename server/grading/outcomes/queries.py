"""Who was told, and what was ordered; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.core.db import batches
from server.core.work import Work
from server.grading.outcomes.models import OutcomeOrder, ParentsTold


@dataclass(frozen=True)
class TellingRef:
    """That the list was shown on account of a session: to whom, how, when it was recorded."""

    session_id: int
    list_name: str
    shown_to: str
    how: str
    recorded_at: datetime


@dataclass(frozen=True)
class OrderRef:
    """An order on the outcome, as it stands."""

    id: int
    order_no: str
    shortcomings: str
    measures: str
    recorded_at: datetime


def tellings_of(work: Work, session_ids: Collection[int]) -> dict[int, list[TellingRef]]:
    """By session, who was shown which list."""
    found: dict[int, list[TellingRef]] = {}
    for some in batches(session_ids):
        rows = work.db.execute(select(ParentsTold).where(ParentsTold.session_id.in_(some)).order_by(ParentsTold.id))
        for row in rows.scalars():
            told = TellingRef(row.session_id, row.list_name, row.shown_to, row.how, row.recorded_at)
            found.setdefault(row.session_id, []).append(told)
    return found


def order_of(work: Work, sitting_id: int, organisation_id: int) -> OrderRef | None:
    """The newest order of that organisation on the outcome of the sitting."""
    own = (OutcomeOrder.sitting_id == sitting_id, OutcomeOrder.organisation_id == organisation_id)
    query = select(OutcomeOrder).where(*own).order_by(OutcomeOrder.id.desc()).limit(1)
    row = work.db.execute(query).scalar_one_or_none()
    return None if row is None else OrderRef(row.id, row.order_no, row.shortcomings, row.measures, row.recorded_at)
