"""Statements of an approved result are issued: drawn up and sealed while nobody waits, put in force all together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select

from server import accounts, delivery
from server.core import tasks
from server.core.errors import Stale
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, Work, open_reading
from server.grading import access
from server.grading.lists import queries as lists
from server.grading.lists.standing import Row
from server.statements import queries, said
from server.statements.codes import code_for, digest_of
from server.statements.models import ResultApproval, Statement, StatementEnd
from server.statements.queries import ApprovalRef, StatementRef
from server.statements.service import EXTRACT, end

KIND = "issuing"
AT_ONCE, TELL_EVERY = 2000, 250
Tell = Callable[[int, int], None]
Mark = tuple[int | None, int | None]


@dataclass(frozen=True)
class Drawn:
    """Statements as they will stand, those that end with them and how; `mark` is the last act on any before."""

    given: ApprovalRef
    made: Sequence[dict[str, Any]]
    ends: Sequence[tuple[StatementRef, str]]
    mark: Mark


def ask(work: Work, sitting_id: int) -> int:
    """The statements of the approved result will be issued under the seal of the actor's office; the task's id."""
    access.require_whole(work, delivery.sitting_ref(work, sitting_id).edition)
    approved(work, sitting_id)
    return tasks.ask_once(work, KIND, f"sitting:{sitting_id}", {
        "sitting_id": sitting_id, "organisation_id": work.actor.organisation_id,
    })  # fmt: skip


def issue_all(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """Each confirmed candidate has a statement of the approved result. The handler of these tasks."""
    sitting_id, office_id = int(task.arguments["sitting_id"]), int(task.arguments["organisation_id"])
    with open_reading(platform, SYSTEM) as work:
        drawn = draw_up(work, sitting_id, office_id, tell)

    def keep(work: Work) -> int:
        put_in_force(work, drawn, task.asked_by)
        return drawn.given.id

    return keep


def issue(work: Work, sitting_id: int) -> tuple[int, int]:
    """The same at once; how many were made, and how many ended."""
    access.require_whole(work, delivery.sitting_ref(work, sitting_id).edition)
    drawn = draw_up(work, sitting_id, work.actor.organisation_id or 0)
    put_in_force(work, drawn, work.actor.label)
    return len(drawn.made), len(drawn.ends)


def approved(work: Work, sitting_id: int) -> ApprovalRef:
    """The newest approval of the sitting's results; Stale before there is one."""
    given = queries.approval_of(work, sitting_id)
    if given is None:
        raise Stale("not_approved")
    return given


def draw_up(work: Work, sitting_id: int, office_id: int, tell: Tell = lambda done, total: None) -> Drawn:
    """A statement for each confirmed candidate that says the approved result.

    Whose result is the same keeps the statement; a changed one is replaced, a right that is lost ends it."""
    given, mark = approved(work, sitting_id), _mark(work, sitting_id)
    rows = lists.rows_of(work, given.list_id)
    before = queries.newest_of(work, [row.session_id for row in rows])
    made, ends = [], []
    for n, row in enumerate(rows):
        if n % TELL_EVERY == 0:
            tell(n, len(rows))
        old = before.get(row.session_id)
        if old is not None and old.fingerprint == row.fingerprint:
            continue  # it says what it said; one that was revoked by hand is not made anew by this
        if old is not None and old.end is None:
            ends.append((old, "revised" if row.is_eligible else "revoked"))
        if row.is_eligible:
            made.append(_drawn(work, given, row, old, office_id))
    return Drawn(given, made, ends, mark)


def put_in_force(work: Work, drawn: Drawn, by: str) -> None:
    """The statements stand; Stale if one of the sitting was issued or ended since they were drawn up."""
    given = drawn.given
    # Lock before reading: of two who issue at once, the second sees what the first put in force.
    work.db.execute(select(ResultApproval.id).where(ResultApproval.id == given.id).with_for_update())
    if _mark(work, given.sitting_id) != drawn.mark or approved(work, given.sitting_id).id != given.id:
        raise Stale("changed_meanwhile")
    for old, kind in drawn.ends:
        end(work, old, kind, given.order_no, by)
    for at in range(0, len(drawn.made), AT_ONCE):
        some = [{**each, "issued_by": by, "issued_at": work.now} for each in drawn.made[at : at + AT_ONCE]]
        work.db.execute(insert(Statement), some)
    work.record("statements:issued", f"sitting:{given.sitting_id}", clause=EXTRACT, approval=given.id,
                made=len(drawn.made), ended=len(drawn.ends), by=by)  # fmt: skip


def _drawn(work: Work, given: ApprovalRef, row: Row, old: StatementRef | None, office_id: int) -> dict[str, Any]:
    serial = uuid4().hex
    digest = said.document(serial, given, delivery.sitting_ref(work, given.sitting_id), row).digest
    seal, _public = accounts.sealing(work, office_id, digest.encode())
    return {
        "serial": serial, "code_digest": digest_of(code_for(work.vault, serial)), "approval_id": given.id,
        "session_id": row.session_id, "fingerprint": row.fingerprint, "digest": digest, "organisation_id": office_id,
        "seal": seal, "supersedes_id": old.id if old else None,
    }  # fmt: skip


def _mark(work: Work, sitting_id: int) -> Mark:
    """The last statement of the sitting, and the last that ended."""
    newest = select(func.max(Statement.id), func.max(StatementEnd.id)).join(ResultApproval)
    found = newest.outerjoin(StatementEnd, StatementEnd.statement_id == Statement.id)
    made, ended = work.db.execute(found.where(ResultApproval.sitting_id == sitting_id)).one()
    return made, ended
