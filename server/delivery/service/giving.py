"""Lost time is given back: the deadlines of a session move, and the decision stands beside them (DC-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from server.core.errors import Stale
from server.core.machine import moves_of
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery.events import publish_changed, publish_times
from server.delivery.machine import LIVE
from server.delivery.models import Section, TimeGrant
from server.delivery.policy import edition_of
from server.delivery.rules import LostTimeRule
from server.delivery.service import breaks
from server.delivery.service.planning import get_session
from server.delivery.service.standing import stood_since
from server.delivery.timing import total_s, while_running

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Given:
    """One decision by which time was given back."""

    session_id: int
    given_s: int
    lost_s: int
    reason: str
    act: str
    clause: str
    given_by: str
    given_at: datetime


def lost_s(work: Work, session_id: int, spans: Iterable[Span]) -> int:
    """How much of these spans the candidate's clock ran: in sections, outside pauses."""
    return total_s(ran(work, session_id, spans))


def ran(work: Work, session_id: int, spans: Iterable[Span]) -> list[Span]:
    """The parts of these spans in which a section of the session ran and was not paused."""
    parts = work.db.execute(
        select(Section.started_at, Section.ended_at, Section.ends_at)
        .where(Section.session_id == session_id, Section.started_at.is_not(None))
    ).all()  # fmt: skip
    stops = _stops(work, session_id)
    wanted = list(spans)
    return [
        part
        for started_at, ended_at, ends_at in parts if started_at is not None and ends_at is not None
        for span in wanted
        for part in while_running(span, (started_at, min(ended_at or work.now, ends_at)), stops)
    ]  # fmt: skip


def give_time(work: Work, session_id: int, asked_s: int, lost: int, reason: str, act: str) -> Ruling:
    """The deadlines of a running or paused session are later by that much; refused beyond what was lost.

    One that stood still because its time had run out goes on."""
    session = get_session(work, session_id)
    rule = edition_of(session.sitting).get("DC-12.lost_time", LostTimeRule)
    ruling = rule.judge(asked_s, lost, session.given_s, reason).or_refuse()
    if session.state not in LIVE or session.ends_at is None:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    more = timedelta(seconds=asked_s)
    running = next((s for s in session.sections if s.state == "running"), None)
    session.given_s += asked_s
    session.ends_at += more
    if running is not None and running.ends_at is not None:
        running.ends_at += more
    work.db.add(TimeGrant(session_id=session.id, section_id=running.id if running else None, given_s=asked_s,
                          lost_s=lost, reason=reason, act=act, ruling=ruling.to_json(), given_by=work.actor.label,
                          given_at=work.now))  # fmt: skip
    work.record("time:given-back", f"session:{session.id}", clause=ruling.clause, given_s=asked_s, lost_s=lost,
                reason=reason, act_of=act)  # fmt: skip
    if session.held_at is not None:
        breaks.go_on(work, session, reason)
    publish_changed(work, session)
    publish_times(work, session)
    return ruling


def left_s(work: Work, session_id: int, lost: int) -> int:
    """How much of what was lost may still be given back to the session."""
    session = get_session(work, session_id)
    rule = edition_of(session.sitting).get("DC-12.lost_time", LostTimeRule)
    return rule.room_s(lost, session.given_s)


def grants(work: Work, session_ids: Collection[int]) -> list[Given]:
    """Every decision that gave time back to one of the sessions, in order."""
    rows = work.db.execute(
        select(TimeGrant).where(TimeGrant.session_id.in_(session_ids)).order_by(TimeGrant.id)
    ).scalars()
    return [Given(r.session_id, r.given_s, r.lost_s, r.reason, r.act, str(r.ruling["clause"]), r.given_by, r.given_at)
            for r in rows]  # fmt: skip


def _stops(work: Work, session_id: int) -> list[Span]:
    """When the session's clock stood still: its pauses, the last of which may go on."""
    stops, since = [], None
    for move in moves_of(work.db, "exam_session", [session_id]):
        if move.verb == "pause":
            since = stood_since(move) or move.at
        elif since is not None:
            stops.append((since, move.at))
            since = None
    return [*stops, (since, work.now)] if since is not None else stops
