"""Incidents of a room are noted and ended, and the time they or a silence took is given back (DC-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from proctor.incidents.models import Incident, IncidentEnd
from proctor.incidents.queries import incident
from proctor.monitoring.outages import unheard
from proctor.monitoring.silences import silences
from proctor.monitoring.wire import GiveTimeAsk, IncidentAsk, IncidentChanged
from proctor.rooms.duty import ONE_ACT, on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK
from proctor.rooms.models import RoomSitting, SeatAssignment
from server import delivery
from server.core.errors import NotFound, Refused, Stale
from server.core.events import Event
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery.machine import LIVE
from server.delivery.rules import LostTimeRule
from server.delivery.service import breaks, giving, listening
from server.delivery.timing import total_s

CLAUSE = "DC-12.lost_time"
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Gift:
    """Time was given back under this clause; not anew where the same press had come before."""

    clause: str
    is_new: bool = True


def note_incident(work: Work, room_sitting_id: int, ask: IncidentAsk) -> int:
    """The log says that this began then, for one candidate or for all who are at work; its id."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    ago = timedelta(minutes=ask.minutes_ago)
    ruling = _rule(work, room).judge_incident(ask.kind, int(ago.total_seconds())).or_refuse()
    if ask.session_id is not None:
        seated(work, room.id, ask.session_id)
    _require_new(work, room, ask)
    touched = [ask.session_id] if ask.session_id is not None else _live(work, room)
    row = Incident(
        room_sitting_id=room.id, session_id=ask.session_id, kind=ask.kind, text=ask.text,
        began_at=work.now - ago, n_affected=len(touched),
        written_by=work.actor.label, written_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("incident:noted", f"room_sitting:{room.id}", clause=ruling.clause, incident=row.id, kind=ask.kind,
                text=ask.text, began_at=row.began_at.isoformat(), affected=len(touched))  # fmt: skip
    _announce(work, room, row.id)
    return row.id


def end_incident(work: Work, room_sitting_id: int, incident_id: int, *, gives_time: bool) -> int:
    """The incident is over; where asked for, whoever it touched has back what it took; to how many."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    row = work.db.get(Incident, incident_id)
    if row is None or row.room_sitting_id != room.id:
        raise NotFound("not_found")
    if work.db.get(IncidentEnd, incident_id) is not None:
        raise Stale("changed_meanwhile")
    span = (row.began_at, work.now)
    given: list[int] = []
    for session_id in _touched(work, room, row) if gives_time else ():
        lost = giving.lost(work, session_id, [*_spans(work, room, session_id), span])
        took_s = total_s(giving.ran(work, session_id, [span]))
        part = min(took_s, giving.left_s(work, session_id, lost))
        if part:
            giving.give_time(work, session_id, part, lost, row.text, f"incident:{row.id}")
            given.append(part)
    work.db.add(IncidentEnd(incident_id=row.id, ended_at=work.now, given_s=max(given, default=0),
                            n_given=len(given), ended_by=work.actor.label))  # fmt: skip
    work.db.flush()  # the view is read back
    work.record("incident:ended", f"room_sitting:{room.id}", clause=CLAUSE, incident=row.id, given_to=len(given),
                given_s=max(given, default=0))  # fmt: skip
    _announce(work, room, row.id)
    return len(given)


def end_open(work: Work, room: RoomSitting) -> None:
    """Nothing goes on in a room that is closed: what nobody ended is over now, and gives nothing back."""
    ended = select(IncidentEnd.incident_id).where(IncidentEnd.incident_id == Incident.id)
    still = select(Incident.id).where(Incident.room_sitting_id == room.id, ~ended.exists()).order_by(Incident.id)
    for incident_id in work.db.execute(still).scalars().all():
        end_incident(work, room.id, incident_id, gives_time=False)


def give_time(work: Work, room_sitting_id: int, ask: GiveTimeAsk, session_id: int | None = None) -> Gift:
    """One candidate, or all at work who lost any, has back so much of it, or all that was lost; once for each key."""
    room = on_duty(work, room_sitting_id)
    if session_id is not None:
        seated(work, room.id, session_id)
    here = [session_id] if session_id is not None else _here(work, room)
    act = f"session:{session_id}" if session_id is not None else f"room:{room.id}"
    if ask.key is not None and giving.was_given(work, here, f"{act}:{ask.key}"):
        return Gift(CLAUSE, is_new=False)
    require_state(room, "running")
    if ask.seconds:  # all that is left is given once anyway
        _require_new_gift(work, here, ask.reason)
    act = f"{act}:{ask.key or work.now.isoformat(timespec='seconds')}"
    if session_id is not None:
        return Gift(_give(work, room, session_id, ask, act).clause)
    rulings = []
    for each in _live(work, room):
        left = giving.left_s(work, each, lost_of(work, room, each))
        if left:
            part = GiveTimeAsk(seconds=min(left, ask.seconds or left), reason=ask.reason)
            rulings.append(_give(work, room, each, part, act))
    if not rulings:
        raise Refused.by(_rule(work, room).judge(ask.seconds or 1, 0, 0, ask.reason))
    work.record("time:given-to-room", f"room_sitting:{room.id}", clause=CLAUSE, sessions=len(rulings),
                seconds=ask.seconds, reason=ask.reason)  # fmt: skip
    return Gift(rulings[0].clause)


def lost_of(work: Work, room: RoomSitting, session_id: int) -> giving.Lost:
    """What a candidate lost: silences of the page and incidents of the room, while the clock ran."""
    return giving.lost(work, session_id, _spans(work, room, session_id))


def give_play(work: Work, room_sitting_id: int, session_id: int, reason: str) -> Ruling:
    """A candidate may hear once more what a failure cut."""
    room = on_duty(work, room_sitting_id)
    require_state(room, "running")
    seated(work, room.id, session_id)
    return listening.give_back(work, session_id, reason)


def begin_break(work: Work, room_sitting_id: int, session_id: int) -> None:
    """The candidate's break begins at the proctor's word, for what is left of what was decided."""
    room = on_duty(work, room_sitting_id)
    require_state(room, "running")
    seated(work, room.id, session_id)
    breaks.begin_break(work, session_id)


def _give(work: Work, room: RoomSitting, session_id: int, ask: GiveTimeAsk, act: str) -> Ruling:
    lost = lost_of(work, room, session_id)
    asked = ask.seconds or max(1, giving.left_s(work, session_id, lost))
    return giving.give_time(work, session_id, asked, lost, ask.reason, act)


def _require_new_gift(work: Work, session_ids: Sequence[int], reason: str) -> None:
    before = [each for each in giving.grants(work, session_ids) if each.given_at > work.now - ONE_ACT]
    if any(each.reason == reason for each in before):
        raise Stale("changed_meanwhile")


def _require_new(work: Work, room: RoomSitting, ask: IncidentAsk) -> None:
    same = select(Incident.id).where(
        Incident.room_sitting_id == room.id, Incident.kind == ask.kind, Incident.text == ask.text,
        Incident.session_id.is_not_distinct_from(ask.session_id), Incident.written_at > work.now - ONE_ACT,
    )  # fmt: skip
    if work.db.execute(same).first() is not None:
        raise Stale("changed_meanwhile")


def _spans(work: Work, room: RoomSitting, session_id: int) -> list[Span]:
    rows = work.db.execute(
        select(Incident.began_at, IncidentEnd.ended_at)
        .outerjoin(IncidentEnd, IncidentEnd.incident_id == Incident.id)
        .where(Incident.room_sitting_id == room.id,
               Incident.session_id.is_(None) | (Incident.session_id == session_id))
    )  # fmt: skip
    noted = [(began_at, ended_at or work.now) for began_at, ended_at in rows]
    return [*silences(work, session_id), *unheard(work, session_id), *noted]


def _touched(work: Work, room: RoomSitting, row: Incident) -> Sequence[int]:
    live = _live(work, room)
    return live if row.session_id is None else [each for each in live if each == row.session_id]


def _here(work: Work, room: RoomSitting) -> list[int]:
    here = select(SeatAssignment.session_id).where(SeatAssignment.room_sitting_id == room.id)
    return list(work.db.execute(here).scalars())


def _live(work: Work, room: RoomSitting) -> list[int]:
    return [ref.id for ref in delivery.session_refs(work, _here(work, room)) if ref.state in LIVE]


def _rule(work: Work, room: RoomSitting) -> LostTimeRule:
    return delivery.sitting_ref(work, room.sitting_id).edition.get(CLAUSE, LostTimeRule)


def _announce(work: Work, room: RoomSitting, incident_id: int) -> None:
    body = IncidentChanged(incident=incident(work, incident_id))
    work.publish(Event(room.topic, "incident:changed", body.model_dump(mode="json")))
