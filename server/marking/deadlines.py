"""By when the written work of each sitting is to be marked (CS-14.2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from server import accounts, delivery
from server.core.deadlines import Deadline
from server.core.i18n import language
from server.core.work import Work
from server.marking.models import Mark, Marking, WrittenWork
from server.marking.queries import CLAUSE, standings


def deadlines(work: Work) -> list[Deadline]:
    """One for each marking, for the offices that run it; done with the mark after which every work is settled."""
    own = work.actor.organisation_id
    if own is None or accounts.organisation_of(work, own).kind not in accounts.WHOLE_COUNTRY:
        return []
    found = []
    for marking in work.db.scalars(select(Marking).order_by(Marking.id)):
        sitting = delivery.sitting_ref(work, marking.sitting_id)
        found.append(Deadline(
            "marking", sitting.titles[language()], f"/office/sittings/{sitting.id}/marking", CLAUSE, marking.due_at,
            _settled_at(work, marking), sitting.zone,
        ))  # fmt: skip
    return found


def _settled_at(work: Work, marking: Marking) -> datetime | None:
    """When the last work was settled by its markers; None while one is not. What an appeal changed came after that."""
    works = select(WrittenWork.id).where(WrittenWork.marking_id == marking.id)
    stand = standings(work, works)
    if not stand or any(each.settled is None for each in stand):
        return None
    last = select(func.max(Mark.made_at)).where(Mark.work_id.in_(works), Mark.source == "marker")
    at: datetime | None = work.db.execute(last).scalar_one()
    return at
