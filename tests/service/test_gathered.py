"""Signs of life gathered and written together: which of them, how often, and that an older one undoes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from proctor.monitoring import service as monitoring
from proctor.monitoring.gathering import Gathered
from proctor.monitoring.models import Heartbeat
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import wire
from server.delivery.models import ExamSession
from tests.factories.proctor import Day, a_day


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    made = a_day(platform, clock, 2)
    made.run(*made.scene.sessions)
    return made


def hear(day: Day, session_id: int, **said: Any) -> monitoring.Beat:
    with open_reading(day.platform, SYSTEM) as work:
        return monitoring.hear(work, session_id, wire.Heartbeat(**said))


def store(day: Day, session_id: int, **said: Any) -> None:
    ask = wire.Heartbeat(**said)
    with open_work(day.platform, SYSTEM) as work:
        monitoring.store(work, monitoring.hear(work, session_id, ask), ask)


def heard(day: Day, session_id: int) -> tuple[datetime, int | None]:
    with open_reading(day.platform, SYSTEM) as work:
        row = work.db.get_one(Heartbeat, session_id)
        work.db.refresh(row)
        return row.seen_at, row.battery


def test_only_what_says_nothing_new_waits_for_the_others(day: Day) -> None:
    one = day.scene.sessions[0]
    assert not hear(day, one).is_plain, "the first is written at once"
    store(day, one)
    assert hear(day, one).is_plain
    assert not hear(day, one, unsent=1).is_plain
    day.clock.advance(19)
    assert hear(day, one).is_plain
    day.clock.advance(1)
    assert not hear(day, one).is_plain, "a silence is measured and kept"


def test_many_are_written_in_one_go_and_the_last_of_each_counts(day: Day) -> None:
    gathered, charge = Gathered(), {"battery": wire.Battery(percent=40, is_charging=False)}
    for each in day.scene.sessions:
        store(day, each)
    for _turn in range(3):
        day.clock.advance(4)
        for each in day.scene.sessions:
            gathered.note(hear(day, each, **charge).seen)
    assert gathered.write(day.platform) == 2
    assert [heard(day, each) for each in day.scene.sessions] == [(day.clock.now(), 40)] * 2
    assert gathered.write(day.platform) == 0


def test_an_older_sign_that_comes_late_undoes_nothing(day: Day) -> None:
    one, gathered = day.scene.sessions[0], Gathered()
    store(day, one)
    gathered.note(hear(day, one).seen)
    day.clock.advance(5)
    store(day, one, unsent=1)
    gathered.write(day.platform)
    assert heard(day, one)[0] == day.clock.now()


def test_the_route_gathers_where_somebody_writes_and_writes_itself_where_nobody_does(
    day: Day, app: Flask, client_as: Callable[..., FlaskClient]
) -> None:
    one = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        lease = work.db.get_one(ExamSession, one).lease
    page = client_as(Role.CANDIDATE, id=one, lease=lease)
    assert page.post("/exam/heartbeat", json={}).status_code == 200
    first = heard(day, one)[0]
    app.extensions["synak_gathered"] = gathered = Gathered()
    day.clock.advance(12)
    assert page.post("/exam/heartbeat", json={}).status_code == 200
    assert heard(day, one)[0] == first
    assert gathered.write(day.platform) == 1
    assert heard(day, one)[0] == day.clock.now()
    assert page.post("/exam/heartbeat", json={"unsent": 2}).status_code == 200
    assert gathered.write(day.platform) == 0, "news is written at once"
    del app.extensions["synak_gathered"]
    day.clock.advance(12)
    assert page.post("/exam/heartbeat", json={"unsent": 2}).status_code == 200
    assert heard(day, one)[0] == day.clock.now()
