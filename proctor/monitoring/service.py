"""Signs of life: every few seconds the candidate's page is heard, answered, and shown on the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from proctor.calls.models import Call
from proctor.calls.queries import call_view
from proctor.monitoring.models import Departure, Heartbeat
from proctor.monitoring.silences import note_silence
from proctor.monitoring.wire import PresenceView, SessionSeen
from proctor.rooms.models import SeatAssignment, topic_of
from server.core.work import Work
from server.delivery import wire
from server.delivery.queries import signed_in_at

# A page is heard every 4 s. Writing each sign of life would cost more than all the answers do.
STORE_EVERY_S = 10
GAP = timedelta(seconds=2 * STORE_EVERY_S)  # of silence, which is measured and kept
# Nobody leaves a window so often; a script that says so fills no disk.
LEAVINGS_MAX = 1000
SECOND_MS = 1000


@dataclass(frozen=True)
class Beat:
    """A sign of life, where it is to be shown, whether it is worth a write, and the open call of who gave it.

    `is_plain`: it is only its age that makes it worth one, so it may be written with others."""

    topic: str | None
    seen: SessionSeen
    is_to_store: bool
    is_plain: bool
    call: wire.CallView | None


# Built once and asked once: a hall that waits for the word gives a hundred and fifty signs of life a second.
SEATED = (
    select(SeatAssignment.room_sitting_id, Heartbeat, Call)
    .outerjoin(Heartbeat, Heartbeat.session_id == SeatAssignment.session_id)
    .outerjoin(Call, (Call.session_id == SeatAssignment.session_id) & Call.closed_at.is_(None))
    .where(SeatAssignment.session_id == bindparam("session_id"))
)
LATER = (
    update(Heartbeat)
    .where(Heartbeat.session_id == bindparam("heard_of"), Heartbeat.seen_at < bindparam("heard_at"))
    .values(seen_at=bindparam("heard_at"), battery=bindparam("charge"), is_charging=bindparam("is_fed"))
)


def hear(work: Work, session_id: int, ask: wire.Heartbeat) -> Beat:
    """What a sign of life means; reads only. Leavings count once they are stored."""
    found = work.db.execute(SEATED, {"session_id": session_id}).one_or_none()
    room_sitting_id, stored, call = found or (None, work.db.get(Heartbeat, session_id), None)
    away_since = stored.away_since if stored and ask.is_away else None
    presence = PresenceView(
        seen_at=work.now.isoformat(),
        lost_focus=stored.lost_focus if stored else 0,
        away_s=stored.away_s if stored else 0,
        away_since=away_since.isoformat() if away_since else None,
        unsent=ask.unsent,
        lost_s=stored.lost_s if stored else 0,
        battery=ask.battery.percent if ask.battery else None,
        is_charging=ask.battery.is_charging if ask.battery else None,
    )
    age = work.now - stored.seen_at if stored else GAP
    is_news = stored is None or bool(ask.leavings) or (stored.unsent, stored.away_since) != (ask.unsent, away_since)
    return Beat(
        topic=None if room_sitting_id is None else topic_of(room_sitting_id),
        seen=SessionSeen(session_id=session_id, presence=presence),
        is_to_store=is_news or age >= timedelta(seconds=STORE_EVERY_S),
        is_plain=not is_news and age < GAP,
        call=None if call is None else call_view(call),
    )


def store(work: Work, beat: Beat, ask: wire.Heartbeat) -> Beat:
    """The last sign of life of the session is this one, its leavings on record; the beat as it now stands."""
    session_id, presence = beat.seen.session_id, beat.seen.presence
    if ask.leavings:
        _keep(work, session_id, ask.leavings)
        presence = _counted(work, session_id, presence, is_away=ask.is_away)
    # Read anew: of two signs of life heard at once, the second must not forget what the first found lost.
    stored = work.db.get(Heartbeat, session_id)
    heard_at = stored.seen_at if stored is not None else signed_in_at(work, session_id)
    if heard_at is not None:
        is_gap = work.now - heard_at >= GAP
        lost_s = note_silence(work, session_id, heard_at) if is_gap else stored.lost_s if stored is not None else 0
        presence = presence.model_copy(update={"lost_s": lost_s})
    values = {
        "seen_at": work.now, "lost_focus": presence.lost_focus, "away_s": presence.away_s,
        "away_since": datetime.fromisoformat(presence.away_since) if presence.away_since else None,
        "unsent": presence.unsent, "battery": presence.battery, "is_charging": presence.is_charging,
        "lost_s": presence.lost_s,
    }  # fmt: skip
    # One statement: the same page may send twice at once after the network came back.
    insert = _insert(work)
    work.db.execute(
        insert(Heartbeat)
        .values(session_id=session_id, **values)
        .on_conflict_do_update(index_elements=["session_id"], set_=values)
    )
    return replace(beat, seen=SessionSeen(session_id=session_id, presence=presence))


def store_plain(work: Work, seen: Sequence[SessionSeen]) -> None:
    """These last signs of life are stored, each unless a later one is; they say nothing new."""
    rows = [
        {"heard_of": each.session_id, "heard_at": datetime.fromisoformat(each.presence.seen_at),
         "charge": each.presence.battery, "is_fed": each.presence.is_charging}
        for each in sorted(seen, key=lambda each: each.session_id) if each.presence.seen_at
    ]  # fmt: skip
    work.db.connection().execute(LATER, rows)


def _keep(work: Work, session_id: int, leavings: list[wire.Leaving]) -> None:
    rows = []
    for each in leavings:
        left_at = work.now - timedelta(milliseconds=each.ago_ms)
        row = {"session_id": session_id, "key": str(each.key), "kind": each.kind, "heard_at": work.now}
        rows.append({**row, "is_return": False, "at": left_at, "away_ms": 0})
        if each.away_ms is not None:
            # No longer than since it was left: the page counts, the server keeps the bounds.
            away_ms = min(each.away_ms, each.ago_ms)
            back_at = left_at + timedelta(milliseconds=away_ms)
            rows.append({**row, "is_return": True, "at": back_at, "away_ms": away_ms})
    known = select(func.count()).where(Departure.session_id == session_id)
    if work.db.execute(known).scalar_one() < LEAVINGS_MAX:
        insert = _insert(work)
        work.db.execute(insert(Departure).on_conflict_do_nothing(), rows)


def _counted(work: Work, session_id: int, presence: PresenceView, *, is_away: bool) -> PresenceView:
    left = case((Departure.is_return.is_(False), 1), else_=0)
    sums = select(func.sum(left), func.sum(Departure.away_ms)).where(Departure.session_id == session_id)
    times, away_ms = work.db.execute(sums).one()
    last = select(Departure.at).where(Departure.session_id == session_id, Departure.is_return.is_(False))
    since = work.db.execute(last.order_by(Departure.id.desc()).limit(1)).scalar_one()
    changes = {
        "lost_focus": times, "away_s": away_ms // SECOND_MS, "away_since": since.isoformat() if is_away else None,
    }  # fmt: skip
    return presence.model_copy(update=changes)


def _insert(work: Work) -> Any:
    return sqlite.insert if work.db.connection().dialect.name == "sqlite" else postgresql.insert
