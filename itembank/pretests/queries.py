"""What others may know of pretest plans: the plans, their items, which of these are closed, beside which pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Pool
from itembank.items.models import Item, ItemVersion
from itembank.pretests.candidates import STATE, trials
from itembank.pretests.models import PretestItem, PretestPlan, PretestStop
from server.core.errors import NotFound
from server.core.work import Work


@dataclass(frozen=True)
class Stop:
    """When and why a plan, or an item of it, was stopped."""

    stopped_at: datetime
    reason: str


@dataclass(frozen=True)
class PlanRef:
    """A plan as other features may know it; `needed` are the answers of each item by language."""

    id: int
    pool_id: int
    subject: str
    per_candidate: int
    first: int
    last: int
    apart: int
    is_near: bool
    needed: Mapping[str, int]
    digest: str
    made_at: datetime
    item_version_ids: tuple[int, ...]
    stop: Stop | None


@dataclass(frozen=True)
class PlanItem:
    """One item of a plan; nobody gets one that is closed, `stop` says why where it was stopped by itself."""

    position: int
    item_version_id: int
    code: str
    version: int
    tier: str
    area: str
    type: str
    is_closed: bool
    stop: Stop | None


@dataclass(frozen=True)
class PoolChoice:
    """A pool beside which something may be tried out; `n_waiting` items of its subject wait for it."""

    id: int
    subject: str
    published_at: datetime
    n_waiting: int


def plans(work: Work, plan_ids: Sequence[int] | None = None) -> list[PlanRef]:
    """These plans, or every one, the newest first."""
    query = select(PretestPlan).order_by(PretestPlan.id.desc())
    if plan_ids is not None:
        query = query.where(PretestPlan.id.in_(plan_ids))
    return [_plan_ref(work, row) for row in work.db.execute(query).scalars().all()]


def get_plan(work: Work, plan_id: int) -> PlanRef:
    """The plan; NotFound if there is none."""
    (found,) = plans(work, [plan_id]) or (None,)
    if found is None:
        raise NotFound("not_found")
    return found


def plan_items(work: Work, plan_id: int) -> list[PlanItem]:
    """The items of a plan in their order."""
    stops, closed = _stops(work, plan_id), closed_positions(work, plan_id)
    rows = work.db.execute(
        select(PretestItem, Item.code, Item.type, ItemVersion.version)
        .join(ItemVersion, ItemVersion.id == PretestItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(PretestItem.plan_id == plan_id)
        .order_by(PretestItem.position)
    )
    return [
        PlanItem(row.position, row.item_version_id, code, version, row.tier, row.area, kind, row.position in closed,
                 stops.get(row.position))
        for row, code, kind, version in rows
    ]  # fmt: skip


def closed_positions(work: Work, plan_id: int) -> set[int]:
    """The items of a plan that nobody gets any more: stopped here, or calibrated, at rest or retired meanwhile."""
    stops = _stops(work, plan_id)
    rows = work.db.execute(
        select(PretestItem.position, Manuscript.state)
        .outerjoin(Manuscript, Manuscript.item_version_id == PretestItem.item_version_id)
        .where(PretestItem.plan_id == plan_id)
    )
    return {position for position, state in rows if None in stops or position in stops or state != STATE}


def pool_choices(work: Work) -> list[PoolChoice]:
    """The newest pool of each subject, and how many items wait there."""
    newest = select(func.max(Pool.id)).group_by(Pool.subject)
    rows = work.db.execute(select(Pool).where(Pool.id.in_(newest)).order_by(Pool.subject)).scalars().all()
    return [PoolChoice(row.id, row.subject, row.published_at, len(trials(work, row.subject))) for row in rows]


def _plan_ref(work: Work, row: PretestPlan) -> PlanRef:
    versions = select(PretestItem.item_version_id).where(PretestItem.plan_id == row.id).order_by(PretestItem.position)
    return PlanRef(
        row.id, row.pool_id, row.subject, row.per_candidate, row.first, row.last, row.apart, row.is_near, row.needed,
        row.digest, row.made_at, tuple(work.db.execute(versions).scalars()), _stops(work, row.id).get(None),
    )  # fmt: skip


def _stops(work: Work, plan_id: int) -> dict[int | None, Stop]:
    query = select(PretestStop).where(PretestStop.plan_id == plan_id).order_by(PretestStop.id.desc())
    return {row.position: Stop(row.stopped_at, row.reason) for row in work.db.execute(query).scalars()}
