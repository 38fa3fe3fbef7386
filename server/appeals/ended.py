"""When the appeals of a sitting are over: every receipt given, every window closed, every case on the sealed list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from server import delivery
from server.appeals.machine import FINISHED
from server.appeals.models import Appeal
from server.appeals.rules import AppealWindowRule
from server.appeals.telling import last_list
from server.core.work import Work
from server.grading.lists import queries as lists

WINDOW = "DC-25"
Wait = Literal["", "list", "receipts", "window", "cases", "final_list"]


@dataclass(frozen=True)
class Ended:
    """`at` is when the appeals of a sitting ended; None while they have not, and `waits_for` says what is missing.

    `until` is the last moment of the last window to appeal, where every department has signed for its results."""

    at: datetime | None
    waits_for: Wait
    until: datetime | None = None


def ended(work: Work, sitting_id: int) -> Ended:
    """How the appeals of the sitting stand."""
    sitting = delivery.sitting_ref(work, sitting_id)
    received = _received(work, sitting_id)
    if received is None:
        return Ended(None, "list")
    if None in received:
        return Ended(None, "receipts")
    rule = sitting.edition.get(WINDOW, AppealWindowRule)
    until = max(rule.last(each) for each in received if each is not None)
    if work.now <= until:
        return Ended(None, "window", until)
    return _cases(work, sitting_id, until)


def _cases(work: Work, sitting_id: int, until: datetime) -> Ended:
    states = work.db.scalars(select(Appeal.state).where(Appeal.sitting_id == sitting_id)).all()
    if any(state not in (*FINISHED, "told") for state in states):
        return Ended(None, "cases", until)
    final = last_list(work, sitting_id)
    if states and (final is None or any(state == "told" for state in states)):
        return Ended(None, "final_list", until)
    return Ended(max(until, final.issued_at) if final else until, "", until)


def _received(work: Work, sitting_id: int) -> list[datetime | None] | None:
    """When each department signed for its newest part of what was released; None before anything was released.

    Where no department stands between, the release itself."""
    released = [each for each in lists.lists_of(work, sitting_id) if each.released_at is not None]
    if not released:
        return None
    newest: dict[int, datetime | None] = {}
    for each in released:  # the newest first
        for given in lists.deliveries_of(work, each.id):
            newest.setdefault(given.department_id, given.received_at)
    return list(newest.values()) or [released[0].released_at]
