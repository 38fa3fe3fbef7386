"""What runs beside the requests: the relay of committed events, signs of life, and the caretaker of what falls due."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from proctor.monitoring.gathering import Gathered
from server.core.work import Platform
from server.web.caretaker import take_care
from server.web.realtime import Line
from server.web.redis_line import LineDown
from server.web.relay import Relay

COALESCE_S = 0.1
LOOK_S = 1.0
CARE_S = 1.0
WRITE_S = 1.0
QUEUE = 1000
SIGN_LIFE_S = 5.0
log = logging.getLogger("synak")


class Background:
    """Threads that live as long as the process; a failure is logged and tried again, never fatal."""

    def __init__(self) -> None:
        self._signs: queue.Queue[tuple[float, str, str, dict[str, Any]]] = queue.Queue(QUEUE)
        self._news = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.gathered = Gathered()

    def announce(self) -> None:
        """There are committed events to relay."""
        self._news.set()

    def emit(self, message: str, topic: str, body: dict[str, Any]) -> None:
        """An unversioned sign of life is sent soon, or dropped when there are too many; a request never waits."""
        with contextlib.suppress(queue.Full):
            self._signs.put_nowait((time.monotonic(), message, topic, body))

    def start(self, platform: Platform, line: Line) -> None:
        """Relay, caretaker and the sender of signs of life run."""
        self._news.set()  # what a process that died had not handed on
        self._thread("synak-signs", lambda: self._send_signs(line))
        self._thread("synak-relay", lambda: self._relay(Relay(platform, line)))
        self._thread("synak-caretaker", lambda: self._care(platform))
        self._thread("synak-gathered", lambda: self._write_gathered(platform))

    def stop(self) -> None:
        """All threads have ended."""
        self._stop.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _thread(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(name=name, target=target, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _relay(self, relay: Relay) -> None:
        def run() -> None:
            if not relay.run():
                self._news.set()

        attempt = Attempt("relay")
        while not self._stop.is_set():
            self._news.wait(timeout=LOOK_S)
            self._news.clear()
            self._stop.wait(COALESCE_S)  # events of one moment leave in one frame
            if not attempt(run):
                self._stop.wait(LOOK_S)  # news must not make it try faster

    def _send_signs(self, line: Line) -> None:
        attempt = Attempt("signs of life")
        while not self._stop.is_set():
            with contextlib.suppress(queue.Empty):
                at, message, topic, body = self._signs.get(timeout=LOOK_S)
                if time.monotonic() - at < SIGN_LIFE_S:  # an older one would only tell what was
                    attempt(partial(line.emit, message, topic, body))

    def _write_gathered(self, platform: Platform) -> None:
        attempt = Attempt("writing signs of life")
        while not self._stop.wait(WRITE_S):
            attempt(lambda: self.gathered.write(platform))

    def _care(self, platform: Platform) -> None:
        attempt = Attempt("caretaker")
        while not self._stop.wait(CARE_S):
            attempt(lambda: take_care(platform))


class Attempt:
    """Does something again and again; an outage is logged when it begins and when it ends, a bug each time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_down = False

    def __call__(self, act: Callable[[], object]) -> bool:
        """True if it was done."""
        try:
            act()
        except (SQLAlchemyError, LineDown) as error:
            if not self._is_down:
                what = error if isinstance(error, LineDown) else type(error).__name__  # SQL may carry secrets
                log.error("%s: no answer (%s); it tries again", self._name, what)
            self._is_down = True
            return False
        except Exception:
            log.exception("%s failed; it tries again", self._name)
            return False
        if self._is_down:
            log.warning("%s: works again", self._name)
        self._is_down = False
        return True
