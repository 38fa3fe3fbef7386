"""What the commission's pages show: cases by code, hearings, motions, signatures. No name, school or seat (CS-14.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from itembank.items.correcting import CorrectedKeyRef, corrected_keys
from server import delivery, grading
from server.accounts import signing
from server.appeals import hearings, protocols, voting
from server.appeals.cases import (
    HEARABLE,
    Case,
    OpenCase,
    decided_among,
    decision_of,
    due_at,
    listed_among,
    open_case,
    tasks_of,
)
from server.appeals.commission import Commission, Seat, rule_of
from server.appeals.correcting import corrections_of, open_corrections
from server.appeals.interests import interests_among
from server.appeals.models import (
    Appeal,
    AppealCommission,
    AppealCorrection,
    AppealDecision,
    AppealHearing,
    AppealNotice,
    AppealPresence,
    AppealTask,
)
from server.appeals.rules import DecisionRule
from server.appeals.sealing import place, unseal
from server.appeals.telling import notice_of
from server.appeals.voting import Motion
from server.core.machine import Move, moves_of
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery.masking import covering
from server.delivery.queries import work_codes_of
from server.grading import GradeRef


@dataclass(frozen=True)
class CaseRow:
    """A case as the list shows it; `aside`: the reader's interests in it, `duties`: what waits for the reader."""

    id: int
    number: str
    code: str
    subject: str
    grounds: tuple[str, ...]
    state: str
    filed_at: datetime
    hearing_id: int | None
    aside: tuple[str, ...]
    duties: tuple[str, ...]
    due_at: datetime | None
    zone: str

    @property
    def searched(self) -> str:
        """In what the commission looks for it."""
        return f"{self.number} {self.code}"


@dataclass(frozen=True)
class HearingRow:
    """A hearing as the list shows it."""

    id: int
    programme_id: int
    held_at: datetime
    place: str
    state: str
    n_cases: int


@dataclass(frozen=True)
class TaskRow:
    """A task of the candidate's test as the commission decides on it."""

    seq: int
    item_version_id: int
    is_disputed: bool
    is_reviewed: bool
    is_blank: bool
    is_written: bool
    is_pretest: bool
    keys: tuple[CorrectedKeyRef, ...]


@dataclass(frozen=True)
class SignerRow:
    """A member who was there, and when they signed the protocol."""

    seat: Seat
    signed_at: datetime | None
    may_sign: bool


@dataclass(frozen=True)
class CasePage:
    """All that a member reads of a case."""

    row: CaseRow
    case: OpenCase
    words: str = field(repr=False)
    tasks: tuple[TaskRow, ...]
    moves: tuple[Move, ...]
    hearing: AppealHearing | None
    present: frozenset[int]
    has_quorum: bool
    motion: Motion | None
    votes: tuple[tuple[Seat, str], ...]
    tally: Ruling | None
    digest: str
    signers: tuple[SignerRow, ...]
    missing: Mapping[str, int]
    decision: AppealDecision | None
    corrections: Mapping[int, AppealCorrection]
    n_open: int
    notice: AppealNotice | None
    grade: GradeRef | None

    @property
    def is_keeper(self) -> bool:
        """Whether the reader keeps the cases."""
        return self.case.seat.role in rule_of(self.case.sitting.edition).keepers

    @property
    def is_voter(self) -> bool:
        """Whether the reader votes."""
        return self.case.seat.role in rule_of(self.case.sitting.edition).voters

    @property
    def may_vote(self) -> bool:
        """Whether the reader's vote is awaited now."""
        here = self.hearing is not None and self.hearing.state == "open" and self.case.seat.staff_id in self.present
        fresh = self.motion is not None and self.hearing is not None and self.motion.hearing_id == self.hearing.id
        voted = self.motion is not None and self.case.seat.staff_id in self.motion.votes
        return bool(here and fresh and not voted and self.is_voter and self.has_quorum and not self.decision)


def cases_of(work: Work, commissions: Iterable[Commission]) -> list[CaseRow]:
    """Every case of these commissions, in which the actor sits, in the order of their numbers."""
    programmes = [each.programme_id for each in commissions]
    query = select(Appeal).where(Appeal.programme_id.in_(programmes)).order_by(Appeal.id)
    return _rows(work, listed_among(work, work.db.scalars(query).all()))


def hearings_of(work: Work, commissions: Iterable[Commission]) -> list[HearingRow]:
    """Every hearing of these commissions: those to come, the next first, then those that are over, the last first."""
    programmes = [each.programme_id for each in commissions]
    cases = select(Appeal.hearing_id, func.count().label("n")).group_by(Appeal.hearing_id)
    counted = {row.hearing_id: row.n for row in work.db.execute(cases)}
    query = (
        select(AppealHearing, AppealCommission.programme_id)
        .join(AppealCommission, AppealCommission.id == AppealHearing.commission_id)
        .where(AppealCommission.programme_id.in_(programmes))
        .order_by(AppealHearing.held_at, AppealHearing.id)
    )
    rows = [
        HearingRow(row.id, programme_id, row.held_at, row.place, row.state, counted.get(row.id, 0))
        for row, programme_id in work.db.execute(query)
    ]
    return [each for each in rows if each.state != "over"] + [each for each in reversed(rows) if each.state == "over"]


def presences(work: Work, hearing_id: int) -> Mapping[int, datetime]:
    """Who confirmed when that they sit in the hearing."""
    query = select(AppealPresence).where(AppealPresence.hearing_id == hearing_id)
    return {row.staff_id: row.confirmed_at for row in work.db.scalars(query)}


