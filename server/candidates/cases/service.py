"""Commands on cases: filed with papers, handed in, decided once, withdrawn, taken back (DC-17, DC-18, CS-12, CS-18).
What the record knows of tests and results comes from later features, as `Facts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import select

from server import accounts
from server.candidates import queries
from server.candidates.cases import papers
from server.candidates.cases.machine import CASE, OPEN, STANDS
from server.candidates.cases.models import CandidateCase, CaseDecision, CaseTakingBack
from server.candidates.cases.policy import Asked, CasePolicy, procedure
from server.candidates.cases.queries import concerned, own_case, repeats_of
from server.candidates.models import Candidate, Registration
from server.core.errors import Invalid, NotFound, Stale
from server.core.ruling import Ruling
from server.core.terms import codes, local_day
from server.core.work import Work

ORDER_MAX, WORDS_MAX = 60, 1000
OUTCOMES = {"granted": "grant", "refused": "refuse"}
AWAITED = ("decision_missing", "consent_missing")  # all that a case may lack when it is handed in


@dataclass(frozen=True)
class Facts:
    """What the record knows of what a case is about: the session, its day, its subjects in question, whether its
    absence is excused already."""

    session_id: int | None
    test_on: date | None
    subjects: tuple[str, ...] = ()
    is_excused: bool = False


@dataclass(frozen=True)
class NewCase:
    """What is asked for whom, and on what ground."""

    kind: str
    registration_id: int
    ground: str
    extended_to: date | None = None


@dataclass(frozen=True)
class Decision:
    """What was decided, by which order of which day; a refusal says why."""

    outcome: str
    order_number: str
    decided_on: date
    words: str


@dataclass(frozen=True)
class TakingBack:
    """By which decision of which day a grant counts no longer, and why."""

    order_number: str
    decided_on: date
    words: str


def file_case(work: Work, new: NewCase, facts: Facts) -> int:
    """The case stands, its papers to follow; one at a time for what it is about."""
    policy, own = _policy(work, new.registration_id, new.kind), _own(work)
    ruling = procedure(policy.edition).judge_filing(new.kind, own.kind).or_refuse()
    if new.registration_id not in concerned(work, [new.registration_id]):
        raise NotFound("registration_unknown")
    if policy.grounds() and new.ground not in codes(policy.grounds()):
        raise Invalid("case_ground_unknown")
    if new.kind != "exemption" and (facts.session_id is None or not facts.subjects):
        raise Invalid("case_about_nothing")
    _lock_person(work, new.registration_id)
    if _stands(work, new.registration_id, facts.session_id):
        raise Stale("case_stands_already")
    case = CandidateCase(
        token=str(uuid4()), data_key=b"", kind=new.kind, registration_id=new.registration_id,
        session_id=facts.session_id, ground=new.ground, subjects=list(facts.subjects),
        extended_to=new.extended_to if new.kind == "extension" else None, state="filed", filed_by=work.actor.id,
        filed_from=own.id, filed_at=work.now,
    )  # fmt: skip
    if new.kind == "extension" and case.extended_to is None:
        raise Invalid("case_without_day")
    _, case.data_key = work.vault.new_key(case.place)
    work.db.add(case)
    work.db.flush()  # the caller gets the id
    work.record("case:filed", f"candidate_case:{case.id}", clause=policy.kind.clause, kind=new.kind,
                registration=new.registration_id, ruling=ruling.to_json())  # fmt: skip
    return case.id


def add_paper(work: Work, case_id: int, kind: str, content: bytes) -> None:
    """The file is among the papers of a case that is not decided yet; harmless twice."""
    case, policy = _filer(work, case_id)
    if case.state not in OPEN:
        raise Stale("not_in_state", machine=CASE.name, state=case.state)
    papers.keep(work, case, policy, kind, content)


def submit(work: Work, case_id: int, facts: Facts) -> Ruling:
    """The case waits for its decision, by a term; refused as the law says of what was asked, of papers and of days."""
    case, policy = _filer(work, case_id)
    ruling = policy.judge(_asked(work, case, facts, ""))
    if not ruling.allowed and ruling.code not in AWAITED:
        ruling.or_refuse()
    case.submitted_at, case.ruling = work.now, ruling.to_json()
    case.due_at = procedure(policy.edition).last(policy.kind, work.now)
    work.move(case, CASE, "submit", ruling=ruling)
    work.record("case:submitted", f"candidate_case:{case.id}", clause=ruling.clause, due_at=case.due_at.isoformat())
    return ruling


def withdraw(work: Work, case_id: int) -> None:
    """Nothing is asked any more; papers and all stay on record."""
    case, policy = _filer(work, case_id)
    work.move(case, CASE, "withdraw")
    work.record("case:withdrawn", f"candidate_case:{case.id}", clause=policy.kind.clause)


def decide(work: Work, case_id: int, decision: Decision, facts: Facts) -> Ruling:
    """The case is decided, once and for all; a grant only where the law allows it."""
    case = own_case(work, case_id, to_change=True)
    policy, own = _policy(work, case.registration_id, case.kind), _own(work)
    may = procedure(policy.edition).judge_decider(policy.kind, own.kind).or_refuse()
    verb = OUTCOMES.get(decision.outcome)
    order, words = " ".join(decision.order_number.split()), decision.words.strip()
    if verb is None or not 0 < len(order) <= ORDER_MAX or len(words) > WORDS_MAX or (verb == "refuse" and not words):
        raise Invalid("case_decision_malformed", maximum=WORDS_MAX)
    CASE.target(verb, case.state)
    if decision.decided_on > local_day(work.now, policy.edition.zone):
        raise Invalid("accommodation_in_future")
    _lock_person(work, case.registration_id)
    ruling = policy.judge(_asked(work, case, facts, order)).or_refuse() if verb == "grant" else may
    key = work.vault.unwrap(case.data_key, case.place)
    sealed = work.vault.seal(key, words.encode(), f"{case.place}:decision") if words else None
    work.db.add(
        CaseDecision(
            case_id=case.id, outcome=decision.outcome, order_number=order, decided_on=decision.decided_on,
            words_sealed=sealed, ruling=ruling.to_json(), decided_by=work.actor.id, decided_from=own.id,
            decided_at=work.now,
        )
    )  # fmt: skip
    work.move(case, CASE, verb, ruling=ruling)
    work.record("case:decided", f"candidate_case:{case.id}", clause=policy.kind.clause, outcome=decision.outcome,
                order=order, ruling=ruling.to_json())  # fmt: skip
    return ruling


def take_back(work: Work, case_id: int, said: TakingBack) -> Ruling:
    """What was granted counts no longer, by another decision; the grant stays on record, and the way to another case
    is open. Whoever may grant may take back."""
    case = own_case(work, case_id, to_change=True)
    policy, own = _policy(work, case.registration_id, case.kind), _own(work)
    ruling = procedure(policy.edition).judge_decider(policy.kind, own.kind).or_refuse()
    order, words = " ".join(said.order_number.split()), said.words.strip()
    if not 0 < len(order) <= ORDER_MAX or not 0 < len(words) <= WORDS_MAX:
        raise Invalid("case_taking_back_malformed", maximum=WORDS_MAX)
    CASE.target("take_back", case.state)
    granted_on = work.db.execute(select(CaseDecision.decided_on).where(CaseDecision.case_id == case.id)).scalar_one()
    if not granted_on <= said.decided_on <= local_day(work.now, policy.edition.zone):
        raise Invalid("case_taking_back_day", first=granted_on)
    _lock_person(work, case.registration_id)
    key = work.vault.unwrap(case.data_key, case.place)
    work.db.add(
        CaseTakingBack(
            case_id=case.id, next_registration_id=case.next_registration_id, order_number=order,
            decided_on=said.decided_on, words_sealed=work.vault.seal(key, words.encode(), f"{case.place}:taking-back"),
            ruling=ruling.to_json(), taken_by=work.actor.id, taken_from=own.id, taken_at=work.now,
        )
    )  # fmt: skip
    work.record("case:taken-back", f"candidate_case:{case.id}", clause=policy.kind.clause, order=order,
                registration=case.next_registration_id, ruling=ruling.to_json())  # fmt: skip
    case.next_registration_id = None
    work.move(case, CASE, "take_back", ruling=ruling)
    return ruling


def _asked(work: Work, case: CandidateCase, facts: Facts, order: str) -> Asked:
    return Asked(
        ground=case.ground, papers={paper.kind for paper in case.papers}, at=case.submitted_at or work.now,
        order=order, test_on=facts.test_on, extended_to=case.extended_to, is_excused=facts.is_excused,
        repeats_done=repeats_of(work, case.registration_id),
    )  # fmt: skip


def _filer(work: Work, case_id: int) -> tuple[CandidateCase, CasePolicy]:
    """A case and its policy, for an office that may hand in such."""
    case = own_case(work, case_id, to_change=True)
    policy = _policy(work, case.registration_id, case.kind)
    procedure(policy.edition).judge_filing(case.kind, _own(work).kind).or_refuse()
    return case, policy


def _policy(work: Work, registration_id: int, kind: str) -> CasePolicy:
    row = work.db.get(Registration, registration_id)
    if row is None:
        raise NotFound("registration_unknown")
    return CasePolicy.of(queries.programme_ref(work, row.programme_id).edition, kind)


def _own(work: Work) -> accounts.OrganisationRef:
    return accounts.organisation_of(work, work.actor.organisation_id or 0)


def _lock_person(work: Work, registration_id: int) -> None:
    # Lock before reading: of two cases or decisions at once, the second must see and count the first.
    candidate = work.db.get_one(Registration, registration_id).candidate_id
    work.db.execute(select(Candidate.id).where(Candidate.id == candidate).with_for_update())


def _stands(work: Work, registration_id: int, session_id: int | None) -> bool:
    found = select(CandidateCase.id).where(CandidateCase.state.in_((*OPEN, *STANDS)))
    found = found.where(
        CandidateCase.session_id == session_id if session_id is not None
        else (CandidateCase.registration_id == registration_id) & (CandidateCase.kind == "exemption")
    )  # fmt: skip
    return work.db.execute(found).first() is not None
