"""Which sessions wait for a grade: a question over delivery's and grading's tables, so it is asked here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import marking
from server.candidates.cases.queries import is_called_off
from server.core.db import batches
from server.core.work import Work
from server.delivery.models import ExamSession
from server.grading.models import Eligibility, Hold

FINISHED = ("submitted", "removed", "absent")
MARKS = "marks_awaited"


def sessions_to_grade(db: Session) -> list[int]:
    """Finished sessions without a decision that nobody holds, oldest first; no place that was taken back."""
    query = (
        select(ExamSession.id)
        .where(ExamSession.state.in_(FINISHED), ~is_called_off(ExamSession.registration_id))
        .where(~select(Eligibility.id).where(Eligibility.session_id == ExamSession.id).exists())
        .where(~select(Hold.id).where(Hold.session_id == ExamSession.id).exists())
        .order_by(ExamSession.id)
    )
    return list(db.execute(query).scalars())


def sessions_just_marked(work: Work, since: datetime | None) -> list[int]:
    """Sessions without a decision that were held for marks alone, the last of which was given since then (CS-14.2)."""
    found: set[int] = set()
    for some in batches(marking.settled_sessions(work, since)):
        decided = select(Eligibility.session_id).where(Eligibility.session_id.in_(some))
        holds = select(Hold.session_id, Hold.reason).where(Hold.session_id.in_(some))
        rows = work.db.execute(holds).all()
        other = {row.session_id for row in rows if row.reason != MARKS}
        found |= {row.session_id for row in rows} - other - set(work.db.scalars(decided))
    return sorted(found)
