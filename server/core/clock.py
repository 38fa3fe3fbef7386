"""The only place that asks what time it is. Everything else reads `work.now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock that moves only when told to; for tests and replays."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("FrozenClock needs an aware datetime")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def advance(self, seconds: float) -> datetime:
        """The clock stands `seconds` later."""
        self._at += timedelta(seconds=seconds)
        return self._at


def ms_between(earlier: datetime, later: datetime) -> int:
    """Whole milliseconds from `earlier` to `later`, negative if it is past, rounded down."""
    return (later - earlier) // timedelta(milliseconds=1)
