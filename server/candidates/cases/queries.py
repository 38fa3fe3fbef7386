"""What may be known of cases, each office of those that concern it (CS-5): frozen facts, never rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from server import accounts
from server.accounts.queries import parts_of
from server.candidates import queries
from server.candidates.cases.machine import STANDS
from server.candidates.cases.models import CandidateCase, CaseDecision, CaseTakingBack
from server.candidates.models import AdmissionList, Registration
from server.candidates.queries import ProgrammeRef, RegistrationRef
from server.core.db import batches
from server.core.errors import Denied, NotFound
from server.core.ruling import Ruling
from server.core.work import Work


@dataclass(frozen=True)
class PaperRef:
    """A paper of a case, unopened."""

    id: int
    kind: str
    media_type: str
    size: int
    digest: str
    added_at: datetime


@dataclass(frozen=True)
class DecisionRef:
    """What was decided, and why in words if it was said."""

    outcome: str
    order_number: str
    decided_on: date
    words: str
    ruling: Ruling
    decided_by: str
    decided_from: int
    decided_at: datetime


@dataclass(frozen=True)
class TakingBackRef:
    """By what a grant counts no longer, and why; the attempt that it had given, if there was one."""

    order_number: str
    decided_on: date
    words: str
    next_registration_id: int | None
    taken_by: str
    taken_from: int
    taken_at: datetime


@dataclass(frozen=True)
class CaseRef:
    """A case as pages and later features know it; its state is "taken_back" where it was granted and counts no more."""

    id: int
    kind: str
    state: str
    programme: ProgrammeRef
    who: RegistrationRef
    session_id: int | None
    ground: str
    subjects: tuple[str, ...]
    extended_to: date | None
    filed_from: int
    filed_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    ruling: Ruling | None
    next_registration_id: int | None
    papers: tuple[PaperRef, ...]
    decision: DecisionRef | None
    taken_back: TakingBackRef | None


def cases(work: Work) -> list[CaseRef]:
    """Every case that concerns the actor's office: what waits for a decision by its term, then the others, newest."""
    rows = work.db.execute(select(CandidateCase).options(selectinload(CandidateCase.papers))).scalars().all()
    mine = concerned(work, {row.registration_id for row in rows})
    found = _references(work, [row for row in rows if row.registration_id in mine])
    waiting = sorted((each for each in found if each.state == "submitted"), key=lambda each: (each.due_at, each.id))
    return [*waiting, *sorted((each for each in found if each.state != "submitted"), key=lambda each: -each.id)]


def case_ref(work: Work, case_id: int) -> CaseRef:
    """The case; others learn only that nothing is here."""
    (found,) = _references(work, [own_case(work, case_id)])
    return found


def stored(work: Work, case_id: int) -> CaseRef:
    """The case, whoever asks: for the command that verifies alone."""
    (found,) = _references(work, [work.db.get_one(CandidateCase, case_id)])
    return found


def own_case(work: Work, case_id: int, *, to_change: bool = False) -> CandidateCase:
    """The row of a case that concerns the actor's office, locked if it is `to_change`; for this feature alone."""
    row = work.db.get(CandidateCase, case_id, with_for_update=to_change or None)
    if row is None or row.registration_id not in concerned(work, [row.registration_id]):
        raise NotFound("not_found")
    return row


def granted(work: Work, programme_id: int, kinds: Collection[str]) -> list[CaseRef]:
    """The cases of these kinds in a programme that were granted and wait for their sitting, oldest first."""
    found = (
        select(CandidateCase).join(Registration, Registration.id == CandidateCase.registration_id)
        .where(CandidateCase.state == "granted", CandidateCase.kind.in_(kinds))
        .where(Registration.programme_id == programme_id)
        .options(selectinload(CandidateCase.papers)).order_by(CandidateCase.id)
    )  # fmt: skip
    return _references(work, work.db.execute(found).scalars().all())


def exempt(work: Work, registration_ids: Collection[int]) -> frozenset[int]:
    """Those of these registrations that need not sit the test (DC-17)."""
    found = select(CandidateCase.registration_id).where(
        CandidateCase.kind == "exemption", CandidateCase.state == "granted"
    )
    parts = (found.where(CandidateCase.registration_id.in_(some)) for some in batches(registration_ids))
    return frozenset(each for part in parts for each in work.db.scalars(part))


def called_off(work: Work) -> frozenset[int]:
    """The registrations under which nobody is expected: their place was taken back before the candidate began."""
    found = select(CaseTakingBack.next_registration_id).where(CaseTakingBack.next_registration_id.is_not(None))
    return frozenset(each for each in work.db.execute(found).scalars() if each is not None)


