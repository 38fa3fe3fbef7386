"""How often item versions were given to candidates in a span of time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from itembank.inventory.usage import Given
from server.core.work import Work
from server.delivery.models import Step


def given_between(work: Work, since: datetime | None, until: datetime) -> dict[int, Given]:
    """Item version id → how often it was before a candidate from `since`, or from the beginning, and before `until`."""
    query = select(Step.item_version_id, func.count(), func.max(Step.made_at)).where(
        Step.is_reached, Step.made_at < until
    )
    if since is not None:
        query = query.where(Step.made_at >= since)
    rows = work.db.execute(query.group_by(Step.item_version_id))
    return {id_: Given(n, last_at) for id_, n, last_at in rows}
