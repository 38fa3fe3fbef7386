"""Each leaving of a test's window or full screen, as reports show it; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from proctor.calls.queries import Called, calls_of
from proctor.monitoring.models import Departure
from server.core.regulation import Edition
from server.core.work import Work

SECOND_MS = 1000


@dataclass(frozen=True)
class Left:
    """One leaving: `away_s` is None where nobody was heard to come back."""

    session_id: int
    kind: str
    at: datetime
    away_s: int | None


@dataclass(frozen=True)
class Watched:
    """What was seen of one session while it ran."""

    left: list[Left]
    calls: list[Called]


def watched(work: Work, session_id: int, edition: Edition) -> Watched:
    """Each leaving and each call of a session."""
    return Watched(departures(work, [session_id]), calls_of(work, session_id, edition))


def departures_by_session(work: Work, session_ids: Collection[int]) -> dict[int, list[Left]]:
    """The leavings of each of these sessions that was left."""
    found: dict[int, list[Left]] = {}
    for each in departures(work, session_ids):
        found.setdefault(each.session_id, []).append(each)
    return found


def departures(work: Work, session_ids: Collection[int]) -> list[Left]:
    """The leavings of these sessions, in order."""
    query = select(Departure).where(Departure.session_id.in_(session_ids)).order_by(Departure.id)
    rows = work.db.execute(query).scalars().all()
    back = {(row.session_id, row.key): row.away_ms // SECOND_MS for row in rows if row.is_return}
    return [
        Left(row.session_id, row.kind, row.at, back.get((row.session_id, row.key)))
        for row in rows if not row.is_return
    ]  # fmt: skip
