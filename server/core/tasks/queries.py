"""What pages show of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.core.errors import NotFound
from server.core.tasks.machine import OPEN
from server.core.tasks.models import Task
from server.core.work import Work


@dataclass(frozen=True)
class TaskView:
    """A task: how far it is, how many wait before it, and what came of it."""

    id: int
    kind: str
    subject: str
    arguments: Mapping[str, Any]
    state: str
    done: int
    total: int
    stage: str | None
    before: int
    result_id: int | None
    failure: str | None
    failure_facts: Mapping[str, Any]
    asked_by: str
    asked_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in OPEN


def task_view(work: Work, task_id: int) -> TaskView:
    """The task; NotFound if there is none."""
    row = work.db.get(Task, task_id)
    if row is None:
        raise NotFound("not_found")
    return _view(work, row)


def latest(
    work: Work, kind: str, subject: str | None = None, most: int = 5, asked_by: str | None = None
) -> list[TaskView]:  # fmt: skip
    """The newest tasks of a kind, about a subject or about any, asked for by somebody or by anybody, newest first."""
    found = select(Task).where(Task.kind == kind).order_by(Task.id.desc()).limit(most)
    if subject is not None:
        found = found.where(Task.subject == subject)
    if asked_by is not None:
        found = found.where(Task.asked_by == asked_by)
    return [_view(work, row) for row in work.db.scalars(found)]


def _view(work: Work, row: Task) -> TaskView:
    before = 0
    if row.state == "queued":
        ahead = select(func.count()).select_from(Task).where(Task.state.in_(OPEN), Task.id < row.id)
        before = work.db.execute(ahead).scalar_one()
    return TaskView(
        row.id, row.kind, row.subject, row.arguments, row.state, row.done, row.total, row.stage, before,
        row.result_id, row.failure, row.failure_facts or {}, row.asked_by, row.asked_at,
    )  # fmt: skip
