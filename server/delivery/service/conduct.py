"""During the sitting: sessions are admitted, begun, paused, resumed, removed, closed as absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from irt.exposure import Counters
from server.candidates import accommodating
from server.core.errors import Denied
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import unseen
from server.delivery.bench import BENCHES
from server.delivery.events import publish_changed, publish_message, publish_times
from server.delivery.machine import SECTION, SESSION
from server.delivery.models import CandidateMessage, ExamSession, Section
from server.delivery.policy import times_of
from server.delivery.queries import held, is_expiry_due
from server.delivery.service import breaks, exposing, sealing, seeding, stepping
from server.delivery.service.planning import get_session, session_end
from server.delivery.timing import section_end, short_s

WATCHED = timedelta(minutes=3)


def admit_session(work: Work, session_id: int, ruling: Ruling, room_started_at: datetime | None) -> None:
    """The candidate may sit; where the room runs already, the test begins now, within what time remains (DC-16)."""
    session = get_session(work, session_id)
    unseen.fix(work, session)
    work.move(session, SESSION, "admit", ruling=ruling)
    if room_started_at is not None:
        counters = exposing.controlled(work, [session.sections[0].pool_id])
        needs = accommodating.needs(work, session.registration_id)
        stepping.open_first_steps(work, [(session, _begin(work, session, room_started_at, counters, needs))])
    publish_changed(work, session)


def begin_sessions(work: Work, session_ids: Sequence[int], started_at: datetime) -> int:
    """All admitted sessions among these run since `started_at`, each with its first item chosen; how many."""
    query = select(ExamSession).where(ExamSession.id.in_(session_ids), ExamSession.state == "admitted")
    query = query.options(selectinload(ExamSession.sitting), selectinload(ExamSession.sections))
    sessions = work.db.execute(query.order_by(ExamSession.id).with_for_update()).scalars().all()
    counters = exposing.controlled(work, [session.sections[0].pool_id for session in sessions])
    conditions = accommodating.accommodations(work, [session.registration_id for session in sessions])
    begun = [
        (each, _begin(work, each, started_at, counters, accommodating.needs_of(conditions[each.registration_id])))
        for each in sessions
    ]
    stepping.open_first_steps(work, begun)
    for session in sessions:
        publish_changed(work, session)
    return len(sessions)


def _begin(
    work: Work, session: ExamSession, started_at: datetime, counters: Mapping[int, Counters], needs: accommodating.Needs
) -> Section:
    """The session runs, and so does its first section, which it returns: its first step is still to be opened."""
    session.started_at = work.now
    for section in session.sections:
        section.extra_s = needs.extra_s(section.limit_s)
    limits = [section.limit_s + section.extra_s for section in session.sections]
    session.ends_at = session_end(times_of(session), limits, started_at)
    work.move(session, SESSION, "begin")
    _begin_section(work, session, session.sections[0], started_at, counters)
    return session.sections[0]


def _begin_section(
    work: Work, session: ExamSession, section: Section, started_at: datetime, counters: Mapping[int, Counters]
) -> None:
    if session.ends_at is None:
        raise ValueError("a section begins only in a session that has begun")
    if section.pool_id in counters:
        bench = BENCHES.get(work, section.pool_id)
        section.open_items = bench.open_items(session.seed, section.position, counters[section.pool_id])
    section.started_at = started_at
    limit_s = section.limit_s + section.extra_s
    section.ends_at = section_end(started_at, limit_s, session.ends_at)
    section.short_s = short_s(started_at, limit_s, session.ends_at)
    work.move(section, SECTION, "begin")


def begin_next_section(work: Work, section_id: int) -> None:
    """The candidate's next subject runs; harmless when it runs already, refused out of order."""
    session = held(work, to_change=True)
    running = session.running
    if running is not None and running.id == section_id:
        return
    pending = session.pending
    if session.state != "running" or running is not None or pending is None or pending.id != section_id:
        raise Denied("section_out_of_order")
    if is_expiry_due(work, session):  # whether the wait was too long, or the line down, is not decided yet
        raise Denied("is_paused", clause="DC-12.lost_time")
    _renew_extra(work, session, pending)
    _begin_section(work, session, pending, work.now, exposing.controlled(work, [pending.pool_id]))
    stepping.open_first_steps(work, [(session, pending)])
    publish_changed(work, session)


