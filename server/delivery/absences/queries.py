"""Which absences have a valid reason, and which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.core.work import Work
from server.delivery.absences.models import AbsenceReason


@dataclass(frozen=True)
class Absence:
    """What is said of an absence: the reason, the kind of paper that proves it and which, and the decision's number."""

    reason: str
    evidence: str
    paper: str
    decision: str


@dataclass(frozen=True)
class AbsenceRef:
    """A reason in force."""

    id: int
    said: Absence
    recorded_at: datetime


def reasons(work: Work, session_ids: Collection[int]) -> Mapping[int, AbsenceRef]:
    """Session → the reason in force of each of these that has one."""
    later = aliased(AbsenceReason)
    rows = work.db.execute(
        select(AbsenceReason)
        .outerjoin(later, later.supersedes_id == AbsenceReason.id)
        .where(AbsenceReason.session_id.in_(session_ids), later.id.is_(None), AbsenceReason.supersedes_id.is_(None))
    ).scalars()
    return {
        row.session_id: AbsenceRef(row.id, Absence(row.reason, row.evidence, row.paper, row.decision), row.recorded_at)
        for row in rows
    }
