"""What the pages of imports show: whose they are, how far, and what became of each item. No word of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select

from itembank.authoring.models import Manuscript
from itembank.interchange.models import ImportedTest, ImportOutcome, ItemImport
from itembank.interchange.service import KIND, open_report, place
from itembank.items.models import Item
from server.core import tasks
from server.core.errors import NotFound
from server.core.tasks import TaskView
from server.core.work import Work

Said = list[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class ImportRow:
    """An import among others."""

    id: int
    subject: str
    received_at: datetime
    is_open: bool
    n: int
    n_taken: int


@dataclass(frozen=True)
class OutcomeRow:
    """What became of one item: where it stood, and its manuscript with its code, or none."""

    source: str
    code: str
    manuscript_id: int | None
    problems: Said
    notes: Said


@dataclass(frozen=True)
class TakenTest:
    """What became of a test: its id and title if it is kept, where it stood, what is wrong or not kept."""

    id: int
    title: str
    source: str
    problems: Said
    notes: Said


@dataclass(frozen=True)
class ImportPage:
    """An import with its report."""

    row: ImportRow
    task: TaskView | None
    is_refused: bool
    remarks: Said
    outcomes: list[OutcomeRow]
    tests: list[TakenTest]


def own_imports(work: Work, most: int = 20) -> list[ImportRow]:
    """The reader's newest imports."""
    found = select(ItemImport).where(ItemImport.staff_id == work.actor.id).order_by(ItemImport.id.desc()).limit(most)
    return [_row(work, each) for each in work.db.scalars(found)]


def own_import(work: Work, import_id: int) -> ItemImport:
    """The reader's own import; to everybody else it does not exist (DC-7)."""
    row = work.db.get(ItemImport, import_id)
    if row is None or row.staff_id != work.actor.id:
        raise NotFound("not_found")
    return row


def import_page(work: Work, import_id: int, first: int, most: int) -> ImportPage:
    """One import, and the outcomes from `first` on."""
    row = own_import(work, import_id)
    report: Mapping[str, Any] = open_report(work, row, "report", row.report_sealed) if row.report_sealed else {}
    found = (
        select(ImportOutcome, Item.code)
        .outerjoin(Manuscript, Manuscript.id == ImportOutcome.manuscript_id)
        .outerjoin(Item, Item.id == Manuscript.item_id)
        .where(ImportOutcome.item_import_id == row.id, ImportOutcome.position >= first)
        .order_by(ImportOutcome.position)
        .limit(most)
    )
    outcomes = [_outcome(work, row, each, code) for each, code in work.db.execute(found)]
    return ImportPage(
        _row(work, row), task_of(work, row.id), bool(report.get("is_refused")), _said(report.get("remarks", [])),
        outcomes, _tests(work, row),
    )  # fmt: skip


def _tests(work: Work, row: ItemImport) -> list[TakenTest]:
    found = select(ImportedTest).where(ImportedTest.item_import_id == row.id).order_by(ImportedTest.position)
    return [_tested(work, row, each) for each in work.db.scalars(found)]


def _tested(work: Work, row: ItemImport, test: ImportedTest) -> TakenTest:
    said: Mapping[str, Any] = open_report(work, row, f"test:{test.position}", test.outline_sealed)
    titles = [str(outline["title"]) for outline in said["outlines"].values()]
    return TakenTest(test.id, next(iter(titles), ""), str(said["source"]), _said(said["problems"]),
                     _said(said["notes"]))  # fmt: skip


def task_of(work: Work, import_id: int) -> TaskView | None:
    """The task by which the import is read."""
    return next(iter(tasks.latest(work, KIND, place(import_id), 1)), None)


def _row(work: Work, row: ItemImport) -> ImportRow:
    counted = select(func.count(), func.count(ImportOutcome.manuscript_id)).where(
        ImportOutcome.item_import_id == row.id
    )
    n, n_taken = work.db.execute(counted).one()
    return ImportRow(row.id, row.subject, row.received_at, row.ended_at is None, n, n_taken)


def _outcome(work: Work, row: ItemImport, outcome: ImportOutcome, code: str | None) -> OutcomeRow:
    said: Mapping[str, Any] = open_report(work, row, f"outcome:{outcome.position}", outcome.report_sealed)
    return OutcomeRow(
        str(said["source"]), code or str(said["code"]), outcome.manuscript_id, _said(said["problems"]),
        _said(said["notes"]),
    )  # fmt: skip


def _said(remarks: object) -> Said:
    return [(str(code), facts) for code, facts in cast("list[tuple[object, Mapping[str, Any]]]", remarks)]
