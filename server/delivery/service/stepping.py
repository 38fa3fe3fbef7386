"""Steps: the one place where an item is chosen for a candidate and written down with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession, Response, Section, Step


def open_step(
    work: Work, session: ExamSession, section: Section, indices: Sequence[int], scores: Sequence[int]
) -> None:
    """The next item after these answers is open to the candidate."""
    _write(work, session, section, indices, scores, is_reached=True)


def fill_not_reached(work: Work, session: ExamSession, section: Section) -> int:
    """Every place left in the section holds the item that would have come, not reached; how many.

    So each candidate's test keeps every quota (DC-8), and what was not done counts as the edition says (DC-12)."""
    indices, scores = history(work, section)
    scores += [0] * (len(indices) - len(scores))
    missing = section.length - len(indices)
    for _ in range(missing):
        indices.append(_write(work, session, section, indices, scores, is_reached=False))
        scores.append(0)
    return missing


def history(work: Work, section: Section) -> tuple[list[int], list[int]]:
    """Item indices of the steps so far and scores of the answers, in order; the last may be unanswered."""
    rows = work.db.execute(
        select(Step.item_index, Response.score)
        .outerjoin(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
        .where(Step.section_id == section.id)
        .order_by(Step.seq)
    ).all()
    return [index for index, _ in rows], [score for _, score in rows if score is not None]


def _write(
    work: Work, session: ExamSession, section: Section, indices: Sequence[int], scores: Sequence[int],
    *, is_reached: bool,
) -> int:  # fmt: skip
    chosen = BENCHES.get(work, section.pool_id).select(session.seed, section.position, indices, scores)
    work.db.execute(
        insert(Step).values(
            session_id=session.id,
            section_id=section.id,
            seq=len(indices) + 1,
            item_index=chosen.item_index,
            item_version_id=chosen.item_version_id,
            option_order=chosen.option_order,
            is_reached=is_reached,
            trace=chosen.trace,
            made_at=work.now,
        )
    )
    return chosen.item_index
