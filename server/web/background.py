"""What runs beside the requests: the relay of committed events, and the caretaker of what falls due."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from server.core import events
from server.core.events import Frame
from server.core.work import Platform
from server.jobs.caretaker import take_care
from server.web.realtime import Emit

COALESCE_S = 0.05
PULSE_S = 5.0
CARE_S = 1.0
QUEUE = 1000
log = logging.getLogger("synak")


class Background:
    """Threads that live as long as the process; a failure is logged and tried again, never fatal."""

    def __init__(self) -> None:
        self._signs: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue(QUEUE)
        self._news = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def announce(self) -> None:
        """There are committed events to relay."""
        self._news.set()

    def emit(self, message: str, topic: str, body: dict[str, Any]) -> None:
        """An unversioned sign of life is sent soon, or dropped when there are too many; a request never waits."""
        with contextlib.suppress(queue.Full):
            self._signs.put_nowait((message, topic, body))

    def start(self, platform: Platform, emit: Emit) -> None:
        """Relay, caretaker and the sender of signs of life run."""
        self._thread("synak-signs", lambda: self._send_signs(emit))
        relay = Relay(platform, emit)
        self._thread("synak-relay", lambda: self._relay(relay))
        self._thread("synak-caretaker", lambda: self._care(platform))

    def stop(self) -> None:
        """Both threads have ended."""
        self._stop.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _thread(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(name=name, target=target, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _relay(self, relay: Relay) -> None:
        while not self._stop.is_set():
            self._news.wait(timeout=1.0)
            self._news.clear()
            self._stop.wait(COALESCE_S)  # events of one moment leave in one frame
            _guarded("relay", relay.run)

    def _send_signs(self, emit: Emit) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(queue.Empty):
                sign = self._signs.get(timeout=1.0)
                _guarded("signs", lambda sign=sign: emit(*sign))

    def _care(self, platform: Platform) -> None:
        while not self._stop.wait(CARE_S):
            _guarded("caretaker", lambda: take_care(platform))


class Relay:
    """Hands committed events on, oldest first, at least once; one relay at a time where there are several."""

    def __init__(self, platform: Platform, emit: Emit) -> None:
        self._platform, self._emit = platform, emit
        self._epoch = events.epoch(platform.vault)
        self._pulsed = time.monotonic()
        self._topics: dict[str, int] = {}

    def run(self) -> None:
        """Everything committed so far has been sent, and a pulse where one is due."""
        while self._batch():
            pass
        if time.monotonic() - self._pulsed > PULSE_S:
            self._pulsed = time.monotonic()
            for topic, v in self._topics.items():
                self._emit("pulse", topic, {"epoch": self._epoch, "topic": topic, "v": v})

    def _batch(self) -> bool:
        database, now = self._platform.database, self._platform.clock.now()
        if database.is_sqlite:  # one process: read outside the write lock, so that sending holds up no answer
            with database.reading() as db:
                frames = events.waiting(db)
            self._send(frames)
            if frames:
                with database.writing() as db:
                    events.mark_relayed(db, frames, now)
        else:
            with database.writing() as db:
                frames = events.waiting(db) if events.may_relay(db) else []
                self._send(frames)
                events.mark_relayed(db, frames, now)
        return bool(frames)

    def _send(self, frames: list[Frame]) -> None:
        by_topic: dict[str, list[Frame]] = {}
        for frame in frames:
            by_topic.setdefault(frame.topic, []).append(frame)
        for topic, batch in by_topic.items():
            self._topics[topic] = batch[-1].v
            body = [{"v": f.v, "name": f.name, "body": f.body} for f in batch]
            self._emit("events", topic, {"epoch": self._epoch, "topic": topic, "events": body})


def _guarded(name: str, act: Callable[[], None]) -> None:
    try:
        act()
    except SQLAlchemyError as error:
        log.error("%s: the database did not answer (%s); it tries again", name, type(error).__name__)
    except Exception:
        log.exception("%s failed; it tries again", name)

