"""The caretaker: what falls due is done, one failure keeps nothing else waiting, nothing is tried for ever."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server import grading
from server.core.clock import FrozenClock
from server.core.events import Event, Outbox
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from server.grading.models import Eligibility, Hold
from server.reports.waiting import sessions_to_grade
from server.web import caretaker
from server.web.caretaker import take_care
from tests.factories.delivery import (
    a_running_session,
    a_sitting,
    absent_session,
    finished_session,
    removed_session,
)
from tests.factories.grading import take_seal_away
from tests.factories.marking import a_world, world_of


def count(platform: Platform, model: type[Any]) -> int:
    with platform.database.reading() as db:
        return db.execute(select(func.count()).select_from(model)).scalar_one()


def graded(platform: Platform) -> set[int]:
    with platform.database.reading() as db:
        return set(db.execute(select(Eligibility.session_id)).scalars())


def test_it_closes_what_is_over_and_grades_it_in_the_same_round(platform: Platform, clock: FrozenClock) -> None:
    with open_work(platform, SYSTEM) as work:
        session_id = a_running_session(work, a_sitting(work, subjects=["history"]))
    take_care(platform)
    assert graded(platform) == set()
    clock.advance(5 * 3600)
    take_care(platform)
    assert graded(platform) == {session_id}
    with platform.database.reading() as db:
        assert db.get_one(ExamSession, session_id).state == "submitted"


def test_it_grades_everybody_who_is_done_and_holds_the_unsealed_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        ids = {make(work, sitting) for make in (finished_session, removed_session, absent_session)}
        unsealed = finished_session(work, sitting)
        take_seal_away(work, unsealed)
    take_care(platform)
    assert graded(platform) == ids
    tried: list[int] = []
    monkeypatch.setattr(grading, "grade_session", lambda _work, session_id: tried.append(session_id))
    take_care(platform)
    assert tried == []
    assert count(platform, Hold) == 1


def test_one_that_fails_keeps_nobody_waiting_and_is_tried_later_again(
    platform: Platform, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        first, second = (finished_session(work, sitting) for _ in range(2))
    whole, tried = grading.grade_session, []

    def fragile(work: Work, session_id: int) -> grading.Outcome:
        tried.append(session_id)
        if session_id == first:
            raise ZeroDivisionError
        return whole(work, session_id)

    monkeypatch.setattr(grading, "grade_session", fragile)
    with caplog.at_level(logging.CRITICAL, logger="synak"):
        take_care(platform)
        take_care(platform)
    assert tried == [first, second]
    assert graded(platform) == {second}
    monkeypatch.setattr(grading, "grade_session", whole)
    clock.advance(3)
    take_care(platform)
    assert graded(platform) == {first, second}


def test_a_failure_to_close_sessions_does_not_stop_grading(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_work(platform, SYSTEM) as work:
        session_id = finished_session(work, a_sitting(work, subjects=["history"]))

    def broken(_platform: Platform) -> int:
        raise OSError

    monkeypatch.setattr("server.delivery.expire_due_sessions", broken)
    monkeypatch.setattr(caretaker.log, "exception", lambda *_args: None)
    take_care(platform)
    assert graded(platform) == {session_id}


def test_it_prunes_relayed_events_an_hour_old_once_a_minute(platform: Platform, clock: FrozenClock) -> None:
    with open_work(platform, SYSTEM) as work:
        for n in range(2):
            work.publish(Event("room:1", "a", {"n": n}))
    with platform.database.writing() as db:
        for row in db.execute(select(Outbox)).scalars():
            row.relayed_at = clock.now() - timedelta(minutes=59) if row.v == 1 else None
    take_care(platform)
    assert count(platform, Outbox) == 2
    clock.advance(59)
    take_care(platform)
    clock.advance(61)
    take_care(platform)
    assert count(platform, Outbox) == 1  # the one never relayed stays, however old


def test_nothing_waits_on_an_empty_database(platform: Platform) -> None:
    take_care(platform)
    with platform.database.reading() as db:
        assert sessions_to_grade(db) == []


def test_cs_14_2_it_grades_what_was_held_for_marks_once_they_are_all_there(
    platform: Platform, clock: FrozenClock
) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_world(work, n_sessions=2).sitting
    take_care(platform)
    assert (count(platform, Hold), graded(platform)) == (2, set())
    with open_work(platform, SYSTEM) as work:
        world = world_of(work, sitting)
        written, other = world.works()
        world.mark(written, 1, 8)
        world.mark(written, 2, 8)
        world.mark(other, 1, 8)
    clock.advance(60)
    take_care(platform)
    assert graded(platform) == {written.session_id}
    with open_work(platform, SYSTEM) as work:
        world_of(work, sitting).mark(other, 2, 7)
    take_care(platform)
    assert graded(platform) == {written.session_id}, "it asks now and then, not every second"
    clock.advance(60)
    take_care(platform)
    assert graded(platform) == {written.session_id, other.session_id}
