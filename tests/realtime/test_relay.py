"""The relay: at least once, in order, never in a request's way; one at a time; what a crash left is sent."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from server.core import events
from server.core.events import Outbox
from server.core.work import Platform
from server.web import background, relay
from server.web.background import Background
from server.web.realtime import Line
from server.web.redis_line import LineDown
from server.web.relay import Relay
from tests.realtime.ground import ROOM, commit, until


class Recorder:
    """A line that keeps what it was told, and can be down or stuck."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, dict[str, Any]]] = []
        self.is_down = False
        self.is_asked, self.may_go = threading.Event(), threading.Event()
        self.may_go.set()
        self.listening: list[str] = []
        self.line = Line(self._emit, lambda: self.listening)

    def versions(self, topic: str = ROOM) -> list[int]:
        return [
            e["v"] for name, to, body in self.said if name == "events" and to == topic for e in body["events"]
        ]

    def _emit(self, message: str, topic: str, body: dict[str, Any]) -> None:
        self.is_asked.set()
        self.may_go.wait(20)
        if self.is_down:
            raise LineDown("ConnectionError")
        self.said.append((message, topic, body))


@contextmanager
def running(platform: Platform, line: Line) -> Iterator[tuple[Background, Platform]]:
    """A background that relays what the platform it comes with commits."""
    back = Background()
    announcing = Platform(platform.database, platform.clock, platform.vault, back.announce)
    back.start(announcing, line)
    try:
        yield back, announcing
    finally:
        back.stop()


def unmarked(platform: Platform) -> int:
    with platform.database.reading() as db:
        return len(db.execute(select(Outbox.id).where(Outbox.relayed_at.is_(None))).all())


def test_events_leave_in_order_once_and_a_topic_in_one_frame(committing: Platform) -> None:
    for n in range(1, 4):
        commit(committing, n)
        commit(committing, n, "room:2")
    said = Recorder()
    each = Relay(committing, said.line)
    assert each.run()
    assert each.run()
    assert [(name, to) for name, to, _ in said.said] == [
        ("events", ROOM), ("pulse", "watch:1"), ("events", "room:2"), ("pulse", "watch:2"),
    ]  # fmt: skip
    assert said.versions() == said.versions("room:2") == [1, 2, 3]
    assert said.said[0][2]["epoch"] == events.epoch(committing.vault)
    assert unmarked(committing) == 0


def test_more_than_a_batch_leaves_in_order(committing: Platform) -> None:
    with committing.database.writing() as db:
        facts = [events.Event(ROOM, "seat:moved", {"session_id": n, "seat_id": n}) for n in range(1100)]
        events.append(db, facts, committing.clock.now())
    said = Recorder()
    Relay(committing, said.line).run()
    assert said.versions() == list(range(1, 1101))


def test_what_a_dead_process_left_is_sent_at_the_next_start(committing: Platform) -> None:
    commit(committing, 1)  # and nobody relayed it
    said = Recorder()
    with running(committing, said.line):
        until(said.versions, 2)
        until(lambda: unmarked(committing) == 0, 2)
    assert said.versions() == [1]


def test_what_could_not_be_sent_is_sent_again(
    committing: Platform, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "LOOK_S", 0.05)
    caplog.set_level(logging.WARNING, "synak")
    said = Recorder()
    said.is_down = True
    with running(committing, said.line) as (_, announcing):
        commit(announcing, 1)
        until(lambda: caplog.records, 2)
        commit(announcing, 2)
        time.sleep(0.5)  # several tries
        assert unmarked(committing) == 2
        said.is_down = False
        until(lambda: said.versions()[-2:] == [1, 2], 3)
        until(lambda: unmarked(committing) == 0, 2)
    about_relay = [r.getMessage() for r in caplog.records if r.getMessage().startswith("relay")]
    assert about_relay == ["relay: no answer (ConnectionError); it tries again", "relay: works again"]


def test_a_stuck_line_slows_no_commit(committing: Platform) -> None:
    said = Recorder()
    said.may_go.clear()
    with running(committing, said.line) as (back, announcing):
        for n in range(1, 101):  # a commit that waited for the line would wait for ever
            commit(announcing, n)
            for _ in range(50):  # 5,000 signs of life: the queue is bounded, and nobody waits for room in it
                back.emit("seen", ROOM, {"session_id": n})
        said.may_go.set()
        until(lambda: said.versions()[-1:] == [100], 5)
        until(lambda: unmarked(committing) == 0, 5)
    assert len([each for each in said.said if each[0] == "seen"]) <= background.QUEUE + 1
    assert sorted(set(said.versions())) == list(range(1, 101))


def test_old_signs_of_life_are_not_told(committing: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "SIGN_LIFE_S", 0.0)
    said = Recorder()
    with running(committing, said.line) as (back, announcing):
        back.emit("seen", ROOM, {"session_id": 1})
        commit(announcing, 1)
        until(said.versions, 2)
    assert [name for name, to, _ in said.said if to == ROOM] == ["events"]


def test_a_pulse_says_how_far_a_topic_was_relayed(
    committing: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "PULSE_S", 0.0)
    said = Recorder()
    said.listening = [ROOM, "room:9"]
    commit(committing, 1)
    Relay(committing, said.line).run()
    pulses = {to: body["v"] for name, to, body in said.said if name == "pulse"}
    assert pulses == {ROOM: 1, "room:9": 0, "watch:1": 1}
    commit(committing, 2)  # committed, but not yet relayed: a pulse must not make consoles fetch for nothing
    with committing.database.reading() as db:
        assert events.relayed_versions(db, [ROOM]) == {ROOM: 1}


def test_on_postgresql_one_relays_at_a_time(committing: Platform) -> None:
    if committing.database.is_sqlite:
        pytest.skip("SQLite has one process and so one relay; set SYNAK_TEST_DATABASE (make postgres)")
    commit(committing, 1)
    first, second = Recorder(), Recorder()
    first.may_go.clear()
    holder = threading.Thread(target=Relay(committing, first.line).run)
    holder.start()
    other = Relay(committing, second.line)
    assert first.is_asked.wait(5)  # it holds the lock while it sends
    commit(committing, 2)
    assert not other.run()
    assert second.said == []
    first.may_go.set()
    holder.join(10)
    assert until(other.run, 5)
    assert sorted(first.versions() + second.versions()) == [1, 2]
