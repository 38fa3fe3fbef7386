"""The life of an item: its texts and versions, how each moved and by whom, who read it, what figures and pools it has.
Metadata alone; whom the content concerns is told, so that the page can lead them to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from itembank.authoring import access
from itembank.authoring.four_eyes import purpose_of
from itembank.authoring.models import CommissionDecision, CommissionSession, Manuscript, Review
from itembank.blueprints.models import Pool, PoolItem, PoolWritten
from itembank.calibrations.models import ItemParameter
from itembank.items.models import Item, ItemVersion
from itembank.withdrawals.queries import PLACE, Withdrawn, in_force
from server.accounts import staff_names
from server.core.errors import NotFound
from server.core.journal import entries_on
from server.core.machine import Move, moves_of
from server.core.work import Work


@dataclass(frozen=True)
class ReviewRow:
    """One reading and what came of it; somebody has been asked for it if it `is_asked`."""

    kind: str
    language: str | None
    is_asked: bool
    reviewer: str
    due_on: date
    verdict: str | None
    decided_at: datetime | None
    n_checked: int


@dataclass(frozen=True)
class Step:
    """One move, and whose it was, for those who are told; `is_withdrawal`: because of a leak."""

    move: Move
    by: str
    session_id: int | None
    is_withdrawal: bool
    reason: str


@dataclass(frozen=True)
class VersionPart:
    """One text of the item, and if it was frozen its version; names as far as the reader is told them."""

    manuscript_id: int
    number: int
    version: int | None
    state: str
    author: str
    languages: tuple[str, ...]
    origin: str
    stale: tuple[str, ...]
    saved_at: datetime
    is_readable: bool
    steps: tuple[Step, ...]
    reviews: tuple[ReviewRow, ...]
    parameters: tuple[ItemParameter, ...]
    pools: tuple[int, ...]
    decisions: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Opening:
    """Who had the content before them, when and for what."""

    at: datetime
    by: str
    purpose: str
    number: int | None
    mark: str


@dataclass(frozen=True)
class ItemPage:
    """The whole life, the newest text first; `withdrawn` if it is, with the reasons for those it concerns."""

    item: Item
    parts: tuple[VersionPart, ...]
    openings: tuple[Opening, ...]
    withdrawn: Withdrawn | None
    tells_cause: bool


def item_page(work: Work, code: str, *, with_openings: bool, with_names: bool) -> ItemPage:
    """The item of that code; NotFound if there is none.

    Who wrote and read a text, and why it moved, is told with names to those who work on that text alone (DC-7)."""
    item = work.db.execute(select(Item).where(Item.code == code)).scalar_one_or_none()
    if item is None:
        raise NotFound("not_found")
    query = select(Manuscript).where(Manuscript.item_id == item.id).order_by(Manuscript.number.desc())
    rows = work.db.execute(query).scalars().all()
    moves = moves_of(work.db, "manuscript", [row.id for row in rows])
    names = _names(work, [move.actor for move in moves])
    told = {row.id for row in rows if with_names or purpose_of(access.concern_of(work, row), work.actor.id)}
    parts = tuple(
        _part(work, row, [move for move in moves if move.row_id == row.id], names, is_told=row.id in told)
        for row in rows
    )
    withdrawn = next(iter(in_force(work, [item.id])), None)
    return ItemPage(item, parts, tuple(_openings(work, code)) if with_openings else (), withdrawn, bool(told))


def _part(
    work: Work, row: Manuscript, moves: Sequence[Move], names: Mapping[str, str], *, is_told: bool
) -> VersionPart:
    version = work.db.get(ItemVersion, row.item_version_id) if row.item_version_id else None
    author = staff_names(work, {row.author_id} if row.author_id and is_told else set())
    return VersionPart(
        row.id, row.number, version.version if version else None, row.state, author.get(row.author_id or 0, ""),
        tuple(row.languages), row.origin, tuple(row.stale), row.saved_at,
        access.may_read(work, row.id), tuple(_step(work, move, names, is_told=is_told) for move in moves),
        tuple(_reviews(work, row, is_told=is_told)), tuple(_parameters(work, row)), tuple(_pools(work, row)),
        tuple(_decisions(work, row)),
    )  # fmt: skip


def _step(work: Work, move: Move, names: Mapping[str, str], *, is_told: bool) -> Step:
    is_withdrawal = (move.reason or "").startswith(PLACE)
    session_id = _session(move)
    by = names.get(move.actor, move.actor) if is_told or move.actor == work.actor.label else ""
    reason = "" if is_withdrawal or session_id or not is_told else move.reason or ""
    return Step(move, by, session_id, is_withdrawal, reason)


def _reviews(work: Work, row: Manuscript, *, is_told: bool) -> Iterable[ReviewRow]:
    reviews = work.db.scalars(select(Review).where(Review.manuscript_id == row.id).order_by(Review.id)).all()
    names = staff_names(work, {each.reviewer_id for each in reviews if each.reviewer_id and is_told})
    for each in reviews:
        yield ReviewRow(
            each.kind, each.language, each.reviewer_id is not None, names.get(each.reviewer_id or 0, ""),
            each.due_on, each.verdict, each.decided_at, len(each.checked or ()),
        )  # fmt: skip


def _parameters(work: Work, row: Manuscript) -> Iterable[ItemParameter]:
    query = select(ItemParameter).where(ItemParameter.item_version_id == row.item_version_id)
    return work.db.scalars(query.order_by(ItemParameter.run_id)).all() if row.item_version_id else ()


def _pools(work: Work, row: Manuscript) -> list[int]:
    if row.item_version_id is None:
        return []
    adaptive = select(PoolItem.pool_id).where(PoolItem.item_version_id == row.item_version_id)
    written = select(PoolWritten.pool_id).where(PoolWritten.item_version_id == row.item_version_id)
    return list(work.db.scalars(select(Pool.id).where(Pool.id.in_(adaptive.union(written))).order_by(Pool.id)))


def _decisions(work: Work, row: Manuscript) -> Iterable[tuple[int, str, str]]:
    query = (
        select(CommissionSession.id, CommissionSession.state, CommissionDecision.verdict)
        .join(CommissionDecision, CommissionDecision.commission_session_id == CommissionSession.id)
        .where(CommissionDecision.manuscript_id == row.id)
        .order_by(CommissionSession.id)
    )
    return ((id_, state, verdict or "") for id_, state, verdict in work.db.execute(query))


def _openings(work: Work, code: str) -> Iterable[Opening]:
    found = [each for each in entries_on(work.db, f"item:{code}") if each.act == "item_opened"]
    names = _names(work, [each.actor for each in found])
    for each in reversed(found):
        yield Opening(
            each.at, names.get(each.actor, each.actor), str(each.facts.get("purpose", "")),
            each.facts.get("number"), str(each.facts.get("mark", "")),
        )  # fmt: skip


def _names(work: Work, labels: Collection[str]) -> dict[str, str]:
    """Label → name of staff, such as `staff:3`."""
    ids = {int(label.removeprefix("staff:")) for label in labels if label.startswith("staff:")}
    return {f"staff:{id_}": name for id_, name in staff_names(work, ids).items()}


def _session(move: Move) -> int | None:
    """The session of the commission that a move rests on."""
    head, _colon, number = (move.reason or "").partition(":")
    return int(number) if head == "commission_session" and number.isdecimal() else None
