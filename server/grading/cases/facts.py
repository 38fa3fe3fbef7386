"""What the record of tests and results says of a case: which session it is about, its day, the subjects in question."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from server import delivery
from server.candidates.cases.queries import CaseRef
from server.candidates.cases.service import Facts
from server.candidates.queries import ProgrammeRef
from server.candidates.rules import RepeatRule
from server.core.terms import local_day
from server.core.work import Work
from server.delivery import SessionRef
from server.delivery.absences.queries import reasons
from server.delivery.additional.queries import first_start, missed_subjects
from server.grading.queries import told_of

ABOUT_AN_ABSENCE = ("make_up", "extension")


def facts_for(work: Work, programme: ProgrammeRef, registration_id: int, kind: str) -> Facts:
    """What a new case of that kind would be about: the newest session that fits; none where nothing does."""
    if kind == "exemption":
        return Facts(None, first_day(work, programme))
    mine = delivery.session_refs(work, delivery.sessions_of_registration(work, registration_id))
    for session in reversed(mine):
        subjects = _subjects(work, programme, session, kind)
        if subjects:
            return _about(work, session, subjects)
    return Facts(None, None)


def facts_about(work: Work, case: CaseRef) -> Facts:
    """What the record says now of what a case is about; no subjects where it is about nothing any more."""
    if case.session_id is None:
        return Facts(None, first_day(work, case.programme))
    session = delivery.session_ref(work, case.session_id)
    return _about(work, session, _subjects(work, case.programme, session, case.kind))


def first_day(work: Work, programme: ProgrammeRef) -> date | None:
    """The first day of the programme's tests, additional ones aside; None before one is published."""
    starts_at = first_start(work, programme.id)
    return None if starts_at is None else local_day(starts_at, programme.edition.zone)


def _about(work: Work, session: SessionRef, subjects: tuple[str, ...]) -> Facts:
    sitting = delivery.sitting_ref(work, session.sitting_id)
    is_excused = session.id in reasons(work, [session.id])
    return Facts(session.id, local_day(sitting.starts_at, ZoneInfo(sitting.zone)), subjects, is_excused)


def _subjects(work: Work, programme: ProgrammeRef, session: SessionRef, kind: str) -> tuple[str, ...]:
    """The subjects that were missed, or whose grade as everybody was told it is a debt (CS-18)."""
    if kind in ABOUT_AN_ABSENCE:
        return missed_subjects(work, session.id)
    told = told_of(work, session) if session.state == "submitted" else None
    if told is None:
        return ()
    grades = {subject: ref.grade for subject, ref in told.grades.items()}
    return programme.edition.get("CS-18", RepeatRule).debts(grades)
