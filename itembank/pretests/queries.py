"""What others may know of pretest plans: which items of one are closed, and the plans of a pool."""

from __future__ import annotations

from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.pretests.candidates import STATE
from itembank.pretests.models import PretestItem, PretestPlan, PretestStop
from server.core.errors import NotFound
from server.core.work import Work


def get_plan(work: Work, plan_id: int) -> PretestPlan:
    """The plan; NotFound if there is none."""
    plan = work.db.get(PretestPlan, plan_id)
    if plan is None:
        raise NotFound("not_found")
    return plan


def closed_positions(work: Work, plan_id: int) -> set[int]:
    """The items of a plan that nobody gets any more: stopped here, or calibrated, at rest or retired meanwhile."""
    stops = set(work.db.execute(select(PretestStop.position).where(PretestStop.plan_id == plan_id)).scalars())
    rows = work.db.execute(
        select(PretestItem.position, Manuscript.state)
        .outerjoin(Manuscript, Manuscript.item_version_id == PretestItem.item_version_id)
        .where(PretestItem.plan_id == plan_id)
    )
    return {position for position, state in rows if None in stops or position in stops or state != STATE}
