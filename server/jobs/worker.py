"""`python -m server.jobs.worker [--once] [--beside PID]`: tasks asked for on pages are worked off.

The web process has one kept beside itself (`server.jobs.keeper`); with SYNAK_TASKS=0 this is a service of its own."""

from __future__ import annotations

import argparse
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from itembank.calibrations import jobs as calibrations
from itembank.forms import service as forms
from itembank.interchange import service as imports
from itembank.rehearsals import service as rehearsals
from server.core.errors import CatError
from server.core.roles import SYSTEM
from server.core.tasks import Handler, Stopped, TaskRef, service
from server.core.work import Platform, open_reading, open_work
from server.grading import sitting as grading
from server.grading.control import service as control
from server.grading.control.handler import control as control_results
from server.grading.lists import queued as lists
from server.grading.rescoring import applying as correcting
from server.grading.rescoring import service as rescoring
from server.jobs import one_thread
from server.marking import intake as marking
from server.quality.calibrating.handler import calibrate
from server.statements import batch as statements
from server.statements import issuing
from server.web.config import Config

WAIT_S = 1.0
BEAT_S = 15.0
TELL_EVERY = timedelta(seconds=0.5)
POLITE = 10  # a candidate's answer goes before any task
FAILED = "task_failed"
HANDLERS: Mapping[str, Handler] = {
    rehearsals.KIND: rehearsals.rehearse, forms.KIND: forms.assemble, imports.KIND: imports.take_in,
    calibrations.KIND: calibrate, marking.KIND: marking.take_in_task, control.KIND: control_results,
    grading.KIND: grading.grade_sitting, rescoring.EFFECT: rescoring.compute, rescoring.APPLYING: correcting.apply_task,
    lists.FREEZING: lists.freeze, lists.RELEASING: lists.release, issuing.KIND: issuing.issue_all,
    statements.KIND: statements.print_all,
}  # fmt: skip
log = logging.getLogger("synak")


def work_off(platform: Platform, handlers: Mapping[str, Handler] = HANDLERS) -> int | None:
    """The oldest task that waits has ended; its id, None if none waits. Each step is a short unit of work."""
    with open_reading(platform, SYSTEM) as work:
        if not service.is_waiting(work, handlers):
            return None
    with open_work(platform, SYSTEM) as work:
        row = service.take_up(work, handlers)
        if row is None:
            return None
        task = TaskRef(row.id, row.kind, dict(row.arguments), row.asked_by, row.tries)
    try:
        with _beating(platform, task):
            keep = handlers[task.kind](platform, task, _Teller(platform, task))
        with open_work(platform, SYSTEM) as work:
            if not service.finish(work, task.id, task.claim, keep):
                raise Stopped
    except Stopped:
        log.info("task %s (%s) was cancelled, or is another worker's now", task.id, task.kind)
    except CatError as error:
        _fail(platform, task, error.code, error.facts)
    except Exception:  # whatever broke, the page must not wait for ever
        log.exception("task %s (%s) failed", task.id, task.kind)
        _fail(platform, task, FAILED, {})
    return task.id


def work_on(platform: Platform, is_over: Callable[[], bool], wait: Callable[[float], None] = time.sleep) -> None:
    """Tasks are worked off until it is over; a database that is away for a while does not end it."""
    while not is_over():
        try:
            was_busy = work_off(platform) is not None
        except Exception:
            log.exception("nothing could be taken up")
            was_busy = False
        if not was_busy:
            wait(WAIT_S)


class _Teller:
    """Writes down how far a task is, now and then, and at its end."""

    def __init__(self, platform: Platform, task: TaskRef) -> None:
        self._platform, self._task = platform, task
        self._told_at: datetime | None = None
        self._stage: str | None = None

    def __call__(self, done: int, total: int, stage: str | None = None, /) -> None:
        now = self._platform.clock.now()
        is_fresh = self._told_at is not None and now - self._told_at < TELL_EVERY and stage == self._stage
        if is_fresh and not 0 < total <= done:
            return
        self._told_at, self._stage = now, stage
        with open_work(self._platform, SYSTEM) as work:
            goes_on = service.tell(work, self._task.id, self._task.claim, done, total, stage)
        if not goes_on:
            raise Stopped


@contextmanager
def _beating(platform: Platform, task: TaskRef) -> Iterator[None]:
    """Signs of life go out while the handler is silent, so that no other worker takes the task for forsaken."""
    over = threading.Event()

    def beat() -> None:
        is_ours = True
        while is_ours and not over.wait(BEAT_S):
            try:
                with open_work(platform, SYSTEM) as work:
                    is_ours = service.beat(work, task.id, task.claim)
            except Exception:  # a database that is away; the handler meets the same at its next word
                log.info("no sign of life could be given for task %s", task.id)

    thread = threading.Thread(target=beat, name="synak-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _fail(platform: Platform, task: TaskRef, code: str, facts: Mapping[str, object]) -> None:
    with open_work(platform, SYSTEM) as work:
        service.fail(work, task.id, task.claim, code, facts)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.worker", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when nothing waits")
    parser.add_argument("--beside", type=int, help="end when this process is not the parent any more")
    options = parser.parse_args(arguments)
    os.nice(POLITE)
    platform = Config.from_env().make_platform()
    try:
        if options.once:
            while work_off(platform) is not None:
                pass
        else:
            work_on(platform, lambda: options.beside is not None and os.getppid() != options.beside)
    finally:
        platform.database.close()


if __name__ == "__main__":
    one_thread.insist()
    main()
