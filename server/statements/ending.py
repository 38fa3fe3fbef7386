"""How the results ended for one candidate: what the ministry approved, and what the candidate has or does after it."""

from __future__ import annotations

from dataclasses import dataclass

from server import delivery
from server.core.i18n import language
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.grading.lists import queries as lists
from server.grading.rules import ChoiceSubjectRule, NotConfirmedRule
from server.statements import queries
from server.statements.queries import ApprovalRef, StatementRef
from server.statements.service import ADMISSION, APPROVAL, CHOICE
from server.statements.spared import Spared, no_longer_spared, spared


@dataclass(frozen=True)
class Ending:
    """An approved result: confirmed with its statement, once issued, or the papers on which one is still admitted."""

    sitting: SittingRef
    approval: ApprovalRef
    is_confirmed: bool
    statement: StatementRef | None
    papers: tuple[str, ...]
    n_choice: int
    clauses: tuple[str, ...]
    spared: Spared | None
    taken_back: Spared | None


def ending_of(work: Work, session: SessionRef) -> Ending | None:
    """The approved result, as long as it is what the candidate is told; None before, and while it is held."""
    given, told = queries.approval_of(work, session.sitting_id), lists.newest_released(work, session.sitting_id)
    if given is None or told is None or told.id != given.list_id:
        return None
    row = next(iter(lists.rows_with(work, given.list_id, [session.id])), None)
    if row is None or row.is_eligible is None:
        return None
    sitting, tongue = delivery.sitting_ref(work, session.sitting_id), language()
    edition = sitting.edition
    papers = tuple(each.title(tongue) for each in edition.get(ADMISSION, NotConfirmedRule).papers)
    next_clause = CHOICE if row.is_eligible else ADMISSION
    return Ending(
        sitting, given, row.is_eligible, queries.in_force(work, [session.id]).get(session.id), papers,
        edition.get(CHOICE, ChoiceSubjectRule).count,
        tuple(edition.label(each, tongue) for each in (APPROVAL, next_clause)),
        spared(work, sitting, [row]).get(session.id), no_longer_spared(work, sitting, [row]).get(session.id),
    )  # fmt: skip
