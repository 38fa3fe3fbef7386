"""Proof of withdrawals: each row is what the journal says was decided, and each decision there has its row."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select

from itembank.items.models import Item
from itembank.withdrawals.models import Withdrawal
from server.core.journal import JournalEntry
from server.core.work import Work

ACTS = ("item_withdrawn", "withdrawal_lifted")
Line = tuple[object, ...]


def withdrawal_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each of these rows that the journal does not tell so."""
    query = select(Withdrawal, Item.code).join(Item, Item.id == Withdrawal.item_id).where(Withdrawal.id.in_(ids))
    rows = work.db.execute(query.order_by(Withdrawal.id)).all()
    told = journalled(work, {f"item:{code}" for _row, code in rows})
    for row, code in rows:
        if _line(work, row, code) not in told:
            yield f"withdrawal:{row.id}: the journal tells the withdrawal of {code} otherwise, or not at all"


def journalled(work: Work, subjects: Collection[str] | None = None) -> dict[Line, str]:
    """Each decision as the journal has it → what to call it; of these items, or of all."""
    query = select(JournalEntry).where(JournalEntry.act.in_(ACTS))
    if subjects is not None:
        query = query.where(JournalEntry.subject.in_(subjects))
    found: dict[Line, str] = {}
    for entry in work.db.execute(query).scalars():
        facts: dict[str, Any] = json.loads(entry.facts)
        own = [facts.get(name) for name in ("withdrawal", "lifting", "reason")]
        more = [facts.get(name) for name in ("cause", "is_in_running", "may_rewrite", "leaked_at")]
        found[entry.subject, entry.at, entry.actor, *own, *more] = (
            f"{entry.subject}: {entry.act} stands in the journal (line {entry.seq}) and its row is not there"
        )
    return found


def missing_withdrawals(work: Work, told: dict[Line, str]) -> Iterator[str]:
    """One sentence for each decision that the journal told, and whose row is gone."""
    query = select(Withdrawal, Item.code).join(Item, Item.id == Withdrawal.item_id)
    there = {_line(work, row, code) for row, code in work.db.execute(query)}
    yield from (sentence for line, sentence in told.items() if line not in there)


def _line(work: Work, row: Withdrawal, code: str) -> Line:
    """The row as the journal would have it."""
    head = (f"item:{code}", row.withdrawn_at, row.withdrawn_by)
    if row.lifts_id is not None:
        lifted = work.db.get_one(Withdrawal, row.lifts_id)
        return (*head, lifted.act, row.act, row.reason, None, None, None, None)
    leaked_at = row.leaked_at.isoformat() if row.leaked_at else None
    return (*head, row.act, None, row.reason, row.cause, row.is_in_running, row.may_rewrite, leaked_at)
