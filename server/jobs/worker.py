"""`python -m server.jobs.worker [--once] [--beside PID]`: tasks and calibrations asked for on pages are worked off.

The web process starts one beside itself; with SYNAK_TASKS=0 it does not: then this command is a service of its own."""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from itembank.forms import service as forms
from itembank.interchange import service as imports
from itembank.rehearsals import service as rehearsals
from server.core.errors import CatError
from server.core.roles import SYSTEM
from server.core.tasks import Handler, Stopped, TaskRef, service
from server.core.work import Platform, open_work
from server.jobs import calibrating as calibrations
from server.web.config import Config

WAIT_S = 1.0
TELL_EVERY = timedelta(seconds=0.5)
POLITE = 10  # a candidate's answer goes before any task
FAILED = "task_failed"
HANDLERS: Mapping[str, Handler] = {
    rehearsals.KIND: rehearsals.rehearse, forms.KIND: forms.assemble, imports.KIND: imports.take_in,
}  # fmt: skip
log = logging.getLogger("synak")


def work_off(platform: Platform, handlers: Mapping[str, Handler] = HANDLERS) -> bool:
    """The oldest task that waits has ended; False if none waits. Each step is a short unit of work of its own."""
    with open_work(platform, SYSTEM) as work:
        row = service.take_up(work, list(handlers))
        if row is None:
            return False
        task = TaskRef(row.id, row.kind, dict(row.arguments), row.asked_by)
    try:
        result_id = handlers[task.kind](platform, task, _Teller(platform, task.id))
    except Stopped:
        return True
    except CatError as error:
        _fail(platform, task, error.code)
    except Exception:
        log.exception("task %s (%s) failed", task.id, task.kind)
        _fail(platform, task, FAILED)
    else:
        with open_work(platform, SYSTEM) as work:
            service.finish(work, task.id, result_id)
    return True


def work_on(platform: Platform, is_over: Callable[[], bool], wait: Callable[[float], None] = time.sleep) -> None:
    """Tasks are worked off until it is over; a database that is away for a while does not end it."""
    while not is_over():
        try:
            was_busy = work_at_all(platform)
        except Exception:
            log.exception("nothing could be taken up")
            was_busy = False
        if not was_busy:
            wait(WAIT_S)


def work_at_all(platform: Platform) -> bool:
    """A task or a calibration has ended; False if neither waits."""
    return work_off(platform) or calibrations.work_once(platform) is not None


def begin_beside() -> None:
    """A worker runs beside this process and ends when it ends, unless SYNAK_TASKS=0."""
    if os.environ.get("SYNAK_TASKS", "1") == "1":
        subprocess.Popen([sys.executable, "-m", "server.jobs.worker", "--beside", str(os.getpid())])


class _Teller:
    """Writes down how far a task is, now and then, and at its end."""

    def __init__(self, platform: Platform, task_id: int) -> None:
        self._platform, self._task_id = platform, task_id
        self._told_at: datetime | None = None

    def __call__(self, done: int, total: int) -> None:
        now = self._platform.clock.now()
        if self._told_at is not None and now - self._told_at < TELL_EVERY and done < total:
            return
        self._told_at = now
        with open_work(self._platform, SYSTEM) as work:
            goes_on = service.tell(work, self._task_id, done, total)
        if not goes_on:
            raise Stopped


def _fail(platform: Platform, task: TaskRef, code: str) -> None:
    with open_work(platform, SYSTEM) as work:
        service.fail(work, task.id, code)


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
            while work_at_all(platform):
                pass
        else:
            work_on(platform, lambda: options.beside is not None and os.getppid() != options.beside)
    finally:
        platform.database.close()


if __name__ == "__main__":
    main()
