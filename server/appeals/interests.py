"""Who stands aside in a case, and why: what a member declared, and what the records know (DC-24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

import proctor
from server import candidates, delivery, marking
from server.accounts.queries import organisation_ids
from server.appeals.commission import CLAUSE, commissions_of_actor, require_seat, rule_of
from server.appeals.models import Appeal, AppealInterest
from server.candidates.queries import RegistrationRef
from server.candidates.registration_no import is_registration_no
from server.core.errors import Denied, Invalid, NotFound
from server.core.terms import codes
from server.core.work import Work
from server.delivery import SittingRef

SAME_SCHOOL, PROCTORED, MARKED = "same_school", "proctored", "marked"
TARGET_MAX = 160


@dataclass(frozen=True)
class Declared:
    """What a member declared beforehand: from whom they stand aside, by number or by school."""

    interest: str
    kind: str
    target: str
    declared_at: datetime


def declare_in_case(work: Work, appeal_id: int, interest: str) -> None:
    """The actor stands aside in this case from now on; a vote they gave counts no longer."""
    appeal = work.db.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("not_found")
    sitting = delivery.sitting_ref(work, delivery.session_ref(work, appeal.session_id).sitting_id)
    require_seat(work, sitting.programme_id)
    if interest not in codes(rule_of(sitting.edition).interests):
        raise Invalid("appeal_interest_unknown")
    _add(work, interest, "case", appeal_id, None)


def declare_beforehand(work: Work, interest: str, kind: str, target: str) -> None:
    """The actor stands aside wherever a case is of that registration number, or of a pupil of that school."""
    target = " ".join(target.split())
    seats = commissions_of_actor(work)
    if not seats:
        raise Denied("appeal_not_member", clause=CLAUSE)
    editions = [candidates.programme_ref(work, each.programme_id).edition for each in seats]
    if not any(interest in codes(rule_of(edition).interests) for edition in editions):
        raise Invalid("appeal_interest_unknown")
    if kind == "number":
        target = target.upper()
        if not is_registration_no(target):
            raise Invalid("appeal_number_malformed", number=target[:40])
    elif kind != "school" or not 2 <= len(target) <= TARGET_MAX:
        raise Invalid("appeal_interest_target", maximum=TARGET_MAX)
    _add(work, interest, kind, None, target)


def declared_by_actor(work: Work) -> list[Declared]:
    """What the actor declared beforehand, the newest first."""
    query = select(AppealInterest).where(AppealInterest.staff_id == work.actor.id, AppealInterest.kind != "case")
    rows = work.db.scalars(query.order_by(AppealInterest.id.desc()))
    return [Declared(row.interest, row.kind, row.target or "", row.declared_at) for row in rows]


def interests_among(
    work: Work, appeals: Collection[Appeal], sittings: Iterable[SittingRef], staff_ids: Collection[int]
) -> dict[int, Mapping[int, frozenset[str]]]:
    """Appeal id → staff id → their interests in the case, for those who have any; of the records, what its sitting's
    edition names."""
    ids = [each.session_id for each in appeals]
    sessions = {each.id: each.registration_id for each in delivery.session_refs(work, ids)}
    people = {each.id: each for each in candidates.registrations(work, set(sessions.values()))}
    laws = {each.id: each.edition for each in sittings}
    declared = work.db.scalars(select(AppealInterest).where(AppealInterest.staff_id.in_(staff_ids))).all()
    places = organisation_ids(work, staff_ids)
    watched, marked = proctor.watched_by(work, ids), marking.markers_of(work, ids)
    found: dict[int, Mapping[int, frozenset[str]]] = {}
    for appeal in appeals:
        who, known = people[sessions[appeal.session_id]], codes(rule_of(laws[appeal.sitting_id]).interests)
        here: dict[int, set[str]] = {}
        for row in declared:
            if _concerns(row, appeal, who):
                here.setdefault(row.staff_id, set()).add(row.interest)
        recorded = {
            SAME_SCHOOL: {each for each in staff_ids if who.school_id and places.get(each) == who.school_id},
            PROCTORED: watched[appeal.session_id] & set(staff_ids), MARKED: marked[appeal.session_id] & set(staff_ids),
        }  # fmt: skip
        for interest in recorded.keys() & known:
            for staff_id in recorded[interest]:
                here.setdefault(staff_id, set()).add(interest)
        found[appeal.id] = {staff_id: frozenset(each) for staff_id, each in here.items()}
    return found


def _concerns(row: AppealInterest, appeal: Appeal, who: RegistrationRef) -> bool:
    """Whether what was declared is of this case, its candidate's number or their school."""
    if row.kind == "school":
        return _plain(row.target or "") == _plain(who.school)
    return row.target == who.registration_no if row.kind == "number" else row.appeal_id == appeal.id


def _plain(school: str) -> str:
    return " ".join(school.casefold().split())


def _add(work: Work, interest: str, kind: str, appeal_id: int | None, target: str | None) -> None:
    row = AppealInterest(
        staff_id=work.actor.id, interest=interest, kind=kind, appeal_id=appeal_id, target=target, declared_at=work.now
    )
    work.db.add(row)
    work.db.flush()  # whoever votes or signs next is judged by it
    subject = f"appeal:{appeal_id}" if appeal_id else f"appeal_interest:{row.id}"
    work.record("appeal:interest", subject, clause=CLAUSE, interest=interest, kind=kind)
