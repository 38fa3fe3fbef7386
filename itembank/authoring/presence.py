"""Who sits in a session of the commission: each confirms it at their own sign-in, with the agenda as it is then.
What is on the agenda opens to nobody alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from itembank.authoring.models import CommissionDecision, CommissionPresence, CommissionSession, Manuscript
from server.accounts.queries import still_hold
from server.core.roles import Role
from server.core.work import Work

PRESENT_FOR = timedelta(hours=12)  # no sign-in lasts longer


def is_there(confirmed_at: datetime, added_at: datetime, now: datetime) -> bool:
    """Whether who confirmed then sits there for what was put on the agenda: after it, and not yesterday."""
    return added_at <= confirmed_at and now < confirmed_at + PRESENT_FOR


def seated(
    chair_id: int, confirmed: Mapping[int, datetime], added_at: datetime, now: datetime
) -> frozenset[int]:  # fmt: skip
    """Who of a session may read what was put on its agenda then: of those who are there, the chair among them,
    nobody alone. `confirmed` says when each of them confirmed it."""
    there = frozenset(id_ for id_, at in confirmed.items() if is_there(at, added_at, now))
    return there if chair_id in there and len(there) > 1 else frozenset()


def confirm(work: Work, session: CommissionSession) -> None:
    """The actor sits in the session from now on, and knows what is on its agenda."""
    work.db.add(
        CommissionPresence(commission_session_id=session.id, staff_id=work.actor.id or 0, confirmed_at=work.now)
    )
    work.record("session_attended", f"commission_session:{session.id}", clause="CS-17")
    work.db.flush()  # who may read what is before the session is asked of these rows


def confirmed(work: Work, session: CommissionSession) -> Mapping[int, datetime]:
    """Staff id → when they confirmed last, of the members who still hold the role."""
    query = (
        select(CommissionPresence.staff_id, func.max(CommissionPresence.confirmed_at))
        .where(CommissionPresence.commission_session_id == session.id)
        .group_by(CommissionPresence.staff_id)
    )
    last = {row[0]: row[1] for row in work.db.execute(query) if row[0] in session.members}
    able = still_hold(work, last, Role.COMMISSION)
    return {id_: at for id_, at in last.items() if id_ in able}


def readers(work: Work, session: CommissionSession, added_at: datetime) -> frozenset[int]:
    """Who may have before them, now, what has been on its agenda since then."""
    return seated(session.chair_id, confirmed(work, session), added_at, work.now)


def readers_of(work: Work, manuscript: Manuscript) -> frozenset[int]:
    """Who may read the manuscript because it is before an open session in which they sit."""
    query = (
        select(CommissionSession, CommissionDecision.added_at)
        .join(CommissionDecision, CommissionDecision.commission_session_id == CommissionSession.id)
        .where(CommissionDecision.manuscript_id == manuscript.id, CommissionSession.state == "open")
    )
    return frozenset(id_ for session, at in work.db.execute(query) for id_ in readers(work, session, at))
