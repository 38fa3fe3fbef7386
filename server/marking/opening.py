"""The office opens the marking of a sitting, says what each task is worth, and calls markers (CS-14.2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from server import accounts, delivery
from server.accounts.queries import still_hold
from server.core.errors import Denied, Invalid, Stale
from server.core.roles import Role
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.bench import BENCHES
from server.marking import drawing
from server.marking.calls import standing_calls
from server.marking.models import GivenBack, MarkerCall, Marking, MarkingTask
from server.marking.queries import rule_of

CLAUSE = "CS-14.2"


@dataclass(frozen=True)
class WrittenTask:
    """A written task of a sitting's pools, by its code in the bank: what it says is for its markers."""

    subject: str
    pool_id: int
    item_index: int
    item_version_id: int
    code: str
    languages: tuple[str, ...]


def require_office(work: Work) -> None:
    """Nothing if the actor's office runs the marking: that of the testing centre or of the ministry."""
    own = work.actor.organisation_id
    if own is None or accounts.organisation_of(work, own).kind not in accounts.WHOLE_COUNTRY:
        raise Denied("not_allowed")


def written_tasks(work: Work, sitting: SittingRef) -> list[WrittenTask]:
    """The tasks that people mark, subject by subject in the order of the sitting."""
    found = []
    for subject, pool_id in zip(sitting.subjects, sitting.pool_ids, strict=True):
        pool = BENCHES.get(work, pool_id).pool
        found += [
            WrittenTask(subject, pool_id, at, pool.item_version_ids[at], pool.codes[at], pool.languages)
            for at in pool.written
        ]
    return found


def marking_of(work: Work, sitting_id: int) -> Marking | None:
    """The marking of a sitting, if it was opened."""
    return work.db.execute(select(Marking).where(Marking.sitting_id == sitting_id)).scalar_one_or_none()


def opened(work: Work, sitting_id: int) -> Marking:
    """The same; Stale while it was not opened."""
    marking = marking_of(work, sitting_id)
    if marking is None:
        raise Stale("marking_not_opened")
    return marking


def open_marking(work: Work, sitting_id: int, maxima: Mapping[int, int]) -> int:
    """The marking is open: each task, by its item version, is worth so many points, by default as the edition says."""
    require_office(work)
    sitting = delivery.sitting_ref(work, sitting_id)
    tasks = written_tasks(work, sitting)
    if not tasks:
        raise Invalid("marking_nothing_written")
    if marking_of(work, sitting_id) is not None:
        raise Stale("marking_opened_already")
    rule = rule_of(sitting.edition)
    _key, wrapped = work.vault.new_key(f"marking:{sitting_id}")
    marking = Marking(
        sitting_id=sitting_id, due_at=rule.last(sitting.starts_at), data_key=wrapped, opened_by_id=work.actor.id,
        opened_at=work.now,
    )  # fmt: skip
    work.db.add(marking)
    work.db.flush()  # tasks refer to its id
    worth = {task.item_version_id: maxima.get(task.item_version_id, rule.maximum) for task in tasks}
    for task in tasks:
        maximum = worth[task.item_version_id]
        rule.judge_scale(maximum).or_refuse()
        work.db.add(
            MarkingTask(
                marking_id=marking.id, subject=task.subject, pool_id=task.pool_id, item_index=task.item_index,
                item_version_id=task.item_version_id, maximum=maximum,
            )
        )  # fmt: skip
    work.record(
        "marking:opened", f"sitting:{sitting_id}", clause=CLAUSE, due_at=marking.due_at.isoformat(),
        maxima={str(version): maximum for version, maximum in worth.items()},
    )  # fmt: skip
    return marking.id


def call_marker(
    work: Work, sitting_id: int, staff_id: int, subjects: Collection[str], languages: Collection[str]
) -> None:
    """The marker marks these subjects in these languages; works that wait for somebody are drawn anew."""
    require_office(work)
    marking = opened(work, sitting_id)
    offered = written_tasks(work, delivery.sitting_ref(work, sitting_id))
    known = {task.subject for task in offered}, {each for task in offered for each in task.languages}
    if not subjects or not languages or not set(subjects) <= known[0] or not set(languages) <= known[1]:
        raise Invalid("marker_call_empty")
    if staff_id not in still_hold(work, [staff_id], Role.MARKER):
        raise Invalid("marker_unknown")
    _say(work, marking, staff_id, subjects, languages, is_called=True)
    drawing.draw(work, marking)


def release_marker(work: Work, sitting_id: int, staff_id: int) -> None:
    """The marker marks no more; what they have not marked goes to the others. Their marks stay."""
    require_office(work)
    marking = opened(work, sitting_id)
    drawing.lock(work, marking.id)  # before reading: what is marked meanwhile is theirs, what is not goes over
    call = standing_calls(work, marking.id).get(staff_id)
    if call is None:
        raise Invalid("marker_unknown")
    _say(work, marking, staff_id, call.subjects, call.languages, is_called=False)
    for allotment_id in drawing.unmarked_of(work, marking.id, staff_id):
        work.db.add(
            GivenBack(
                allotment_id=allotment_id, reason="released", by_id=work.actor.id, given_back_at=work.now
            )
        )
    drawing.draw(work, marking)


def _say(
    work: Work, marking: Marking, staff_id: int, subjects: Collection[str], languages: Collection[str], *,
    is_called: bool,
) -> None:  # fmt: skip
    work.db.add(
        MarkerCall(
            marking_id=marking.id, staff_id=staff_id, subjects=sorted(subjects), languages=sorted(languages),
            is_called=is_called, called_by_id=work.actor.id, called_at=work.now,
        )
    )  # fmt: skip
    work.db.flush()  # the draw that follows reads it
    act = "marker:called" if is_called else "marker:released"
    work.record(
        act, f"sitting:{marking.sitting_id}", clause=CLAUSE, staff_id=staff_id, subjects=sorted(subjects),
        languages=sorted(languages),
    )  # fmt: skip
