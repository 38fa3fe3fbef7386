"""A mark changed by the decision on an appeal: a new mark that stands, never an overwrite (DC-28)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from sqlalchemy import select

from server.core.errors import Invalid, NotFound, Stale
from server.core.work import Work
from server.marking.models import Mark, WrittenWork
from server.marking.queries import standings

PLACES = Decimal("0.01")


def remark(work: Work, session_id: int, section_id: int, seq: int, points: Decimal, because: str) -> int:
    """The task has these points by a decision, such as "appeal_decision:12"; the marks before it stay on record."""
    wanted = select(WrittenWork.id).where(
        WrittenWork.session_id == session_id, WrittenWork.section_id == section_id, WrittenWork.seq == seq
    )
    found = standings(work, wanted)
    if not found:
        raise NotFound("work_unknown")
    (standing,) = found
    if standing.settled is None:
        raise Stale("work_not_settled")
    if not 0 <= points <= standing.maximum or points != points.quantize(PLACES):
        raise Invalid("points_out_of_scale", maximum=standing.maximum)
    mark = Mark(
        work_id=standing.work_id, source="appeal", points=format(points.normalize(), "f"), because=because,
        key=str(uuid4()), by=work.actor.label, supersedes_id=standing.settled.mark_ids[-1], made_at=work.now,
    )  # fmt: skip
    work.db.add(mark)
    work.db.flush()  # whoever asked for it refers to its id
    work.record(
        "work:remarked", f"session:{session_id}", clause="CS-14.2", section_id=section_id, seq=seq, because=because,
        mark_id=mark.id,
    )  # fmt: skip
    return mark.id
