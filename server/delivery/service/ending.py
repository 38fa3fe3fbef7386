"""How sections and sessions end: by the last answer, by the clock, and always under the centre's seal (DC-14)."""

from __future__ import annotations

from server.core.work import Work
from server.delivery.events import publish_changed
from server.delivery.machine import SECTION, SESSION
from server.delivery.models import ExamSession, Section
from server.delivery.service import exposing, seeding, stepping
from server.delivery.service.sealing import seal
from server.delivery.timing import is_due


def finish_section(work: Work, session: ExamSession, section: Section) -> None:
    """The section is done by its last answer; the session too if it was the last section."""
    section.ended_at = work.now
    work.move(section, SECTION, "finish")
    exposing.count(work, section)
    seeding.count(work, section)
    if all(s.state == "done" for s in session.sections):
        _end(work, session, "submit")


def expire(work: Work, session: ExamSession, grace_s: int) -> bool:
    """What has run out of time is closed, not-reached items noted; True if anything was."""
    if session.state != "running":
        return False
    changed = False
    running = session.running
    if running is not None and is_due(running.ends_at, work.now, grace_s):
        _close_by_clock(work, session, running)
        changed = True
    if is_due(session.ends_at, work.now, grace_s) or all(s.state == "done" for s in session.sections):
        for section in session.sections:
            if section.state == "pending":
                section.started_at = section.ends_at = session.ends_at
                work.move(section, SECTION, "begin", reason="the session's time was over")
                _close_by_clock(work, session, section)
        _end(work, session, "expire")
        changed = True
    if changed:
        publish_changed(work, session)
    return changed


def _close_by_clock(work: Work, session: ExamSession, section: Section) -> None:
    missing = stepping.fill_not_reached(work, session, section)
    section.ended_at = work.now
    work.move(section, SECTION, "expire", reason=f"time was up; {missing} items not reached")
    exposing.count(work, section)
    seeding.count(work, section)


def _end(work: Work, session: ExamSession, verb: str) -> None:
    session.ended_at = work.now
    session.paused_at = session.break_until = session.held_at = None
    work.move(session, SESSION, verb)
    seal(work, session)
