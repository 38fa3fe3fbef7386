"""Silences: from the last sign of life to the next, as far as the candidate's clock ran meanwhile (DC-12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from proctor.monitoring.models import Silence
from server import delivery
from server.core.work import Work
from server.delivery.queries import answers_since
from server.delivery.rules import LostTimeRule
from server.delivery.service import giving
from server.delivery.timing import total_s

Span = tuple[datetime, datetime]


def note_silence(work: Work, session_id: int, heard_at: datetime) -> int:
    """What was lost since the last sign of life before this one is on record; the seconds lost in all."""
    ref = delivery.session_ref(work, session_id)
    rule = delivery.sitting_ref(work, ref.sitting_id).edition.get("DC-12.lost_time", LostTimeRule)
    least = timedelta(seconds=rule.gap_min_s)
    signs = [heard_at, *answers_since(work, session_id, heard_at), work.now]
    gaps = [(a, b) for a, b in pairwise(signs) if b - a >= least]
    for began_at, ended_at in giving.ran(work, session_id, gaps):
        work.db.add(Silence(session_id=session_id, began_at=began_at, ended_at=ended_at))
    work.db.flush()  # they are read back
    return total_s(silences(work, session_id))


def silences(work: Work, session_id: int) -> list[Span]:
    """Every silence of a session, in order."""
    rows = select(Silence.began_at, Silence.ended_at).where(Silence.session_id == session_id)
    return [(row.began_at, row.ended_at) for row in work.db.execute(rows.order_by(Silence.began_at))]
