"""Pauses end here; among them the breaks that a candidate may take by a recorded decision (DC-12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from server.candidates import accommodating
from server.core.errors import Denied
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery.events import publish_changed, publish_times
from server.delivery.machine import SESSION
from server.delivery.models import ExamSession
from server.delivery.queries import held, is_expiry_due
from server.delivery.service.planning import get_session
from server.delivery.timing import break_end, went_on_at

_SECOND = timedelta(seconds=1)


def take_break(work: Work) -> None:
    """The candidate's own clock stands still, for what is left of the breaks that were decided."""
    session = held(work, to_change=True)
    _begin(work, session)


def begin_break(work: Work, session_id: int) -> None:
    """The same at the proctor's word."""
    _begin(work, get_session(work, session_id))


def end_break(work: Work) -> None:
    """The candidate goes on before the break is over; a pause the proctor made is the proctor's to end."""
    session = held(work, to_change=True)
    if session.state == "paused" and session.break_until is None:
        raise Denied("break_is_a_pause")
    if session.state == "paused":
        go_on(work, session, "the candidate went on")
        publish_changed(work, session)


def go_on(work: Work, session: ExamSession, reason: str) -> None:
    """The clock goes on; what the pause took, and no break more than was allowed, is given back."""
    paused_at, until, is_held = session.paused_at, session.break_until, session.held_at is not None
    session.paused_at = session.break_until = session.held_at = None
    if until is not None or is_held:
        publish_times(work, session)
    work.move(session, SESSION, "resume", reason=reason)
    if paused_at is None:
        return
    stood = went_on_at(work.now, until) - paused_at
    if until is not None:
        session.break_used_s += -(-stood // _SECOND)
    session.ends_at = session.ends_at and session.ends_at + stood
    for section in session.sections:
        if section.state == "running":
            section.ends_at = section.ends_at and section.ends_at + stood


def end_due(platform: Platform, now: datetime) -> None:
    """Every break that has lasted what was allowed is over; the clock went on when it was."""
    due = select(ExamSession.id).where(ExamSession.state == "paused", ExamSession.break_until <= now)
    with platform.database.reading() as db:
        ids = db.execute(due.order_by(ExamSession.id)).scalars().all()
    for session_id in ids:
        with open_work(platform, SYSTEM) as work:
            session = get_session(work, session_id)
            if session.break_until is not None and session.break_until <= work.now:
                go_on(work, session, "the break was over")
                publish_changed(work, session)


def _begin(work: Work, session: ExamSession) -> None:
    if session.state == "paused":
        return  # pressed twice
    allowed_s = accommodating.needs(work, session.registration_id).break_s
    if is_expiry_due(work, session):
        raise Denied("is_paused", clause="DC-12.lost_time")
    until = break_end(work.now, allowed_s, session.break_used_s)
    if until is None:
        raise Denied("no_break_left", clause="DC-12.accommodations")
    session.paused_at, session.break_until = work.now, until
    work.move(session, SESSION, "pause", reason="a break by decision")
    work.record("candidate:break", f"session:{session.id}", clause="DC-12.accommodations", until=until.isoformat())
    publish_times(work, session)
    publish_changed(work, session)
