"""How far a task is, and the button that stops it: one shape for all kinds."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from server.core import tasks
from server.core.errors import Denied
from server.core.roles import Role
from server.core.tasks import TaskView
from server.edge.guard import actor, allow
from server.edge.tasks.kinds import may_stop, place_of, seen, words_of
from server.edge.tasks.wire import TaskReply
from server.edge.work import reading, unit_of_work

bp = Blueprint("tasks", __name__, template_folder="templates")
TASK = "/tasks/<int:task_id>"


def page_of(task: TaskView) -> str:
    """The address of its result, or of where it was asked for."""
    endpoint, values = place_of(task)
    return url_for(endpoint, **values)


@bp.get(TASK)
@allow(Role.WRITER, Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.OFFICE)
def progress(task_id: int) -> ResponseReturnValue:
    """How far it is, for the page that is looked at."""
    with reading() as work:
        task = seen(work, task_id)
    reply = TaskReply.model_validate({
        "state": task.state, "done": task.done, "total": task.total, "words": words_of(task),
        "next": None if task.is_open else page_of(task),
    })  # fmt: skip
    return Response(reply.model_dump_json(), mimetype="application/json")


@bp.post(TASK + "/stop")
@allow(Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.OFFICE)
def stop(task_id: int) -> ResponseReturnValue:
    """It is not begun, or ends at its next word."""
    with unit_of_work() as work:
        task = seen(work, task_id)
        if task.is_open and not may_stop(task, actor()):
            raise Denied("not_allowed")
        tasks.cancel(work, task_id)
        ended = tasks.task_view(work, task_id)
    return redirect(page_of(ended), 303)


@bp.app_context_processor
def _for_templates() -> dict[str, object]:
    def may_be_stopped(task: TaskView) -> bool:
        return may_stop(task, actor())

    return {"task_words": words_of, "may_stop_task": may_be_stopped}
