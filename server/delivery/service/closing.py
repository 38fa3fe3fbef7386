"""Whose time is up: closed, or held until the proctor decides what an outage took (DC-12).

Who could not be heard is not known here: the caretaker brings somebody who is asked, `fate_of`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from server.core.errors import Stale
from server.core.roles import SYSTEM
from server.core.ruling import Ruling
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery.events import publish_changed, publish_times
from server.delivery.machine import SESSION
from server.delivery.models import ExamSession, Section
from server.delivery.policy import times_of
from server.delivery.queries import is_expiry_due
from server.delivery.service import breaks, ending
from server.delivery.service.planning import get_session

# A ruling holds the session; to "wait" is to look again, until somebody is heard or the silence is long enough.
Fate = Ruling | Literal["close", "wait"]
FateOf = Callable[[Work, int, datetime], Fate]
AT_ONCE = -1  # no grace, nor the second in which time runs out


def _close_all(_work: Work, _session_id: int, _ends_at: datetime) -> Fate:
    return "close"


def expire_due_sessions(platform: Platform, fate_of: FateOf = _close_all) -> int:
    """Every session whose time is up is closed, or held if that is its fate, in a work of its own; how many."""
    breaks.end_due(platform, platform.clock.now())
    settled = 0
    for session_id, fate in _fates(platform, fate_of).items():
        if fate != "wait":
            with open_work(platform, SYSTEM) as work:
                settled += _settle(work, get_session(work, session_id), fate)
    return settled


def _fates(platform: Platform, fate_of: FateOf) -> dict[int, Fate]:
    now = platform.clock.now()
    due = select(ExamSession).join(Section).where(
        ExamSession.state == "running",
        ((Section.state == "running") & (Section.ends_at < now)) | (ExamSession.ends_at < now),
    ).order_by(ExamSession.id)  # fmt: skip
    with open_reading(platform, SYSTEM) as work:
        rows = work.db.execute(due).scalars().unique()
        found = [row for row in rows if is_expiry_due(work, row)]
        return {row.id: _fate(work, row, fate_of) for row in found}


def _fate(work: Work, session: ExamSession, fate_of: FateOf) -> Fate:
    ran_out_at = _ran_out_at(session)
    return "close" if ran_out_at is None else fate_of(work, session.id, ran_out_at)


def _ran_out_at(session: ExamSession) -> datetime | None:
    """When the time ran out: that of the subject, or between two of them that of the whole."""
    running = session.running
    return session.ends_at if running is None else running.ends_at


def _settle(work: Work, session: ExamSession, fate: Fate) -> bool:
    if not is_expiry_due(work, session):
        return False  # somebody was faster
    if isinstance(fate, Ruling):
        _hold(work, session, fate)
        return True
    return ending.expire(work, session, times_of(session).grace_s)


def _hold(work: Work, session: ExamSession, ruling: Ruling) -> None:
    session.paused_at, session.held_at = _ran_out_at(session), work.now
    work.move(session, SESSION, "pause", reason="time ran out while the line was down", ruling=ruling)
    work.record("time:held", f"session:{session.id}", clause=ruling.clause, ruling=ruling.to_json())
    publish_times(work, session)
    publish_changed(work, session)


def let_run_out(work: Work, session_id: int, reason: str) -> None:
    """What ran out is closed as if it had not been held: nothing is given back.

    Of the subjects to come nothing is taken by the wait for the decision; they follow within what is left."""
    session = get_session(work, session_id)
    if session.held_at is None or session.paused_at is None:
        raise Stale("changed_meanwhile")
    stood = work.now - session.paused_at
    if session.ends_at is not None and session.pending is not None:
        session.ends_at += stood
    _close_held(work, session, reason)


def _close_held(work: Work, session: ExamSession, reason: str) -> None:
    session.paused_at = session.held_at = None
    work.move(session, SESSION, "resume", reason=reason)
    work.record("time:run-out", f"session:{session.id}", clause="DC-12.lost_time", reason=reason)
    ending.expire(work, session, AT_ONCE)
    publish_times(work, session)


def close_over(work: Work, session_ids: Collection[int], reason: str) -> None:
    """Nobody waits for a decision any more: those held, and those whose time is up, are closed with all to come."""
    found = select(ExamSession).where(ExamSession.id.in_(session_ids)).order_by(ExamSession.id)
    for session in work.db.execute(found.with_for_update()).scalars().all():
        if session.held_at is not None:
            _close_held(work, session, reason)
        ending.expire(work, session, AT_ONCE)
