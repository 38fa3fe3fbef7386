"""What the clock says of a session: pure, from facts and `now`. The server's clock alone decides (DC-12)."""

from __future__ import annotations

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
