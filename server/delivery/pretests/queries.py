"""Which plan a subject of a sitting tries out; nothing here writes."""

from __future__ import annotations

from sqlalchemy import select

from itembank.pretests.queries import get_plan
from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.models import ExamSession, SittingSection
from server.delivery.pretests.models import SittingPretest

NOT_BEGUN = ("expected", "admitted")


def plan_of(work: Work, sitting_id: int, subject: str) -> int | None:
    """The plan whose items the subject of the sitting tries out, as it was decided last; None for nothing."""
    here = (SittingPretest.sitting_id == sitting_id) & (SittingPretest.subject == subject)
    query = select(SittingPretest.plan_id).where(here).order_by(SittingPretest.id.desc()).limit(1)
    return work.db.execute(query).scalar_one_or_none()


def is_fixed(work: Work, sitting_id: int) -> bool:
    """True once a candidate has signed in or a test has begun: all of a sitting have the same length and time."""
    at_work = (ExamSession.lease > 0) | ExamSession.state.not_in(NOT_BEGUN)
    found = select(ExamSession.id).where(ExamSession.sitting_id == sitting_id, at_work)
    return work.db.execute(found.limit(1)).first() is not None


def sitting_section(work: Work, sitting_id: int, plan_id: int) -> SittingSection:
    """The subject of the sitting that the plan is for; NotFound if its pool is not used there."""
    plan = get_plan(work, plan_id)
    query = select(SittingSection).where(
        SittingSection.sitting_id == sitting_id, SittingSection.pool_id == plan.pool_id
    )
    part = work.db.execute(query.order_by(SittingSection.position).limit(1)).scalar_one_or_none()
    if part is None:
        raise NotFound("not_found")
    return part
