"""Commands after the appeals: the ministry approves, statements are issued, replaced and revoked, people are told,
and how each candidate goes on to attestation is recorded (DC-29 to DC-34)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from server import accounts, delivery
from server.accounts.queries import still_hold
from server.accounts.signing import Document, PinAttempt, sign
from server.appeals.ended import ended
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.ruling import Json
from server.core.terms import codes, local_day
from server.core.work import Work
from server.grading import access
from server.grading.lists import queries as lists
from server.grading.lists.queries import ListRef
from server.grading.lists.standing import Row
from server.grading.rules import ChoiceSubjectRule, NotConfirmedRule, ResultsNoticeRule
from server.statements import queries, said
from server.statements.models import AttestationCase, FinalNotice, ResultApproval, StatementEnd
from server.statements.queries import ApprovalRef, StatementRef
from server.statements.spared import spared

APPROVAL, CHOICE, ADMISSION, EXTRACT = "DC-29", "DC-31", "DC-32", "DC-30"
ORDER_MAX, REASON_MIN, REASON_MAX, PAPER_MAX = 60, 10, 300, 120
WAYS = ("meeting", "by_hand", "letter", "message")


def approve(work: Work, sitting_id: int, list_id: int, order_no: str, attempt: PinAttempt) -> CatError | None:
    """The ministry has approved the list by an order; or the refusal, returned so that a wrong PIN is counted."""
    sitting = delivery.sitting_ref(work, sitting_id)
    rule = sitting.edition.get(APPROVAL, ResultsNoticeRule)
    own = accounts.organisation_of(work, work.actor.organisation_id or 0)
    ruling = rule.judge_approval(own.kind).or_refuse()
    order_no = " ".join(order_no.split())
    if not 0 < len(order_no) <= ORDER_MAX:
        raise Invalid("approval_without_order", maximum=ORDER_MAX)
    if attempt.staff_id != work.actor.id or not still_hold(work, [attempt.staff_id], Role.OFFICE):
        raise Denied("not_allowed")
    found = _to_approve(work, sitting_id, list_id)
    over = ended(work, sitting_id)
    if over.at is None:
        raise Stale("appeals_not_over", waits_for=over.waits_for)
    refusal = sign(work, document_of(found, order_no), "ministry", attempt)
    if refusal is not None:
        return refusal
    work.add_once(
        ResultApproval(
            sitting_id=sitting_id, list_id=list_id, order_no=order_no, organisation_id=own.id,
            appeals_ended_at=over.at, told_by_at=rule.last(over.at), ruling=ruling.to_json(),
            approved_by=attempt.staff_id, approved_at=work.now,
        )
    )  # fmt: skip
    work.record("results:approved", f"result_list:{list_id}", clause=ruling.clause, sitting=sitting_id,
                digest=found.digest, order=order_no)  # fmt: skip
    return None


def document_of(found: ListRef, order_no: str) -> Document:
    """What whoever approves a list attests to."""
    content: dict[str, Json] = {"sitting": found.sitting_id, "version": found.version, "digest": found.digest,
                                "rows": found.n_rows, "order": order_no}  # fmt: skip
    return Document(f"result_approval:{found.id}", content)


def revoke(work: Work, statement_id: int, reason: str, attempt: PinAttempt) -> CatError | None:
    """The statement is not in force any more, for a reason, under a PIN; or the refusal, returned."""
    found = queries.statement(work, statement_id)
    session = delivery.session_ref(work, found.session_id)
    edition = delivery.sitting_ref(work, session.sitting_id).edition
    access.require_session(work, edition, session)
    access.require_whole(work, edition)
    reason = " ".join(reason.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("revocation_without_reason", minimum=REASON_MIN, maximum=REASON_MAX)
    if found.end is not None:
        raise Stale("statement_ended", end=found.end)
    if attempt.staff_id != work.actor.id or not still_hold(work, [attempt.staff_id], Role.OFFICE):
        raise Denied("not_allowed")
    refusal = sign(work, Document(f"statement_end:{found.serial}", {"reason": reason}), "office", attempt)
    if refusal is not None:
        return refusal
    end(work, found, "revoked", reason, work.actor.label)
    return None


def tell(
    work: Work, approval_id: int, session_ids: Collection[int], recipient: str, way: str, told_on: date
) -> int:
    """That these candidates, their parents or school were told is on record; how many were not before."""
    given = queries.approval(work, approval_id)
    sitting = delivery.sitting_ref(work, given.sitting_id)
    rule = sitting.edition.get(APPROVAL, ResultsNoticeRule)
    if recipient not in codes(rule.recipients) or way not in WAYS:
        raise Invalid("notice_unknown", recipient=recipient, way=way)
    first, last = local_day(given.approved_at, sitting.edition.zone), local_day(work.now, sitting.edition.zone)
    if not first <= told_on <= last:
        raise Invalid("notice_day", first=first, last=last)
    rows = _of_circle(work, given, session_ids)
    known = queries.told(work, approval_id, session_ids)
    new = [row for row in rows if recipient not in known.get(row.session_id, {})]
    work.db.add_all(
        FinalNotice(approval_id=approval_id, session_id=row.session_id, recipient=recipient, way=way, told_on=told_on,
                    recorded_by=work.actor.label, recorded_at=work.now)
        for row in new
    )  # fmt: skip
    if new:
        work.record("results:told", f"result_approval:{approval_id}", clause=APPROVAL, recipient=recipient, way=way,
                    sessions=sorted(row.session_id for row in new))  # fmt: skip
    return len(new)


def choose(work: Work, session_id: int, chosen: Sequence[str]) -> int:
    """The subject that a confirmed candidate still sits is recorded (DC-31); the id of the case."""
    given, row = _attested(work, session_id)
    if not row.is_eligible:
        raise Stale("right_not_confirmed")
    edition = delivery.sitting_ref(work, given.sitting_id).edition
    exempt = [str(each) for each in said.rights(edition)["exempt"]]
    ruling = edition.get(CHOICE, ChoiceSubjectRule).judge(chosen, exempt).or_refuse()
    return _record_case(work, given, session_id, "choice", list(chosen), {}, ruling.to_json())


def admit(work: Work, session_id: int, papers: Mapping[str, str]) -> int:
    """One whose right was not confirmed is admitted to attestation on these papers (DC-32); the id of the case."""
    given, row = _attested(work, session_id)
    if row.is_eligible or row.is_eligible is None:
        raise Stale("right_confirmed" if row.is_eligible else "not_decided")
    sitting = delivery.sitting_ref(work, given.sitting_id)
    if spared(work, sitting, [row]):
        raise Stale("not_decided_here")
    known = {code: " ".join(number.split())[:PAPER_MAX] for code, number in papers.items()}
    stated = {code: number for code, number in known.items() if number}
    ruling = sitting.edition.get(ADMISSION, NotConfirmedRule).judge(list(stated)).or_refuse()
    return _record_case(work, given, session_id, "admission", [], stated, ruling.to_json())


def _to_approve(work: Work, sitting_id: int, list_id: int) -> ListRef:
    """The list, if it is the newest of the sitting, released, and not approved yet."""
    found = lists.newest(work, sitting_id)
    if found is None or found.released_at is None:
        raise Stale("list_not_released")
    if found.id != list_id:
        raise Stale("list_outdated", version=found.version)
    before = queries.approval_of(work, sitting_id)
    if before is not None and before.list_id == list_id:
        raise Stale("approved_already", order=before.order_no)
    return found


def end(work: Work, found: StatementRef, kind: str, reason: str, by: str) -> None:
    """The statement is not in force any more: replaced or revoked."""
    work.db.add(StatementEnd(statement_id=found.id, kind=kind, reason=reason, ended_by=by,
                             ended_at=work.now))  # fmt: skip
    work.record(f"statement:{kind}", f"session:{found.session_id}", clause=EXTRACT, statement=found.id, reason=reason)


def _of_circle(work: Work, given: ApprovalRef, session_ids: Collection[int]) -> list[Row]:
    """The rows of these sessions on the approved list; NotFound if one lies outside the actor's circle."""
    circle = access.circle_of(work, delivery.sitting_ref(work, given.sitting_id).edition)
    rows = lists.rows_with(work, given.list_id, sorted(set(session_ids)))
    mine = [row for row in rows if circle.covers(row.centre_id, row.registration_id)]
    if not mine or len(mine) != len(set(session_ids)):
        raise NotFound("not_found")
    return sorted(mine, key=lambda row: row.session_id)


def _attested(work: Work, session_id: int) -> tuple[ApprovalRef, Row]:
    """The approved result of a candidate within the actor's circle."""
    session = delivery.session_ref(work, session_id)
    access.require_session(work, delivery.sitting_ref(work, session.sitting_id).edition, session)
    given = queries.approval_of(work, session.sitting_id)
    if given is None:
        raise Stale("not_approved")
    (row,) = _of_circle(work, given, [session_id])
    return given, row


def _record_case(
    work: Work, given: ApprovalRef, session_id: int, kind: str, chosen: list[str], papers: dict[str, str],
    ruling: dict[str, Json],
) -> int:  # fmt: skip
    before = queries.cases(work, given.id, [session_id]).get(session_id)
    row = AttestationCase(
        approval_id=given.id, session_id=session_id, kind=kind, chosen=chosen, papers=papers, ruling=ruling,
        supersedes_id=before.id if before else None, recorded_by=work.actor.label, recorded_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("attestation:recorded", f"session:{session_id}", clause=str(ruling["clause"]), kind=kind,
                chosen=chosen, papers=papers)  # fmt: skip
    return row.id
