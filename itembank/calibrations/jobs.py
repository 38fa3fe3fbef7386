"""Calibration jobs: asked for, taken by one worker, told of, ended one way or another. The lock is the job's row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from itembank.calibrations.machine import CALIBRATION
from itembank.calibrations.models import CalibrationJob, CalibrationRun
from itembank.calibrations.policy import load_policy
from itembank.calibrations.spec import Spec
from server.core.errors import Invalid, NotFound
from server.core.work import Work

LAPSE = timedelta(minutes=2)  # without a sign of life a worker is gone
MOST_ATTEMPTS = 2


def request_calibration(work: Work, spec: Spec) -> int:
    """The job waits for a worker; returns its id."""
    fault = spec.fault()
    if fault is not None:
        raise Invalid("calibration_spec", part=fault)
    load_policy(spec.policy)
    if spec.reference_run_id is not None:
        run = work.db.get(CalibrationRun, spec.reference_run_id)
        if run is None or run.subject != spec.subject:
            raise Invalid("calibration_spec", part="reference")
    job = CalibrationJob(subject=spec.subject, spec=spec.to_json(), requested_by=work.actor.label,
                         requested_at=work.now)  # fmt: skip
    work.db.add(job)
    work.db.flush()  # its id is the answer
    work.record("calibration_requested", f"calibration_job:{job.id}", subject_code=spec.subject,
                sittings=list(spec.sittings), design=spec.design)  # fmt: skip
    return job.id


def claim(work: Work, worker: str) -> tuple[int, Spec] | None:
    """The oldest job that waits is this worker's now; None if none waits."""
    waiting = select(CalibrationJob).where(CalibrationJob.state == "requested").order_by(CalibrationJob.id).limit(1)
    job = work.db.execute(waiting.with_for_update(skip_locked=True)).scalar_one_or_none()
    if job is None:
        return None
    work.move(job, CALIBRATION, "start")
    job.worker, job.beat_at, job.started_at = worker, work.now, work.now
    job.attempts, job.stage, job.done, job.total = job.attempts + 1, None, 0, 0
    return job.id, Spec.of(job.spec)


def tell(work: Work, job_id: int, worker: str, stage: str | None, done: int, total: int) -> bool:
    """The page shows how far it is; False if the job is not this worker's any more: cancelled, or given to another."""
    values: dict[str, Any] = {"beat_at": work.now}
    if stage is not None:
        values |= {"stage": stage, "done": done, "total": total}
    mine = (CalibrationJob.id == job_id, CalibrationJob.state == "running", CalibrationJob.worker == worker)
    told: Any = work.db.execute(update(CalibrationJob).where(*mine).values(**values))
    return bool(told.rowcount)


def finish(work: Work, job_id: int, run_id: int) -> None:
    """The run that was asked for stands."""
    job = _locked(work, job_id)
    work.move(job, CALIBRATION, "finish")
    _end(work, job)
    job.run_id = run_id


def fail(work: Work, job_id: int, failure: str, **facts: Any) -> None:
    """There is no run; the page says why."""
    job = _locked(work, job_id)
    work.move(job, CALIBRATION, "fail", reason=failure)
    _end(work, job)
    job.failure, job.failure_facts = failure, facts
    work.record("calibration_failed", f"calibration_job:{job.id}", reason=failure)


def cancel(work: Work, job_id: int) -> None:
    """Nobody goes on with it; a worker that runs it stops at its next word."""
    job = _locked(work, job_id)
    work.move(job, CALIBRATION, "cancel")
    _end(work, job)
    work.record("calibration_cancelled", f"calibration_job:{job.id}")


def take_up(work: Work, is_alive: Callable[[str], bool | None]) -> list[int]:
    """Jobs whose worker is gone wait again, or have failed if that was not the first; returns them.

    `is_alive` says of a worker whether it lives, None if that cannot be known from here: then its signs of life do."""
    gone = []
    running = select(CalibrationJob).where(CalibrationJob.state == "running").with_for_update()
    for job in work.db.execute(running).scalars():
        known = is_alive(job.worker or "")
        is_lapsed = job.beat_at is None or work.now - job.beat_at > LAPSE
        if known or (known is None and not is_lapsed):
            continue
        gone.append(job.id)
        if job.attempts >= MOST_ATTEMPTS:
            fail(work, job.id, "worker_gone", attempts=job.attempts)
        else:
            work.move(job, CALIBRATION, "return", reason="worker_gone")
            job.worker = job.beat_at = None
    return gone


def is_waiting(work: Work) -> bool:
    """Whether a worker would find something to do, or somebody to stand in for."""
    some = select(CalibrationJob.id).where(CalibrationJob.state.in_(("requested", "running"))).limit(1)
    return work.db.execute(some).scalar_one_or_none() is not None


def _end(work: Work, job: CalibrationJob) -> None:
    job.worker, job.ended_at = None, work.now


def _locked(work: Work, job_id: int) -> CalibrationJob:
    job = work.db.get(CalibrationJob, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFound("not_found")
    return job
