"""The attempt that a granted case earns: the same person in the same programme once more, under a number of its own."""

from __future__ import annotations

from sqlalchemy import func, select

from server.candidates import accommodating, queries
from server.candidates.cases.machine import CASE
from server.candidates.cases.models import CandidateCase
from server.candidates.models import (
    Accommodation,
    AdmissionList,
    Candidate,
    Programme,
    Registration,
    RegistrationSubject,
)
from server.candidates.registration_no import make_registration_no, prefix_of
from server.core.errors import Invalid, NotFound
from server.core.work import Work

CARRIED = ("school", "school_id", "language", "sex", "photo_name", "programme_id", "candidate_id", "admission_list_id")
KEPT = ("kind", "effect", "extent", "order_number", "evidence", "decided_by", "decided_on", "ruling")


def register_attempt(work: Work, case_id: int) -> int:
    """The candidate of a granted case is registered for its subjects as the next attempt, conditions and all; once."""
    case = work.db.get(CandidateCase, case_id, with_for_update=True)
    if case is None:
        raise NotFound("not_found")
    CASE.target("assign", case.state)
    before = work.db.get_one(Registration, case.registration_id)
    # Lock before reading: numbers and attempts are counted, here and where lists are certified.
    work.db.execute(select(Programme.id).order_by(Programme.id).with_for_update())
    work.db.execute(select(Candidate.id).where(Candidate.id == before.candidate_id).with_for_update())
    languages = {each.subject: each.language for each in before.subjects}
    subjects = [subject for subject in case.subjects if subject in languages]
    if not subjects:
        raise Invalid("case_about_nothing")
    made = Registration(
        **{name: getattr(before, name) for name in CARRIED}, registration_no=_number(work, before),
        attempt=_last_attempt(work, before) + 1,
        subjects=[RegistrationSubject(subject=each, language=languages[each]) for each in subjects],
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()  # the case refers to it, and so do its conditions
    _carry_conditions(work, before.id, made.id)
    case.next_registration_id = made.id
    work.move(case, CASE, "assign")
    work.record("case:assigned", f"candidate_case:{case.id}", clause="DC-18", registration=made.id,
                attempt=made.attempt)  # fmt: skip
    return made.id


def _number(work: Work, before: Registration) -> str:
    year = work.db.get_one(Programme, before.programme_id).year
    centre = work.db.get_one(AdmissionList, before.admission_list_id).centre_id
    return make_registration_no(year, centre, queries.last_serial(work, prefix_of(year, centre)) + 1)


def _last_attempt(work: Work, before: Registration) -> int:
    found = select(func.max(Registration.attempt)).where(
        Registration.programme_id == before.programme_id, Registration.candidate_id == before.candidate_id
    )
    return int(work.db.execute(found).scalar_one())


def _carry_conditions(work: Work, before: int, made: int) -> None:
    """What was decided for the candidate holds for the next attempt too (DC-12)."""
    held = accommodating.accommodations(work, [before])[before]
    for row in work.db.execute(select(Accommodation).where(Accommodation.id.in_([e.id for e in held]))).scalars():
        work.db.add(Accommodation(registration_id=made, **{name: getattr(row, name) for name in KEPT},
                                  recorded_by=row.recorded_by, recorded_at=work.now))  # fmt: skip
