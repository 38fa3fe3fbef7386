"""What delivery publishes: where a session now stands, on the topic it was seated under."""

from __future__ import annotations

from server.core.events import Event
from server.core.work import Work
from server.delivery.models import CandidateMessage, ExamSession, Section
from server.delivery.wire import MessageChanged, ProgressView, SentView, TimesChanged, TimesView


def progress_of(session: ExamSession, sections: list[Section]) -> ProgressView:
    """How far a session is: its running section, or the next, or the last."""
    order = {"running": 0, "pending": 1}
    shown = min(
        sections, key=lambda s: (order.get(s.state, 2), s.position if s.state != "done" else -s.position)
    )
    return ProgressView(
        state=session.state,
        is_signed_in=session.code_used_at is not None,
        subject=shown.subject,
        position=shown.position,
        answered=shown.answered,
        length=shown.length,
        ends_at=shown.ends_at.isoformat() if shown.ends_at else None,
        whole_ends_at=session.ends_at.isoformat() if session.ends_at else None,
        paused_at=session.paused_at.isoformat() if session.paused_at else None,
        seb_way=session.seb_way,
        seb_fault=session.seb_fault,
        quick=shown.quick if shown.state == "running" else 0,
        claims=session.claims,
    )


def publish_changed(work: Work, session: ExamSession) -> None:
    """Consoles will hear how the session stands; nothing is sent for one that sits nowhere yet."""
    if session.topic:
        announce(work, session.topic, session.id, progress_of(session, session.sections))


def times_view(session: ExamSession) -> TimesView:
    """What the console shows of time beside the clock."""
    until = session.break_until
    held_since = session.paused_at if session.held_at else None
    return TimesView(
        given_s=session.given_s, break_until=until.isoformat() if until else None,
        held_since=held_since.isoformat() if held_since else None,
    )  # fmt: skip


def publish_times(work: Work, session: ExamSession) -> None:
    """Consoles will hear of time given back and of breaks."""
    if session.topic:
        body = TimesChanged(session_id=session.id, times=times_view(session))
        work.publish(Event(session.topic, "times:changed", body.model_dump(mode="json")))


def publish_message(work: Work, topic: str, message: CandidateMessage) -> None:
    """Consoles will hear how the last message to a candidate stands."""
    body = MessageChanged(session_id=message.session_id, message=sent_view(message))
    work.publish(Event(topic, "message:changed", body.model_dump(mode="json")))


def sent_view(message: CandidateMessage) -> SentView:
    """A message as the console shows it."""
    return SentView(
        text=message.text, sent_at=message.sent_at.isoformat(),
        shown_at=message.shown_at and message.shown_at.isoformat(),
        read_at=message.read_at and message.read_at.isoformat(),
    )  # fmt: skip


def announce(work: Work, topic: str, session_id: int, progress: ProgressView) -> None:
    """The event itself, for callers that hold no rows."""
    body = {"session_id": session_id, "progress": progress.model_dump(mode="json")}
    work.publish(Event(topic, "session:changed", body))
