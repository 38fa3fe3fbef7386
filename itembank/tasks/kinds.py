"""The kinds of tasks: who may watch and stop them, what is said while they run, and which page they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from itembank.calibrations import jobs as calibrations
from itembank.calibrations.words import running as calibrating
from itembank.forms import service as forms
from itembank.interchange import service as imports
from itembank.rehearsals import service as rehearsals
from server.core.errors import NotFound
from server.core.i18n import _, ngettext, number
from server.core.roles import Actor, Role
from server.core.tasks import TaskView

Place = tuple[str, Mapping[str, Any]]  # the name of a page and what its address needs


@dataclass(frozen=True)
class Kind:
    """`running` says how far one is; `place` is where its result stands, or where it was asked for.

    Of a private one only who asked for it knows."""

    readers: tuple[Role, ...]
    stoppers: tuple[Role, ...]
    running: Callable[[TaskView], str]
    place: Callable[[TaskView], Place]
    is_private: bool = False


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


def seen_by(task: TaskView, actor: Actor) -> TaskView:
    """The task; NotFound for whom it does not exist."""
    kind = KINDS[task.kind]
    if not actor.may(*kind.readers) or (kind.is_private and task.asked_by != actor.label):
        raise NotFound("not_found")
    return task


def may_stop(task: TaskView, actor: Actor) -> bool:
    """Whether this reader may end it by hand."""
    return task.is_open and actor.may(*KINDS[task.kind].stoppers)


def _candidates(task: TaskView) -> str:
    if not task.total:
        return _("It has begun")
    return _("%(done)s of %(total)s candidates", done=number(task.done), total=number(task.total))


def _items(task: TaskView) -> str:
    if not task.total:
        return _("The file is being checked")
    return _("%(done)s of %(total)s items", done=number(task.done), total=number(task.total))


def _rehearsal(task: TaskView) -> Place:
    if task.result_id:
        return "rehearsals.rehearsal", {"rehearsal_id": task.result_id}
    kind, _colon, id_ = task.subject.partition(":")
    page = {"draft": "drafts.draft", "blueprint": "bank.blueprint"}.get(kind, "bank.pool")
    return page, {f"{page.rpartition('.')[2]}_id": int(id_), "_anchor": "rehearsals"}


def _forms(task: TaskView) -> Place:
    if task.result_id:
        return "forms.forms", {"form_set_id": task.result_id}
    return "forms.of_pool", {"pool_id": task.arguments["pool_id"]}


def _calibration(task: TaskView) -> Place:
    return "calibrating.job", {"task_id": task.id}


def _import(task: TaskView) -> Place:
    return "interchange.report", {"import_id": task.arguments["import_id"]}


BOTH, PSYCHOMETRICIAN = (Role.COMMISSION, Role.PSYCHOMETRICIAN), (Role.PSYCHOMETRICIAN,)
KINDS: Mapping[str, Kind] = {
    rehearsals.KIND: Kind(BOTH, BOTH, _candidates, _rehearsal),
    forms.KIND: Kind(BOTH, PSYCHOMETRICIAN, lambda _task: _("The forms are being assembled."), _forms),
    calibrations.KIND: Kind(BOTH, PSYCHOMETRICIAN, calibrating, _calibration),
    # Who stops one deletes its file too: that has a button of its own.
    imports.KIND: Kind((Role.WRITER,), (), _items, _import, is_private=True),
}
