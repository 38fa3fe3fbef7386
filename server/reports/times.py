"""Time beside the limits of one session, for the office: conditions, what was lost and given back (DC-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from proctor.incidents.papers import clock
from proctor.monitoring.silences import silences
from server import accounts, delivery
from server.candidates import accommodating
from server.core.work import Work
from server.delivery.service.giving import Given, grants


@dataclass(frozen=True)
class Gift:
    """Time given back: when, how much of how much, why, by whom, under which clause."""

    at: datetime
    given: str
    lost: str
    reason: str
    who: str
    clause: str


@dataclass(frozen=True)
class Times:
    """All that stands beside the limits of a session."""

    conditions: Sequence[accommodating.AccommodationRef]
    silences: Sequence[tuple[datetime, datetime, str]]
    gifts: Sequence[Gift]

    def __bool__(self) -> bool:
        return bool(self.conditions or self.silences or self.gifts)


def times_of(work: Work, session_id: int) -> Times:
    """What was decided, lost and given back for the candidate of a session."""
    registration = delivery.session_ref(work, session_id).registration_id
    given = grants(work, [session_id])
    names = accounts.staff_names(work, [_staff(each) for each in given])
    return Times(
        accommodating.accommodations(work, [registration])[registration],
        [(a, b, clock(int((b - a).total_seconds()))) for a, b in silences(work, session_id)],
        [Gift(each.given_at, clock(each.given_s), clock(each.lost_s), each.reason,
              names.get(_staff(each), each.given_by), each.clause) for each in given],
    )  # fmt: skip


def _staff(each: Given) -> int:
    return int(each.given_by.rpartition(":")[2]) if each.given_by.startswith("staff:") else 0
