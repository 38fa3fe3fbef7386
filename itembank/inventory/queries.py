"""Search: which items the bank holds that answer what is asked, a page at a time. Nothing here opens an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from itembank.authoring.models import Manuscript
from itembank.calibrations.models import ItemParameter
from itembank.inventory.filters import Filters
from itembank.inventory.models import ItemUsage
from itembank.items.models import Item
from server.core.errors import Invalid
from server.core.work import Work

PAGE = 50
ENOUGH = 10_000  # beyond so many nobody reads the exact number


@dataclass(frozen=True)
class Found:
    """An item as the list shows it, in its newest version: what it is and how it does, never what it says."""

    manuscript_id: int
    item_version_id: int | None
    code: str
    number: int
    subject: str
    tier: str
    area: str
    type: str
    state: str
    languages: tuple[str, ...]
    stale: tuple[str, ...]
    family: str | None
    saved_at: datetime
    a: float | None = None
    b: float | None = None
    c: float | None = None
    n_given: int = 0


@dataclass(frozen=True)
class Page:
    """A page of what was found; `total` is exact up to ENOUGH."""

    rows: tuple[Found, ...]
    total: int
    number: int

    @property
    def n_pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))

    @property
    def is_many(self) -> bool:
        """Whether there are more than were counted."""
        return self.total >= ENOUGH


def search(work: Work, asked: Filters) -> Page:
    """The page of the items that answer all that is asked, each in its newest version."""
    matching = _matching(asked)
    total = work.db.execute(select(func.count()).select_from(matching.limit(ENOUGH).subquery())).scalar_one()
    number = min(asked.page, max(1, -(-total // PAGE)))
    ids = work.db.execute(_sorted(matching, asked.sort).limit(PAGE).offset((number - 1) * PAGE)).scalars().all()
    return Page(tuple(_rows(work, ids)), total, number)


def matching_ids(work: Work, asked: Filters, most: int) -> list[int]:
    """The manuscripts of all items that answer, at most `most`; Invalid where more do."""
    ids = list(work.db.execute(_matching(asked).order_by(Manuscript.id).limit(most + 1)).scalars())
    if len(ids) > most:
        raise Invalid("bulk_many", most=most)
    return ids


def subjects(work: Work) -> list[str]:
    """The subjects the bank has items of."""
    return list(work.db.execute(select(Item.subject).distinct().order_by(Item.subject)).scalars())


def _matching(asked: Filters) -> Select[int]:
    newer = aliased(Manuscript)
    query = (
        select(Manuscript.id)
        .join(Item, Item.id == Manuscript.item_id)
        .where(~exists().where(newer.item_id == Manuscript.item_id, newer.number > Manuscript.number))
    )
    if asked.has_figures:
        newest = _newest_parameters()
        query = query.join(newest, newest.c.item_version_id == Manuscript.item_version_id)
        query = query.join(ItemParameter, ItemParameter.id == newest.c.id)
    if asked.given_min is not None or asked.given_max is not None:
        query = query.outerjoin(ItemUsage, ItemUsage.item_version_id == Manuscript.item_version_id)
    return query.where(*_conditions(asked))


def _conditions(asked: Filters) -> list[ColumnElement[bool]]:
    equal = {
        Item.subject: asked.subject, Item.tier: asked.tier, Item.area: asked.area, Item.type: asked.type,
        Item.family: asked.family, Manuscript.state: asked.state,
    }  # fmt: skip
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if asked.code:
        found.append(func.upper(Item.code).startswith(asked.code.upper(), autoescape=True))
    languages, stale = cast(Manuscript.languages, String), cast(Manuscript.stale, String)
    if asked.language:
        found.append(languages.contains(f'"{asked.language}"'))
    if asked.missing:
        quoted = f'"{asked.missing}"'
        found.append(or_(~languages.contains(quoted), stale.contains(quoted)))
    if asked.is_stale:
        found.append(stale != "[]")
    bounds: list[tuple[Any, float | None, bool]] = [
        (ItemParameter.a, asked.a_min, True), (ItemParameter.b, asked.b_min, True),
        (ItemParameter.b, asked.b_max, False),
        (func.coalesce(ItemUsage.n_given, 0), asked.given_min, True),
        (func.coalesce(ItemUsage.n_given, 0), asked.given_max, False),
    ]  # fmt: skip
    found += [column >= bound if is_low else column <= bound for column, bound, is_low in bounds if bound is not None]
    return found


def _newest_parameters() -> Subquery:
    """Of each item version its newest parameters: one pass over all is quicker than a look-up for each."""
    query = select(ItemParameter.item_version_id, func.max(ItemParameter.id).label("id"))
    return query.group_by(ItemParameter.item_version_id).subquery()


def _sorted(query: Select[int], by: str) -> Select[int]:
    if by == "saved":
        return query.order_by(Manuscript.saved_at.desc(), Manuscript.id)
    if by == "given":
        used = aliased(ItemUsage)
        query = query.outerjoin(used, used.item_version_id == Manuscript.item_version_id)
        return query.order_by(func.coalesce(used.n_given, 0).desc(), Item.code)
    if by == "b":
        newest, last = _newest_parameters(), aliased(ItemParameter)
        query = query.outerjoin(newest, newest.c.item_version_id == Manuscript.item_version_id)
        return query.outerjoin(last, last.id == newest.c.id).order_by(last.b.is_(None), last.b, Item.code)
    return query.order_by(Item.code)


def _rows(work: Work, ids: Sequence[int]) -> list[Found]:
    own = aliased(ItemParameter)
    newest = select(func.max(own.id)).where(own.item_version_id == Manuscript.item_version_id).scalar_subquery()
    query = (
        select(Manuscript, Item, ItemParameter, ItemUsage.n_given)
        .join(Item, Item.id == Manuscript.item_id)
        .outerjoin(ItemParameter, ItemParameter.id == newest)
        .outerjoin(ItemUsage, ItemUsage.item_version_id == Manuscript.item_version_id)
        .where(Manuscript.id.in_(ids))
    )
    found = {row[0].id: _found(*row) for row in work.db.execute(query)}
    return [found[id_] for id_ in ids]


def _found(manuscript: Manuscript, item: Item, parameter: ItemParameter | None, n_given: int | None) -> Found:
    a, b, c = (parameter.a, parameter.b, parameter.c) if parameter else (None, None, None)
    return Found(
        manuscript.id, manuscript.item_version_id, item.code, manuscript.number, item.subject, item.tier, item.area,
        item.type, manuscript.state, tuple(manuscript.languages), tuple(manuscript.stale), item.family,
        manuscript.saved_at, a, b, c, n_given or 0,
    )  # fmt: skip
