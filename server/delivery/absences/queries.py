"""Which absences have a valid reason, and which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.candidates.cases import exempt
from server.core.db import batches
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
    query = (
        select(AbsenceReason)
        .outerjoin(later, later.supersedes_id == AbsenceReason.id)
        .where(later.id.is_(None), AbsenceReason.supersedes_id.is_(None))
    )
    return {
        row.session_id: AbsenceRef(row.id, Absence(row.reason, row.evidence, row.paper, row.decision), row.recorded_at)
        for some in batches(session_ids)
        for row in work.db.scalars(query.where(AbsenceReason.session_id.in_(some)))
    }


def spared(work: Work, registrations: Mapping[int, int]) -> dict[int, str]:
    """Session → "exempt" (DC-17) or "excused" (DC-18) of those whom not coming costs nothing, by their registration."""
    without = exempt(work, list(registrations.values()))
    found = dict.fromkeys(reasons(work, registrations), "excused")
    return found | {each: "exempt" for each, registration in registrations.items() if registration in without}
