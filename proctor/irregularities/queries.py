"""What is known of irregularities: counts for the console, open ones for grading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from proctor.irregularities.models import Irregularity
from server import delivery
from server.core.work import Work


@dataclass(frozen=True)
class IrregularityRef:
    """One violation as it was answered at once; `narrative` is what was said of it then."""

    id: int
    session_id: int
    violation: str
    consequence: str
    narrative: str
    clause: str
    reported_by: int
    reported_at: datetime


@dataclass(frozen=True)
class Tally:
    """How often a candidate was warned (a pause warns too), and whether they were removed."""

    warnings: int = 0
    is_removed: bool = False


def tallies(work: Work, session_ids: Collection[int]) -> dict[int, Tally]:
    """The tally of each session that has any irregularity."""
    found: dict[int, Tally] = {}
    rows = work.db.execute(
        select(Irregularity.session_id, Irregularity.consequence, func.count())
        .where(Irregularity.session_id.in_(session_ids))
        .group_by(Irregularity.session_id, Irregularity.consequence)
    )
    for session_id, consequence, n in rows:
        before = found.get(session_id, Tally())
        is_removal = consequence == "removal"
        found[session_id] = Tally(
            before.warnings + (0 if is_removal else n), before.is_removed or is_removal
        )
    return found


def warned(work: Work, session_ids: Collection[int]) -> list[tuple[int, datetime]]:
    """Whom a warning was given and when, without a word of what it was for."""
    rows = select(Irregularity.session_id, Irregularity.reported_at).where(
        Irregularity.session_id.in_(session_ids), Irregularity.consequence.in_(("warning", "pause"))
    )
    return [(row.session_id, row.reported_at) for row in work.db.execute(rows.order_by(Irregularity.id))]


def was_removed(work: Work, session_id: int) -> bool:
    """True if a protocol removed this candidate from any sitting of the programme (DC-15)."""
    registration_id = delivery.session_ref(work, session_id).registration_id
    every = delivery.sessions_of_registration(work, registration_id)
    return any(tally.is_removed for tally in tallies(work, every).values())


def open_irregularities(work: Work, session_id: int) -> tuple[IrregularityRef, ...]:
    """What stands against this session, in the order in which it was reported."""
    rows = work.db.execute(
        select(Irregularity).where(Irregularity.session_id == session_id).order_by(Irregularity.id)
    ).scalars()
    return tuple(
        IrregularityRef(
            row.id, row.session_id, row.violation, row.consequence, row.narrative, str(row.ruling["clause"]),
            row.reported_by, row.reported_at,
        )
        for row in rows
    )
