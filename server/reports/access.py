"""Which results a reader's office may read, and that each reading is journalled (CS-5)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from server.accounts.models import Organisation
from server.core.regulation import Edition
from server.core.work import Work
from server.grading.access import WHOLE_COUNTRY, office_of


def readable_centres(work: Work, edition: Edition) -> frozenset[int] | None:
    """The centres whose results the actor's office may read, None for all; third parties are refused."""
    own = office_of(work, edition)
    if own.kind in WHOLE_COUNTRY:
        return None
    children = select(Organisation.id).where(Organisation.parent_id == own.id)
    return frozenset(work.db.execute(children).scalars()) | {own.id}


def record_reading(work: Work, subject: str, session_ids: Collection[int] = ()) -> None:
    """The journal says who read which results."""
    facts = {"sessions": sorted(session_ids)} if session_ids else {}
    work.record("result:read", subject, clause="CS-5", **facts)
