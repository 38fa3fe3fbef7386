"""An item that was seen by people who should not have seen it is withdrawn everywhere in one act, and may be given
again when another act lifts it. Who met it before is told by `server.reports`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from itembank.authoring import states
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.models import Withdrawal
from itembank.withdrawals.queries import IN_FORCE, in_force
from server.core.errors import Invalid, NotFound
from server.core.work import Work

LONGEST_REASON = 500


def versions_of(work: Work, codes: Collection[str]) -> dict[int, str]:
    """Every version of these items → its item's code; Invalid names codes that no item has."""
    wanted = set(codes)
    unknown = wanted - set(work.db.execute(select(Item.code).where(Item.code.in_(wanted))).scalars())
    if unknown or not wanted:
        raise Invalid("item_unknown", items=", ".join(sorted(unknown)) or "–")
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id).where(Item.code.in_(wanted))
    return {row.id: row.code for row in work.db.execute(query.order_by(ItemVersion.id))}


def withdraw(
    work: Work, codes: Collection[str], reason: str, *, leaked_at: datetime | None, is_in_running: bool
) -> str:
    """No version of these items is given to anybody from now on, and all of them rest; the name of the act."""
    reason = _reason(reason)
    versions, act = versions_of(work, codes), uuid.uuid4().hex
    standing = {each.item_version_id for each in in_force(work, versions)}
    if not set(versions) - standing:
        raise Invalid("withdrawal_stands")
    states.rest(work, versions, reason)
    for version_id in versions:
        if version_id not in standing:
            work.db.add(_row(work, version_id, act, reason, leaked_at, is_in_running=is_in_running))
    for code in sorted({code for id_, code in versions.items() if id_ not in standing}):
        work.record(
            "item_withdrawn", f"item:{code}", clause="DC-7", withdrawal=act, reason=reason, is_in_running=is_in_running,
            leaked_at=leaked_at.isoformat() if leaked_at else None,
        )  # fmt: skip
    return act


def lift(work: Work, act: str, reason: str) -> None:
    """What the act withdrew may be given again: it rests until the commission wakes it."""
    reason = _reason(reason)
    rows = list(work.db.execute(IN_FORCE.where(Withdrawal.act == act)).scalars())
    if not rows:
        raise NotFound("not_found")
    lifting = uuid.uuid4().hex
    for row in rows:
        other = _row(work, row.item_version_id, lifting, reason, row.leaked_at, is_in_running=row.is_in_running)
        other.lifts_id = row.id
        work.db.add(other)
    ids = [row.item_version_id for row in rows]
    query = select(Item.code).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id.in_(ids))
    for code in sorted(set(work.db.execute(query).scalars())):
        work.record("withdrawal_lifted", f"item:{code}", clause="DC-7", withdrawal=act, reason=reason)


def _row(
    work: Work, version_id: int, act: str, reason: str, leaked_at: datetime | None, *, is_in_running: bool
) -> Withdrawal:
    return Withdrawal(
        item_version_id=version_id, act=act, reason=reason, leaked_at=leaked_at, is_in_running=is_in_running,
        withdrawn_at=work.now, withdrawn_by=work.actor.label,
    )  # fmt: skip


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    return text
