"""The messages to candidates as the console shows them: the last to each, with its receipt."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from server.core.work import Work
from server.delivery.events import sent_view
from server.delivery.models import CandidateMessage, ExamSession
from server.delivery.wire import SentView


def last_messages(work: Work, session_ids: Collection[int]) -> dict[int, SentView]:
    """The last message to each of the sessions that had one."""
    last = (
        select(func.max(CandidateMessage.id))
        .where(CandidateMessage.session_id.in_(session_ids))
        .group_by(CandidateMessage.session_id)
    )
    rows = work.db.execute(select(CandidateMessage).where(CandidateMessage.id.in_(last))).scalars()
    return {row.session_id: sent_view(row) for row in rows}


def languages_of(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """The language in which each candidate sits the test."""
    query = select(ExamSession.id, ExamSession.language).where(ExamSession.id.in_(session_ids))
    return {row.id: row.language for row in work.db.execute(query)}
