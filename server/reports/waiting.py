"""Which sessions wait for a grade: a question over delivery's and grading's tables, so it is asked here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.delivery.models import ExamSession
from server.grading.models import Eligibility, Hold

FINISHED = ("submitted", "removed", "absent")


def sessions_to_grade(db: Session) -> list[int]:
    """Finished sessions without a decision that nobody holds, oldest first."""
    query = (
        select(ExamSession.id)
        .where(ExamSession.state.in_(FINISHED))
        .where(~select(Eligibility.id).where(Eligibility.session_id == ExamSession.id).exists())
        .where(~select(Hold.id).where(Hold.session_id == ExamSession.id).exists())
        .order_by(ExamSession.id)
    )
    return list(db.execute(query).scalars())