def is_called_off(registration: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That nobody is expected under the registration that a row names, to ask the database of many rows at once."""
    return select(CaseTakingBack.id).where(CaseTakingBack.next_registration_id == registration).exists()


def taken_back_of(work: Work, registration_ids: Collection[int]) -> dict[int, tuple[str, str, date]]:
    """Registration → the kind of the last grant of its candidate that was taken back, by which order of which day."""
    found: dict[int, tuple[str, str, date]] = {}
    for some in batches(registration_ids):
        rows = (
            select(CandidateCase.registration_id, CandidateCase.kind, CaseTakingBack.order_number,
                   CaseTakingBack.decided_on)
            .join(CaseTakingBack, CaseTakingBack.case_id == CandidateCase.id)
            .where(CandidateCase.registration_id.in_(some)).order_by(CaseTakingBack.id)
        )  # fmt: skip
        found |= {row.registration_id: (row.kind, row.order_number, row.decided_on) for row in work.db.execute(rows)}
    return found


def repeats_of(work: Work, registration_id: int) -> int:
    """How many repeats the person was granted in the programme of this registration."""
    one = work.db.get_one(Registration, registration_id)
    found = (
        select(CandidateCase.id).join(Registration, Registration.id == CandidateCase.registration_id)
        .where(Registration.candidate_id == one.candidate_id, Registration.programme_id == one.programme_id)
        .where(CandidateCase.kind == "repeat", CandidateCase.state.in_(STANDS))
    )  # fmt: skip
    return len(work.db.execute(found).all())


def concerned(work: Work, registration_ids: Collection[int]) -> frozenset[int]:
    """Those of these registrations whose candidates are the actor's office's: a school's pupils, a department's
    candidates, everybody's of the testing centre and the ministry."""
    own = accounts.organisation_of(work, work.actor.organisation_id or 0)
    if own.kind in accounts.WHOLE_COUNTRY:
        return frozenset(registration_ids)
    if own.kind not in ("school", "department"):
        raise Denied("not_allowed")
    mine: set[int] = set()
    under = parts_of(work, own.id)
    for some in batches(registration_ids):
        found = select(Registration.id).join(AdmissionList, AdmissionList.id == Registration.admission_list_id)
        found = found.where(Registration.id.in_(some))
        found = found.where(
            Registration.school_id == own.id if own.kind == "school" else AdmissionList.centre_id.in_(under)
        )
        mine |= set(work.db.execute(found).scalars())
    return frozenset(mine)


def _references(work: Work, rows: Sequence[CandidateCase]) -> list[CaseRef]:
    people = {each.id: each for each in queries.registrations(work, {row.registration_id for row in rows})}
    programmes = _programmes(work, [row.registration_id for row in rows])
    decisions, taken = _decisions(work, rows), _taken_back(work, rows)
    return [
        CaseRef(
            row.id, row.kind, "taken_back" if row.id in taken else row.state, programmes[row.registration_id],
            people[row.registration_id], row.session_id,
            row.ground, tuple(row.subjects), row.extended_to, row.filed_from, row.filed_at, row.submitted_at,
            row.due_at, Ruling.from_json(row.ruling) if row.ruling else None, row.next_registration_id,
            tuple(PaperRef(p.id, p.kind, p.media_type, p.size, p.digest, p.added_at) for p in row.papers),
            decisions.get(row.id), taken.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _programmes(work: Work, registration_ids: Sequence[int]) -> dict[int, ProgrammeRef]:
    found: dict[int, int] = {}
    for some in batches(registration_ids):
        rows = select(Registration.id, Registration.programme_id).where(Registration.id.in_(some))
        found |= {row.id: row.programme_id for row in work.db.execute(rows)}
    known = {each: queries.programme_ref(work, each) for each in set(found.values())}
    return {id_: known[programme_id] for id_, programme_id in found.items()}


def _decisions(work: Work, rows: Iterable[CandidateCase]) -> dict[int, DecisionRef]:
    by_id = {row.id: row for row in rows}
    made: list[CaseDecision] = []
    for some in batches(by_id):
        made += work.db.execute(select(CaseDecision).where(CaseDecision.case_id.in_(some))).scalars()
    names = accounts.staff_names(work, [each.decided_by for each in made if each.decided_by])
    return {
        each.case_id: DecisionRef(
            each.outcome, each.order_number, each.decided_on,
            _words(work, by_id[each.case_id], "decision", each.words_sealed),
            Ruling.from_json(each.ruling), names.get(each.decided_by or 0, ""), each.decided_from, each.decided_at,
        )
        for each in made
    }  # fmt: skip


def _taken_back(work: Work, rows: Iterable[CandidateCase]) -> dict[int, TakingBackRef]:
    by_id = {row.id: row for row in rows}
    made: list[CaseTakingBack] = []
    for some in batches(by_id):
        made += work.db.execute(select(CaseTakingBack).where(CaseTakingBack.case_id.in_(some))).scalars()
    names = accounts.staff_names(work, [each.taken_by for each in made if each.taken_by])
    return {
        each.case_id: TakingBackRef(
            each.order_number, each.decided_on, _words(work, by_id[each.case_id], "taking-back", each.words_sealed),
            each.next_registration_id, names.get(each.taken_by or 0, ""), each.taken_from, each.taken_at,
        )
        for each in made
    }  # fmt: skip


def _words(work: Work, case: CandidateCase, what: str, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    key = work.vault.unwrap(case.data_key, case.place)
    return work.vault.open(key, sealed, f"{case.place}:{what}").decode()
