"""A worker: takes the oldest calibration that waits, makes it, and tells how far it is; what it breaks on is kept."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from itembank.calibrations import jobs
from itembank.calibrations.analysis import calculate
from itembank.calibrations.analysis.material import Unfit
from itembank.calibrations.policy import load_policy
from itembank.calibrations.recording import options_of, record_run
from itembank.calibrations.spec import Spec
from server.core.errors import CatError, Stale
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.quality.calibrating.gather import gather

TOLD_EVERY = timedelta(seconds=1)
BEAT_S = 15.0
log = logging.getLogger("synak")


class Unwanted(Exception):
    """The job was cancelled, or is another worker's now."""


def name() -> str:
    """This process, as the job's row names it."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def is_alive(worker: str) -> bool | None:
    """Whether that process lives; None if it is of another machine."""
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname()[:60] or not pid.isdigit():
        return None
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Teller:
    """Tells the page how far a job is, at most once a second within a stage; Unwanted once nobody waits for it."""

    def __init__(self, platform: Platform, job_id: int, worker: str) -> None:
        self._platform, self._job_id, self._worker = platform, job_id, worker
        self._stage: str | None = None
        self._at: datetime | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = self._platform.clock.now()
        if stage == self._stage and self._at is not None and now - self._at < TOLD_EVERY:
            return
        self._stage, self._at = stage, now
        self._tell(stage, done, total)

    def beat(self) -> None:
        """A sign of life."""
        self._tell(None, 0, 0)

    def _tell(self, stage: str | None, done: int, total: int) -> None:
        with open_work(self._platform, SYSTEM) as work:
            if not jobs.tell(work, self._job_id, self._worker, stage, done, total):
                raise Unwanted


def work_once(platform: Platform) -> int | None:
    """One job was made, or ended otherwise; its id, or None if none waited."""
    worker = name()
    with open_reading(platform, SYSTEM) as work:
        if not jobs.is_waiting(work):
            return None
    with open_work(platform, SYSTEM) as work:
        jobs.take_up(work, is_alive)
    with open_work(platform, SYSTEM) as work:
        claimed = jobs.claim(work, worker)
    if claimed is None:
        return None
    job_id, spec = claimed
    teller = Teller(platform, job_id, worker)
    try:
        with _beating(teller):
            _make(platform, job_id, spec, teller)
    except Unwanted:
        log.info("calibration %s is not wanted any more", job_id)
    except Unfit as unfit:
        _failed(platform, job_id, unfit.code, **unfit.facts)
    except CatError as error:
        _failed(platform, job_id, error.code, **error.facts)
    except Exception as error:  # whatever broke, the page must not wait for ever
        log.exception("calibration %s failed", job_id)
        _failed(platform, job_id, "broken", error=type(error).__name__)
    return job_id


def _make(platform: Platform, job_id: int, spec: Spec, teller: Teller) -> None:
    material, left_out = gather(platform, spec, teller)
    found = calculate(material, load_policy(spec.policy), options_of(spec), teller)
    teller("recording", 0, 0)
    with open_work(platform, SYSTEM) as work:
        jobs.finish(work, job_id, record_run(work, spec, found, left_out))


def _failed(platform: Platform, job_id: int, code: str, **facts: object) -> None:
    try:
        with open_work(platform, SYSTEM) as work:
            jobs.fail(work, job_id, code[:40], **facts)
    except Stale:
        log.info("calibration %s ended meanwhile", job_id)


@contextmanager
def _beating(teller: Teller) -> Iterator[None]:
    """Signs of life go out while one long step runs."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_S):
            try:
                teller.beat()
            except Exception:  # the worker itself meets the same at its next word
                log.info("no sign of life could be given")

    thread = threading.Thread(target=beat, name="synak-calibration-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
