"""A bar on stderr for whoever waits, once that is longer than two seconds; the report on stdout stays clean."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from server.core.i18n import _, number

PATIENCE_S = 2.0
EVERY_S = 0.2
WIDTH = 30


class Bar:
    """Called with (done, of); drawn over itself on a terminal, line by line and seldom elsewhere."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._clock = out or sys.stderr, clock
        self._began = clock()
        self._told_at: float | None = None

    def __call__(self, done: int, of: int) -> None:
        """Told now and then, and at the end if anything was told before."""
        now = self._clock()
        waited = now - self._began
        is_due = waited >= PATIENCE_S and (self._told_at is None or now - self._told_at >= self._pause())
        if is_due or (done >= of and self._told_at is not None):
            self._told_at = now
            self._tell(done, of, waited)

    def _pause(self) -> float:
        return EVERY_S if self._out.isatty() else PATIENCE_S

    def _tell(self, done: int, of: int, waited: float) -> None:
        filled = WIDTH * done // of
        left = _("%(seconds)s s left", seconds=number(waited * (of - done) / max(done, 1)))
        line = f"[{'█' * filled}{'·' * (WIDTH - filled)}] {number(done)} / {number(of)}, {left}"
        is_over = done >= of
        end = "\n" if is_over or not self._out.isatty() else ""
        self._out.write(f"{line}\n" if not self._out.isatty() else f"\r{line}\x1b[K{end}")
        self._out.flush()
