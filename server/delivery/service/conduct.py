"""During the sitting: sessions are admitted, begun, paused, resumed, removed, closed as absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from irt.exposure import Counters
from server.core.errors import Denied
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.events import publish_changed
from server.delivery.machine import SECTION, SESSION
from server.delivery.models import CandidateMessage, ExamSession, Section
from server.delivery.policy import times_of
from server.delivery.queries import held
from server.delivery.service import ending, exposing, stepping
from server.delivery.service.planning import get_session, session_end
from server.delivery.timing import section_end


def admit_session(work: Work, session_id: int, ruling: Ruling, room_started_at: datetime | None) -> None:
    """The candidate may sit; where the room runs already, the test begins now, within what time remains (DC-16)."""
    session = get_session(work, session_id)
    work.move(session, SESSION, "admit", ruling=ruling)
    if room_started_at is not None:
        counters = exposing.controlled(work, [session.sections[0].pool_id])
        _begin(work, session, room_started_at, counters)
    publish_changed(work, session)


def begin_sessions(work: Work, session_ids: Sequence[int], started_at: datetime) -> int:
    """All admitted sessions among these run since `started_at`, each with its first item chosen; how many."""
    query = select(ExamSession).where(ExamSession.id.in_(session_ids), ExamSession.state == "admitted")
    query = query.options(selectinload(ExamSession.sitting), selectinload(ExamSession.sections))
    sessions = work.db.execute(query.order_by(ExamSession.id).with_for_update()).scalars().all()
    counters = exposing.controlled(work, [session.sections[0].pool_id for session in sessions])
    for session in sessions:
        _begin(work, session, started_at, counters)
        publish_changed(work, session)
    return len(sessions)


def _begin(
    work: Work, session: ExamSession, started_at: datetime, counters: Mapping[int, Counters]
) -> None:
    session.started_at = work.now
    session.ends_at = session_end(times_of(session), [s.limit_s for s in session.sections], started_at)
    work.move(session, SESSION, "begin")
    begin_section(work, session, session.sections[0], started_at, counters)


def begin_section(
    work: Work, session: ExamSession, section: Section, started_at: datetime, counters: Mapping[int, Counters]
) -> None:
    """The section runs since `started_at` and its first item is open; `counters` are those of its pool, if any."""
    if session.ends_at is None:
        raise ValueError("a section begins only in a session that has begun")
    if section.pool_id in counters:
        bench = BENCHES.get(work, section.pool_id)
        section.open_items = bench.open_items(session.seed, section.position, counters[section.pool_id])
    section.started_at = started_at
    section.ends_at = section_end(started_at, section.limit_s, session.ends_at)
    work.move(section, SECTION, "begin")
    stepping.open_step(work, session, section)


def begin_next_section(work: Work, section_id: int) -> None:
    """The candidate's next subject runs; harmless when it runs already, refused out of order."""
    session = held(work, to_change=True)
    running = next((s for s in session.sections if s.state == "running"), None)
    if running is not None and running.id == section_id:
        return
    pending = next((s for s in session.sections if s.state == "pending"), None)
    if session.state != "running" or running is not None or pending is None or pending.id != section_id:
        raise Denied("section_out_of_order")
    begin_section(work, session, pending, work.now, exposing.controlled(work, [pending.pool_id]))
    publish_changed(work, session)


def pause_session(work: Work, session_id: int, reason: str) -> None:
    """The clock of the session stands still."""
    session = get_session(work, session_id)
    session.paused_at = work.now
    work.move(session, SESSION, "pause", reason=reason)
    publish_changed(work, session)


def resume_session(work: Work, session_id: int, reason: str) -> None:
    """The clock goes on; what the pause took is given back to the second and to the session's end."""
    session = get_session(work, session_id)
    running = [section for section in session.sections if section.state == "running"]
    paused_at, session.paused_at = session.paused_at, None
    work.move(session, SESSION, "resume", reason=reason)
    if paused_at is not None:
        lost = work.now - paused_at
        session.ends_at = session.ends_at and session.ends_at + lost
        for section in running:
            section.ends_at = section.ends_at and section.ends_at + lost
    publish_changed(work, session)


def remove_session(work: Work, session_id: int, reason: str, ruling: Ruling) -> None:
    """The attempt has ended now and for good (DC-15); what was answered is sealed as it stands."""
    session = get_session(work, session_id)
    session.paused_at = None
    session.ended_at = work.now
    work.move(session, SESSION, "remove", reason=reason, ruling=ruling)
    for section in session.sections:
        if section.state == "running":
            section.ended_at = work.now
            work.move(section, SECTION, "cut_off", reason=reason)
            exposing.count(work, section)
    ending.seal(work, session)
    publish_changed(work, session)


def close_absent(work: Work, session_ids: Sequence[int], ruling: Ruling) -> int:
    """Those among these who never began are absent (DC-16); how many."""
    query = select(ExamSession).where(
        ExamSession.id.in_(session_ids), ExamSession.state.in_(("expected", "admitted"))
    )
    sessions = work.db.execute(query.with_for_update()).scalars().all()
    for session in sessions:
        session.ended_at = work.now
        work.move(session, SESSION, "close_absent", ruling=ruling)
        publish_changed(work, session)
    return len(sessions)


def send_message(work: Work, session_id: int, text: str) -> None:
    """The candidate will see the text at the next sign of life."""
    message = CandidateMessage(session_id=session_id, text=text, sent_by=work.actor.label, sent_at=work.now)
    work.db.add(message)


def read_message(work: Work, message_id: int) -> None:
    """The candidate has confirmed the message."""
    message = work.db.get(CandidateMessage, message_id)
    if message is not None and message.session_id == work.actor.id and message.read_at is None:
        message.read_at = work.now
