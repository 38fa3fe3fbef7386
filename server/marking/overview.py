"""The marking of a sitting for the office: how far it is, who marks what, how they agree, what is refused and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from sqlalchemy import select

from irt.raters import Agreement
from server import delivery
from server.accounts import staff_names
from server.accounts.queries import everybody_with
from server.core import tasks
from server.core.regulation import Ruling
from server.core.roles import Role
from server.core.tasks import TaskView
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.written import codes_of
from server.marking.calls import Call, standing_calls
from server.marking.drawing import BACK, THIRD, TURNS
from server.marking.figures import GivenMark, agreement_on, given_marks, severities
from server.marking.intake import KIND, pending
from server.marking.models import (
    Allotment,
    GivenBack,
    Marking,
    MarkingTask,
    UnmarkedSession,
    WrittenWork,
)
from server.marking.opening import WrittenTask, marking_of, require_office, written_tasks
from server.marking.queries import Standing, rule_of, standings
from server.marking.rules import WrittenMarksRule

MOST_SHOWN = 100


@dataclass(frozen=True)
class TaskRow:
    """A written task: how many works there are, how far they are, and how the two marks of each agree."""

    subject: str
    number: int
    code: str
    maximum: int
    n: int
    n_settled: int
    n_third: int
    agreement: Agreement


@dataclass(frozen=True)
class MarkerRow:
    """A marker: for what they were called, how far they are, how long a work takes, how severe they are.

    `effect` is in percent of the points, above zero where they give more than others do for the same works."""

    staff_id: int
    name: str
    call: Call | None
    done: int
    left: int
    n_third: int
    n_back: int
    median_s: float | None
    effect: float
    se: float


@dataclass(frozen=True)
class Apart:
    """A work whose two marks were too far apart, and what came of it."""

    code: str
    task: int
    subject: str
    marks: tuple[Decimal, ...]
    points: Decimal | None


@dataclass(frozen=True)
class Refused:
    """A session that is not marked, and why (DC-14)."""

    session_id: int
    form_no: str
    ruling: Ruling
    found_at: datetime


@dataclass(frozen=True)
class Overview:
    """All that the office sees of a marking; `marking` is None while it is not open."""

    sitting: SittingRef
    rule: WrittenMarksRule
    offered: tuple[WrittenTask, ...]
    marking: Marking | None
    tasks: tuple[TaskRow, ...] = ()
    markers: tuple[MarkerRow, ...] = ()
    free: tuple[tuple[int, str], ...] = ()
    n_works: int = 0
    n_settled: int = 0
    n_waiting: int = 0
    n_pending: int = 0
    apart: tuple[Apart, ...] = ()
    refused: tuple[Refused, ...] = ()
    intake: TaskView | None = None
    is_overdue: bool = False

    @property
    def is_done(self) -> bool:
        """Whether every work that was taken in is settled."""
        return self.n_works > 0 and self.n_settled == self.n_works


def overview(work: Work, sitting_id: int) -> Overview:
    """The marking of a sitting as it stands."""
    require_office(work)
    sitting = delivery.sitting_ref(work, sitting_id)
    rule, offered = rule_of(sitting.edition), tuple(written_tasks(work, sitting))
    marking = marking_of(work, sitting_id)
    if marking is None:
        return Overview(sitting, rule, offered, None)
    stand = standings(work, select(WrittenWork.id).where(WrittenWork.marking_id == marking.id))
    given, n_settled = given_marks(work, marking.id), sum(each.settled is not None for each in stand)
    markers = _markers(work, marking, given)
    called = {row.staff_id for row in markers if row.call is not None}
    free = everybody_with(work, Role.MARKER).items()
    newest = tasks.latest(work, KIND, f"marking:{marking.id}", most=1)
    return Overview(
        sitting, rule, offered, marking, tasks=_tasks(work, marking.id, offered, given, stand), markers=markers,
        free=tuple((id_, name) for id_, name in free if id_ not in called), n_works=len(stand), n_settled=n_settled,
        n_waiting=_waiting(work, marking.id, stand), n_pending=len(pending(work, marking)),
        apart=_apart(work, marking.id, offered, stand), refused=_refused(work, marking),
        intake=newest[0] if newest else None, is_overdue=n_settled < len(stand) and work.now > marking.due_at,
    )  # fmt: skip


def _tasks(
    work: Work, marking_id: int, offered: Sequence[WrittenTask], given: Sequence[GivenMark],
    stand: Sequence[Standing],
) -> tuple[TaskRow, ...]:  # fmt: skip
    rows = work.db.scalars(
        select(MarkingTask).where(MarkingTask.marking_id == marking_id).order_by(MarkingTask.id)
    )
    placed = select(WrittenWork.id, WrittenWork.task_id).where(WrittenWork.marking_id == marking_id)
    of_work = {row.id: row.task_id for row in work.db.execute(placed)}
    n = Counter(of_work.values())
    settled = Counter(of_work[each.work_id] for each in stand if each.settled is not None)
    third = Counter(of_work[each.work_id] for each in stand if _is_apart(each))
    numbers = {task.item_version_id: place for place, task in _numbered(offered)}
    codes = {task.item_version_id: task.code for task in offered}
    return tuple(
        TaskRow(row.subject, numbers[row.item_version_id], codes[row.item_version_id], row.maximum, n[row.id],
                settled[row.id], third[row.id], agreement_on(given, row.id, row.maximum))
        for row in rows
    )  # fmt: skip


def _numbered(offered: Sequence[WrittenTask]) -> list[tuple[int, WrittenTask]]:
    """Each task with its place among the written ones of its subject, from one."""
    counted: Counter[str] = Counter()
    found = []
    for task in offered:
        counted[task.subject] += 1
        found.append((counted[task.subject], task))
    return found


def _markers(work: Work, marking: Marking, given: Sequence[GivenMark]) -> tuple[MarkerRow, ...]:
    calls = standing_calls(work, marking.id)
    drawn = work.db.execute(
        select(Allotment.staff_id, Allotment.turn, GivenBack.id)
        .join(WrittenWork, WrittenWork.id == Allotment.work_id)
        .outerjoin(GivenBack, GivenBack.allotment_id == Allotment.id)
        .where(WrittenWork.marking_id == marking.id)
    ).all()
    ids = sorted({row.staff_id for row in drawn} | set(calls))
    names = staff_names(work, ids)
    live = Counter(staff_id for staff_id, _turn, back in drawn if back is None)
    back = Counter(staff_id for staff_id, _turn, back in drawn if back is not None)
    done = Counter(each.staff_id for each in given)
    third = Counter(each.staff_id for each in given if each.turn == THIRD)
    times: dict[int, list[int]] = defaultdict(list)
    for each in given:
        if each.spent_ms is not None:
            times[each.staff_id].append(each.spent_ms)
    found = severities(work, marking.id, ids, given)
    rows = [
        MarkerRow(
            id_, names.get(id_, ""), calls.get(id_), done[id_], live[id_] - done[id_], third[id_], back[id_],
            median(times[id_]) / 1000 if times[id_] else None, float(found.effect[at]), float(found.se[at]),
        )
        for at, id_ in enumerate(ids)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.name, row.staff_id)))


def _waiting(work: Work, marking_id: int, stand: Sequence[Standing]) -> int:
    """How many works wait for a marker whom nobody is free to be."""
    live = Counter(work.db.scalars(
        select(Allotment.work_id).join(WrittenWork, WrittenWork.id == Allotment.work_id)
        .where(WrittenWork.marking_id == marking_id, Allotment.id.not_in(BACK))
    ))  # fmt: skip
    return sum(
        each.settled is None and live[each.work_id] < len(TURNS) + (each.ruling.code == "third_marker_needed")
        for each in stand
    )


def _is_apart(each: Standing) -> bool:
    return each.ruling.code == "third_marker_needed" or len(each.marks) > len(TURNS)


def _apart(
    work: Work, marking_id: int, offered: Sequence[WrittenTask], stand: Sequence[Standing]
) -> tuple[Apart, ...]:  # fmt: skip
    """The works that a third marker was needed for, those not settled first."""
    chosen = sorted(
        (each for each in stand if _is_apart(each)), key=lambda each: (each.settled is not None, each.work_id)
    )
    chosen = chosen[:MOST_SHOWN]
    codes = codes_of(work, [each.session_id for each in chosen])
    rows = work.db.execute(
        select(WrittenWork.id, MarkingTask.item_version_id, MarkingTask.subject)
        .join(MarkingTask, MarkingTask.id == WrittenWork.task_id)
        .where(WrittenWork.id.in_([each.work_id for each in chosen]))
    )
    of_work = {row.id: (row.item_version_id, row.subject) for row in rows}
    numbers = {task.item_version_id: place for place, task in _numbered(offered)}
    return tuple(
        Apart(
            codes[each.session_id], numbers[of_work[each.work_id][0]], of_work[each.work_id][1], each.marks,
            each.settled.points if each.settled else None,
        )
        for each in chosen
    )  # fmt: skip


def _refused(work: Work, marking: Marking) -> tuple[Refused, ...]:
    """Those that are refused still: whoever is whole again is marked."""
    taken = select(WrittenWork.session_id).where(WrittenWork.marking_id == marking.id)
    rows = work.db.scalars(
        select(UnmarkedSession)
        .where(UnmarkedSession.marking_id == marking.id, UnmarkedSession.session_id.not_in(taken))
        .order_by(UnmarkedSession.id)
    ).all()
    refs = {each.id: each for each in delivery.session_refs(work, [row.session_id for row in rows])}
    return tuple(
        Refused(row.session_id, refs[row.session_id].form_no, Ruling.from_json(row.ruling), row.found_at)
        for row in rows
    )  # fmt: skip
