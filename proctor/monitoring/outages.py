"""Whose time ran out while the line was down: asked by the caretaker before it closes a session (DC-12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from proctor.monitoring.models import Heartbeat, Silence
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import RoomSitting, SeatAssignment
from server import delivery
from server.core.work import Work
from server.delivery.queries import answers_since, signed_in_at
from server.delivery.rules import LostTimeRule
from server.delivery.service.closing import Fate

CLAUSE = "DC-12.lost_time"


def fate_of(work: Work, session_id: int, ends_at: datetime) -> Fate:
    """What becomes of a session whose time ran out then: held if that was in a silence, closed if it was not.

    Where the silence is still too short to tell, it waits. Nobody waits for a room that is closed."""
    if not _has_proctor(work, session_id):
        return "close"
    rule = _rule(work, session_id)
    beat = work.db.execute(select(Heartbeat.seen_at).where(Heartbeat.session_id == session_id)).scalar_one_or_none()
    if beat is not None and beat >= ends_at:
        over = select(Silence.began_at, Silence.ended_at).where(
            Silence.session_id == session_id, Silence.began_at < ends_at, Silence.ended_at >= ends_at
        )
        found = work.db.execute(over).first()
        return (found and rule.judge_standing(found.began_at, beat, ends_at)) or "close"
    signs = _signs(work, session_id, beat)
    before = [each for each in signs if each < ends_at]
    if not before:
        return "close"
    after = [each for each in signs if each >= ends_at]
    ruling = rule.judge_standing(max(before), min(after, default=work.now), ends_at)
    return ruling or ("close" if after else "wait")


def unheard(work: Work, session_id: int) -> list[tuple[datetime, datetime]]:
    """The silence in which the time of a held session ran out, where it goes on; nothing once somebody was heard."""
    since = delivery.session_ref(work, session_id).held_since
    if since is None:
        return []
    beat = work.db.execute(select(Heartbeat.seen_at).where(Heartbeat.session_id == session_id)).scalar_one_or_none()
    signs = [each for each in _signs(work, session_id, beat) if each < since]
    return [(max(signs), since)] if signs and (beat is None or beat < since) else []


def _signs(work: Work, session_id: int, beat: datetime | None) -> list[datetime]:
    signed_in = signed_in_at(work, session_id)
    first = [each for each in (beat, signed_in) if each is not None]
    return [*first, *answers_since(work, session_id, max(first))] if first else []


def _has_proctor(work: Work, session_id: int) -> bool:
    at_work = select(RoomSitting.id).join(SeatAssignment).where(
        SeatAssignment.session_id == session_id, RoomSitting.state.in_(AT_WORK)
    )  # fmt: skip
    return work.db.execute(at_work).first() is not None


def _rule(work: Work, session_id: int) -> LostTimeRule:
    sitting = delivery.session_ref(work, session_id).sitting_id
    return delivery.sitting_ref(work, sitting).edition.get(CLAUSE, LostTimeRule)
