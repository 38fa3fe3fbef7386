"""Which item versions are withdrawn, for those who give items and those who look into a leak."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from itembank.withdrawals.models import Withdrawal
from server.core.work import Work

LIFT = aliased(Withdrawal)
NEWEST = select(Withdrawal.id, Withdrawal.act).order_by(Withdrawal.id.desc()).limit(1)
IN_FORCE = (
    select(Withdrawal)
    .where(Withdrawal.lifts_id.is_(None), ~select(LIFT.id).where(LIFT.lifts_id == Withdrawal.id).exists())
    .order_by(Withdrawal.id)
)


@dataclass(frozen=True)
class Withdrawn:
    """An item version that may be given to nobody; `is_in_running`: not in tests that have begun before, either."""

    item_version_id: int
    act: str
    reason: str
    leaked_at: datetime | None
    is_in_running: bool
    withdrawn_at: datetime
    withdrawn_by: str


def newest(work: Work) -> tuple[int, str] | None:
    """What names the last decision: as long as it is the same, so is what is in force."""
    row = work.db.connection().execute(NEWEST).first()
    return None if row is None else (row.id, row.act)


def in_force(work: Work, item_version_ids: Collection[int] | None = None) -> list[Withdrawn]:
    """All that is withdrawn now, or what of these versions is."""
    query = IN_FORCE if item_version_ids is None else IN_FORCE.where(Withdrawal.item_version_id.in_(item_version_ids))
    return [
        Withdrawn(row.item_version_id, row.act, row.reason, row.leaked_at, row.is_in_running, row.withdrawn_at,
                  row.withdrawn_by)
        for row in work.db.execute(query).scalars()
    ]  # fmt: skip


def ever(work: Work, until: datetime) -> set[int]:
    """Every version that had been withdrawn by then, also where it may be given again since."""
    query = select(Withdrawal.item_version_id).where(Withdrawal.lifts_id.is_(None), Withdrawal.withdrawn_at <= until)
    return set(work.db.execute(query).scalars())
