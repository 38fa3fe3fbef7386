"""What offices and candidates see of appeals: their own alone, by registration number, never the commission's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server import delivery, grading
from server.appeals.cases import ahead_of, decided_among, due_at, number_of
from server.appeals.filing import WINDOW, find
from server.appeals.machine import FINISHED
from server.appeals.models import Appeal, AppealHearing, AppealList, AppealNotice
from server.appeals.rules import AppealWindowRule
from server.appeals.telling import last_list, notices_of
from server.candidates.queries import ProgrammeRef
from server.core.errors import CatError, NotFound
from server.core.i18n import language
from server.core.machine import moves_of
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.delivery.queries import held
from server.grading import access
from server.grading.policy import Policy
from server.grading.queries import result_of


@dataclass(frozen=True)
class OwnCase:
    """A case as its office and its candidate know it; `reason` says why it was not admitted."""

    id: int
    number: str
    sitting_id: int
    registration_no: str
    subject: str
    grounds: tuple[str, ...]
    filed_by: str
    filed_at: datetime
    state: str
    reason: str
    is_decided: bool
    notice: AppealNotice | None
    is_withdrawable: bool
    due_at: datetime | None
    zone: str
    hearing: AppealHearing | None

    @property
    def searched(self) -> str:
        """In what the office looks for it."""
        return f"{self.number} {self.registration_no}"


@dataclass(frozen=True)
class SittingRow:
    """A sitting with appeals, and its final list as it stands."""

    sitting: SittingRef
    n: int
    n_open: int
    final: AppealList | None


@dataclass(frozen=True)
class OwnPage:
    """What a candidate may appeal: the subjects of their result, how many tasks each has, and until when."""

    sitting: SittingRef
    window: Ruling
    last_at: datetime | None
    tasks: Mapping[str, int]
    cases: tuple[OwnCase, ...]

    @property
    def open_subjects(self) -> tuple[str, ...]:
        """The subjects in which no appeal stands."""
        taken = {each.subject for each in self.cases if each.state != "withdrawn"}
        return tuple(each for each in self.tasks if each not in taken)


def cases_of_office(work: Work, known: Iterable[ProgrammeRef]) -> list[OwnCase]:
    """The cases of these programmes whose candidates lie in the actor's circle; the reading is journalled (CS-5)."""
    found: list[OwnCase] = []
    for programme in known:
        try:
            circle = access.circle_of(work, programme.edition)
        except CatError:  # third parties of that edition have no cases
            continue
        rows = work.db.scalars(select(Appeal).where(Appeal.programme_id == programme.id)).all()
        sessions = {each.id: each for each in delivery.session_refs(work, [row.session_id for row in rows])}
        seen = [row for row in rows if circle.has(sessions[row.session_id])]
        found += _own(work, seen, sessions)
    work.record("results:read", "appeals", clause="CS-5", n=len(found))
    return found


def sittings_with_appeals(work: Work, cases: Iterable[OwnCase]) -> list[SittingRow]:
    """The sittings of these cases, the newest first."""
    by_sitting: dict[int, list[OwnCase]] = {}
    for each in cases:
        by_sitting.setdefault(each.sitting_id, []).append(each)
    return [
        SittingRow(
            delivery.sitting_ref(work, sitting_id), len(rows),
            sum(each.state not in ("told", *FINISHED) for each in rows), last_list(work, sitting_id),
        )
        for sitting_id, rows in sorted(by_sitting.items(), reverse=True)
    ]  # fmt: skip


def own_page(work: Work) -> OwnPage:
    """The page of the candidate who acts; NotFound before there is a result to appeal against."""
    session = delivery.session_ref(work, held(work).id)
    sitting = delivery.sitting_ref(work, session.sitting_id)
    if result_of(work, session.id) is None:
        raise NotFound("not_found")
    rule, received_at = sitting.edition.get(WINDOW, AppealWindowRule), grading.received_at(work, session.id)
    rows = work.db.scalars(select(Appeal).where(Appeal.session_id == session.id).order_by(Appeal.id)).all()
    graded = grading.grades_of(work, [session.id]).get(session.id, {})
    tasks = {
        section.subject: max((step.seq for step in section.steps if step.is_reached), default=0)
        for section in delivery.evidence(work, session.id)
        if section.subject in graded
    }
    return OwnPage(
        sitting, rule.judge(received_at, work.now, "candidate"), rule.last(received_at) if received_at else None, tasks,
        tuple(_own(work, rows, {session.id: session})),
    )  # fmt: skip


def own_case(work: Work, appeal_id: int) -> Appeal:
    """A case of the candidate who acts; others learn nothing of it."""
    appeal = find(work, appeal_id)
    if appeal.session_id != held(work).id:
        raise NotFound("not_found")
    return appeal


def subjects_of(known: Iterable[ProgrammeRef]) -> Mapping[str, str]:
    """The subjects of these programmes, in which an office may file, by code."""
    return {
        code: Policy.of(each.edition).subject_titles(language())[code]
        for each in known
        for code in each.subjects
    }


def _own(work: Work, rows: Sequence[Appeal], sessions: Mapping[int, SessionRef]) -> list[OwnCase]:
    ids = [row.id for row in rows]
    reasons = {move.row_id: move.reason for move in moves_of(work.db, "appeal", ids, "refuse")}
    decided, notices = decided_among(work, ids), notices_of(work, ids)
    hearings = ahead_of(work, rows)
    sittings = {each: delivery.sitting_ref(work, each) for each in {row.sitting_id for row in rows}}
    return [
        OwnCase(
            row.id, number_of(row.id), row.sitting_id, sessions[row.session_id].registration_no, row.subject,
            tuple(row.grounds), row.filed_by, row.filed_at, row.state, reasons.get(row.id) or "", row.id in decided,
            notices[row.id][0] if row.id in notices else None,
            _is_filer(work, row) and row.state in ("filed", "admitted"),
            due_at(sittings[row.sitting_id].edition, row, decided), sittings[row.sitting_id].zone,
            hearings.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _is_filer(work: Work, row: Appeal) -> bool:
    department = work.actor.organisation_id if row.filed_by == "department" else None
    return row.department_id == department if department else row.filer == work.actor.label

