"""Cases of candidates for tests: filed by a department with its papers, decided by the ministry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server import candidates, delivery
from server.accounts.models import Organisation
from server.candidates.cases import service
from server.candidates.cases.policy import CasePolicy
from server.candidates.cases.service import Decision, Facts, NewCase
from server.candidates.models import Registration
from server.core.roles import Actor, Role
from server.core.terms import local_day
from server.core.work import Work
from server.delivery.additional.planning import NewAdditional, plan_additional
from server.delivery.models import ExamSession
from tests.factories.accounts import a_staff_member, an_organisation

PDF = b"%PDF-1.7\n"
PAPERS = {
    "exemption": ("school_decision", "department_submission", "documents"), "make_up": ("hospital_certificate",),
    "extension": ("hospital_certificate",), "repeat": ("advice",),
}  # fmt: skip


@dataclass(frozen=True)
class Offices:
    """The department above a centre, the ministry and the testing centre, each with somebody in its office."""

    department: Actor
    ministry: Actor
    ntc: Actor


def offices(work: Work, centre_id: int) -> Offices:
    """Offices above a centre, made for it."""
    made = {kind: an_organisation(work, kind).id for kind in ("department", "ministry", "ntc")}
    work.db.get_one(Organisation, centre_id).parent_id = made["department"]
    work.db.flush()
    return Offices(**{kind: office(work, id_) for kind, id_ in made.items()})


def office(work: Work, organisation_id: int) -> Actor:
    """Somebody in the office of an organisation."""
    staff = a_staff_member(work, Role.OFFICE, organisation_id=organisation_id)
    return Actor(frozenset({Role.OFFICE}), staff, "Office", organisation_id)


def offices_of(work: Work, session_id: int) -> Offices:
    """Offices above the centre whose list a session's candidate came by."""
    row = work.db.get_one(ExamSession, session_id)
    return offices(work, candidates.queries.centre_of(work, row.registration_id))


def a_decision(work: Work, outcome: str = "granted", **changes: Any) -> Decision:
    """A decision of yesterday, wherever the clock stands."""
    whole: dict[str, Any] = {"outcome": outcome, "order_number": "318/1", "words": "as the papers say",
                             "decided_on": (work.now - timedelta(days=1)).date()}
    return Decision(**{**whole, **changes})


def facts_of(work: Work, session_id: int | None, **changes: Any) -> Facts:
    """What the record knows of a session: its day and its subjects."""
    if session_id is None:
        return Facts(None, changes.get("test_on"))
    row = work.db.get_one(ExamSession, session_id)
    day = local_day(row.sitting.starts_at, ZoneInfo(row.sitting.zone))
    whole: dict[str, Any] = {"session_id": session_id, "test_on": day,
                             "subjects": tuple(each.subject for each in row.sections)}
    return Facts(**{**whole, **changes})


def a_submitted_case(work: Work, kind: str, who: int, facts: Facts, by: Actor, **changes: Any) -> int:
    """A case of the registration that was filed with its papers and handed in."""
    acting = replace(work, actor=by)
    policy = CasePolicy.of(candidates.programme_ref(work, programme_of(work, who)).edition, kind)
    ground = next((each.code for each in policy.grounds()), "")
    new = NewCase(**{"kind": kind, "registration_id": who, "ground": ground, **changes})
    case_id = service.file_case(acting, new, facts)
    for n, paper in enumerate(PAPERS[kind]):
        service.add_paper(acting, case_id, paper, PDF + bytes([n]))
    service.submit(acting, case_id, facts)
    return case_id


def a_granted_case(work: Work, kind: str, session_id: int, by: Offices, **changes: Any) -> int:
    """A case about a session that the ministry granted."""
    row = work.db.get_one(ExamSession, session_id)
    facts = facts_of(work, session_id)
    case_id = a_submitted_case(work, kind, row.registration_id, facts, by.department, **changes)
    service.decide(replace(work, actor=by.ministry), case_id, a_decision(work), facts)
    return case_id


def programme_of(work: Work, registration_id: int) -> int:
    """The programme of a registration."""
    return work.db.get_one(Registration, registration_id).programme_id


def a_next_sitting(work: Work, kind: str, like: int, **changes: Any) -> int:
    """An additional sitting ten days later in the programme of another, with the pools of that one."""
    ref = delivery.sitting_ref(work, like)
    pools = dict(zip(ref.subjects, ref.pool_ids, strict=True))
    today = local_day(work.now, ref.edition.zone)
    whole: dict[str, Any] = {"kind": kind, "programme_id": ref.programme_id, "held_on": today + timedelta(days=10),
                             "order_no": "402/1", "ordered_on": today, "pools": pools, "centre_id": None,
                             "late_because": "a flood"}
    return plan_additional(work, NewAdditional(**{**whole, **changes}))
