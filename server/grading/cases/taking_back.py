"""A granted case is taken back, under a PIN, with all that followed from the grant and has not become a test yet."""

from __future__ import annotations

from server import delivery
from server.accounts import signing
from server.accounts.signing import Document, PinAttempt
from server.candidates.cases import service
from server.candidates.cases.policy import CasePolicy
from server.candidates.cases.queries import CaseRef, case_ref
from server.candidates.cases.service import TakingBack
from server.core.errors import CatError, Denied
from server.core.work import Work
from server.delivery.absences.queries import reasons
from server.delivery.additional.calling_off import call_off, require_not_begun
from server.delivery.service import absences
from server.delivery.service.planning import get_session
from server.grading import head
from server.grading.cases.facts import ABOUT_AN_ABSENCE
from server.grading.service import reconsider_absence


def take_back(work: Work, case_id: int, said: TakingBack, attempt: PinAttempt) -> CatError | None:
    """What was granted counts no longer, signed by PIN; or the refusal of the PIN, returned so that it is counted."""
    if attempt.staff_id != work.actor.id:
        raise Denied("not_allowed")
    refusal = signing.confirm_pin(work, attempt)
    if refusal is not None:
        return refusal
    undo(work, case_id, said)
    signing.place(work, document_of(case_ref(work, case_id)), "taken_back_by", attempt.staff_id)
    return None


def undo(work: Work, case_id: int, said: TakingBack) -> None:
    """As if it had never been granted: nobody is expected where a place was given, an absence has the reasons that it
    has without the case, and a decision on it is made anew. Stale once the test that was granted has begun."""
    head.share(work)  # before a session is locked, as who lists it does
    case = case_ref(work, case_id)
    clause = CasePolicy.of(case.programme.edition, case.kind).kind.clause
    places = require_not_begun(work, case.next_registration_id, clause) if case.next_registration_id else []
    ruling = service.take_back(work, case_id, said)
    call_off(work, places, ruling, clause, case_id)
    _unexcuse(work, case, said)


def document_of(case: CaseRef) -> Document:
    """What the signature under a taking-back binds: whose case, which grant, by what it counts no longer and why."""
    said, before = case.taken_back, case.decision
    if said is None or before is None:
        raise ValueError("a case that was not taken back has nothing to sign")
    return Document(
        f"case_taking_back:{case.id}",
        {
            "kind": case.kind, "registration": case.who.registration_no, "granted_by_order": before.order_number,
            "order": said.order_number, "decided_on": said.decided_on.isoformat(), "words": said.words,
        },
    )  # fmt: skip


def _unexcuse(work: Work, case: CaseRef, said: TakingBack) -> None:
    """The reason that the case had brought is withdrawn, one that the office had recorded itself is not."""
    if case.kind in ABOUT_AN_ABSENCE and case.session_id is not None and case.decision is not None:
        known = reasons(work, [case.session_id]).get(case.session_id)
        brought = (f"/office/cases/{case.id}", case.decision.order_number)
        if known is not None and (known.said.paper, known.said.decision) == brought:
            absences.withdraw_reason(work, case.session_id, said.order_number)
            reconsider_absence(work, case.session_id)
    if case.kind == "exemption":
        for session_id in delivery.sessions_of_registration(work, case.who.id):
            get_session(work, session_id)  # who grades it at this moment has read the exemption as it was
            reconsider_absence(work, session_id)
