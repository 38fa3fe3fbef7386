"""Commands on tasks: asked for, cancelled, taken up, told of, ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import select

from server.core.errors import NotFound
from server.core.ruling import Json
from server.core.tasks.handler import Keep
from server.core.tasks.machine import OPEN, TASK
from server.core.tasks.models import Task
from server.core.work import Work

SILENCE = timedelta(minutes=1)  # a worker gives a sign of life four times a minute
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


def is_waiting(work: Work, kinds: Collection[str]) -> bool:
    """Whether a worker may find something to do, or somebody to stand in for."""
    some = select(Task.id).where(Task.state.in_(OPEN), Task.kind.in_(kinds)).limit(1)
    return work.db.execute(some).first() is not None


def take_up(work: Work, kinds: Collection[str]) -> Task | None:
    """The oldest task that waits is running, after those whose worker fell silent wait again; None if none does.

    Its `tries` are the claim of who took it up: whoever held it before has lost it."""
    _begin_again(work)
    waiting = select(Task).where(Task.state == "queued", Task.kind.in_(kinds)).order_by(Task.id).limit(1)
    task = work.db.scalars(waiting.with_for_update(skip_locked=True)).first()
    if task is not None:
        work.move(task, TASK, "begin")
        task.tries, task.beat_at, task.done, task.stage = task.tries + 1, work.now, 0, None
    return task


def beat(work: Work, task_id: int, claim: int) -> bool:
    """The worker lives; False if the task is not its own any more: cancelled, or taken up by another."""
    task = _held(work, task_id, claim)
    if task is not None:
        task.beat_at = work.now
    return task is not None


def tell(work: Work, task_id: int, claim: int, done: int, total: int, stage: str | None = None) -> bool:
    """The task has come so far; False if it is not this worker's any more."""
    task = _held(work, task_id, claim)
    if task is not None:
        task.done, task.total, task.stage, task.beat_at = done, total, stage, work.now
    return task is not None


def finish(work: Work, task_id: int, claim: int, keep: Keep) -> bool:
    """What came of it is written and the task is done, both or neither; False if it is not this worker's any more."""
    task = _held(work, task_id, claim)
    if task is None:
        return False
    task.result_id, task.ended_at = keep(work), work.now
    task.done = task.total
    work.move(task, TASK, "finish")
    return True


def fail(work: Work, task_id: int, claim: int, code: str, facts: Mapping[str, object] | None = None) -> None:
    """The task ended without a result; `code` is that of a sentence in server.web.messages, about these facts."""
    task = _held(work, task_id, claim)
    if task is not None:
        _fail(work, task, code, facts or {})


def _begin_again(work: Work) -> None:
    silent = select(Task).where(Task.state == "running", Task.beat_at < work.now - SILENCE)
    for task in work.db.scalars(silent.with_for_update(skip_locked=True)).all():
        if task.tries >= MOST_TRIES:
            _fail(work, task, LOST, {})
        else:
            work.move(task, TASK, "begin_again", reason="its worker fell silent")


def _fail(work: Work, task: Task, code: str, facts: Mapping[str, object]) -> None:
    task.failure, task.ended_at = code[:80], work.now
    task.failure_facts = {name: _plain(fact) for name, fact in facts.items()}
    work.move(task, TASK, "fail")


def _plain(fact: object) -> object:
    """As JSON has it."""
    if isinstance(fact, list | tuple):
        return [_plain(each) for each in fact]
    return fact if isinstance(fact, str | int | float | bool | None) else str(fact)


def _held(work: Work, task_id: int, claim: int) -> Task | None:
    """The task, while it is this worker's."""
    task = _locked(work, task_id)
    return task if task.state == "running" and task.tries == claim else None


def _locked(work: Work, task_id: int) -> Task:
    # Lock before reading: a page cancels while the worker tells.
    found = select(Task).where(Task.id == task_id).with_for_update().execution_options(populate_existing=True)
    task = work.db.scalars(found).one_or_none()
    if task is None:
        raise NotFound("not_found")
    return task
