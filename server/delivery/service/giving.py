"""Lost time is given back: the deadlines of a session move, and the decision stands beside them (DC-12).

It is given where it was lost: minutes of one subject are no minutes of another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from server.core.errors import Stale
from server.core.machine import moves_of
from server.core.regulation import Ruling
from server.core.work import Work
from server.delivery.events import publish_changed, publish_times
from server.delivery.machine import LIVE
from server.delivery.models import ExamSession, TimeGrant
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


@dataclass(frozen=True)
class Lost:
    """What a session lost and may still have back: `here_s` of the subject that runs or stands still, `between_s` of
    the time between subjects, as far as the next one is shorter for it; with what was given back, `counted_s`."""

    here_s: int
    between_s: int
    given_s: int

    @property
    def due_s(self) -> int:
        """What may still be given back."""
        return self.here_s + self.between_s

    @property
    def counted_s(self) -> int:
        """What counts as lost in all."""
        return self.due_s + self.given_s


def lost(work: Work, session_id: int, spans: Iterable[Span]) -> Lost:
    """How much of these spans is lost to the candidate and may be given back now.

    What a subject lost is given back while it runs or stands still. Between subjects nothing is worked on: a loss
    there moves the end of the whole, and that of a subject which the end of the whole cut short."""
    session = work.db.get_one(ExamSession, session_id)
    running = session.running
    wanted, stops, given = list(spans), _stops(work, session_id), _given(work, session_id)
    lost_of: dict[int | None, list[Span]] = {}
    for section_id, run in _runs(session, work.now):
        for span in wanted:
            lost_of.setdefault(section_id, []).extend(while_running(span, run, stops))
    between_s = max(0, total_s(lost_of.get(None, [])) - given.get(None, 0))
    if running is None:
        return Lost(0, between_s if session.pending is not None else 0, session.given_s)
    here_s = total_s(lost_of.get(running.id, [])) - given.get(running.id, 0)
    return Lost(max(0, here_s), min(between_s, running.short_s), session.given_s)


def ran(work: Work, session_id: int, spans: Iterable[Span]) -> list[Span]:
    """The parts of these spans in which the clock of a subject, or of the wait for the next one, ran."""
    session = work.db.get_one(ExamSession, session_id)
    stops, wanted = _stops(work, session_id), list(spans)
    runs = _runs(session, work.now)
    return [part for _id, run in runs for span in wanted for part in while_running(span, run, stops)]


def give_time(work: Work, session_id: int, asked_s: int, lost: Lost, reason: str, act: str) -> Ruling:
    """The deadlines of a running or paused session are later by that much; refused beyond what was lost.

    One that stood still because its time had run out goes on."""
    session = get_session(work, session_id)
    rule = edition_of(session.sitting).get("DC-12.lost_time", LostTimeRule)
    ruling = rule.judge(asked_s, lost.counted_s, session.given_s, reason).or_refuse()
    if session.state not in LIVE or session.ends_at is None:
        raise Stale("not_in_state", machine="exam_session", state=session.state)
    more = timedelta(seconds=asked_s)
    running = session.running
    session.given_s += asked_s
    session.ends_at += more
    here_s = min(asked_s, lost.here_s)
    if running is not None and running.ends_at is not None:
        running.ends_at += more
        running.short_s -= asked_s - here_s
    for section_id, part_s in ((running and running.id, here_s), (None, asked_s - here_s)):
        if part_s:
            work.db.add(TimeGrant(session_id=session.id, section_id=section_id, given_s=part_s,
                                  lost_s=lost.counted_s, reason=reason, act=act, ruling=ruling.to_json(),
                                  given_by=work.actor.label, given_at=work.now))  # fmt: skip
    work.record("time:given-back", f"session:{session.id}", clause=ruling.clause, given_s=asked_s,
                lost_s=lost.counted_s, reason=reason, act_of=act)  # fmt: skip
    if session.held_at is not None:
        breaks.go_on(work, session, reason)
    publish_changed(work, session)
    publish_times(work, session)
    return ruling


def left_s(work: Work, session_id: int, lost: Lost) -> int:
    """How much of what was lost may still be given back to the session."""
    session = get_session(work, session_id)
    rule = edition_of(session.sitting).get("DC-12.lost_time", LostTimeRule)
    return rule.room_s(lost.counted_s, session.given_s)


def was_given(work: Work, session_ids: Collection[int], act: str) -> bool:
    """Whether that act gave time back to any of these sessions."""
    known = select(TimeGrant.id).where(TimeGrant.session_id.in_(session_ids), TimeGrant.act == act)
    return work.db.execute(known).first() is not None


def grants(work: Work, session_ids: Collection[int]) -> list[Given]:
    """Every decision that gave time back to one of the sessions, in order."""
    rows = work.db.execute(
        select(TimeGrant).where(TimeGrant.session_id.in_(session_ids)).order_by(TimeGrant.id)
    ).scalars()
    return [Given(r.session_id, r.given_s, r.lost_s, r.reason, r.act, str(r.ruling["clause"]), r.given_by, r.given_at)
            for r in rows]  # fmt: skip


def _given(work: Work, session_id: int) -> dict[int | None, int]:
    """What was given back so far, by subject; under None, of the time between."""
    sums = select(TimeGrant.section_id, func.sum(TimeGrant.given_s)).where(TimeGrant.session_id == session_id)
    return {section_id: int(given_s) for section_id, given_s in work.db.execute(sums.group_by(TimeGrant.section_id))}


def _runs(session: ExamSession, now: datetime) -> list[tuple[int | None, Span]]:
    """When a clock ran: that of each subject, and under None that of the wait for the next one."""
    runs: list[tuple[int | None, Span]] = []
    over_at: datetime | None = None
    for section in session.sections:
        if over_at is not None and session.ends_at is not None:
            until = section.started_at or session.ended_at or now
            runs.append((None, (over_at, min(until, session.ends_at))))
        if section.started_at is not None and section.ends_at is not None:
            runs.append((section.id, (section.started_at, min(section.ended_at or now, section.ends_at))))
        over_at = section.ended_at
    return runs


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
