"""Signs of life that say nothing new: gathered, and written once a second. One commit for a hall, not one a page."""

from __future__ import annotations

import threading

from proctor.monitoring import service
from proctor.monitoring.wire import SessionSeen
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work


class Gathered:
    """The last sign of life of each session that waits to be written; a crash loses the last second of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[int, SessionSeen] = {}

    def note(self, seen: SessionSeen) -> None:
        """It will be written within a second."""
        with self._lock:
            self._last[seen.session_id] = seen

    def write(self, platform: Platform) -> int:
        """All that was gathered is in the database, where it is the latest; of how many sessions."""
        with self._lock:
            last, self._last = self._last, {}
        if last:
            with open_work(platform, SYSTEM) as work:
                service.store_plain(work, list(last.values()))
        return len(last)
