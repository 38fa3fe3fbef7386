"""What the pages of imported tests show: sections and items by codes with their states. Nothing here opens an item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from itembank.authoring.models import Manuscript
from itembank.interchange.models import ImportedTest, ImportOutcome, ItemImport
from itembank.interchange.outline import Outline, Section, from_json
from itembank.interchange.queries import Said
from itembank.interchange.service import open_report
from itembank.items.models import Item
from itembank.outlines.counting import Cell, whole_time
from server.accounts import staff_names
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.work import Work

ALL_OF_THEM = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
MOST = 200


@dataclass(frozen=True)
class OutlineRow:
    """A test in the list."""

    id: int
    title: str
    subject: str
    languages: tuple[str, ...]
    n_items: int
    n_missing: int
    time_s: float | None
    brought_by: str
    brought_at: datetime
    is_own: bool
    import_id: int


@dataclass(frozen=True)
class Named:
    """An item that a test names: its code, where it stands in the bank and in its work; what it says is elsewhere."""

    code: str
    item_id: int
    manuscript_id: int
    state: str
    cell: Cell


@dataclass(frozen=True)
class Known:
    """A test with the items of the bank that it names, by their codes in the package."""

    row: OutlineRow
    outlines: Mapping[str, Outline]
    named: Mapping[str, Named]
    notes: Said

    @property
    def shown(self) -> Outline:
        """The outline in the reader's language, or another that it has."""
        return self.outlines.get(language()) or next(iter(self.outlines.values()))

    @property
    def sections(self) -> list[tuple[int, Section]]:
        """Its sections in their order, each with how deep it lies."""
        return list(self.shown.sections())


def outlines(work: Work) -> list[OutlineRow]:
    """The newest tests that the reader may see: their own, or for who plans tests all of them."""
    found = work.db.execute(_visible(work).order_by(ImportedTest.id.desc()).limit(MOST)).all()
    people = staff_names(work, [row[1].staff_id for row in found])
    known = [_known(work, row, people) for row in found]
    return [each.row for each in known if each is not None]


def outline(work: Work, test_id: int) -> Known:
    """One test; NotFound if there is none, or if it is another writer's (DC-7)."""
    found = work.db.execute(_visible(work).where(ImportedTest.id == test_id)).one_or_none()
    known = _known(work, found, staff_names(work, [found[1].staff_id])) if found is not None else None
    if known is None:
        raise NotFound("not_found")
    return known


def _visible(work: Work) -> Select[ImportedTest, ItemImport]:
    query = select(ImportedTest, ItemImport).join(ItemImport, ItemImport.id == ImportedTest.item_import_id)
    return query if work.actor.may(*ALL_OF_THEM) else query.where(ItemImport.staff_id == work.actor.id)


def _known(work: Work, found: Row[ImportedTest, ItemImport], people: Mapping[int, str]) -> Known | None:
    """The test opened; None if only its problems were kept."""
    test, upload = found
    said: Mapping[str, Any] = open_report(work, upload, f"test:{test.position}", test.outline_sealed)
    opened = from_json(said["outlines"])
    if not opened:
        return None
    named = _named(work, upload.id, said["places"])
    whole = opened.get(language()) or next(iter(opened.values()))
    entries = whole.entries()
    row = OutlineRow(
        test.id, whole.title, upload.subject, tuple(sorted(opened)), len(entries),
        sum(entry.item not in named for entry in entries), whole_time(whole), people.get(upload.staff_id, "–"),
        upload.received_at, upload.staff_id == work.actor.id, upload.id,
    )  # fmt: skip
    return Known(row, opened, named, [(str(code), facts) for code, facts in said["notes"]])


def _named(work: Work, import_id: int, places: Mapping[str, int]) -> dict[str, Named]:
    query = (
        select(ImportOutcome.position, Manuscript.id, Item)
        .join(Manuscript, Manuscript.id == ImportOutcome.manuscript_id)
        .join(Item, Item.id == Manuscript.item_id)
        .where(ImportOutcome.item_import_id == import_id, ImportOutcome.position.in_(list(places.values())))
    )
    by_place = {at: (manuscript_id, item) for at, manuscript_id, item in work.db.execute(query)}
    states = _states(work, [item.id for _id, item in by_place.values()])
    return {name: _item(*by_place[at], states) for name, at in places.items() if at in by_place}


def _item(manuscript_id: int, item: Item, states: Mapping[int, str]) -> Named:
    cell = Cell(item.subject, item.tier, item.area, item.type)
    return Named(item.code, item.id, manuscript_id, states[item.id], cell)


def _states(work: Work, item_ids: Collection[int]) -> dict[int, str]:
    """Where the newest text of each item stands."""
    found = select(Manuscript.item_id, Manuscript.state).where(Manuscript.item_id.in_(item_ids))
    return {row.item_id: row.state for row in work.db.execute(found.order_by(Manuscript.id))}
