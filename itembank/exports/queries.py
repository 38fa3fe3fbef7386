"""Exports as their page lists them: what was asked for, by whom, and how far it is. No content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.exports import tests
from itembank.exports.models import ExportRequest
from itembank.items.models import Item, ItemVersion
from server.accounts import staff_names
from server.core.work import Work

MOST = 100


@dataclass(frozen=True)
class ExportRow:
    """One request; `is_own` if the reader asked for it."""

    id: int
    state: str
    format: str
    codes: tuple[str, ...]
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decision: str
    until: datetime | None
    taken_at: datetime | None
    mark: str
    digest: str
    revision: int
    is_own: bool
    test: str
    language: str
    copies: int


def exports(work: Work, *, only_own: bool) -> list[ExportRow]:
    """The last requests: one's own, or everybody's."""
    query = select(ExportRequest).order_by(ExportRequest.id.desc()).limit(MOST)
    if only_own:
        query = query.where(ExportRequest.asked_by_id == work.actor.id)
    rows = list(work.db.execute(query).scalars())
    people = staff_names(work, [id_ for row in rows for id_ in (row.asked_by_id, row.decided_by_id) if id_])
    codes = _codes(work, {id_ for row in rows for id_ in row.item_version_ids})
    return [
        ExportRow(
            row.id, _state(row, work.now), row.format, tuple(codes[id_] for id_ in row.item_version_ids), row.reason,
            people.get(row.asked_by_id, "–"), row.asked_at, people.get(row.decided_by_id or 0, ""),
            row.decision or "", row.until, row.taken_at, row.mark or "", row.digest or "", row.revision,
            row.asked_by_id == work.actor.id, tests.label(work, row.terms) if row.terms else "",
            (row.terms or {}).get("language", ""), (row.terms or {}).get("copies", 0),
        )
        for row in rows
    ]  # fmt: skip


def _state(row: ExportRequest, now: datetime) -> str:
    """What it is by now: one that was not taken in time has lapsed, whether or not somebody has tried since."""
    return "lapsed" if row.state == "approved" and row.until is not None and now > row.until else row.state


def _codes(work: Work, ids: set[int]) -> dict[int, str]:
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id)
    return {row.id: row.code for row in work.db.execute(query.where(ItemVersion.id.in_(ids)))}
