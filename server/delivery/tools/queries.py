"""What a sitting's edition says of tools, and what the candidate's page of the sitting has; nothing here writes."""

from __future__ import annotations

from sqlalchemy import select

from server import accounts
from server.core.errors import Denied, NotFound
from server.core.work import Work
from server.delivery.models import ExamSession, Sitting
from server.delivery.policy import Pinned, edition_of
from server.delivery.tools.rules import ScreenToolsRule

CLAUSE = "DC-15.tools"
OFFICES = ("ntc", "ministry")


def rule_of(sitting: Pinned) -> ScreenToolsRule:
    """What the sitting's edition says of tools."""
    return edition_of(sitting).get(CLAUSE, ScreenToolsRule)


def offered(sitting: Sitting) -> tuple[str, ...]:
    """The tools that the candidate's page of the sitting has."""
    return rule_of(sitting).offered(sitting.tools)


def is_fixed(work: Work, sitting_id: int) -> bool:
    """True once a candidate has signed in: all of a sitting have the same tools."""
    signed_in = select(ExamSession.id).where(ExamSession.sitting_id == sitting_id, ExamSession.lease > 0)
    return work.db.execute(signed_in.limit(1)).first() is not None


def of_office(work: Work, sitting_id: int, *, to_change: bool = False) -> Sitting:
    """The sitting, if the actor's office decides on it: departments and third parties do not."""
    own = work.actor.organisation_id
    if own is None or accounts.organisation_of(work, own).kind not in OFFICES:
        raise Denied("not_allowed")
    sitting = work.db.get(Sitting, sitting_id, with_for_update=True if to_change else None)
    if sitting is None:
        raise NotFound("not_found")
    return sitting
