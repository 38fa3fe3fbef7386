"""Who may read results, and that each reading is journalled (CS-5). It goes by the office's organisation:
the testing centre and the ministry see all, a department the candidates of its own centres (DC-22)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from server.accounts.models import Organisation
from server.core.errors import Denied, NotFound
from server.core.regulation import Edition
from server.core.work import Work
from server.grading.rules import ResultAccessRule

WHOLE_COUNTRY = ("ntc", "ministry")


def readable_centres(work: Work, edition: Edition) -> frozenset[int] | None:
    """The centres whose results the actor's office may read, None for all; third parties are refused."""
    if work.actor.organisation_id is None:
        raise Denied("not_allowed")
    own = work.db.get_one(Organisation, work.actor.organisation_id)
    edition.get("CS-5", ResultAccessRule).judge(own.kind, concerns_reader=True).or_refuse()
    if own.kind in WHOLE_COUNTRY:
        return None
    children = select(Organisation.id).where(Organisation.parent_id == own.id)
    return frozenset(work.db.execute(children).scalars()) | {own.id}


def require_readable(work: Work, edition: Edition, centre_id: int) -> None:
    """Nothing if results of that centre may be read; who may not learns only that there is nothing here."""
    centres = readable_centres(work, edition)
    if centres is not None and centre_id not in centres:
        raise NotFound("not_found")


def record_reading(work: Work, subject: str, session_ids: Collection[int] = ()) -> None:
    """The journal says who read which results."""
    facts = {"sessions": sorted(session_ids)} if session_ids else {}
    work.record("result:read", subject, clause="CS-5", **facts)
