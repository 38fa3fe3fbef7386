"""Which items are withdrawn, for those who write, give or let out items and those who look into a leak."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.models import Withdrawal
from server.core.db import batches
from server.core.errors import Invalid
from server.core.work import Work

CLAUSE = "DC-7"
PLACE = "withdrawal:"
CAUSES = ("published", "lost", "told", "suspected", "faulty")
LIFT = aliased(Withdrawal)
NEWEST = select(Withdrawal.id, Withdrawal.act).order_by(Withdrawal.id.desc()).limit(1)
STANDS = (Withdrawal.lifts_id.is_(None), ~exists().where(LIFT.lifts_id == Withdrawal.id))
IN_FORCE = select(Withdrawal).where(*STANDS).order_by(Withdrawal.id)


@dataclass(frozen=True)
class Withdrawn:
    """An item that may be given to nobody; `is_in_running`: not in tests that have begun before, either."""

    item_id: int
    act: str
    cause: str
    reason: str
    leaked_at: datetime | None
    is_in_running: bool
    may_rewrite: bool
    withdrawn_at: datetime
    withdrawn_by: str

    @classmethod
    def of(cls, row: Withdrawal) -> Withdrawn:
        """What a row says."""
        return cls(row.item_id, row.act, row.cause, row.reason, row.leaked_at, row.is_in_running, row.may_rewrite,
                   row.withdrawn_at, row.withdrawn_by)  # fmt: skip


def place(act: str) -> str:
    """What a move of an item names as its reason: the decision, never its words."""
    return f"{PLACE}{act}"


def newest(work: Work) -> tuple[int, str] | None:
    """What names the last decision: as long as it is the same, so is what is in force."""
    row = work.db.connection().execute(NEWEST).first()
    return None if row is None else (row.id, row.act)


def in_force(work: Work, item_ids: Collection[int] | None = None) -> list[Withdrawn]:
    """All that is withdrawn now, or what of these items is."""
    if item_ids is None:
        return [Withdrawn.of(row) for row in work.db.execute(IN_FORCE).scalars()]
    found: list[Withdrawn] = []
    for ids in batches(item_ids):
        query = IN_FORCE.where(Withdrawal.item_id.in_(ids))
        found += [Withdrawn.of(row) for row in work.db.execute(query).scalars()]
    return found


def versions_in_force(work: Work) -> list[tuple[int, Withdrawn]]:
    """Every version of what is withdrawn now, whenever it was frozen."""
    query = IN_FORCE.join(ItemVersion, ItemVersion.item_id == Withdrawal.item_id).add_columns(ItemVersion.id)
    return [(version_id, Withdrawn.of(row)) for row, version_id in work.db.execute(query)]


def refuse(work: Work, item_ids: Collection[int]) -> None:
    """Invalid if one of these items is withdrawn; it names the items and what became of the first."""
    found = in_force(work, item_ids)
    if found:
        query = select(Item.code).where(Item.id.in_([each.item_id for each in found][:20])).order_by(Item.code)
        codes = ", ".join(work.db.execute(query).scalars())
        cause, rewriting = f"leak_{found[0].cause}", "rewrite_yes" if found[0].may_rewrite else "rewrite_no"
        raise Invalid("item_withdrawn", clause=CLAUSE, items=codes, leak_cause=cause, rewriting=rewriting)


def refuse_versions(work: Work, item_version_ids: Collection[int]) -> None:
    """The same of the items of these versions."""
    found: set[int] = set()
    for ids in batches(item_version_ids):
        query = select(ItemVersion.item_id).where(ItemVersion.id.in_(ids))
        found |= set(work.db.execute(query).scalars())
    refuse(work, found)


def ever(work: Work, until: datetime) -> set[int]:
    """Every version of what had been withdrawn by then, also where it may be given again since."""
    query = (
        select(ItemVersion.id).join(Withdrawal, Withdrawal.item_id == ItemVersion.item_id)
        .where(Withdrawal.lifts_id.is_(None), Withdrawal.withdrawn_at <= until)
    )  # fmt: skip
    return set(work.db.execute(query).scalars())
