"""Sealed sessions' written work is taken in to be marked; what is unsealed or altered is refused and listed (DC-14)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from sqlalchemy import select

from server import delivery
from server.core.regulation import Ruling
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import SittingRef
from server.delivery.rules import SealRule
from server.delivery.service.sealing import verify_seals
from server.delivery.written import submitted, written_steps
from server.marking.drawing import draw
from server.marking.models import Marking, MarkingTask, UnmarkedSession, WrittenWork

KIND = "marking_intake"
AT_A_TIME = 50


def pending(work: Work, marking: Marking) -> list[int]:
    """The sessions handed in whose work was not taken in yet; those refused before are looked at again."""
    taken = set(work.db.scalars(select(WrittenWork.session_id).where(WrittenWork.marking_id == marking.id)))
    return [each for each in submitted(work, marking.sitting_id) if each not in taken]


def take_in(work: Work, marking: Marking, session_ids: Collection[int]) -> int:
    """The written work of these sessions waits for markers, as far as its seal is whole; how many works there are.

    They stand in no order of sessions: their ids and names on pages tell nobody who sat beside whom."""
    sitting = delivery.sitting_ref(work, marking.sitting_id)
    rows = work.db.execute(select(MarkingTask).where(MarkingTask.marking_id == marking.id)).scalars()
    tasks = {row.item_version_id: row.id for row in rows}
    sealed = _sealed(work, sitting, marking, session_ids)
    found: list[WrittenWork] = [
        WrittenWork(
            marking_id=marking.id, task_id=tasks[step.item_version_id], session_id=step.session_id,
            section_id=step.section_id, seq=step.seq, language=step.language, ref=uuid4().hex, taken_at=work.now,
        )
        for step in written_steps(work, sealed, tasks)
    ]  # fmt: skip
    found.sort(key=lambda each: each.ref)
    work.db.add_all(found)
    work.db.flush()  # the draw that follows reads them
    return len(found)


def take_in_task(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """All that is pending is taken in, some sessions at a time; then markers are drawn for it."""
    marking_id = int(task.arguments["marking_id"])
    with open_reading(platform, SYSTEM) as work:
        left = pending(work, work.db.get_one(Marking, marking_id))
    for at in range(0, len(left), AT_A_TIME):
        tell(at, len(left))
        with open_work(platform, SYSTEM) as work:
            take_in(work, work.db.get_one(Marking, marking_id), left[at : at + AT_A_TIME])
    tell(len(left), len(left))
    return lambda work: _drawn(work, marking_id)


def _drawn(work: Work, marking_id: int) -> int:
    draw(work, work.db.get_one(Marking, marking_id))
    return marking_id


def _sealed(work: Work, sitting: SittingRef, marking: Marking, session_ids: Collection[int]) -> list[int]:
    """Those whose seal is there and whole; the others are listed."""
    rule, found = sitting.edition.get("DC-14", SealRule), []
    for session_id, intact in verify_seals(work, session_ids).items():
        ruling = rule.judge(is_sealed=intact is not None, is_intact=bool(intact))
        if ruling.allowed:
            found.append(session_id)
        else:
            _refuse(work, marking, session_id, ruling)
    return found


def _refuse(work: Work, marking: Marking, session_id: int, ruling: Ruling) -> None:
    """The session is listed as not marked, once for each reason."""
    here = (UnmarkedSession.session_id == session_id) & (UnmarkedSession.code == ruling.code)
    if work.db.execute(select(UnmarkedSession.id).where(here)).first() is not None:
        return
    work.db.add(
        UnmarkedSession(
            marking_id=marking.id, session_id=session_id, code=ruling.code, ruling=ruling.to_json(),
            found_at=work.now,
        )
    )  # fmt: skip
    work.record("session:not_marked", f"session:{session_id}", clause=ruling.clause, reason=ruling.code)
