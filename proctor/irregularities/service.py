"""Violations in the room: a warning, or removal on a protocol (DC-15). Both stay on record as written."""

from __future__ import annotations

from dataclasses import replace

from proctor.irregularities.models import Irregularity
from proctor.irregularities.queries import Tally, tallies
from proctor.irregularities.rules import Protocol, ViolationsRule
from proctor.monitoring.wire import RemoveAsk, WarnAsk
from proctor.rooms.desk import announce_desk
from proctor.rooms.duty import on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import RoomSitting
from server import delivery
from server.core.errors import Invalid, Refused, Stale
from server.core.regulation import Ruling
from server.core.terms import find
from server.core.work import Work
from server.delivery import service as sessions

WARNED = ("admitted", "running", "paused")
REMOVED = ("expected", "admitted", "running", "paused")


def warn(work: Work, room_sitting_id: int, session_id: int, ask: WarnAsk) -> Ruling:
    """The candidate is warned; refused where the catalogue or an earlier warning asks for removal."""
    room, rule = _in_room(work, room_sitting_id, session_id, WARNED)
    ruling = _judge(work, rule, session_id, ask.violation)
    if not ruling.allowed:
        raise Refused("removal_due", ruling)
    work.db.add(
        Irregularity(
            session_id=session_id,
            violation=ask.violation,
            consequence="warning",
            narrative=ask.narrative,
            witnesses=[],
            statement="",
            ruling=ruling.to_json(),
            reported_by=work.actor.id,
            reported_at=work.now,
        )
    )
    work.record("candidate:warned", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json())
    announce_desk(work, room, session_id)
    return ruling


def remove(work: Work, room_sitting_id: int, session_id: int, ask: RemoveAsk) -> Ruling:
    """The candidate's test has ended on a complete protocol, in this same transaction (DC-15)."""
    room, rule = _in_room(work, room_sitting_id, session_id, REMOVED)
    judged = _judge(work, rule, session_id, ask.violation)
    if judged.allowed:
        raise Refused("warning_first", judged)
    witnesses = list({_plain(name): " ".join(name.split()) for name in ask.witnesses}.values())
    complete = rule.judge_protocol(_protocol(work, ask, witnesses)).or_refuse()
    ruling = replace(complete, facts={**judged.facts, **complete.facts, "statement_asked": True})
    work.db.add(
        Irregularity(
            session_id=session_id,
            violation=ask.violation,
            consequence="removal",
            narrative=ask.narrative,
            witnesses=witnesses,
            statement=ask.statement,
            ruling=ruling.to_json(),
            reported_by=work.actor.id,
            reported_at=work.now,
        )
    )
    sessions.remove_session(work, session_id, ask.violation, ruling)
    work.record("candidate:removed", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json())
    announce_desk(work, room, session_id)
    return ruling


def _in_room(
    work: Work, room_sitting_id: int, session_id: int, states: tuple[str, ...]
) -> tuple[RoomSitting, ViolationsRule]:
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    seated(work, room_sitting_id, session_id)
    session = delivery.session_ref(work, session_id)
    if session.state not in states:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    return room, delivery.sitting_ref(work, room.sitting_id).edition.get("DC-15", ViolationsRule)


def _judge(work: Work, rule: ViolationsRule, session_id: int, violation: str) -> Ruling:
    if find(rule.violations, violation) is None:
        raise Invalid("violation_unknown")
    return rule.judge(violation, tallies(work, [session_id]).get(session_id, Tally()).warnings)


def _protocol(work: Work, ask: RemoveAsk, witnesses: list[str]) -> Protocol:
    # Witnesses are named by hand, so the reporter is compared by name too, however it is spaced or cased.
    return Protocol(
        what=ask.narrative,
        happened_at=work.now,
        reported_by=_plain(work.actor.name),
        witnesses=[_plain(name) for name in witnesses],
        statement_asked=ask.is_statement_asked or bool(ask.statement),
    )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
