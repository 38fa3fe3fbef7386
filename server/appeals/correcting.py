"""What a decision changes is proposed to grading, task by task; nothing is scored here (DC-28)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from server import marking
from server.appeals.cases import Case
from server.appeals.models import AppealCorrection, AppealDecision
from server.appeals.voting import KEY, MARKS, STRUCK, Motion, Outcome
from server.core.work import Work
from server.grading import rescoring
from server.grading.rescoring import Cause


def correct(work: Work, case: Case, decision: AppealDecision, motion: Motion) -> None:
    """Each change of the decision has its run of rescoring; the marks that changed have one together."""
    because, session_id = f"appeal_decision:{decision.id}", case.appeal.session_id
    marked = [each for each in motion.outcomes if each.outcome == MARKS]
    for each in marked:
        marking.remark(work, session_id, each.section_id, each.seq, Decimal(each.points), because)
    if marked:
        cause = Cause(kind=MARKS, session_id=session_id, reason=case.number, decided_by=because)
        run_id = rescoring.propose(work, cause)
        for each in marked:
            _add(work, decision, each, run_id)
    for each in motion.outcomes:
        if each.outcome in (STRUCK, KEY):
            cause = Cause(
                kind=each.outcome, item_version_id=each.item_version_id, key_version_id=each.key_version_id or None,
                reason=case.number, decided_by=because,
            )  # fmt: skip
            _add(work, decision, each, rescoring.propose(work, cause))


def corrections_of(work: Work, appeal_id: int) -> Mapping[int, AppealCorrection]:
    """What the decision of a case proposed, by the number of the task."""
    query = select(AppealCorrection).join(AppealDecision, AppealDecision.id == AppealCorrection.decision_id)
    rows = work.db.scalars(query.where(AppealDecision.appeal_id == appeal_id).order_by(AppealCorrection.seq))
    return {row.seq: row for row in rows}


def open_corrections(work: Work, appeal_id: int) -> list[int]:
    """The runs of the decision that are neither applied nor withdrawn yet."""
    return rescoring.open_among(work, {row.run_id for row in corrections_of(work, appeal_id).values()})


def _add(work: Work, decision: AppealDecision, outcome: Outcome, run_id: int) -> None:
    work.db.add(AppealCorrection(decision_id=decision.id, seq=outcome.seq, outcome=outcome.outcome, run_id=run_id))
