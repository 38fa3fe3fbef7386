"""The kinds of tasks: who may watch and stop them, what is said while they run, and which page they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for

from itembank.calibrations import jobs as calibrations
from itembank.calibrations.words import running as calibrating
from itembank.forms import service as forms
from itembank.interchange import service as imports
from itembank.rehearsals import service as rehearsals
from server.core.errors import NotFound
from server.core.i18n import _, ngettext, number
from server.core.roles import Actor, Role
from server.core.tasks import TaskView


@dataclass(frozen=True)
class Kind:
    """`running` says how far one is; `page` is where its result stands, or where it was asked for.

    Of a private one only who asked for it knows."""

    readers: tuple[Role, ...]
    stoppers: tuple[Role, ...]
    running: Callable[[TaskView], str]
    page: Callable[[TaskView], str]
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


def page_of(task: TaskView) -> str:
    """Where its result stands, or where it was asked for."""
    return KINDS[task.kind].page(task)


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


def _rehearsal(task: TaskView) -> str:
    if task.result_id:
        return url_for("rehearsals.rehearsal", rehearsal_id=task.result_id)
    kind, _colon, id_ = task.subject.partition(":")
    if kind == "draft":
        return url_for("drafts.draft", draft_id=int(id_), _anchor="rehearsals")
    if kind == "blueprint":
        return url_for("bank.blueprint", blueprint_id=int(id_), _anchor="rehearsals")
    return url_for("bank.pool", pool_id=int(id_), _anchor="rehearsals")


def _forms(task: TaskView) -> str:
    if task.result_id:
        return url_for("forms.forms", form_set_id=task.result_id)
    return url_for("forms.of_pool", pool_id=task.arguments["pool_id"])


BOTH = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
KINDS: Mapping[str, Kind] = {
    rehearsals.KIND: Kind(BOTH, BOTH, _candidates, _rehearsal),
    forms.KIND: Kind(BOTH, (Role.PSYCHOMETRICIAN,), lambda _task: _("The forms are being assembled."), _forms),
    calibrations.KIND: Kind(
        BOTH, (Role.PSYCHOMETRICIAN,), calibrating, lambda task: url_for("calibrating.job", task_id=task.id)
    ),
    # Who stops one deletes its file too: that has a button of its own.
    imports.KIND: Kind(
        (Role.WRITER,), (), _items, lambda task: url_for("interchange.report", import_id=task.arguments["import_id"]),
        is_private=True,
    ),
}  # fmt: skip
