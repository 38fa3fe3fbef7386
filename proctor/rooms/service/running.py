"""The room as a whole: opened, started, held up, spoken to and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from proctor.calls import service as calls
from proctor.cameras.queries import judge_opening
from proctor.incidents import service as incidents
from proctor.irregularities.protocols import progress
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.rules import WatchRule
from proctor.observers import timetables
from proctor.rooms.desk import announce_room
from proctor.rooms.duty import on_duty, require_state, seated
from proctor.rooms.machine import AT_WORK, ROOM
from proctor.rooms.models import RoomSitting, SeatAssignment
from server import delivery
from server.core.errors import Invalid, Refused, Stale
from server.core.i18n import local_time
from server.core.machine import moves_of
from server.core.regulation import Ruling
from server.core.terms import find, in_time, whole_seconds
from server.core.work import Work
from server.delivery import service as sessions
from server.delivery.absences.queries import spared
from server.delivery.messages import languages_of
from server.delivery.rules import LatenessRule, SectionTimeRule, StartRule
from server.delivery.service.closing import close_over, let_run_out
from server.delivery.service.planning import session_end

OVER = frozenset({"submitted", "removed", "absent"})
HELD = "held"  # paused by the machine: a resumption of all who were paused must not close them


def open_room(work: Work, room_sitting_id: int) -> Ruling:
    """Desk and doors are open: the room is in an approved timetable (CS-3), and watched or waived (VS-1)."""
    room = on_duty(work, room_sitting_id)
    ROOM.target("open", room.state)  # a second press is stale, whatever the cameras do
    edition = delivery.sitting_ref(work, room.sitting_id).edition
    timetables.judge_opening(work, room).or_refuse()
    ruling = judge_opening(work, room.room_id, room.id, edition).or_refuse()
    work.move(room, ROOM, "open", ruling=ruling)
    work.record("room:opened", f"room_sitting:{room.id}", clause=ruling.clause, ruling=ruling.to_json())
    announce_room(work, room)
    return ruling


def start_room(work: Work, room_sitting_id: int) -> Ruling:
    """The test runs for all who were admitted; before the hour only by an order, on record (DC-11)."""
    room = on_duty(work, room_sitting_id)
    ROOM.target("start", room.state)  # a second press is stale, not too early
    sitting = delivery.sitting_ref(work, room.sitting_id)
    rule = sitting.edition.get("DC-11", StartRule)
    ruling = rule.judge_start(sitting.starts_at, work.now, sitting.early_start_order or "")
    if not ruling.allowed:
        raise Refused(ruling.code, ruling, starts=local_time(sitting.starts_at, sitting.zone, "HH:mm"))
    # That the briefing was short is on record and holds up nobody: forty who sit there would pay for it.
    briefing = rule.judge_briefing(_opened_at(work, room), work.now)
    ruling = replace(ruling, facts={**ruling.facts, "briefing": briefing.to_json()})
    admitted = [ref.id for ref in _sessions(work, room.id) if ref.state == "admitted"]
    room.started_at = work.now
    room.late_until = sitting.edition.get("DC-16", LatenessRule).admits_until(work.now)
    times = sitting.edition.get("DC-12", SectionTimeRule)
    room.ends_at = session_end(times, list(sitting.limits_s), work.now)
    work.move(room, ROOM, "start", ruling=ruling)
    sessions.begin_sessions(work, admitted, work.now)
    work.record("room:started", f"room_sitting:{room.id}", clause=ruling.clause, sessions=len(admitted),
                ruling=ruling.to_json())
    announce_room(work, room)
    return ruling


def pause(work: Work, room_sitting_id: int, reason: str, session_id: int | None = None) -> int:
    """One session, or all that run, stand still and lose no time; how many. A break is held up like a test."""
    chosen = _chosen(work, room_sitting_id, session_id, "running")
    for each in chosen:
        sessions.pause_session(work, each, reason)
        work.record("candidate:paused", f"session:{each}", reason=reason)
    return len(chosen)


def resume(work: Work, room_sitting_id: int, reason: str, session_id: int | None = None) -> int:
    """One session, or all that were paused, go on; how many. Only alone is somebody called back from a break."""
    chosen = _chosen(work, room_sitting_id, session_id, "paused")
    for each in chosen:
        sessions.resume_session(work, each, reason)
        work.record("candidate:resumed", f"session:{each}", reason=reason)
    return len(chosen)


def let_go(work: Work, room_sitting_id: int, reason: str, session_id: int) -> None:
    """Whose time ran out while the line was down is closed with nothing given back."""
    for each in _chosen(work, room_sitting_id, session_id, HELD):
        let_run_out(work, each, reason)


def message(
    work: Work, room_sitting_id: int, text: str, session_id: int | None = None, *, code: str | None = None,
    key: str | None = None,
) -> int:  # fmt: skip
    """One candidate, or all who are not done, will read it on their screen; how many.

    An answer kept ready is read by each in the language of their test; under the same `key` it is sent once."""
    room = on_duty(work, room_sitting_id)
    require_state(room, *AT_WORK)
    if session_id is not None:
        seated(work, room_sitting_id, session_id)
    chosen = [
        ref.id for ref in _sessions(work, room.id) if session_id in (None, ref.id) and ref.state not in OVER
    ]
    if not chosen:
        raise Stale("not_in_state", machine="exam_session", wanted="not over")
    texts = _in_their_language(work, room, chosen, text, code)
    for each in chosen:
        if sessions.send_message(work, each, texts[each], code=code, key=key):
            work.record("message:sent", f"session:{each}", text=texts[each])
            calls.answered(work, each)
    return len(chosen)


def close_room(work: Work, room_sitting_id: int) -> int:
    """The room is done and who did not come is recorded as absent (DC-16); how many were absent."""
    room = on_duty(work, room_sitting_id)
    ROOM.target("close", room.state)
    sitting = delivery.sitting_ref(work, room.sitting_id)
    refs = _sessions(work, room.id)
    _require_finished(work, room, sitting, refs)
    _require_signed(work, sitting, refs)
    close_over(work, [ref.id for ref in refs], "the room was closed")
    absent = [ref.id for ref in refs if ref.state == "expected"]
    rule = sitting.edition.get("DC-16", LatenessRule)
    if absent:
        _require_late_window_over(rule, room.started_at or sitting.starts_at, len(absent), work.now)
    _close_absent(work, rule, absent)
    incidents.end_open(work, room)
    room.closed_at = work.now
    work.move(room, ROOM, "close")
    work.record("room:closed", f"room_sitting:{room.id}", clause=rule.clause, absent=len(absent))
    announce_room(work, room)
    return len(absent)


def _opened_at(work: Work, room: RoomSitting) -> datetime:
    return next(move.at for move in moves_of(work.db, ROOM.name, [room.id]) if move.verb == "open")


def _close_absent(work: Work, rule: LatenessRule, absent: Sequence[int]) -> None:
    """Each is absent, with or without a valid reason on record."""
    excused = spared(work, {each.id: each.registration_id for each in delivery.session_refs(work, absent)})
    for has_valid_reason in (False, True):
        ruling = rule.judge_absence(has_valid_reason)
        those = [each for each in absent if (each in excused) is has_valid_reason]
        sessions.close_absent(work, those, ruling)
        for session_id in those:
            work.record("candidate:absent", f"session:{session_id}", clause=ruling.clause, ruling=ruling.to_json())


def _in_their_language(
    work: Work, room: RoomSitting, session_ids: Sequence[int], text: str, code: str | None
) -> dict[int, str]:
    if code is None:
        return dict.fromkeys(session_ids, text)
    answers = delivery.sitting_ref(work, room.sitting_id).edition.get("DC-15.watch", WatchRule).answers
    answer = find(answers, code)
    if answer is None:
        raise Invalid("answer_unknown")
    spoken = languages_of(work, session_ids)
    return {each: answer.title(spoken[each]) for each in session_ids}


def _sessions(work: Work, room_sitting_id: int) -> list[delivery.SessionRef]:
    seated_here = select(SeatAssignment.session_id).where(SeatAssignment.room_sitting_id == room_sitting_id)
    return delivery.session_refs(work, work.db.execute(seated_here).scalars().all())


def _chosen(work: Work, room_sitting_id: int, session_id: int | None, state: str) -> list[int]:
    room = on_duty(work, room_sitting_id)
    require_state(room, "running")
    if session_id is not None:
        seated(work, room_sitting_id, session_id)
    chosen = [
        ref.id for ref in _sessions(work, room.id)
        if session_id in (None, ref.id) and _is_in(ref, state, is_named=session_id is not None)
    ]
    if not chosen:
        raise Stale("not_in_state", machine="exam_session", wanted=state)
    return chosen


def _is_in(ref: delivery.SessionRef, state: str, *, is_named: bool) -> bool:
    if ref.is_on_break:  # an alarm holds it up with every test; and what ends the alarm calls nobody back from it
        return state == "running" or (state == "paused" and is_named)
    return (HELD if ref.held_since is not None else ref.state) == state


def _require_finished(
    work: Work, room: RoomSitting, sitting: delivery.SittingRef, refs: Sequence[delivery.SessionRef]
) -> None:
    admitted = sum(ref.state == "admitted" for ref in refs)
    if room.state == "open" and admitted:
        raise Invalid("room_has_admitted", n=admitted)
    unfinished = sum(_is_unfinished(ref, work.now) for ref in refs)
    if unfinished:
        rule = sitting.edition.get("DC-12", SectionTimeRule)
        raise Refused.by(rule.refuse("sessions_unfinished", n=unfinished))


def _require_signed(work: Work, sitting: delivery.SittingRef, refs: Sequence[delivery.SessionRef]) -> None:
    stands = progress(work, [ref.id for ref in refs if ref.state == "removed"])
    open_ones = sum(each != "signed" for each in stands.values())
    sitting.edition.get("DC-15", ViolationsRule).judge_closing(open_ones).or_refuse()


def _is_unfinished(ref: delivery.SessionRef, now: datetime) -> bool:
    # Whose time is up is closed by the caretaker within a second; the room need not wait for that.
    if ref.state == "running" and ref.ends_at is not None:
        return in_time(now, ref.ends_at)
    if ref.held_since is not None:  # undecided; while a subject could still follow, the room is not done
        return ref.is_section_left and ref.ends_at is not None and in_time(now, ref.ends_at)
    return ref.state in ("running", "paused")


def _require_late_window_over(rule: LatenessRule, starts_at: datetime, n: int, now: datetime) -> None:
    last = rule.admits_until(starts_at)
    if in_time(now, last):
        minutes = max(1, -(-whole_seconds(now, last) // 60))
        raise Refused.by(rule.refuse("latecomers_may_come", n=n, minutes=minutes, until=last))
