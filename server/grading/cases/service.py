"""Acts on cases that reach into tests and results: filed on what the record says, decided with a PIN, with all that
follows for an absence (DC-16 to DC-18)."""

from __future__ import annotations

from datetime import date

from server import candidates, delivery
from server.accounts import signing
from server.accounts.signing import Document, PinAttempt
from server.candidates import cases
from server.candidates.cases.policy import CasePolicy
from server.candidates.cases.queries import CaseRef, case_ref, concerned
from server.candidates.cases.service import Decision, NewCase
from server.candidates.queries import registration_of
from server.core.errors import CatError, Denied, NotFound, Stale
from server.core.work import Work
from server.delivery.absences.queries import Absence, reasons
from server.delivery.service import absences
from server.grading import head
from server.grading.cases.facts import ABOUT_AN_ABSENCE, facts_about, facts_for
from server.grading.service import reconsider_absence


def file_case(work: Work, registration_no: str, kind: str, ground: str, extended_to: date | None) -> int:
    """A case stands for the candidate of that number, about what the record knows of them; its id."""
    found = registration_of(work, registration_no)
    if found is None or found.id not in concerned(work, [found.id]):
        raise NotFound("registration_unknown")
    programme = candidates.programme_ref(work, found.programme_id)
    facts = facts_for(work, programme, found.id, kind)
    return cases.file_case(work, NewCase(kind, found.id, ground, extended_to), facts)


def submit(work: Work, case_id: int) -> None:
    """The case waits for its decision."""
    cases.submit(work, case_id, facts_about(work, case_ref(work, case_id)))


def decide(work: Work, case_id: int, decision: Decision, attempt: PinAttempt) -> CatError | None:
    """The case is decided and signed by PIN; or the refusal of the PIN, returned so that a wrong try is counted."""
    if attempt.staff_id != work.actor.id:
        raise Denied("not_allowed")
    refusal = signing.confirm_pin(work, attempt)
    if refusal is not None:
        return refusal
    case = case_ref(work, case_id)
    facts = facts_about(work, case)
    if case.session_id is not None and not facts.subjects and decision.outcome == "granted":
        raise Stale("case_about_nothing")
    cases.decide(work, case_id, decision, facts)
    decided = case_ref(work, case_id)
    signing.place(work, document_of(decided), "decided_by", attempt.staff_id)
    if decision.outcome == "granted":
        _excuse(work, decided, decision)
    return None


def document_of(case: CaseRef) -> Document:
    """What the decision's signature binds: the case, its papers by their digests, what was decided."""
    said = case.decision
    if said is None:
        raise ValueError("a case without a decision has nothing to sign")
    return Document(
        f"candidate_case:{case.id}",
        {
            "kind": case.kind, "registration": case.who.registration_no, "ground": case.ground,
            "subjects": list(case.subjects), "extended_to": case.extended_to.isoformat() if case.extended_to else None,
            "papers": [paper.digest for paper in case.papers], "outcome": said.outcome, "order": said.order_number,
            "decided_on": said.decided_on.isoformat(), "words": said.words,
        },
    )  # fmt: skip


def _excuse(work: Work, case: CaseRef, decision: Decision) -> None:
    """What was granted costs nobody the right: the absence has its reason, an exempted candidate's needs none."""
    head.share(work)  # before a session is locked, as who lists it does
    if case.kind in ABOUT_AN_ABSENCE and case.session_id is not None:
        if case.session_id not in reasons(work, [case.session_id]):
            said = Absence(case.ground, _proof(case), f"/office/cases/{case.id}", decision.order_number)
            absences.record_reason(work, case.session_id, said)
        reconsider_absence(work, case.session_id)
    if case.kind == "exemption":
        for session_id in delivery.sessions_of_registration(work, case.who.id):
            reconsider_absence(work, session_id)


def _proof(case: CaseRef) -> str:
    """The kind of paper that proves the reason; the first that may go with the case and does."""
    wanted = CasePolicy.of(case.programme.edition, case.kind).kind.papers
    return next((kind for kind in wanted if kind in {paper.kind for paper in case.papers}), "")
