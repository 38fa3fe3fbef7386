"""What is withdrawn now, decision by decision; and what one decision did to the items it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from itembank.withdrawals.models import Withdrawal
from itembank.withdrawals.queries import Withdrawn, in_force, place
from server.accounts import staff_names
from server.accounts.queries import staff_id_of
from server.core.errors import NotFound
from server.core.machine import moves_of
from server.core.work import Work


@dataclass
class Standing:
    """One decision: the items, why, since when, by whom; `lifted` says when and why it was ended, if it was."""

    said: Withdrawn
    by: str
    codes: list[str] = field(default_factory=list)
    lifted: tuple[datetime, str, str] | None = None


@dataclass(frozen=True)
class Rested:
    """A version that the decision put to rest, and where it stood before."""

    code: str
    number: int
    before: str


def standing(work: Work) -> list[Standing]:
    """Every decision that has not been lifted, the last one first."""
    return _decisions(work, in_force(work))


def decision(work: Work, act: str) -> tuple[Standing, list[Rested]]:
    """One decision, lifted or not, and the versions it put to rest; NotFound if there is none."""
    query = select(Withdrawal).where(Withdrawal.act == act, Withdrawal.lifts_id.is_(None)).order_by(Withdrawal.id)
    rows = list(work.db.execute(query).scalars())
    if not rows:
        raise NotFound("not_found")
    [found] = _decisions(work, [Withdrawn.of(row) for row in rows])
    lift = work.db.execute(select(Withdrawal).where(Withdrawal.lifts_id == rows[0].id)).scalar_one_or_none()
    if lift is not None:
        found.lifted = lift.withdrawn_at, _name(work, lift.withdrawn_by), lift.reason
    return found, _rested(work, act, [row.item_id for row in rows])


def _rested(work: Work, act: str, item_ids: Sequence[int]) -> list[Rested]:
    query = select(Manuscript, Item.code).join(Item, Item.id == Manuscript.item_id).where(Item.id.in_(item_ids))
    rows = {row.id: (code, row.number) for row, code in work.db.execute(query)}
    moves = [move for move in moves_of(work.db, "manuscript", list(rows)) if move.reason == place(act)]
    return sorted((Rested(*rows[move.row_id], move.from_state) for move in moves), key=lambda each: each.code)


def _decisions(work: Work, rows: Sequence[Withdrawn]) -> list[Standing]:
    codes = dict(work.db.execute(select(Item.id, Item.code).where(Item.id.in_({row.item_id for row in rows}))).all())
    found: dict[str, Standing] = {}
    for row in rows:
        known = found.get(row.act) or Standing(row, _name(work, row.withdrawn_by))
        found[row.act] = known
        known.codes.append(codes[row.item_id])
    return list(found.values())[::-1]


def _name(work: Work, label: str) -> str:
    id_ = staff_id_of(label) or 0
    return staff_names(work, [id_]).get(id_, label)
