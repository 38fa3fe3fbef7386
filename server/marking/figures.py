"""The figures of a marking: every mark of its markers, how two of them agree, how severe each marker is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from irt.raters import Agreement, Severity, agreement, severity
from server.core.work import Work
from server.marking.drawing import TURNS
from server.marking.models import Allotment, Mark, MarkingTask, WrittenWork


@dataclass(frozen=True)
class GivenMark:
    """A mark of a marker that was not corrected."""

    work_id: int
    task_id: int
    turn: int
    staff_id: int
    points: int
    spent_ms: int | None


def given_marks(work: Work, marking_id: int) -> list[GivenMark]:
    """The marks of markers that stand uncorrected, appeals or not."""
    corrected = select(Mark.supersedes_id).where(Mark.supersedes_id.is_not(None), Mark.source == "marker")
    rows = work.db.execute(
        select(
            Mark.work_id, WrittenWork.task_id, Allotment.turn, Allotment.staff_id, Mark.points, Mark.spent_ms
        )
        .join(Allotment, Allotment.id == Mark.allotment_id)
        .join(WrittenWork, WrittenWork.id == Mark.work_id)
        .where(WrittenWork.marking_id == marking_id, Mark.id.not_in(corrected))
        .order_by(Mark.id)
    )
    return [GivenMark(r.work_id, r.task_id, r.turn, r.staff_id, int(r.points), r.spent_ms) for r in rows]


def agreement_on(given: Sequence[GivenMark], task_id: int, maximum: int) -> Agreement:
    """How the first and the second mark of each work of a task agree; a third is of works chosen for disagreement."""
    pairs: dict[int, dict[int, int]] = defaultdict(dict)
    for each in given:
        if each.task_id == task_id and each.turn in TURNS:
            pairs[each.work_id][each.turn] = each.points
    both = [(marks[1], marks[2]) for marks in pairs.values() if len(marks) == len(TURNS)]
    return agreement([one for one, _ in both], [other for _, other in both], maximum)


def severities(work: Work, marking_id: int, ids: Sequence[int], given: Sequence[GivenMark]) -> Severity:
    """How far each of these markers lies above the others, in percent of the points."""
    worth = select(MarkingTask.id, MarkingTask.maximum).where(MarkingTask.marking_id == marking_id)
    maxima = {row.id: row.maximum for row in work.db.execute(worth)}
    at = {id_: place for place, id_ in enumerate(ids)}
    used = [each for each in given if each.turn in TURNS]
    return severity(
        [each.work_id for each in used], [at[each.staff_id] for each in used],
        [100 * each.points / maxima[each.task_id] for each in used], len(ids),
    )  # fmt: skip
