"""A deadline as every feature tells it: what is due under which clause, by when, and when it was done.
Each feature gathers its own; the office's page puts them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.core.terms import in_time

State = Literal["overdue", "soon", "open", "done_late", "done"]
ORDER: tuple[State, ...] = ("overdue", "soon", "open", "done_late", "done")
SOON = timedelta(days=2)


@dataclass(frozen=True)
class Deadline:
    """Something that must be done: `kind` names what, `subject` whom or what it is about, `path` where it is done."""

    kind: str
    subject: str
    path: str
    clause: str
    due_at: datetime
    done_at: datetime | None = None
    zone: str = "UTC"

    def state(self, now: datetime) -> State:
        """How it stands; what was done in the second of its limit was done in time."""
        if self.done_at is not None:
            return "done" if in_time(self.done_at, self.due_at) else "done_late"
        if not in_time(now, self.due_at):
            return "overdue"
        return "soon" if self.due_at - now <= SOON else "open"


def in_order(deadlines: Iterable[Deadline], now: datetime) -> list[tuple[Deadline, State]]:
    """Each with its state: what is overdue first, then what is due next; of what is done the latest first."""
    known = [(each, each.state(now)) for each in deadlines]

    def place(one: tuple[Deadline, State]) -> tuple[int, float, str, str]:
        deadline, state = one
        at = deadline.due_at.timestamp()
        return ORDER.index(state), -at if deadline.done_at else at, deadline.kind, deadline.subject

    return sorted(known, key=place)
