"""What is withdrawn now, decision by decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.queries import in_force
from server.accounts import staff_names
from server.accounts.queries import staff_id_of
from server.core.work import Work


@dataclass
class Standing:
    """One decision: the items, why, since when, by whom."""

    act: str
    codes: list[str]
    reason: str
    at: datetime
    by: str
    leaked_at: datetime | None
    is_in_running: bool


def standing(work: Work) -> list[Standing]:
    """Every decision that has not been lifted, the last one first."""
    rows = in_force(work)
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id)
    ids = [row.item_version_id for row in rows]
    codes = {row.id: row.code for row in work.db.execute(query.where(ItemVersion.id.in_(ids)))}
    names = staff_names(work, [id_ for row in rows if (id_ := staff_id_of(row.withdrawn_by)) is not None])
    found: dict[str, Standing] = {}
    for row in rows:
        by = names.get(staff_id_of(row.withdrawn_by) or 0, row.withdrawn_by)
        one = found.setdefault(
            row.act, Standing(row.act, [], row.reason, row.withdrawn_at, by, row.leaked_at, row.is_in_running)
        )
        if codes[row.item_version_id] not in one.codes:
            one.codes.append(codes[row.item_version_id])
    return list(found.values())[::-1]
