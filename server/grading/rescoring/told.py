"""What candidates were told of their results: no correction takes that from them where the edition forbids it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select

from server import delivery
from server.core.db import batches
from server.core.work import Work
from server.grading import lists
from server.grading.models import Grade, Score


def told_by_list(work: Work, sitting_ids: Iterable[int], session_ids: Collection[int]) -> dict[tuple[int, str], float]:
    """By session and subject the percent behind the grade that the newest released list tells."""
    wanted = set(session_ids)
    grades: dict[int, tuple[int, str]] = {}
    for sitting_id in sitting_ids:
        released = lists.newest_released(work, sitting_id)
        for row in lists.rows_of(work, released.id) if released is not None else ():
            if row.session_id in wanted:
                grades |= {each["id"]: (row.session_id, each["subject"]) for each in row.grades}
    found: dict[tuple[int, str], float] = {}
    for ids in batches(grades):
        percents = select(Grade.id, Score.percent).join(Score, Score.id == Grade.score_id).where(Grade.id.in_(ids))
        found |= {grades[grade_id]: percent for grade_id, percent in work.db.execute(percents)}
    return found


def are_told_at_once(work: Work, sitting_ids: Iterable[int]) -> frozenset[int]:
    """The sittings whose candidates see each result as soon as it stands."""
    return frozenset(each for each in sitting_ids if delivery.sitting_ref(work, each).is_released_at_once)


def listed(work: Work, sitting_ids: Iterable[int]) -> list[int]:
    """The sittings that have a list of results, released or not."""
    return [each for each in sitting_ids if lists.lists_of(work, each)]
