"""What the clock says of a session: pure, from facts and `now`. The server's clock alone decides (DC-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.core.clock import ms_between
from server.delivery.wire import Phase


@dataclass(frozen=True)
class Facts:
    """What is known of a session's time. `section_ends_at` is that of the running section, if there is one."""

    state: str
    starts_at: datetime
    ends_at: datetime | None
    paused_at: datetime | None
    section_ends_at: datetime | None
    is_section_left: bool


@dataclass(frozen=True)
class Clockface:
    """The phase, when it ends, and what is left of it and of the whole, in milliseconds."""

    phase: Phase
    ends_at: datetime | None
    remaining_ms: int | None
    total_remaining_ms: int | None


def clockface(facts: Facts, now: datetime) -> Clockface:
    """The clock as the candidate should see it now; in a pause it stands still."""
    at = facts.paused_at or now
    phase = _phase(facts)
    ends_at = {
        "waiting": facts.starts_at,
        "running": facts.section_ends_at,
        "paused": facts.section_ends_at,
    }.get(phase)
    total = _left(facts.ends_at, at) if phase in ("running", "paused", "between") else None
    return Clockface(phase, ends_at, _left(ends_at, at), total)


def is_due(ends_at: datetime | None, now: datetime, grace_s: int) -> bool:
    """True once an answer would come too late: the second in which time runs out still counts."""
    return ends_at is not None and now - ends_at >= timedelta(seconds=1 + grace_s)


def section_end(started_at: datetime, limit_s: int, session_ends_at: datetime) -> datetime:
    """When a section that starts now must end: by its own limit, and never after the session."""
    return min(started_at + timedelta(seconds=limit_s), session_ends_at)


def short_s(started_at: datetime, limit_s: int, session_ends_at: datetime) -> int:
    """How much of its limit a section that starts now loses because the session ends before."""
    whole = started_at + timedelta(seconds=limit_s)
    return max(0, -(-(whole - session_ends_at) // timedelta(seconds=1)))


def break_end(paused_at: datetime, allowed_s: int, used_s: int) -> datetime | None:
    """Until when a break that begins now may last; None where nothing is left of what was allowed."""
    left_s = allowed_s - used_s
    return paused_at + timedelta(seconds=left_s) if left_s > 0 else None


def went_on_at(now: datetime, break_until: datetime | None) -> datetime:
    """When the clock of a pause that ends now went on: a break never outlasts what was allowed."""
    return now if break_until is None else min(now, break_until)


def while_running(
    span: tuple[datetime, datetime], runs: tuple[datetime, datetime], stops: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """The parts of a span in which the candidate's clock ran: within `runs`, outside each stop."""
    parts = [(max(span[0], runs[0]), min(span[1], runs[1]))]
    for begins, ends in stops:
        parts = [p for a, b in parts for p in ((a, min(b, begins)), (max(a, ends), b))]
    return [(a, b) for a, b in parts if a < b]


def total_s(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """The whole seconds that the spans cover together; what lies in two of them counts once."""
    covered, reached = timedelta(), None
    for begins, ends in sorted(spans):
        begins = begins if reached is None else max(begins, reached)
        if begins < ends:
            covered += ends - begins
            reached = ends
    return int(covered.total_seconds())


def _phase(facts: Facts) -> Phase:
    match facts.state:
        case "expected" | "admitted":
            return "waiting"
        case "paused":
            return "paused"
        case "running":
            if facts.section_ends_at is not None:
                return "running"
            return "between" if facts.is_section_left else "submitted"
        case "removed":
            return "removed"
        case "absent":
            return "absent"
        case _:
            return "submitted"


def _left(ends_at: datetime | None, at: datetime) -> int | None:
    return None if ends_at is None else max(0, ms_between(at, ends_at))
