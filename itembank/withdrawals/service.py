"""An item that was seen by people who should not have seen it is withdrawn everywhere in one act, with its drafts, and
may be given again when another act lifts it. Who met it before is told by `server.reports`."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.authoring import states
from itembank.authoring.models import OPEN_STATES, Manuscript
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.models import Withdrawal
from itembank.withdrawals.queries import CAUSES, CLAUSE, IN_FORCE, in_force, place
from server.core.errors import Invalid, NotFound
from server.core.work import Work

LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the security officer says: why, since when it is known outside, whether running tests do without it,
    and whether the same may be asked anew under another code."""

    cause: str
    reason: str
    leaked_at: datetime | None = None
    is_in_running: bool = True
    may_rewrite: bool = True


def items_of(work: Work, codes: Collection[str]) -> dict[int, str]:
    """Item id → code; Invalid names codes that no item has. An item that is only a draft is one."""
    wanted = set(codes)
    found = {row.id: row.code for row in work.db.execute(select(Item.id, Item.code).where(Item.code.in_(wanted)))}
    unknown = wanted - set(found.values())
    if unknown or not wanted:
        raise Invalid("item_unknown", items=", ".join(sorted(unknown)) or "–")
    return found


def versions_of(work: Work, codes: Collection[str]) -> dict[int, str]:
    """Every version of these items → its item's code."""
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id).where(Item.code.in_(codes))
    return {row.id: row.code for row in work.db.execute(query.order_by(ItemVersion.id))}


def withdraw(work: Work, codes: Collection[str], decision: Decision) -> str:
    """Nobody is given or works on these items from now on, in whatever version or draft; the name of the act."""
    reason = _reason(decision.reason)
    if decision.cause not in CAUSES:
        raise Invalid("withdrawal_cause")
    items, act = items_of(work, codes), uuid.uuid4().hex
    # Lock before reading: of two officers at once the second sees what the first withdrew.
    work.db.execute(select(Item.id).where(Item.id.in_(items)).order_by(Item.id).with_for_update()).all()
    standing = {each.item_id for each in in_force(work, items)}
    new = {item_id: code for item_id, code in items.items() if item_id not in standing}
    if not new:
        raise Invalid("withdrawal_stands")
    versions = versions_of(work, new.values())
    rested = states.rest(work, versions, place(act))
    stopped = _open_drafts(work, new)
    for item_id, code in sorted(new.items(), key=lambda each: each[1]):
        work.db.add(_row(work, item_id, act, decision, reason))
        work.record(
            "item_withdrawn", f"item:{code}", clause=CLAUSE, withdrawal=act, cause=decision.cause, reason=reason,
            is_in_running=decision.is_in_running, may_rewrite=decision.may_rewrite,
            leaked_at=decision.leaked_at.isoformat() if decision.leaked_at else None,
            rested=sum(versions[id_] == code for id_ in rested), stopped=stopped.count(item_id),
        )  # fmt: skip
    return act


def lift(work: Work, act: str, reason: str) -> None:
    """What the act withdrew may be given again: it rests until the commission wakes it; its drafts go on."""
    reason = _reason(reason)
    rows = list(work.db.execute(IN_FORCE.where(Withdrawal.act == act)).scalars())
    if not rows:
        raise NotFound("not_found")
    lifting = uuid.uuid4().hex
    codes = dict(work.db.execute(select(Item.id, Item.code).where(Item.id.in_([row.item_id for row in rows]))).all())
    for row in rows:
        said = Decision(cause=row.cause, reason=reason, leaked_at=row.leaked_at, is_in_running=row.is_in_running,
                        may_rewrite=row.may_rewrite)  # fmt: skip
        other = _row(work, row.item_id, lifting, said, reason)
        other.lifts_id = row.id
        work.db.add(other)
        work.record("withdrawal_lifted", f"item:{codes[row.item_id]}", clause=CLAUSE, withdrawal=act, lifting=lifting,
                    reason=reason)  # fmt: skip


def _open_drafts(work: Work, item_ids: Collection[int]) -> list[int]:
    """The items of every text that is not frozen yet; it stays where it is."""
    query = select(Manuscript.item_id).where(Manuscript.item_id.in_(item_ids), Manuscript.state.in_(OPEN_STATES))
    return list(work.db.execute(query).scalars())


def _row(work: Work, item_id: int, act: str, said: Decision, reason: str) -> Withdrawal:
    return Withdrawal(
        item_id=item_id, act=act, cause=said.cause, reason=reason, leaked_at=said.leaked_at,
        is_in_running=said.is_in_running, may_rewrite=said.may_rewrite, withdrawn_at=work.now,
        withdrawn_by=work.actor.label,
    )  # fmt: skip


def _reason(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    return text
