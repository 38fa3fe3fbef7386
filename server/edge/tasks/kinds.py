"""The kinds of tasks: who may watch and stop them, what is said while they run, and which page they belong to.
Which there are says `server.web.tasks`; here is what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.core.errors import NotFound
from server.core.i18n import _, ngettext
from server.core.roles import Actor, Role
from server.core.tasks import TaskView, task_view
from server.core.work import Work

Place = tuple[str, Mapping[str, Any]]  # the name of a page and what its address needs
KINDS: dict[str, Kind] = {}


@dataclass(frozen=True)
class Kind:
    """`running` says how far one is; `place` is where its result stands, or where it was asked for.

    Of a private one only who asked for it knows; of the others those of the roles for whose office `concerns` holds."""

    readers: tuple[Role, ...]
    stoppers: tuple[Role, ...]
    running: Callable[[TaskView], str]
    place: Callable[[TaskView], Place]
    is_private: bool = False
    concerns: Callable[[Work], bool] = lambda _work: True


def words_of(task: TaskView) -> str:
    """How far a task is, or how it ended; why it failed is a sentence of its own."""
    if task.state == "running":
        return KINDS[task.kind].running(task)
    if task.state == "queued":
        if not task.before:
            return _("It waits for the worker")
        return ngettext("Waits; %(n)s task is before it.", "Waits; %(n)s tasks are before it.", task.before)
    return {"done": _("done"), "failed": _("failed"), "cancelled": _("stopped")}[task.state]


def place_of(task: TaskView) -> Place:
    """Where its result stands, or where it was asked for."""
    return KINDS[task.kind].place(task)


def seen(work: Work, task_id: int) -> TaskView:
    """The task; NotFound for whom it does not exist."""
    task = task_view(work, task_id)
    kind = KINDS[task.kind]
    if not work.actor.may(*kind.readers) or (kind.is_private and task.asked_by != work.actor.label):
        raise NotFound("not_found")
    if not kind.concerns(work):
        raise NotFound("not_found")
    return task


def may_stop(task: TaskView, actor: Actor) -> bool:
    """Whether this reader may end it by hand."""
    return task.is_open and actor.may(*KINDS[task.kind].stoppers)
