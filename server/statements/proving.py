"""Whether approvals and statements are what they were: asked of each by the command that verifies."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from server import delivery
from server.accounts.signing import signatures_under
from server.core.journal import acts_on
from server.core.work import Work
from server.grading.lists import list_ref
from server.grading.rules import ResultsNoticeRule
from server.statements import codes, queries, said, service
from server.statements.models import Statement, StatementEnd


def approval_faults(work: Work, approval_id: int) -> Iterator[str]:
    """The approval is of the list, by the order and under the signature that the journal knows."""
    given, name = queries.approval(work, approval_id), f"result_approval:{approval_id}"
    found = list_ref(work, given.list_id)
    known = [(facts["sitting"], facts["digest"], facts["order"])
             for facts in acts_on(work.db, f"result_list:{found.id}", "results:approved")]  # fmt: skip
    if known != [(given.sitting_id, found.digest, given.order_no)]:
        yield f"{name}: it is not the one the journal knows"
    signed = signatures_under(work, service.document_of(found, given.order_no))
    if not any(each.is_valid and (each.staff_id, each.signed_at) == (given.approved_by, given.approved_at)
               for each in signed):  # fmt: skip
        yield f"{name}: the ministry's signature under it does not fit"
    rule = delivery.sitting_ref(work, given.sitting_id).edition.get(service.APPROVAL, ResultsNoticeRule)
    if given.told_by_at != rule.last(given.appeals_ended_at):
        yield f"{name}: the term in which everybody is told is not that of its edition"


def statement_faults(work: Work, statement_id: int) -> Iterator[str]:
    """The statement says what was sealed, is found by its own code, and stands or ended as the later ones say."""
    row, name = work.db.get_one(Statement, statement_id), f"statement:{statement_id}"
    says = said.said_of(work, queries.statement(work, statement_id))
    if not said.is_genuine(work, says):
        yield f"{name}: its seal does not fit what it says"
    if row.code_digest != codes.digest_of(codes.code_for(work.vault, row.serial)):
        yield f"{name}: the code on its paper does not find it"
    if row.fingerprint != says.row.fingerprint or not says.row.is_eligible:
        yield f"{name}: the approved list does not confirm what it says"
    later = select(Statement.id).where(Statement.session_id == row.session_id, Statement.id > row.id)
    if says.ref.end is None and work.db.execute(later).first() is not None:
        yield f"{name}: a later one stands in its stead, and nothing ended it"


def end_faults(work: Work, end_id: int) -> Iterator[str]:
    """The statement ended so, and for that reason."""
    row = work.db.get_one(StatementEnd, end_id)
    session_id = queries.statement(work, row.statement_id).session_id
    known = acts_on(work.db, f"session:{session_id}", f"statement:{row.kind}")
    if not any((each["statement"], each["reason"]) == (row.statement_id, row.reason) for each in known):
        yield f"statement_end:{end_id}: the journal does not know that its statement ended so"