def may_be_heard(work: Work, row: CaseRow, hearing: AppealHearing) -> bool:
    """Whether the case may be put on that hearing: it is on none that is still to come, and waits for one."""
    if row.aside or row.state not in HEARABLE or hearing.state == "over" or row.hearing_id == hearing.id:
        return False
    before = work.db.get(AppealHearing, row.hearing_id) if row.hearing_id else None
    return before is None or before.state == "over"


def case_page(work: Work, appeal_id: int) -> CasePage:
    """One case; that its result was read is journalled (CS-5)."""
    case = open_case(work, appeal_id)
    appeal = case.appeal
    hearing = work.db.get(AppealHearing, appeal.hearing_id) if appeal.hearing_id else None
    motion, row = voting.motion_of(work, appeal), protocols.last_of(work, appeal)
    document = protocols.document_of(work, appeal, row) if row else None
    came = hearings.present(work, hearing.id, case.commission) if hearing else frozenset()
    heard = hearings.present(work, motion.hearing_id, case.commission) if motion else frozenset()
    votes = voting.counted(case, motion, heard) if motion else []
    work.record("result:read", place(appeal_id), clause="CS-5", subject_code=appeal.subject)
    return CasePage(
        _rows(work, [case])[0], case, words_of(work, appeal), _tasks(work, appeal),
        tuple(moves_of(work.db, "appeal", [appeal_id])), hearing, came,
        hearing is not None and hearings.has_quorum(case.commission, case.sitting.edition, came), motion,
        tuple(votes), voting.tally(case, votes) if motion else None,
        document.digest if document else "", _signers(work, case, document), _missing(work, case, document),
        decision_of(work, appeal_id), corrections_of(work, appeal_id), len(open_corrections(work, appeal_id)),
        notice_of(work, appeal_id),
        grading.grades_of(work, [appeal.session_id]).get(appeal.session_id, {}).get(appeal.subject),
    )  # fmt: skip


def words_of(work: Work, appeal: Appeal) -> str:
    """What the appellant wrote, for the commission: without what tells who they are."""
    return covering(work, appeal.session_id)(own_words_of(work, appeal))


def own_words_of(work: Work, appeal: Appeal) -> str:
    """The same to who wrote them, whole."""
    said: str = unseal(work, appeal, "words", appeal.words_sealed)
    return said


def _rows(work: Work, cases: Sequence[Case]) -> list[CaseRow]:
    """The cases as the list shows them to who acts."""
    me, appeals = work.actor.id or 0, [each.appeal for each in cases]
    interests = interests_among(work, appeals, [each.sitting for each in cases], [me])
    aside = {id_: tuple(sorted(each.get(me, ()))) for id_, each in interests.items()}
    codes = work_codes_of(work, [each.session_id for each in appeals])
    decided = decided_among(work, [each.id for each in appeals])
    return [
        CaseRow(
            row.id, case.number, codes[row.session_id], row.subject, tuple(row.grounds), row.state, row.filed_at,
            row.hearing_id, aside[row.id], () if aside[row.id] else _duties(work, case),
            due_at(case.sitting.edition, row, decided), case.sitting.zone,
        )
        for case in cases
        for row in (case.appeal,)
    ]  # fmt: skip


def _duties(work: Work, case: Case) -> tuple[str, ...]:
    """What waits for the reader in a case: to admit it, to call a hearing, to vote, to sign, to tell."""
    appeal, rule = case.appeal, rule_of(case.sitting.edition)
    if case.seat.role in rule.keepers:
        waits = {"filed": "admit", "decided": "tell"}.get(appeal.state)
        if waits:
            return (waits,)
        if appeal.state == "admitted" and appeal.hearing_id is None:
            return ("call",)
    if appeal.state != "heard":
        return ()
    motion, row = voting.motion_of(work, appeal), protocols.last_of(work, appeal)
    found = []
    if motion and case.seat.role in rule.voters and case.seat.staff_id not in motion.votes and row is None:
        found.append("vote")
    if row is not None:
        signers = _signers(work, case, protocols.document_of(work, appeal, row))
        found += ["sign"] if any(s.may_sign and s.seat.staff_id == case.seat.staff_id for s in signers) else []
    return tuple(found)


def _tasks(work: Work, appeal: Appeal) -> tuple[TaskRow, ...]:
    section = next(s for s in delivery.evidence(work, appeal.session_id) if s.subject == appeal.subject)
    named: dict[int, AppealTask] = {row.seq: row for row in tasks_of(work, appeal.id)}
    return tuple(
        TaskRow(
            step.seq, step.item_version_id, not named or step.seq in named,
            Ruling.from_json(named[step.seq].ruling).allowed if step.seq in named else not named, step.is_blank,
            step.score is None and step.received_at is not None, step.is_pretest,
            tuple(each for each in corrected_keys(work, step.item_version_id) if each.is_confirmed),
        )
        for step in section.steps
        if step.is_reached
    )


def _signers(work: Work, case: Case, document: signing.Document | None) -> tuple[SignerRow, ...]:
    if document is None:
        return ()
    content: Mapping[str, Any] = document.content
    rule, came = case.sitting.edition.get("DC-28", DecisionRule), {each["staff_id"] for each in content["present"]}
    signed = {each.staff_id: each.signed_at for each in signing.signatures_under(work, document) if each.is_valid}
    roles = {*rule.signatures, *rule.substitutes.values()}
    return tuple(
        SignerRow(seat, signed.get(seat.staff_id), seat.role in roles and seat.staff_id not in signed)
        for seat in case.commission.seats
        if seat.staff_id in came
    )


def _missing(work: Work, case: OpenCase, document: signing.Document | None) -> Mapping[str, int]:
    if document is None:
        return {}
    ruling = case.sitting.edition.get("DC-28", DecisionRule).judge(protocols.signed_by(work, case, document))
    found: Any = ruling.facts["missing"]
    return dict(found)
