"""What minutes decided is not undone by one person alone: only a session decides otherwise. Security's rest and
withdrawal stand above both."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from itembank.authoring.models import CommissionDecision, CommissionSession
from server.core.roles import Role
from server.core.work import Work


def binds(state: str, verdict: str | None, act: str) -> bool:
    """Whether an item's last session, which is in that state and decided so, keeps one person from the act.

    What is before a session waits for it. After minutes in force nobody alone rests or retires the item, nor takes up
    what they put to rest or sent back to be reworked; what somebody else put to rest may be taken up."""
    if state in ("open", "closed"):
        return True
    return verdict in ("rest", "rework") if act == "wake" else verdict is not None


def bound(work: Work, manuscript_ids: Collection[int], act: str) -> frozenset[int]:
    """Those of these manuscripts on which the actor may not act so alone."""
    if act not in ("rest", "wake", "retire") or (act == "rest" and work.actor.may(Role.SECURITY)):
        return frozenset()
    query = (
        select(CommissionDecision.manuscript_id, CommissionSession.state, CommissionDecision.verdict)
        .join(CommissionSession, CommissionSession.id == CommissionDecision.commission_session_id)
        .where(CommissionDecision.manuscript_id.in_(manuscript_ids))
        .where(CommissionSession.state.in_(("open", "closed", "in_force")))
        .order_by(CommissionDecision.id)  # an item is before one session at a time
    )
    last = {
        id_: (state, verdict)
        for id_, state, verdict in work.db.execute(query)
        if state != "in_force" or verdict is not None  # what was put off stands as it was decided before
    }
    return frozenset(id_ for id_, (state, verdict) in last.items() if binds(state, verdict, act))
