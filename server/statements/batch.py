"""Many statements at once: printed by a worker into one archive, for whoever asked, who takes it within a day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from server import delivery
from server.accounts.queries import staff_id_of
from server.core import i18n, tasks
from server.core.errors import Invalid, NotFound, Stale
from server.core.paper import Printed, press
from server.core.readers import read_ahead
from server.core.roles import Actor, Role
from server.core.tasks import Keep, Progress, TaskRef
from server.core.vault import digest
from server.core.work import Platform, Work, open_reading
from server.grading import access
from server.grading.lists import queries as lists
from server.statements import queries
from server.statements.models import StatementBatch
from server.statements.papers import paper_of
from server.statements.said import said_of
from server.statements.service import EXTRACT

KIND = "statements"
MOST, KEPT = 1000, timedelta(days=1)
AT_ONCE = 10
STAMP = (1980, 1, 1, 0, 0, 0)  # of every file in the archive: the same statements give the same bytes


def ask(work: Work, sitting_id: int, tongue: str, origin: str) -> int:
    """The statements in force of the actor's circle will be printed for the actor alone; the task's id."""
    given = queries.approval_of(work, sitting_id)
    if given is None:
        raise Stale("not_approved")
    if tongue not in i18n.LANGUAGES:
        raise Invalid("statement_language")
    found = _wanted(work, given.id)
    if not found:
        raise Stale("no_statements")
    if len(found) > MOST:
        raise Invalid("statements_too_many", n=len(found), maximum=MOST)
    return tasks.ask_once(work, KIND, f"sitting:{sitting_id}", {
        "approval_id": given.id, "organisation_id": work.actor.organisation_id, "language": tongue, "origin": origin,
        "staff_id": work.actor.id,
    })  # fmt: skip


def print_all(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """Every statement that whoever asked may see is printed. The handler of these tasks."""
    asked, tongue = task.arguments, str(task.arguments["language"])
    actor = Actor(frozenset({Role.OFFICE}), staff_id_of(task.asked_by), "", int(asked["organisation_id"]))
    with open_reading(platform, actor) as work:
        found = _wanted(work, int(asked["approval_id"]))
    portions = [
        Portion(actor, tongue, str(asked["origin"]), found[at : at + AT_ONCE]) for at in range(0, len(found), AT_ONCE)
    ]
    archive, printed = io.BytesIO(), list[tuple[int, str]]()
    tell(0, len(found))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file, read_ahead(platform, sheets_of, portions) as read:
        for portion, sheets in read:
            for (statement_id, name), sheet in zip(portion.statements, sheets, strict=True):
                file.writestr(zipfile.ZipInfo(f"{name}.pdf", STAMP), sheet.pdf)
                printed.append((statement_id, sheet.digest))
            tell(len(printed), len(found))
    return lambda work: _keep(work, task, printed, archive.getvalue())


@dataclass(frozen=True)
class Portion:
    """Statements of one batch that are printed together, with the names of their files."""

    actor: Actor
    tongue: str
    origin: str
    statements: Sequence[tuple[int, str]]


def sheets_of(platform: Platform, portion: Portion) -> list[Printed]:
    """Each of these statements on paper."""
    with open_reading(platform, portion.actor) as work, i18n.speaking(portion.tongue):
        said = [said_of(work, queries.statement(work, statement_id)) for statement_id, _name in portion.statements]
        papers = [paper_of(work, each, portion.origin) for each in said]
    return [press(platform.vault, paper) for paper in papers]


def take(work: Work, batch_id: int) -> bytes:
    """The archive, once more for whoever asked for it; NotFound for everybody else and once it was dropped."""
    forget(work)
    row = work.db.get(StatementBatch, batch_id)
    if row is None or row.asked_by != work.actor.label or row.archive_sealed is None or row.data_key is None:
        raise NotFound("not_found")
    place = _place(row.id)
    work.record("statements:taken", f"statement_batch:{row.id}", clause=EXTRACT, n=row.n, digest=row.digest)
    return work.vault.open(work.vault.unwrap(row.data_key, place), row.archive_sealed, place)


def newest(work: Work, approval_id: int) -> int | None:
    """The last archive that the actor asked for and may still take."""
    mine = select(StatementBatch.id).where(
        StatementBatch.approval_id == approval_id, StatementBatch.asked_by == work.actor.label,
        StatementBatch.dropped_at.is_(None), StatementBatch.made_at > work.now - KEPT,
    )  # fmt: skip
    return work.db.scalars(mine.order_by(StatementBatch.id.desc()).limit(1)).first()


def forget(work: Work) -> None:
    """Archives older than a day hold nothing any more."""
    old = select(StatementBatch).where(
        StatementBatch.dropped_at.is_(None), StatementBatch.made_at <= work.now - KEPT
    )  # fmt: skip
    for row in work.db.scalars(old):
        row.archive_sealed, row.data_key, row.dropped_at = None, None, work.now


def _wanted(work: Work, approval_id: int) -> list[tuple[int, str]]:
    """The statements in force within the actor's circle, by registration number, with the names of their files."""
    given = queries.approval(work, approval_id)
    circle = access.circle_of(work, delivery.sitting_ref(work, given.sitting_id).edition)
    rows = lists.rows_of(work, given.list_id, circle)
    made = queries.in_force(work, [row.session_id for row in rows])
    return [(made[row.session_id].id, row.registration_no) for row in rows if row.session_id in made]


def _keep(work: Work, task: TaskRef, printed: list[tuple[int, str]], archive: bytes) -> int:
    forget(work)
    tongue, given = str(task.arguments["language"]), queries.approval(work, int(task.arguments["approval_id"]))
    zone = delivery.sitting_ref(work, given.sitting_id).zone
    row = StatementBatch(
        approval_id=given.id, asked_by=task.asked_by, language=tongue,
        n=len(printed), digest=digest(archive), archive_sealed=b"", made_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what the key is bound to
    key, row.data_key = work.vault.new_key(_place(row.id))
    row.archive_sealed = work.vault.seal(key, archive, _place(row.id))
    work.record("statements:printed", f"statement_batch:{row.id}", clause=EXTRACT, asked_by=task.asked_by,
                statements=[each for each, _digest in printed], digest=row.digest)  # fmt: skip
    for statement_id, on_paper in printed:
        work.record("paper:printed", f"paper:{on_paper}", kind="statement", language=tongue, zone=zone,
                    statement=statement_id)  # fmt: skip
    return row.id


def _place(batch_id: int) -> str:
    return f"statement_batch:{batch_id}"
