"""A whole sitting graded by a worker: everybody who is finished and has no decision yet, those held among them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from server.core import tasks
from server.core.db import batches
from server.core.readers import read_ahead
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery.rolls import roll_of
from server.grading import service
from server.grading.gathering import Gathered
from server.grading.queries import decided_among

KIND = "grading"
AT_ONCE = 250  # sessions of one unit of work: a candidate's answer waits no longer than that takes
MOST_TRIES = 3


def ask(work: Work, sitting_id: int) -> int:
    """The sitting will be graded; the task's id."""
    return tasks.ask_once(work, KIND, f"sitting:{sitting_id}", {"sitting_id": sitting_id})


def ungraded(work: Work, sitting_id: int) -> list[int]:
    """The sessions of the sitting that are finished and have no decision."""
    finished = [each.session_id for each in roll_of(work, sitting_id) if each.state in service.FINISHED]
    decided = decided_among(work, finished)
    return sorted(id_ for id_ in finished if id_ not in decided)


def grade_sitting(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """Everybody has grades and a decision, or is held with the reason. The handler of these tasks.

    While one portion is written, the next ones are read and scored."""
    sitting_id = int(task.arguments["sitting_id"])
    with open_reading(platform, SYSTEM) as work:
        ids = ungraded(work, sitting_id)
    done, counts = 0, {"graded": 0, "held": 0}
    tell(done, len(ids))
    portions = [some[at : at + AT_ONCE] for some in batches(ids) for at in range(0, len(some), AT_ONCE)]
    with read_ahead(platform, gather, portions) as read:
        for some, ahead in read:
            for outcome in _graded(platform, some, ahead).values():
                counts[outcome.state] += 1
            done += len(some)
            tell(done, len(ids))
    return lambda work: _keep(work, sitting_id, counts)


def _keep(work: Work, sitting_id: int, counts: dict[str, int]) -> int:
    work.record("sitting:graded", f"sitting:{sitting_id}", clause="DC-20", **counts)
    return sitting_id


def _graded(platform: Platform, ids: Sequence[int], ahead: Gathered) -> dict[int, service.Outcome]:
    """One portion is graded; where another process graded one of them just now, the others once more."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            with open_work(platform, SYSTEM) as work:
                return service.grade_sessions(work, ids, ahead=ahead)
        except IntegrityError:
            if tried == MOST_TRIES:
                raise
    raise AssertionError("no try was made")


def gather(platform: Platform, ids: Sequence[int]) -> Gathered:
    with open_reading(platform, SYSTEM) as work:
        return service.gather(work, ids)
