"""What others may know of marks: which tasks are settled, with how many points; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from server import delivery
from server.core.db import batches
from server.core.regulation import Edition
from server.core.ruling import Ruling
from server.core.work import Work
from server.marking.models import Allotment, Mark, Marking, MarkingTask, WrittenWork
from server.marking.rules import WrittenMarksRule

CLAUSE = "CS-14.2.marks"
Task = tuple[int, int]  # the section and the number of the task in it


@dataclass(frozen=True)
class MarkedTask:
    """A written task whose points stand, and the marks that made them."""

    points: Decimal
    maximum: int
    is_settled: bool
    mark_ids: tuple[int, ...]


@dataclass(frozen=True)
class Standing:
    """The marks of a work that count, in the order of their turns, and what the rule says of them.

    One of an appeal stands alone, whatever the markers gave."""

    work_id: int
    session_id: int
    task: Task
    maximum: int
    mark_ids: tuple[int, ...]
    marks: tuple[Decimal, ...]
    is_of_appeal: bool
    ruling: Ruling

    @property
    def settled(self) -> MarkedTask | None:
        """The points that stand; None while a mark is missing."""
        if self.is_of_appeal:
            return MarkedTask(self.marks[0], self.maximum, True, self.mark_ids)
        if not self.ruling.allowed:
            return None
        used = self.ruling.facts["used"]
        assert isinstance(used, list)
        stand = tuple(self.mark_ids[at] for at in used if isinstance(at, int))
        return MarkedTask(Decimal(str(self.ruling.facts["points"])), self.maximum, True, stand)


def rule_of(edition: Edition) -> WrittenMarksRule:
    """What an edition says of marks."""
    return edition.get(CLAUSE, WrittenMarksRule)


def marks_of(work: Work, session_ids: Sequence[int]) -> dict[int, dict[Task, MarkedTask]]:
    """Of each session the written tasks whose points stand, by section and number; the others are left out."""
    found: dict[int, dict[Task, MarkedTask]] = {}
    for some in batches(session_ids):
        for each in standings(work, select(WrittenWork.id).where(WrittenWork.session_id.in_(some))):
            settled = each.settled
            if settled is not None:
                found.setdefault(each.session_id, {})[each.task] = settled
    return found


def markers_of(work: Work, session_ids: Collection[int]) -> dict[int, set[int]]:
    """Session → everybody who marked written work of it, whichever mark stands: they judge no appeal on it."""
    found: dict[int, set[int]] = {each: set() for each in session_ids}
    query = (
        select(WrittenWork.session_id, Allotment.staff_id)
        .join(Mark, Mark.work_id == WrittenWork.id)
        .join(Allotment, Allotment.id == Mark.allotment_id)
    )
    for some in batches(session_ids):
        for session_id, staff_id in work.db.execute(query.where(WrittenWork.session_id.in_(some))):
            found[session_id].add(staff_id)
    return found


def settled_sessions(work: Work, since: datetime | None = None) -> list[int]:
    """The sessions with a mark given since then, all of whose written tasks are settled by now, in order of id."""
    marked = select(WrittenWork.session_id).join(Mark, Mark.work_id == WrittenWork.id)
    if since is not None:
        marked = marked.where(Mark.made_at > since)
    found: set[int] = set()
    for some in batches(set(work.db.scalars(marked))):
        stand = standings(work, select(WrittenWork.id).where(WrittenWork.session_id.in_(some)))
        found |= set(some) - {each.session_id for each in stand if each.settled is None}
    return sorted(found)


def remarks_because(work: Work, because: str) -> list[tuple[int, int, int, Decimal]]:
    """Each mark that a decision gave: its id, the session and number of the task, and the points."""
    query = select(Mark.id, WrittenWork.session_id, WrittenWork.seq, Mark.points)
    given = query.join(WrittenWork, WrittenWork.id == Mark.work_id).where(Mark.because == because)
    return [(id_, session_id, seq, Decimal(points))
            for id_, session_id, seq, points in work.db.execute(given.order_by(Mark.id))]  # fmt: skip


def points_then(work: Work, section_id: int, at: datetime) -> list[tuple[Decimal, int]]:
    """What the written tasks of a section came to at that instant, of how many points; the last is what all marks
    until then make. Several where marks were given in that very instant: any of them may have been there or not yet."""
    wanted = select(WrittenWork.id).where(WrittenWork.section_id == section_id)
    works = _works(work, wanted)
    query = select(Mark.id, Mark.work_id, Mark.points, Mark.source, Mark.supersedes_id, Allotment.turn, Mark.made_at)
    given = work.db.execute(
        query.outerjoin(Allotment, Allotment.id == Mark.allotment_id)
        .where(Mark.work_id.in_(wanted), Mark.made_at <= at)
        .order_by(Mark.id)
    ).all()
    found = []
    for n in range(sum(row.made_at < at for row in given), len(given) + 1):
        later = {row.supersedes_id for row in given[:n]}
        stand = sorted((row for row in given[:n] if row.id not in later), key=lambda row: (row.turn or 0, row.id))
        settled = [
            _standing(each.id, each.session_id, (section_id, each.seq), each.maximum,
                      [(row.id, Decimal(row.points), row.source) for row in stand if row.work_id == each.id],
                      rule_of(delivery.sitting_ref(work, each.sitting_id).edition)).settled
            for each in works
        ]  # fmt: skip
        tasks = [each for each in settled if each is not None]
        found.append((sum((each.points for each in tasks), Decimal(0)), sum(each.maximum for each in tasks)))
    return found


def standings(work: Work, work_ids: Select[int]) -> list[Standing]:
    """How the marks of these works stand."""
    works = _works(work, work_ids)
    given = _marks(work, work_ids)
    rules = {
        id_: rule_of(delivery.sitting_ref(work, id_).edition) for id_ in {row.sitting_id for row in works}
    }
    return [
        _standing(
            row.id,
            row.session_id,
            (row.section_id, row.seq),
            row.maximum,
            given[row.id],
            rules[row.sitting_id],
        )
        for row in works
    ]


def _works(work: Work, work_ids: Select[int]) -> Sequence[Any]:
    """Where each of these works stands, and what it is worth."""
    return work.db.execute(
        select(WrittenWork.id, WrittenWork.session_id, WrittenWork.section_id, WrittenWork.seq, MarkingTask.maximum,
               Marking.sitting_id)
        .join(MarkingTask, MarkingTask.id == WrittenWork.task_id)
        .join(Marking, Marking.id == WrittenWork.marking_id)
        .where(WrittenWork.id.in_(work_ids))
        .order_by(WrittenWork.id)
    ).all()  # fmt: skip


def _marks(work: Work, work_ids: Select[int]) -> dict[int, list[tuple[int, Decimal, str]]]:
    """By work the marks that no other superseded: of markers in their turns, or the one of an appeal."""
    later = select(Mark.supersedes_id).where(Mark.supersedes_id.is_not(None), Mark.work_id.in_(work_ids))
    rows = work.db.execute(
        select(Mark.id, Mark.work_id, Mark.points, Mark.source)
        .outerjoin(Allotment, Allotment.id == Mark.allotment_id)
        .where(Mark.work_id.in_(work_ids), Mark.id.not_in(later))
        .order_by(Allotment.turn, Mark.id)
    )
    found: dict[int, list[tuple[int, Decimal, str]]] = defaultdict(list)
    for row in rows:
        found[row.work_id].append((row.id, Decimal(row.points), row.source))
    return found


def _standing(
    work_id: int, session_id: int, task: Task, maximum: int, given: Iterable[tuple[int, Decimal, str]],
    rule: WrittenMarksRule,
) -> Standing:  # fmt: skip
    of_appeal = [each for each in given if each[2] == "appeal"]
    counted = of_appeal[-1:] or list(given)
    marks = tuple(points for _id, points, _source in counted)
    ids = tuple(id_ for id_, _points, _source in counted)
    return Standing(
        work_id, session_id, task, maximum, ids, marks, bool(of_appeal), rule.judge(marks, maximum)
    )
