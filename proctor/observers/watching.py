"""The observer's live view of a room: seats as states, what happened as acts, never who (CS-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from proctor.incidents.queries import incidents
from proctor.irregularities.queries import warned
from proctor.monitoring.wire import ClauseView
from proctor.observers.queries import own_remarks, watched
from proctor.observers.wire import (
    WatchedAct,
    WatchedEvent,
    WatchedIncident,
    WatchedRemark,
    WatchedSeat,
    WatchedState,
    WatchView,
)
from proctor.rooms.desk import admissions
from proctor.rooms.models import Admission, RoomSitting
from proctor.rooms.queries import SeatRef, room_view, seats_in
from proctor.rooms.rules import ObserversRule
from server import delivery
from server.core import events
from server.core.i18n import language
from server.core.machine import moves_of
from server.core.regulation import Edition
from server.core.roles import Role
from server.core.terms import find
from server.core.work import Work
from server.delivery.rules import LostTimeRule
from server.delivery.wire import ProgressView
from server.edge.sockets import make_ticket

EVENTS_MAX = 60
STATES: Mapping[str, WatchedState] = {
    "expected": "expected", "admitted": "present", "running": "working", "paused": "paused",
    "submitted": "finished", "removed": "removed", "absent": "absent",
}  # fmt: skip
ROOM_ACTS: Mapping[str, WatchedAct] = {"open": "room_opened", "start": "room_started", "close": "room_closed"}
SEAT_ACTS: Mapping[str, WatchedAct] = {
    "admit": "admitted", "pause": "paused", "resume": "resumed", "remove": "removed", "close_absent": "absent",
}  # fmt: skip


def topic_to_watch(room_sitting_id: int) -> str:
    """The topic on which observers hear that a room has changed, and nothing else."""
    return f"watch:{room_sitting_id}"


def watch(work: Work, room_sitting_id: int, realtime_origin: str | None = None) -> WatchView:
    """The room as the acting observer may see it, in their language."""
    who, room = watched(work, room_sitting_id)
    # The version first: what is read after it can only be newer.
    v = events.version(work.db, room.topic)
    sitting = delivery.sitting_ref(work, room.sitting_id)
    rule = sitting.edition.get("CS-3", ObserversRule)
    shows = {view for view in ("room", "progress", "alert") if rule.judge(who.kind, view).allowed}
    about = room_view(work, room, sitting)
    seats = seats_in(work, room)
    ids = [seat.session_id for seat in seats if seat.session_id is not None]
    late = admissions(work, ids)
    topic = topic_to_watch(room.id)
    return WatchView(
        epoch=events.epoch(work.vault), v=v, topic=topic,
        ticket=make_ticket(work.vault, topic, Role.OBSERVER, work.now), realtime_origin=realtime_origin,
        now=work.now.isoformat(), room=about.name, centre=about.centre, sitting_title=about.sitting_title,
        state=about.state, starts_at=about.starts_at, started_at=about.started_at, late_until=about.late_until,
        ends_at=about.ends_at,
        seats=_seats(seats, delivery.progress(work, ids), late) if "progress" in shows else None,
        events=_events(work, room, seats, late) if "alert" in shows else None,
        incidents=_incidents(work, room, sitting.edition) if "alert" in shows else None,
        remarks=[WatchedRemark(at=each.made_at.isoformat(), text=each.text)
                 for each in own_remarks(work, who.id, room.id)],
        clause=ClauseView(id="CS-3", title=sitting.edition.clauses["CS-3"].title[language()]),
    )  # fmt: skip


def _seats(
    seats: list[SeatRef], progress: Mapping[int, ProgressView], late: Mapping[int, Admission]
) -> list[WatchedSeat]:
    found = []
    for seat in seats:
        known = progress.get(seat.session_id or 0)
        let_in = late.get(seat.session_id or 0)
        found.append(
            WatchedSeat(
                number=seat.number, row=seat.row, col=seat.col, state=STATES[known.state] if known else "free",
                is_late=bool(let_in and let_in.late_s),
            )
        )  # fmt: skip
    return found


def _events(
    work: Work, room: RoomSitting, seats: list[SeatRef], late: Mapping[int, Admission]
) -> list[WatchedEvent]:
    """What happened, the newest first. The words people wrote beside their acts stay out: they may hold names."""
    number_of = {seat.session_id: seat.number for seat in seats if seat.session_id is not None}
    ids = sorted(number_of)
    made: list[tuple[str, WatchedAct, str]]
    made = [(move.at.isoformat(), ROOM_ACTS[move.verb], "")
            for move in moves_of(work.db, "room_sitting", [room.id]) if move.verb in ROOM_ACTS]
    for move in moves_of(work.db, "exam_session", ids):
        if move.verb in SEAT_ACTS:
            let_in = late.get(move.row_id)
            is_late = move.verb == "admit" and let_in is not None and bool(let_in.late_s)
            act: WatchedAct = "admitted_late" if is_late else SEAT_ACTS[move.verb]
            made.append((move.at.isoformat(), act, number_of[move.row_id]))
    made += [(at.isoformat(), "warned", number_of[session_id]) for session_id, at in warned(work, ids)]
    return _together(made)[:EVENTS_MAX]


def _incidents(work: Work, room: RoomSitting, edition: Edition) -> list[WatchedIncident]:
    """What went wrong and for how long, the latest first. What was written of it and whom it touched stay out."""
    kinds = edition.get("DC-12.lost_time", LostTimeRule).incidents
    found = []
    for each in incidents(work, room.id)[::-1][:EVENTS_MAX]:
        kind = find(kinds, each.kind)
        found.append(WatchedIncident(kind=kind.title(language()) if kind else each.kind, began_at=each.began_at,
                                     ended_at=each.ended_at, is_whole=each.session_id is None))  # fmt: skip
    return found


def _together(made: Iterable[tuple[str, WatchedAct, str]]) -> list[WatchedEvent]:
    """Acts of one instant are one line: a whole room that was held up is not forty."""
    grouped: dict[tuple[str, WatchedAct], list[str]] = {}
    for at, act, number in made:
        grouped.setdefault((at, act), []).append(number)
    lines = [WatchedEvent(at=at, act=act, seats=[each for each in numbers if each])
             for (at, act), numbers in grouped.items()]
    return sorted(lines, key=lambda line: line.at)[::-1]
