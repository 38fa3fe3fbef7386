"""Usage: how often each version was given. Told by whoever sees delivery and the bank both; each time counts once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.inventory.models import ItemUsage, UsageMark
from server.core.db import batches
from server.core.work import Work

ONLY = 1


@dataclass(frozen=True)
class Given:
    """How often a version was given since it was last counted, and when last."""

    n: int
    last_at: datetime


def counted_to(work: Work) -> datetime | None:
    """The instant before which everything is counted."""
    mark = work.db.get(UsageMark, ONLY, populate_existing=True)
    return mark.counted_to if mark else None


def count(work: Work, given: Mapping[int, Given], until: datetime) -> None:
    """What was given before that instant is counted."""
    for ids in batches(given):
        query = select(ItemUsage).where(ItemUsage.item_version_id.in_(ids))
        known = {row.item_version_id: row for row in work.db.execute(query).scalars()}
        for id_ in ids:
            new = given[id_]
            row = known.get(id_)
            if row is None:
                work.db.add(ItemUsage(item_version_id=id_, n_given=new.n, last_given_at=new.last_at))
            else:
                row.n_given, row.last_given_at = row.n_given + new.n, max(row.last_given_at, new.last_at)
    mark = work.db.get(UsageMark, ONLY) or UsageMark(id=ONLY)
    mark.counted_to = until
    work.db.add(mark)
