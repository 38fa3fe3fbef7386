"""Lists of results for tests: frozen, signed by two of a testing centre's office, released, received."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select, update

from server.accounts import signing
from server.accounts.models import Organisation
from server.core.roles import Actor, Role
from server.core.tasks import TaskRef
from server.core.tasks.models import Task
from server.core.work import Work
from server.grading import lists
from server.grading.control import service as control
from server.grading.models import Eligibility, Grade
from tests.factories.accounts import PIN, a_staff_member, an_organisation

BECAUSE = "The sitting is over."


@dataclass(frozen=True)
class Offices:
    """Two persons of a testing centre, each as a work that acts as them."""

    first: Work
    second: Work


def an_office(work: Work, kind: str = "ntc", place: int | None = None) -> Work:
    """Somebody of an office of that kind who can sign, as a work that acts as them."""
    place = place or an_organisation(work, kind).id
    staff = a_staff_member(work, Role.OFFICE, organisation_id=place)
    signing.set_pin(work, staff, PIN)
    return replace(work, actor=Actor(frozenset({Role.OFFICE}), staff, "office", place))


def two_of_the_office(work: Work) -> Offices:
    """Two persons of one testing centre."""
    first = an_office(work)
    return Offices(first, an_office(work, place=first.actor.organisation_id))


def sign(office: Work, list_id: int, pin: str = PIN) -> object:
    """That person signs the list; the refusal if there is one."""
    return lists.sign_list(office, list_id, signing.check_pin(office, office.actor.id or 0, pin))


def controlled(office: Work, sitting_id: int) -> None:
    """The results of the sitting were looked at, and nothing was asked."""
    task = control.ask(office, sitting_id)
    office.db.flush()
    asked = TaskRef(task, control.KIND, {}, office.actor.label)
    facts = {"sessions": 1, "tests": 1, "pairs": 0, "schools": 0, "before": None}
    run = control.record_run(office, asked, sitting_id, office.now, facts, ())
    office.db.execute(update(Task).where(Task.id == task).values(state="done", result_id=run))


def released(work: Work, sitting_id: int, offices: Offices | None = None, because: str = BECAUSE) -> int:
    """The results of the sitting as they stand are frozen, signed twice and released; the list."""
    both = offices or two_of_the_office(work)
    offices = Offices(replace(both.first, now=work.now), replace(both.second, now=work.now))
    controlled(offices.first, sitting_id)
    list_id = lists.freeze(offices.first, sitting_id, because=because)
    for office in (offices.first, offices.second):
        assert sign(office, list_id) is None
    lists.release(offices.first, list_id)
    return list_id


def a_department_over(work: Work, *centres: int) -> Work:
    """The office of a new department to which these centres belong."""
    office = an_office(work, "department")
    own = office.actor.organisation_id
    work.db.execute(update(Organisation).where(Organisation.id.in_(centres)).values(parent_id=own))
    work.db.expire_all()
    return office


def received(department: Work, list_id: int, pin: str = PIN) -> object:
    """The department signs for its part of the list; the refusal if there is one."""
    (given,) = lists.queries.deliveries_to(department, department.actor.organisation_id or 0, [list_id])
    return lists.receive(department, given.id, signing.check_pin(department, department.actor.id or 0, pin))


def corrected(work: Work, session_id: int, percent: str, grade: str, subject: str = "history") -> None:
    """The session's grade and decision are superseded, as a rescoring does it."""
    before = work.db.execute(
        select(Grade).where(Grade.session_id == session_id, Grade.subject == subject).order_by(Grade.id.desc()).limit(1)
    ).scalar_one()
    work.db.add(Grade(session_id=session_id, score_id=before.score_id, subject=subject, percent=percent, grade=grade,
                      ruling=before.ruling, supersedes_id=before.id, made_at=work.now))  # fmt: skip
    decided = work.db.execute(
        select(Eligibility).where(Eligibility.session_id == session_id).order_by(Eligibility.id.desc()).limit(1)
    ).scalar_one()
    reasons = [] if grade == "excellent" else [{"reason": "grade", "clause": "DC-20", "subject": subject,
                                                "grade": grade}]  # fmt: skip
    ruling = {**decided.ruling, "facts": {"reasons": reasons, "grades": {subject: grade}}}
    work.db.add(Eligibility(session_id=session_id, is_eligible=not reasons, ruling=ruling, supersedes_id=decided.id,
                            made_at=work.now))  # fmt: skip
    work.db.flush()
