"""A candidate calls the proctor, once at a time; the call is taken, answered and closed."""

from __future__ import annotations

from sqlalchemy import select

from proctor.calls.machine import CALL
from proctor.calls.models import Call
from proctor.calls.queries import call_view
from proctor.monitoring.rules import WatchRule
from proctor.monitoring.wire import CallChanged
from proctor.rooms.duty import on_duty, seated
from proctor.rooms.models import SeatAssignment, topic_of
from server import delivery
from server.core.errors import Refused, Stale
from server.core.events import Event
from server.core.work import Work
from server.delivery import wire
from server.delivery.queries import held

LIVE = frozenset({"expected", "admitted", "running", "paused"})


def call_proctor(work: Work, ask: wire.CallAsk) -> wire.CallView:
    """The proctor is called; the open call where there is one already, or the one of this key."""
    session = held(work, to_change=True)
    if session.state not in LIVE:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    last = work.db.execute(
        select(Call).where(Call.session_id == session.id).order_by(Call.id.desc()).limit(1)
    ).scalar_one_or_none()
    if last is not None and (last.closed_at is None or last.key == str(ask.key)):
        return call_view(last)
    rule = delivery.sitting_ref(work, session.sitting_id).edition.get("DC-15.watch", WatchRule)
    ruling = rule.judge_call(ask.kind, ask.words, last.asked_at if last else None, work.now)
    if not ruling.allowed:
        raise Refused.by(ruling)
    call = Call(session_id=session.id, key=str(ask.key), kind=ask.kind, words=ask.words, state="asked",
                asked_at=work.now)  # fmt: skip
    work.db.add(call)
    work.db.flush()  # the view names its id
    work.record("proctor:called", f"session:{session.id}", clause=ruling.clause, kind=ask.kind)
    _announce(work, call)
    return call_view(call)


def withdraw_call(work: Work) -> None:
    """The candidate needs nobody any more; harmless where there is no call."""
    session = held(work, to_change=True)
    call = _open_call(work, session.id)
    if call is not None:
        _move(work, call, "close", "withdrawn by the candidate")


def move_call(work: Work, room_sitting_id: int, session_id: int, verb: str) -> None:
    """The proctor goes to the candidate, or has dealt with the matter; a second press changes nothing."""
    on_duty(work, room_sitting_id)
    seated(work, room_sitting_id, session_id)
    call = _open_call(work, session_id)
    if call is not None and CALL.allows(verb, call.state):
        _move(work, call, verb)


def answered(work: Work, session_id: int) -> None:
    """A message to one who calls is the answer to the call."""
    call = _open_call(work, session_id)
    if call is not None and call.state != "answered":
        _move(work, call, "answer")


def _open_call(work: Work, session_id: int) -> Call | None:
    found = select(Call).where(Call.session_id == session_id, Call.closed_at.is_(None)).with_for_update()
    return work.db.execute(found).scalar_one_or_none()


def _move(work: Work, call: Call, verb: str, reason: str | None = None) -> None:
    if CALL.target(verb, call.state) == "closed":
        call.closed_at = work.now
    work.move(call, CALL, verb, reason=reason)
    _announce(work, call)


def _announce(work: Work, call: Call) -> None:
    room = work.db.execute(
        select(SeatAssignment.room_sitting_id).where(SeatAssignment.session_id == call.session_id)
    ).scalar_one_or_none()
    if room is not None:
        view = None if call.closed_at is not None else call_view(call)
        body = CallChanged(session_id=call.session_id, call=view)
        work.publish(Event(topic_of(room), "call:changed", body.model_dump(mode="json")))
