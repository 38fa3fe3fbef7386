"""Python imports this when a process of a test's server starts: its clock is ahead of the machine's by the seconds that
the test has written down. Nothing in the product knows of it."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from server.core.clock import SystemClock

AHEAD = Path(os.environ["SYNAK_TEST_AHEAD"])
machine = SystemClock.now


def now(clock: SystemClock) -> datetime:
    """The machine's time and what was written down, if anything was."""
    try:
        ahead = float(AHEAD.read_text())
    except FileNotFoundError:
        ahead = 0.0
    return machine(clock) + timedelta(seconds=ahead)


SystemClock.now = now  # type: ignore[method-assign]
