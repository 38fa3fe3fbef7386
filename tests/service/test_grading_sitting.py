"""A sitting graded in one go by the worker: asked for on a page, with its progress, and who is held for what."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from server import grading
from server.core import tasks
from server.core.roles import SYSTEM, Role
from server.core.tasks import Stopped, TaskRef
from server.core.work import Platform, Work, open_reading, open_work
from server.grading import service, sitting
from server.grading.models import Eligibility, Grade
from server.grading.overview import progress_of
from server.jobs.worker import work_off
from tests.factories.accounts import an_organisation
from tests.factories.delivery import (
    a_running_session,
    a_sitting,
    absent_session,
    every_second,
    finished_session,
    right,
)
from tests.factories.grading import alter_response, take_seal_away

HTML = {"Accept": "text/html"}


@pytest.fixture
def planned(platform: Platform) -> tuple[int, list[int]]:
    """Two whole attempts, an absence, one altered, one unsealed, one at work."""
    with open_work(platform, SYSTEM) as work:
        made = a_sitting(work, subjects=["history"])
        ids = [finished_session(work, made, right), finished_session(work, made, every_second),
               absent_session(work, made), finished_session(work, made), finished_session(work, made),
               a_running_session(work, made)]  # fmt: skip
        alter_response(work, ids[3], spent_ms=77)
        take_seal_away(work, ids[4])
    return made.id, ids


@pytest.fixture
def office(platform: Platform, client_as: Any) -> FlaskClient:
    with open_work(platform, SYSTEM) as work:
        centre = an_organisation(work, "ntc").id
    client: FlaskClient = client_as(Role.OFFICE, id=1, organisation_id=centre)
    client.set_cookie("synak_lang", "en")
    return client


def decided(platform: Platform) -> int:
    with platform.database.reading() as db:
        return db.execute(select(func.count()).select_from(Eligibility)).scalar_one()


def test_asked_for_on_its_page_it_is_done_by_the_worker_and_those_held_are_listed(
    platform: Platform, office: FlaskClient, planned: tuple[int, list[int]]
) -> None:
    path = f"/office/sittings/{planned[0]}/grading"
    before = office.get(path, headers=HTML).text
    assert "Grade 5 candidates" in before
    for _ in range(2):
        assert office.post(path, headers=HTML).status_code == 303
    with open_reading(platform, SYSTEM) as work:
        (task,) = tasks.latest(work, sitting.KIND, f"sitting:{planned[0]}")
    assert "It waits for the worker" in office.get(path, headers=HTML).text
    assert work_off(platform) == task.id
    with open_reading(platform, SYSTEM) as work:
        ended = tasks.task_view(work, task.id)
        at = progress_of(work, planned[0])
    assert (ended.state, ended.done, ended.total) == ("done", 5, 5)
    assert (at.all, at.at_work, at.graded, at.waiting, at.n_held) == (6, 1, 3, 0, 2)
    assert at.held == {"seal_broken": 1, "seal_missing": 1}
    after = office.get(path, headers=HTML).text
    assert "The seal does not fit the stored answers" in after
    assert "The attempt bears no seal" in after
    assert "Grade 2 candidates" in after, "those held may be tried again"


def test_done_again_it_adds_nothing(platform: Platform, planned: tuple[int, list[int]]) -> None:
    for _ in range(2):
        with open_work(platform, SYSTEM) as work:
            sitting.ask(work, planned[0])
        work_off(platform)
    assert decided(platform) == 3
    with platform.database.reading() as db:
        assert db.execute(select(func.count()).select_from(Grade)).scalar_one() == 2


def test_portions_are_told_of_and_a_task_that_is_stopped_leaves_whole_ones(
    platform: Platform, planned: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting, "AT_ONCE", 1)
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int, _stage: str | None = None, /) -> None:
        told.append((done, total))
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        sitting.grade_sitting(platform, TaskRef(1, sitting.KIND, {"sitting_id": planned[0]}, "office"), tell)
    assert told == [(0, 5), (1, 5), (2, 5)]
    assert decided(platform) == 2


@pytest.mark.parametrize("times", [1, 3])
def test_one_whom_another_process_graded_just_now_does_not_stop_the_others(
    platform: Platform, planned: tuple[int, list[int]], monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    whole, failed = service.grade_sessions, []

    def overtaken(work: Work, ids: list[int], **more: Any) -> Any:
        if len(failed) < times:
            failed.append(ids)
            raise IntegrityError("INSERT", {}, Exception("uq_eligibility_first"))
        return whole(work, ids, **more)

    monkeypatch.setattr(service, "grade_sessions", overtaken)
    task = TaskRef(1, sitting.KIND, {"sitting_id": planned[0]}, "office")
    if times == sitting.MOST_TRIES:
        with pytest.raises(IntegrityError):
            sitting.grade_sitting(platform, task, lambda *_: None)
    else:
        sitting.grade_sitting(platform, task, lambda *_: None)
        assert decided(platform) == 3


def test_nobody_left_is_said_so(platform: Platform, office: FlaskClient) -> None:
    with open_work(platform, SYSTEM) as work:
        made = a_sitting(work, subjects=["history"])
        empty = a_sitting(work, subjects=["history"])
        session_id = finished_session(work, made)
        grading.grade_session(work, session_id)
    assert "There is nobody to grade now" in office.get(f"/office/sittings/{made.id}/grading", headers=HTML).text
    assert "Nobody is registered" in office.get(f"/office/sittings/{empty.id}/grading", headers=HTML).text
