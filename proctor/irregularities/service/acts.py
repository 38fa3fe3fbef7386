"""The act in the room (DC-15): a warning, a pause that warns, or removal. Nothing waits here for a paper."""

from __future__ import annotations

from sqlalchemy import select

from proctor.irregularities.models import Irregularity
from proctor.irregularities.queries import Tally, tallies
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import RemoveAsk, WarnAsk
from proctor.rooms.desk import announce_desk
from proctor.rooms.duty import ONE_ACT, on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import RoomSitting
from server import delivery
from server.core.errors import Invalid, Refused, Stale
from server.core.i18n import language
from server.core.regulation import Ruling
from server.core.terms import find
from server.core.work import Work
from server.delivery import service as sessions

WARNED = ("admitted", "running", "paused")
REMOVED = ("expected", "admitted", "running", "paused")


def warn(work: Work, room_sitting_id: int, session_id: int, ask: WarnAsk) -> Ruling:
    """The candidate is warned, and paused where the catalogue says so; refused where it asks for removal."""
    room, rule, session = _in_room(work, room_sitting_id, session_id, WARNED)
    _require_new(work, session_id, ask.violation)
    ruling = _judge(work, rule, session_id, ask.violation)
    if not ruling.allowed:
        raise Refused("removal_due", ruling)
    _add(work, session_id, ask, ruling)
    if ruling.code == "pause" and (session.state == "running" or session.is_on_break):
        act = find(rule.violations, ask.violation)
        reason = act.title(language()) if act else ask.violation
        sessions.pause_session(work, session_id, f"{reason} ({ruling.clause})")
        work.record("candidate:paused", f"session:{session_id}", clause=ruling.clause, reason=reason)
    work.record("candidate:warned", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json())
    announce_desk(work, room, session_id)
    return ruling


def remove(work: Work, room_sitting_id: int, session_id: int, ask: RemoveAsk) -> Ruling:
    """The candidate's test has ended in this same transaction; the protocol is due before the room closes (DC-15)."""
    room, rule, _session = _in_room(work, room_sitting_id, session_id, REMOVED)
    ruling = _judge(work, rule, session_id, ask.violation)
    if ruling.allowed:
        raise Refused("warning_first", ruling)
    _add(work, session_id, ask, ruling)
    sessions.remove_session(work, session_id, ask.violation, ruling)
    work.record("candidate:removed", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json())
    announce_desk(work, room, session_id)
    return ruling


def _require_new(work: Work, session_id: int, violation: str) -> None:
    # Two proctors who saw one act, or a key pressed twice, must not take a candidate to the door.
    same = select(Irregularity.id).where(
        Irregularity.session_id == session_id, Irregularity.violation == violation,
        Irregularity.reported_at > work.now - ONE_ACT,
    )  # fmt: skip
    if work.db.execute(same).first() is not None:
        raise Stale("changed_meanwhile")


def _add(work: Work, session_id: int, ask: WarnAsk | RemoveAsk, ruling: Ruling) -> None:
    work.db.add(
        Irregularity(
            session_id=session_id, violation=ask.violation, consequence=ruling.code, narrative=ask.narrative,
            ruling=ruling.to_json(), reported_by=work.actor.id, reported_at=work.now,
        )
    )  # fmt: skip


def _in_room(
    work: Work, room_sitting_id: int, session_id: int, states: tuple[str, ...]
) -> tuple[RoomSitting, ViolationsRule, delivery.SessionRef]:
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    seated(work, room_sitting_id, session_id)
    session = delivery.session_ref(work, session_id)
    if session.state not in states:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    return room, delivery.sitting_ref(work, room.sitting_id).edition.get("DC-15", ViolationsRule), session


def _judge(work: Work, rule: ViolationsRule, session_id: int, violation: str) -> Ruling:
    if find(rule.violations, violation) is None:
        raise Invalid("violation_unknown")
    return rule.judge(violation, tallies(work, [session_id]).get(session_id, Tally()).warnings)
