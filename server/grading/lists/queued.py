"""Lists frozen and released by a worker: all results are read while nobody waits for it, and what follows from them is
written in one short unit of work."""

from __future__ import annotations

from server.core import tasks
from server.core.errors import Stale
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, Work, open_reading
from server.grading.lists import queries, service

FREEZING, RELEASING = "freezing", "releasing"


def ask_to_freeze(work: Work, sitting_id: int, because: str) -> int:
    """The results will be a list, for that reason; the task's id. They are looked at before anything is released."""
    because = service.reasoned(because)
    service.require_control(work, sitting_id)
    return tasks.ask_once(work, FREEZING, f"sitting:{sitting_id}", {"sitting_id": sitting_id, "because": because})


def ask_to_release(work: Work, list_id: int) -> None:
    """The list will be released under the seal of the actor's office; harmless twice."""
    if queries.list_ref(work, list_id).released_at is None:
        service.may_be_released(work, list_id)
        tasks.ask_once(work, RELEASING, f"result_list:{list_id}", {
            "list_id": list_id, "organisation_id": work.actor.organisation_id,
        })  # fmt: skip


def freeze(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The results as they stand are a list. The handler of these tasks."""
    with open_reading(platform, SYSTEM) as work:
        service.require_control(work, int(task.arguments["sitting_id"]))
        found = service.standing(work, int(task.arguments["sitting_id"]), tell)
        before = queries.newest(work, found.sitting_id)
    if before is not None and before.digest == found.digest:
        raise Stale("list_unchanged", version=before.version)
    return lambda work: service.keep(work, found, str(task.arguments["because"]), task.asked_by)


def release(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The list is released and delivered, if it says what stands. The handler of these tasks."""
    list_id, office_id = int(task.arguments["list_id"]), int(task.arguments["organisation_id"])
    with open_reading(platform, SYSTEM) as work:
        parts = service.parts_to_give(work, list_id, tell)

    def keep(work: Work) -> int:
        service.put_out(work, list_id, parts, task.asked_by, office_id)
        return list_id

    return keep
