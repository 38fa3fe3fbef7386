"""What waits for whom in the bank: texts of one's own, readings with their days, readings that nobody does.
Codes, states and dates; nothing here opens a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, func, select

from itembank.authoring.four_eyes import at_commission
from itembank.authoring.models import OPEN_STATES, CommissionDecision, CommissionSession, Manuscript, Review
from itembank.items.models import Item
from itembank.withdrawals.queries import in_force
from server.accounts import staff_names
from server.core.work import Work


@dataclass(frozen=True)
class TextRow:
    """A manuscript as lists show it; `withdrawn` is why its item is, if it is."""

    id: int
    code: str
    number: int
    subject: str
    area: str
    tier: str
    type: str
    state: str
    languages: tuple[str, ...]
    stale: tuple[str, ...]
    saved_at: datetime
    is_returned: bool = False
    withdrawn: str = ""


@dataclass(frozen=True)
class ReadingRow:
    """A reading that is asked for and not done."""

    id: int
    revision: int
    text: TextRow
    kind: str
    language: str | None
    reviewer: str | None
    assigned_at: datetime
    due_on: date
    is_overdue: bool


def own_texts(work: Work, staff_id: int) -> list[TextRow]:
    """The texts of an author that are not yet frozen, the ones that came back first."""
    came_back = exists().where(Review.manuscript_id == Manuscript.id, Review.verdict == "return")
    query = (
        select(Manuscript, Item, came_back)
        .join(Item, Item.id == Manuscript.item_id)
        .where(Manuscript.author_id == staff_id, Manuscript.state.in_(OPEN_STATES))
        .order_by(Manuscript.saved_at.desc(), Manuscript.id)
    )
    rows = work.db.execute(query).all()
    causes = _causes(work, [item.id for _row, item, _back in rows])
    found = [
        replace(_text(row, item, causes), is_returned=row.state == "draft" and bool(back)) for row, item, back in rows
    ]
    return sorted(found, key=lambda text: (not text.is_returned, text.state != "draft"))


def finished_counts(work: Work, staff_id: int) -> Mapping[str, int]:
    """How many texts of an author stand in each state after the readings."""
    query = (
        select(Manuscript.state, func.count())
        .where(Manuscript.author_id == staff_id, Manuscript.item_version_id.is_not(None))
        .group_by(Manuscript.state)
    )
    return {row[0]: row[1] for row in work.db.execute(query)}


def readings(work: Work, reviewer_id: int | None = None) -> list[ReadingRow]:
    """Readings that are not done, the most urgent first: of one reader, or of everybody."""
    query = (
        select(Review, Manuscript, Item)
        .join(Manuscript, Manuscript.id == Review.manuscript_id)
        .join(Item, Item.id == Manuscript.item_id)
        .where(Review.verdict.is_(None))
        .order_by(Review.due_on, Review.id)
    )
    if reviewer_id is not None:
        query = query.where(Review.reviewer_id == reviewer_id)
    rows = work.db.execute(query).all()
    names = staff_names(work, {review.reviewer_id for review, _row, _item in rows if review.reviewer_id})
    causes = _causes(work, [item.id for _review, _row, item in rows])
    today = work.now.date()
    return [
        ReadingRow(
            review.id, review.revision, _text(row, item, causes), review.kind, review.language,
            names.get(review.reviewer_id or 0), review.assigned_at, review.due_on, review.due_on < today,
        )
        for review, row, item in rows
    ]  # fmt: skip


def for_commission(work: Work, subject: str | None = None) -> list[TextRow]:
    """Frozen texts that wait for the commission's decision and are on no agenda, in the order of their codes."""
    on_agenda = (
        select(CommissionDecision.manuscript_id)
        .join(CommissionSession, CommissionSession.id == CommissionDecision.commission_session_id)
        .where(CommissionSession.state.in_(("open", "closed")))
    )
    query = (
        select(Manuscript, Item)
        .join(Item, Item.id == Manuscript.item_id)
        .where(Manuscript.state.in_(("pretest", "calibrated")), Manuscript.id.not_in(on_agenda))
        .order_by(Item.code, Manuscript.number)
    )
    if subject is not None:
        query = query.where(Item.subject == subject)
    rows = [(row, item) for row, item in work.db.execute(query) if at_commission(row.state, item.type)]
    causes = _causes(work, [item.id for _row, item in rows])
    return [_text(row, item, causes) for row, item in rows if item.id not in causes]


def in_state(work: Work, state: str) -> Mapping[str, int]:
    """How many texts of each subject stand in a state."""
    query = (
        select(Item.subject, func.count())
        .join(Manuscript, Manuscript.item_id == Item.id)
        .where(Manuscript.state == state)
        .group_by(Item.subject)
        .order_by(Item.subject)
    )
    return {row[0]: row[1] for row in work.db.execute(query)}


def text_row(work: Work, manuscript: Manuscript) -> TextRow:
    """One manuscript as lists show it."""
    return _text(manuscript, work.db.get_one(Item, manuscript.item_id), _causes(work, [manuscript.item_id]))


def _causes(work: Work, item_ids: Collection[int]) -> Mapping[int, str]:
    """Why each of these items that is withdrawn is."""
    return {each.item_id: each.cause for each in in_force(work, item_ids)}


def _text(row: Manuscript, item: Item, causes: Mapping[int, str]) -> TextRow:
    return TextRow(
        row.id, item.code, row.number, item.subject, item.area, item.tier, item.type, row.state,
        tuple(row.languages), tuple(row.stale), row.saved_at, withdrawn=causes.get(item.id, ""),
    )  # fmt: skip
