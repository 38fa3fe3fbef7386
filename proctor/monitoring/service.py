"""Signs of life: every few seconds the candidate's page is heard, answered, and shown on the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from proctor.monitoring.models import Heartbeat
from proctor.monitoring.wire import PresenceView, SessionSeen
from proctor.rooms.models import SeatAssignment, topic_of
from server.core.work import Work
from server.delivery import wire

# A page is heard every 4 s. Writing each sign of life would cost more than all the answers do.
STORE_EVERY_S = 10


@dataclass(frozen=True)
class Beat:
    """A sign of life, where it is to be shown, and whether it is worth a write."""

    topic: str | None
    seen: SessionSeen
    is_to_store: bool


def hear(work: Work, session_id: int, ask: wire.Heartbeat) -> Beat:
    """What a sign of life means; reads only."""
    stored = work.db.get(Heartbeat, session_id)
    room_sitting_id = work.db.execute(
        select(SeatAssignment.room_sitting_id).where(SeatAssignment.session_id == session_id)
    ).scalar_one_or_none()
    # A page that was opened anew counts from zero: what the proctor saw before must not vanish with a reload.
    lost_focus = max(ask.lost_focus, stored.lost_focus if stored else 0)
    presence = PresenceView(seen_at=work.now.isoformat(), lost_focus=lost_focus, unsent=ask.unsent)
    return Beat(
        topic=None if room_sitting_id is None else topic_of(room_sitting_id),
        seen=SessionSeen(session_id=session_id, presence=presence),
        is_to_store=stored is None
        or (stored.lost_focus, stored.unsent) != (lost_focus, ask.unsent)
        or work.now - stored.seen_at >= timedelta(seconds=STORE_EVERY_S),
    )


def store(work: Work, beat: Beat) -> None:
    """The last sign of life of the session is this one."""
    presence = beat.seen.presence
    values = {"seen_at": work.now, "lost_focus": presence.lost_focus, "unsent": presence.unsent}
    insert = sqlite.insert if work.db.connection().dialect.name == "sqlite" else postgresql.insert
    # One statement: the same page may send twice at once after the network came back.
    work.db.execute(
        insert(Heartbeat)
        .values(session_id=beat.seen.session_id, **values)
        .on_conflict_do_update(index_elements=["session_id"], set_=values)
    )
