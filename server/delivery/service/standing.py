"""What is on record of time that ran out while nobody could be heard (DC-12); `closing` holds and closes."""

from __future__ import annotations

from datetime import datetime

from server.core.machine import Move, moves_of
from server.core.work import Work

STANDS = "time_stands"


def stood_since(move: Move) -> datetime | None:
    """Since when the clock stood, if the machine made this pause; the move itself came a little later."""
    if move.ruling is None or move.ruling["code"] != STANDS:
        return None
    return datetime.fromisoformat(move.ruling["facts"]["ends_at"])


def stood(work: Work, session_id: int) -> list[tuple[str, str, str]]:
    """Each time that ran out unheard: when that was, when the machine held the session, under which clause."""
    return [
        (since.isoformat(), move.at.isoformat(), move.ruling["clause"])
        for move in moves_of(work.db, "exam_session", [session_id])
        if move.ruling is not None and (since := stood_since(move)) is not None
    ]
