"""What stands: approvals, statements with whether they are in force, who was told, cases of attestation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from server.core.db import batches
from server.core.errors import NotFound
from server.core.work import Work
from server.grading.access import Circle
from server.grading.lists import queries as lists
from server.grading.lists.models import ResultRow
from server.statements.models import AttestationCase, FinalNotice, ResultApproval, Statement, StatementEnd


@dataclass(frozen=True)
class ApprovalRef:
    """An approved list: by which order and whom, when the appeals had ended, until when everybody is told."""

    id: int
    sitting_id: int
    list_id: int
    order_no: str
    organisation_id: int
    appeals_ended_at: datetime
    told_by_at: datetime
    approved_by: int
    approved_at: datetime


@dataclass(frozen=True)
class StatementRef:
    """A statement; `end` is None while it is in force."""

    id: int
    serial: str
    approval_id: int
    session_id: int
    fingerprint: str
    digest: str
    organisation_id: int
    seal: bytes
    issued_at: datetime
    end: str | None
    end_reason: str
    ended_at: datetime | None


@dataclass(frozen=True)
class CaseRef:
    """How a candidate goes on to attestation."""

    id: int
    session_id: int
    kind: str
    chosen: tuple[str, ...]
    papers: Mapping[str, str]
    recorded_at: datetime


def approval_of(work: Work, sitting_id: int) -> ApprovalRef | None:
    """The newest approval of a sitting's results."""
    rows = select(ResultApproval).where(ResultApproval.sitting_id == sitting_id).order_by(ResultApproval.id.desc())
    row = work.db.scalars(rows.limit(1)).first()
    return None if row is None else _approval(row)


def approval(work: Work, approval_id: int) -> ApprovalRef:
    """One approval; NotFound if there is none."""
    row = work.db.get(ResultApproval, approval_id)
    if row is None:
        raise NotFound("not_found")
    return _approval(row)


def statement(work: Work, statement_id: int) -> StatementRef:
    """One statement; NotFound if there is none."""
    return _one(work, _statements().where(Statement.id == statement_id))


def statement_with(work: Work, code_digest: str) -> StatementRef:
    """The statement with that code; NotFound if there is none."""
    return _one(work, _statements().where(Statement.code_digest == code_digest))


def in_force(work: Work, session_ids: Sequence[int]) -> dict[int, StatementRef]:
    """Session → its statement that is in force."""
    found: dict[int, StatementRef] = {}
    for some in batches(session_ids):
        rows = work.db.execute(_statements().where(Statement.session_id.in_(some)).order_by(Statement.id))
        found |= {each.session_id: each for each in map(_statement, rows) if each.end is None}
    return found


def newest_of(work: Work, session_ids: Sequence[int]) -> dict[int, StatementRef]:
    """Session → its newest statement, in force or not."""
    found: dict[int, StatementRef] = {}
    for some in batches(session_ids):
        rows = work.db.execute(_statements().where(Statement.session_id.in_(some)).order_by(Statement.id))
        found |= {each.session_id: each for each in map(_statement, rows)}
    return found


def told(work: Work, approval_id: int, session_ids: Collection[int]) -> dict[int, dict[str, date]]:
    """Session → who was told the approved result, and on which day; of those who have not been, nothing."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = select(FinalNotice).where(FinalNotice.approval_id == approval_id, FinalNotice.session_id.in_(session_ids))
    for row in work.db.scalars(rows):
        found[row.session_id][row.recipient] = row.told_on
    return dict(found)


@dataclass(frozen=True)
class Totals:
    """Of the rows of an approved list: how many there are, have a statement in force, and wait for one that says what
    was approved; by recipient how many were told, and the last day on which one was."""

    n: int
    in_force: int
    awaited: int
    told: Mapping[str, tuple[int, date]]


def totals(work: Work, given: ApprovalRef, circle: Circle) -> Totals:
    """The totals of the circle, counted where the rows are."""
    last = select(func.max(Statement.id)).where(Statement.session_id == ResultRow.session_id)
    is_unsaid = Statement.id.is_(None) | (Statement.fingerprint != ResultRow.fingerprint)
    here = (ResultRow.list_id == given.list_id, lists.within(circle))
    counts = (
        select(
            func.count(), func.count(Statement.id).filter(StatementEnd.id.is_(None)),
            func.count().filter(ResultRow.is_eligible.is_(True), is_unsaid),
        )
        .select_from(ResultRow).outerjoin(Statement, Statement.id == last.correlate(ResultRow).scalar_subquery())
        .outerjoin(StatementEnd, StatementEnd.statement_id == Statement.id)
    )  # fmt: skip
    told = (
        select(FinalNotice.recipient, func.count(), func.max(FinalNotice.told_on))
        .join(ResultRow, ResultRow.session_id == FinalNotice.session_id)
        .where(FinalNotice.approval_id == given.id, *here).group_by(FinalNotice.recipient)
    )  # fmt: skip
    n, in_force, awaited = work.db.execute(counts.where(*here)).one()
    return Totals(n, in_force, awaited, {who: (n_told, day) for who, n_told, day in work.db.execute(told)})


def cases(work: Work, approval_id: int, session_ids: Collection[int]) -> dict[int, CaseRef]:
    """Session → the case of attestation that stands."""
    rows = select(AttestationCase).where(AttestationCase.approval_id == approval_id).order_by(AttestationCase.id)
    rows = rows.where(AttestationCase.session_id.in_(session_ids))
    return {
        row.session_id: CaseRef(row.id, row.session_id, row.kind, tuple(row.chosen), row.papers, row.recorded_at)
        for row in work.db.scalars(rows)
    }


def _approval(row: ResultApproval) -> ApprovalRef:
    return ApprovalRef(
        row.id, row.sitting_id, row.list_id, row.order_no, row.organisation_id, row.appeals_ended_at, row.told_by_at,
        row.approved_by, row.approved_at,
    )  # fmt: skip


def _statements() -> Select[Statement, StatementEnd]:
    return select(Statement, StatementEnd).outerjoin(StatementEnd, StatementEnd.statement_id == Statement.id)


def _one(work: Work, query: Select[Statement, StatementEnd]) -> StatementRef:
    row = work.db.execute(query).one_or_none()
    if row is None:
        raise NotFound("not_found")
    return _statement(row)


def _statement(both: Any) -> StatementRef:
    row, end = both
    return StatementRef(
        row.id, row.serial, row.approval_id, row.session_id, row.fingerprint, row.digest, row.organisation_id, row.seal,
        row.issued_at, end.kind if end else None, end.reason if end else "", end.ended_at if end else None,
    )  # fmt: skip
