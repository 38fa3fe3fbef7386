"""A room of candidates who wait for the word to start, and a console that follows them: how soon each hears."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import socketio

from server.jobs.robot import Candidate
from server.jobs.simulate import proctor_at

NAMESPACE = "/console"
BEAT_S = 2.0  # as the page does while the room may start at any moment
Moment = tuple[int, int, int]  # session, section, answers counted


class Console:
    """A proctor's console: when each answer of the room was shown, by the monotonic clock."""

    def __init__(self, origin: str, room_sitting_id: int) -> None:
        browser = proctor_at(origin, room_sitting_id)
        snapshot = browser.get(f"/proctor/rooms/{room_sitting_id}/snapshot")
        self.shown: dict[Moment, float] = {}
        self._client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})
        self._client.on("events", self._hear, namespace=NAMESPACE)
        self._client.connect(
            snapshot["realtime_origin"] or origin, auth={"ticket": snapshot["ticket"]},
            transports=["websocket"], namespaces=[NAMESPACE],
        )  # fmt: skip

    def close(self) -> None:
        """Nobody looks any more."""
        self._client.disconnect()

    def _hear(self, envelope: Mapping[str, Any]) -> None:
        for event in envelope["events"]:
            if event["name"] == "session:changed":
                progress = event["body"]["progress"]
                moment = event["body"]["session_id"], progress["position"], progress["answered"]
                self.shown.setdefault(moment, time.monotonic())


class WaitingRoom:
    """Candidates who ask as their pages do until the room runs and their first item is there."""

    def __init__(self, candidates: list[Candidate]) -> None:
        self.has_item: dict[str, float] = {}
        self.errors: list[str] = []
        self._threads = [threading.Thread(target=self._wait, args=(each,)) for each in candidates]
        for thread in self._threads:
            thread.start()

    def started_s(self, start: Callable[[], None]) -> float:
        """Seconds from the proctor's word until the last of them had an item."""
        began = time.monotonic()
        start()
        for thread in self._threads:
            thread.join()
        return max(self.has_item.values()) - began

    def _wait(self, candidate: Candidate) -> None:
        time.sleep(random.Random(candidate.registration_no).uniform(0, BEAT_S))
        while candidate.state["step"] is None:
            try:
                if candidate.heartbeat()["clock"]["phase"] == "running":
                    candidate.refresh()
                    continue
            except OSError as error:
                self.errors.append(str(error))
            time.sleep(BEAT_S)
        self.has_item[candidate.registration_no] = time.monotonic()
