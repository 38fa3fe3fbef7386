"""The relay: committed events leave the outbox for the line, oldest first, at least once; and the pulse of topics."""

from __future__ import annotations

import time

from server.core import events
from server.core.events import Frame
from server.core.work import Platform
from server.web.realtime import PULSE_S, WATCHED, Line

BATCH = 500
ROOM = "room:"


class Relay:
    """Hands committed events on; where several processes have one, one relays at a time."""

    def __init__(self, platform: Platform, line: Line) -> None:
        self._platform, self._line = platform, line
        self._epoch = events.epoch(platform.vault)
        self._pulsed = time.monotonic()

    def run(self) -> bool:
        """Everything committed before has been sent, and a pulse where one is due.

        False if another relay is at it: it may have looked just before the latest commit, so look again soon.
        LineDown or a database error leaves what was not marked to be sent again."""
        while (sent := self._batch()) == BATCH:  # what is committed meanwhile waits for the next frame
            pass
        if time.monotonic() - self._pulsed >= PULSE_S:
            self._pulsed = time.monotonic()
            self._pulse()
        return sent >= 0

    def _batch(self) -> int:
        """How many events were sent and marked; -1 if another relay is at it."""
        database, now = self._platform.database, self._platform.clock.now()
        if database.is_sqlite:  # one process: read outside the write lock, so that sending holds up no answer
            with database.reading() as db:
                frames = events.waiting(db, BATCH)
            self._send(frames)
            if frames:
                with database.writing() as db:
                    events.mark_relayed(db, frames, now)
            return len(frames)
        with database.writing() as db:
            if not events.may_relay(db):
                return -1
            frames = events.waiting(db, BATCH)
            self._send(frames)
            if frames:
                events.mark_relayed(db, frames, now)
        return len(frames)

    def _send(self, frames: list[Frame]) -> None:
        by_topic: dict[str, list[Frame]] = {}
        for frame in frames:
            by_topic.setdefault(frame.topic, []).append(frame)
        for topic, batch in by_topic.items():
            body = [{"v": f.v, "name": f.name, "body": f.body} for f in batch]
            self._line.emit("events", topic, {"epoch": self._epoch, "topic": topic, "events": body})
            if topic.startswith(ROOM):
                self._pulse_of(WATCHED + topic.removeprefix(ROOM), batch[-1].v)

    def _pulse(self) -> None:
        """Who listens hears how far the topic has been relayed; a listener who missed something sees it so."""
        topics = sorted(self._line.listened())
        if not topics:
            return
        with self._platform.database.reading() as db:
            versions = events.relayed_versions(db, sorted({_source(topic) for topic in topics}))
        for topic in topics:
            self._pulse_of(topic, versions.get(_source(topic), 0))

    def _pulse_of(self, topic: str, v: int) -> None:
        self._line.emit("pulse", topic, {"epoch": self._epoch, "topic": topic, "v": v})


def _source(topic: str) -> str:
    """The topic whose version is told: observers of a room hear the version of the room, and nothing else."""
    return ROOM + topic.removeprefix(WATCHED) if topic.startswith(WATCHED) else topic