def _renew_extra(work: Work, session: ExamSession, section: Section) -> None:
    """What was decided since the start counts for the sections still to come, and so for the end of all."""
    extra_s = accommodating.needs(work, session.registration_id).extra_s(section.limit_s)
    if session.ends_at is not None:
        session.ends_at += timedelta(seconds=extra_s - section.extra_s)
    section.extra_s = extra_s


def pause_session(work: Work, session_id: int, reason: str) -> None:
    """The clock of the session stands still; a break ends where this begins, and nobody goes on by themselves."""
    session = get_session(work, session_id)
    if session.break_until is not None:
        breaks.go_on(work, session, reason)
    session.paused_at = work.now
    work.move(session, SESSION, "pause", reason=reason)
    publish_changed(work, session)


def resume_session(work: Work, session_id: int, reason: str) -> None:
    """The clock goes on; what the pause took is given back to the second and to the session's end."""
    session = get_session(work, session_id)
    breaks.go_on(work, session, reason)
    publish_changed(work, session)


def watch_session(work: Work, session_id: int) -> None:
    """For some minutes the candidate's page asks so often that a removal shows there in the same second (DC-15)."""
    # Not through the row: an answer on its way must not find its version changed.
    watched = update(ExamSession).where(ExamSession.id == session_id)
    work.db.execute(watched.values(watched_until=work.now + WATCHED).execution_options(synchronize_session=False))


def remove_session(work: Work, session_id: int, reason: str, ruling: Ruling) -> None:
    """The attempt has ended now and for good (DC-15); what was answered is sealed as it stands."""
    session = get_session(work, session_id)
    if session.break_until is not None or session.held_at is not None:
        session.break_until = session.held_at = None
        publish_times(work, session)
    session.paused_at = None
    session.ended_at = work.now
    work.move(session, SESSION, "remove", reason=reason, ruling=ruling)
    for section in session.sections:
        if section.state == "running":
            section.ended_at = work.now
            work.move(section, SECTION, "cut_off", reason=reason)
            exposing.count(work, section)
            seeding.count(work, section)
    sealing.seal(work, session)
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


def send_message(
    work: Work, session_id: int, text: str, *, code: str | None = None, key: str | None = None
) -> bool:
    """The candidate will see the text at the next sign of life; False if it was sent before under this key."""
    session = get_session(work, session_id)
    known = select(CandidateMessage.id).where(
        CandidateMessage.session_id == session_id, CandidateMessage.key == key
    )
    if key is not None and work.db.execute(known).first() is not None:
        return False
    message = CandidateMessage(
        session_id=session_id, key=key, code=code, text=text, sent_by=work.actor.label, sent_at=work.now
    )
    work.db.add(message)
    if session.topic:
        publish_message(work, session.topic, message)
    return True


def receive_message(work: Work, shown_id: int | None, read_id: int | None) -> None:
    """The candidate's page has shown one message, and the candidate confirmed another; the first time counts."""
    session = held(work)
    for message_id, is_read in ((shown_id, False), (read_id, True)):
        message = work.db.get(CandidateMessage, message_id) if message_id is not None else None
        if message is None or message.session_id != session.id or message.read_at is not None:
            continue
        if message.shown_at is not None and not is_read:
            continue
        message.shown_at = message.shown_at or work.now
        message.read_at = work.now if is_read else None
        if session.topic and message.id == last_message_id(work, session.id):
            publish_message(work, session.topic, message)


def last_message_id(work: Work, session_id: int) -> int | None:
    """The message to a candidate that was sent last."""
    last = select(func.max(CandidateMessage.id)).where(CandidateMessage.session_id == session_id)
    return work.db.execute(last).scalar_one()
