"""A marker's own acts: points for a work that was drawn for them, their correction, and giving a work back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server import delivery
from server.core.errors import Invalid, NotFound, Refused, Stale
from server.core.work import Work
from server.marking import drawing
from server.marking.calls import standing_calls
from server.marking.models import Allotment, GivenBack, Mark, Marking, MarkingTask, WrittenWork, note_place
from server.marking.queries import rule_of
from server.marking.rules import WrittenMarksRule

NOTE_MAX = 1000
MOST_MS = 86_400_000


@dataclass(frozen=True)
class Given:
    """What a marker says of a work; `replaces` is their own mark that this one corrects."""

    points: int
    key: UUID
    note: str = ""
    spent_ms: int | None = None
    replaces: int | None = None


@dataclass(frozen=True)
class Drawn:
    """A work as its marker holds it."""

    allotment: Allotment
    written: WrittenWork
    marking: Marking
    maximum: int
    rule: WrittenMarksRule


def held(work: Work, ref: str) -> Drawn:
    """The work of that name, if it was drawn for the actor and not given back; others learn nothing of it.

    Whoever was released from the marking reads and changes nothing of it any more: their marks stay."""
    row = work.db.execute(
        select(Allotment, WrittenWork, Marking, MarkingTask.maximum)
        .join(WrittenWork, WrittenWork.id == Allotment.work_id)
        .join(Marking, Marking.id == WrittenWork.marking_id)
        .join(MarkingTask, MarkingTask.id == WrittenWork.task_id)
        .where(WrittenWork.ref == ref, Allotment.staff_id == work.actor.id, Allotment.id.not_in(drawing.BACK))
    ).one_or_none()
    if row is None:
        raise NotFound("work_unknown")
    allotment, written, marking, maximum = row
    if work.actor.id not in standing_calls(work, marking.id):
        raise Stale("marker_released")
    rule = rule_of(delivery.sitting_ref(work, marking.sitting_id).edition)
    return Drawn(allotment, written, marking, maximum, rule)


def give_mark(work: Work, ref: str, given: Given) -> bool:
    """The mark stands; False if it did already, sent twice. Where two are too far apart a third marker is drawn."""
    drawn = _locked(work, ref)
    known = select(Mark.id).where(Mark.work_id == drawn.written.id, Mark.key == str(given.key))
    if work.db.execute(known).first() is not None:
        return False
    _check(drawn, given)
    before = newest_mark(work, drawn.allotment.id)
    if (before.id if before else None) != given.replaces:
        raise Stale("work_marked_already")
    if before is not None:
        _correctable(work, drawn, before)
    work.db.add(_mark(work, drawn, given))
    work.db.flush()  # whether a third is needed is asked of what stands now
    work.record(
        "work:marked", f"session:{drawn.written.session_id}", clause="CS-14.2", ref=ref, turn=drawn.allotment.turn,
        is_correction=before is not None,
    )  # fmt: skip
    drawing.draw(work, drawn.marking, [drawn.written.id])
    return True


def give_back(work: Work, ref: str, reason: str) -> None:
    """The work goes to another marker, for a reason the edition knows; a marked one stays."""
    drawn = _locked(work, ref)
    drawn.rule.judge_return(reason).or_refuse()
    if newest_mark(work, drawn.allotment.id) is not None:
        raise Stale("work_marked_already")
    work.db.add(
        GivenBack(allotment_id=drawn.allotment.id, reason=reason, by_id=work.actor.id, given_back_at=work.now)
    )
    work.db.flush()  # the draw that follows reads it
    work.record(
        "work:given_back", f"session:{drawn.written.session_id}", clause="CS-14.2", ref=ref, reason=reason
    )
    drawing.draw(work, drawn.marking, [drawn.written.id])


def newest_mark(work: Work, allotment_id: int) -> Mark | None:
    """The mark a marker last gave in this turn, corrected or not."""
    query = select(Mark).where(Mark.allotment_id == allotment_id).order_by(Mark.id.desc()).limit(1)
    return work.db.execute(query).scalar_one_or_none()


def first_mark(work: Work, allotment_id: int) -> Mark:
    """The mark a marker gave first: its instant is that from which corrections are counted."""
    return work.db.scalars(
        select(Mark).where(Mark.allotment_id == allotment_id).order_by(Mark.id).limit(1)
    ).one()


def _locked(work: Work, ref: str) -> Drawn:
    # Lock before reading: of two markers who end at once one must see the other's mark, and who is released gives none.
    drawing.lock(work, select(WrittenWork.marking_id).where(WrittenWork.ref == ref).scalar_subquery())
    return held(work, ref)


def _check(drawn: Drawn, given: Given) -> None:
    if not 0 <= given.points <= drawn.maximum:
        raise Invalid("points_out_of_scale", maximum=drawn.maximum)
    if len(given.note) > NOTE_MAX:
        raise Invalid("note_too_long", maximum=NOTE_MAX)


def _correctable(work: Work, drawn: Drawn, before: Mark) -> None:
    later = select(Mark.id).where(Mark.work_id == drawn.written.id, Mark.source == "appeal")
    third = select(Allotment.id).where(Allotment.work_id == drawn.written.id, Allotment.turn == drawing.THIRD)
    is_settled = work.db.execute(later).first() is not None
    is_third = drawn.allotment.turn != drawing.THIRD and work.db.execute(third).first() is not None
    made_at = first_mark(work, drawn.allotment.id).made_at
    ruling = drawn.rule.judge_correction(made_at, work.now, is_third_drawn=is_third or is_settled)
    if not ruling.allowed:
        raise Refused.by(ruling)


def _mark(work: Work, drawn: Drawn, given: Given) -> Mark:
    note = " ".join(given.note.split())
    key = work.vault.unwrap(drawn.marking.data_key, f"marking:{drawn.marking.sitting_id}")
    place = note_place(drawn.written.ref, drawn.allotment.staff_id)
    spent = given.spent_ms if given.spent_ms is not None and 0 <= given.spent_ms <= MOST_MS else None
    return Mark(
        work_id=drawn.written.id, allotment_id=drawn.allotment.id, source="marker", points=str(given.points),
        note_sealed=work.vault.seal(key, note.encode(), place) if note else None, spent_ms=spent,
        key=str(given.key), by=work.actor.label, supersedes_id=given.replaces, made_at=work.now,
    )  # fmt: skip
