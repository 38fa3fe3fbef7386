"""What is on record of time that ran out while nobody could be heard (DC-12); `closing` holds and closes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from server.core.machine import Move, moves_of
from server.core.work import Work

STANDS = "time_stands"
PAUSE = "pause"  # what the machine does then


def stood_since(move: Move) -> datetime | None:
    """Since when the clock stood, if the machine made this pause; the move itself came a little later."""
    if move.ruling is None or move.ruling["code"] != STANDS:
        return None
    return datetime.fromisoformat(move.ruling["facts"]["ends_at"])


def stood(work: Work, session_ids: Collection[int]) -> dict[int, list[tuple[str, str, str]]]:
    """By session each time that ran out unheard: when that was, when the machine held it, under which clause."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    for move in moves_of(work.db, "exam_session", session_ids, verb=PAUSE):
        since = stood_since(move)
        if since is not None and move.ruling is not None:
            line = (since.isoformat(), move.at.isoformat(), move.ruling["clause"])
            found.setdefault(move.row_id, []).append(line)
    return found
