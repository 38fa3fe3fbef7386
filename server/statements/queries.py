"""What stands: approvals, statements with whether they are in force, who was told, cases of attestation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from server.core.db import batches
from server.core.errors import NotFound
from server.core.work import Work
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


def told(work: Work, approval_id: int) -> dict[int, dict[str, date]]:
    """Session → who was told the approved result, and on which day."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = select(FinalNotice).where(FinalNotice.approval_id == approval_id)
    for row in work.db.scalars(rows):
        found[row.session_id][row.recipient] = row.told_on
    return dict(found)


def cases(work: Work, approval_id: int) -> dict[int, CaseRef]:
    """Session → the case of attestation that stands."""
    rows = select(AttestationCase).where(AttestationCase.approval_id == approval_id).order_by(AttestationCase.id)
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
