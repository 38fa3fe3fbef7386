"""Commands on tasks: asked for, cancelled, taken up, told of, ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import select

from server.core.errors import NotFound
from server.core.ruling import Json
from server.core.tasks.machine import OPEN, TASK
from server.core.tasks.models import Task
from server.core.work import Work

SILENCE = timedelta(minutes=2)
MOST_TRIES = 3
LOST = "task_lost"


def ask_once(work: Work, kind: str, subject: str, arguments: Mapping[str, Json]) -> int:
    """As `ask`; where the same was asked for already and has not ended, it is not asked for again."""
    alike = select(Task).where(Task.kind == kind, Task.subject == subject, Task.state.in_(OPEN)).order_by(Task.id)
    for task in work.db.scalars(alike):
        if task.arguments == dict(arguments):
            return task.id
    return ask(work, kind, subject, arguments)


def ask(work: Work, kind: str, subject: str, arguments: Mapping[str, Json]) -> int:
    """The task waits for a worker; `subject` (`blueprint_draft:3`) is what pages find it by. Returns its id."""
    task = Task(
        kind=kind, subject=subject, arguments=dict(arguments), state="queued", done=0, total=0, tries=0,
        asked_by=work.actor.label, asked_at=work.now,
    )  # fmt: skip
    work.db.add(task)
    work.db.flush()  # its id is the answer
    work.record("task_asked", f"task:{task.id}", kind=kind, of=subject)
    return task.id


def cancel(work: Work, task_id: int) -> None:
    """The task is not begun, or ends at its next sign of life; Stale if it has ended."""
    task = _locked(work, task_id)
    work.move(task, TASK, "cancel")
    task.ended_at = work.now
    work.record("task_cancelled", f"task:{task.id}", kind=task.kind)


def take_up(work: Work, kinds: Collection[str]) -> Task | None:
    """The oldest task that waits is running, after those whose worker fell silent wait again; None if none does."""
    _begin_again(work)
    waiting = select(Task).where(Task.state == "queued", Task.kind.in_(kinds)).order_by(Task.id).limit(1)
    task = work.db.scalars(waiting.with_for_update(skip_locked=True)).first()
    if task is not None:
        work.move(task, TASK, "begin")
        task.tries, task.beat_at, task.done = task.tries + 1, work.now, 0
    return task


def tell(work: Work, task_id: int, done: int, total: int) -> bool:
    """The task has come so far; False if it is not to go on."""
    task = _locked(work, task_id)
    if task.state != "running":
        return False
    task.done, task.total, task.beat_at = done, total, work.now
    return True


def finish(work: Work, task_id: int, result_id: int) -> None:
    """The task is done, and this row came of it; what was cancelled meanwhile stays so."""
    task = _locked(work, task_id)
    if task.state == "running":
        task.done = task.total
        task.result_id, task.ended_at = result_id, work.now
        work.move(task, TASK, "finish")


def fail(work: Work, task_id: int, code: str) -> None:
    """The task ended without a result; `code` is that of a sentence in server.web.messages."""
    task = _locked(work, task_id)
    if task.state == "running":
        _fail(work, task, code)


def _begin_again(work: Work) -> None:
    silent = select(Task).where(Task.state == "running", Task.beat_at < work.now - SILENCE)
    for task in work.db.scalars(silent.with_for_update(skip_locked=True)).all():
        if task.tries >= MOST_TRIES:
            _fail(work, task, LOST)
        else:
            work.move(task, TASK, "begin_again", reason="its worker fell silent")


def _fail(work: Work, task: Task, code: str) -> None:
    task.failure, task.ended_at = code[:80], work.now
    work.move(task, TASK, "fail")


def _locked(work: Work, task_id: int) -> Task:
    # Lock before reading: a page cancels while the worker tells.
    found = select(Task).where(Task.id == task_id).with_for_update().execution_options(populate_existing=True)
    task = work.db.scalars(found).one_or_none()
    if task is None:
        raise NotFound("not_found")
    return task
