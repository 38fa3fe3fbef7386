"""With which code a candidate comes back once the test is over: that on the notice of results, as often as needed.
The slip's is no way back: whoever printed or found it is a third party to the result (CS-5)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from server.core.db import batches
from server.core.work import Work
from server.delivery import codes
from server.delivery.models import ExamSession

OPENS = "submitted"  # who was removed or absent has no page: their department tells them


def result_codes(work: Work, session_ids: Collection[int]) -> dict[int, str]:
    """The code of each of them who sat the test."""
    found = select(ExamSession.id, ExamSession.seed).where(ExamSession.state == OPENS)
    return {
        id_: codes.result_code(work.vault, id_, seed)
        for some in batches(session_ids)
        for id_, seed in work.db.execute(found.where(ExamSession.id.in_(some)))
    }


def is_opened_by(work: Work, session: ExamSession, typed: str) -> bool:
    """Whether the code is that of the session's result."""
    return session.state == OPENS and codes.matches(
        codes.result_code(work.vault, session.id, session.seed), typed
    )
