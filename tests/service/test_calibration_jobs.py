"""Calibration jobs: one worker at a time, alive or gone, cancelled, failed with a reason; what is left is taken up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from itembank.calibrations import jobs, queries, words
from itembank.calibrations.models import CalibrationJob
from itembank.calibrations.spec import Spec
from server.core.clock import FrozenClock
from server.core.errors import Stale
from server.core.machine import moves_of
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.jobs import calibrating as working
from server.jobs.calibrating import Teller, Unwanted, is_alive, work_once
from tests.factories.delivery import a_sitting

ELSEWHERE = "another-machine:1"


@pytest.fixture
def job_id(platform: Platform) -> int:
    """A job of a sitting that nobody sat."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        run_id = queries.runs(work)[0].id
        return jobs.request_calibration(work, Spec(
            subject="history", sittings=(sitting.id,), until=work.now, design="fixed", reference_run_id=run_id,
        ))  # fmt: skip


def state(platform: Platform, job_id: int) -> tuple[str, str | None]:
    with open_work(platform, SYSTEM) as work:
        job = queries.job(work, job_id)
        return job.state, job.failure


def claimed(platform: Platform, worker: str) -> int | None:
    with open_work(platform, SYSTEM) as work:
        found = jobs.claim(work, worker)
    return found[0] if found else None


def a_killed_process() -> str:
    """The name of a worker that lived and was killed."""
    process = subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    name = working.name().replace(str(os.getpid()), str(process.pid))
    assert is_alive(name)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return name


def test_a_killed_worker_is_found_at_once_and_its_job_taken_up(platform: Platform, job_id: int) -> None:
    assert claimed(platform, a_killed_process()) == job_id
    assert claimed(platform, "somebody:1") is None
    assert work_once(platform) == job_id  # taken up, and it has an end: nobody sat the sitting
    assert state(platform, job_id) == ("failed", "no_answers")
    with open_work(platform, SYSTEM) as work:
        verbs = [move.verb for move in moves_of(work.db, "calibration", [job_id])]
        job = queries.job(work, job_id)
        assert words.state(job) == words.failure("no_answers", {}) != words.failure("broken", {})
        assert job.attempts == 2
    assert verbs == ["start", "return", "start", "fail"]


def test_a_job_whose_workers_die_twice_has_failed(platform: Platform, job_id: int) -> None:
    for _ in range(2):
        assert claimed(platform, a_killed_process()) == job_id
        with open_work(platform, SYSTEM) as work:
            assert jobs.take_up(work, is_alive) == [job_id]
    assert state(platform, job_id) == ("failed", "worker_gone")
    assert work_once(platform) is None


def test_a_worker_elsewhere_lives_by_its_signs_of_life(platform: Platform, clock: FrozenClock, job_id: int) -> None:
    assert is_alive(ELSEWHERE) is None
    assert claimed(platform, ELSEWHERE) == job_id
    for _ in range(3):
        clock.advance((jobs.LAPSE - timedelta(seconds=1)).total_seconds())
        with open_work(platform, SYSTEM) as work:
            assert jobs.take_up(work, is_alive) == []
            assert jobs.tell(work, job_id, ELSEWHERE, None, 0, 0)
    clock.advance((jobs.LAPSE + timedelta(seconds=1)).total_seconds())
    with open_work(platform, SYSTEM) as work:
        assert jobs.take_up(work, is_alive) == [job_id]
    assert state(platform, job_id) == ("requested", None)


def test_a_cancelled_worker_stops_at_its_next_word(platform: Platform, clock: FrozenClock, job_id: int) -> None:
    assert claimed(platform, working.name()) == job_id
    teller = Teller(platform, job_id, working.name())
    teller("drift", 1, 8)
    teller("drift", 2, 8)  # within the second: not told
    with open_work(platform, SYSTEM) as work:
        job = queries.job(work, job_id)
        assert (job.stage, job.done, job.total) == ("drift", 1, 8)
        assert "1" in words.state(job)
        jobs.cancel(work, job_id)
    clock.advance(2)
    with pytest.raises(Unwanted):
        teller("drift", 3, 8)
    assert state(platform, job_id) == ("cancelled", None)
    with open_work(platform, SYSTEM) as work, pytest.raises(Stale):
        jobs.cancel(work, job_id)


def test_a_worker_that_is_told_off_leaves_the_job_as_it_is(
    platform: Platform, job_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled_meanwhile(_platform: Platform, _spec: Spec, tell: Teller) -> None:
        with open_work(platform, SYSTEM) as work:
            jobs.cancel(work, job_id)
        tell("gathering", 0, 1)

    monkeypatch.setattr(working, "gather", cancelled_meanwhile)
    assert work_once(platform) == job_id
    assert state(platform, job_id) == ("cancelled", None)


def test_a_job_cancelled_while_its_findings_are_recorded_has_no_run(
    platform: Platform, job_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled_at_the_end(*_args: object) -> None:
        with open_work(platform, SYSTEM) as work:
            jobs.cancel(work, job_id)
            jobs_run = work.db.get_one(CalibrationJob, job_id).run_id
        assert jobs_run is None
        with open_work(platform, SYSTEM) as work:
            jobs.finish(work, job_id, 1)

    monkeypatch.setattr(working, "_make", cancelled_at_the_end)
    assert work_once(platform) == job_id
    assert state(platform, job_id) == ("cancelled", None)


def test_what_breaks_is_kept_as_a_reason_without_its_words(
    platform: Platform, job_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("a secret word")

    monkeypatch.setattr(working, "gather", broken)
    assert work_once(platform) == job_id
    with open_work(platform, SYSTEM) as work:
        job = work.db.get_one(CalibrationJob, job_id)
        assert (job.state, job.failure, job.failure_facts) == ("failed", "broken", {"error": "RuntimeError"})
