"""Steps: the one place where an item is written down for a candidate with the reason for which it was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select

from irt.decider import Ended
from server.core.work import Work
from server.delivery.bench import BENCHES, Begun, Selection
from server.delivery.models import ExamSession, Response, Section, Step
from server.delivery.pretests.seeds import Seeds
from server.delivery.service import seeding
from server.delivery.withheld import withheld

STEP, RESPONSE = Step.__table__, Response.__table__
# Built once: both run with every answer.
STEPS = (
    select(STEP.c.item_index, RESPONSE.c.score, RESPONSE.c.key)
    .outerjoin(RESPONSE, (RESPONSE.c.section_id == STEP.c.section_id) & (RESPONSE.c.seq == STEP.c.seq))
    .where(STEP.c.section_id == bindparam("section_id"))
    .order_by(STEP.c.seq)
)
ADD_STEP = insert(Step)


def open_first_steps(work: Work, opened: Sequence[tuple[ExamSession, Section]]) -> None:
    """The first item of each of these sections is open to its candidate."""
    seeding.offer(work, opened)
    work.db.flush()  # the steps are written past the session, which must not lag behind them
    rows = []
    for session, section in opened:
        chosen = BENCHES.of(work, section).select(begun(work, session, section), [], [])
        if isinstance(chosen, Ended):
            raise ValueError("a test has at least one item")
        rows.append(_row(work, (session.id, section.id, 1), chosen, is_reached=True))
    if rows:
        work.db.connection().execute(ADD_STEP, rows)


def fill_not_reached(work: Work, session: ExamSession, section: Section) -> int:
    """Every place left in the section holds the item that would have come, not reached; how many.

    So each candidate's test keeps every quota (DC-8), and what was not done counts as the edition says (DC-12).
    Nothing more is tried out."""
    work.db.flush()  # the steps are written past the session, which must not lag behind them
    indices, answered = history(work, section)
    scores = [*answered, *[0] * (len(indices) - len(answered))]
    seeds = Seeds.of(section.pretest)
    section.pretest = None if seeds is None else seeds.ended(len(indices)).to_json()
    n_known, bench, start = len(indices), BENCHES.of(work, section), begun(work, session, section)
    while not isinstance(chosen := bench.select(start, indices, scores), Ended):
        add_step(work, (session.id, section.id, len(indices) + 1), chosen, is_reached=False)
        indices.append(chosen.item_index)
        scores.append(0)
    section.length, section.stop_reason = len(indices), chosen.reason
    return len(indices) - n_known


def begun(work: Work, session: ExamSession, section: Section) -> Begun:
    """What was fixed when the section began, and what may not come any more."""
    kept = withheld(work, BENCHES.of(work, section), section.started_at)
    met = tuple(section.met or ())
    return Begun(session.seed, section.position, section.open_items, Seeds.of(section.pretest), kept, met)


def history(work: Work, section: Section) -> tuple[list[int], list[int | None]]:
    """Item indices of the steps so far and scores of the answers, in order; the last may be unanswered."""
    rows = work.db.connection().execute(STEPS, {"section_id": section.id}).all()
    return [row.item_index for row in rows], [row.score for row in rows if row.key is not None]


def add_step(work: Work, at: tuple[int, int, int], chosen: Selection, *, is_reached: bool) -> None:
    """The selection stands as the step of (session, section, seq)."""
    work.db.connection().execute(ADD_STEP, _row(work, at, chosen, is_reached=is_reached))


def _row(work: Work, at: tuple[int, int, int], chosen: Selection, *, is_reached: bool) -> dict[str, Any]:
    session_id, section_id, seq = at
    return {
        "session_id": session_id, "section_id": section_id, "seq": seq, "item_index": chosen.item_index,
        "item_version_id": chosen.item_version_id, "option_order": chosen.option_order,
        "is_reached": is_reached, "is_pretest": chosen.is_pretest, "trace": chosen.trace, "made_at": work.now,
    }  # fmt: skip
