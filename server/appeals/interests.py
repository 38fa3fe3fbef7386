"""Who stands aside in a case, and why: what a member declared, and what the records know (DC-24)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

import proctor
from server import candidates, delivery, marking
from server.accounts.queries import organisation_ids
from server.appeals.commission import CLAUSE, commissions_of_actor, require_seat, rule_of
from server.appeals.models import Appeal, AppealInterest
from server.candidates.registration_no import is_registration_no
from server.core.errors import Denied, Invalid, NotFound
from server.core.terms import codes
from server.core.work import Work

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


def interests_in(work: Work, appeal: Appeal, staff_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """Staff id → their interests in the case, for those who have any; of the records, what the edition names."""
    session = delivery.session_ref(work, appeal.session_id)
    (who,) = candidates.registrations(work, [session.registration_id])
    known = codes(rule_of(delivery.sitting_ref(work, session.sitting_id).edition).interests)
    found: dict[int, set[str]] = {}
    for row in _declared(work, appeal.id, who.registration_no, staff_ids):
        if row.kind != "school" or _plain(row.target or "") == _plain(who.school):
            found.setdefault(row.staff_id, set()).add(row.interest)
    for staff_id, interest in _recorded(work, appeal, who.school_id, staff_ids):
        if interest in known:
            found.setdefault(staff_id, set()).add(interest)
    return {staff_id: frozenset(each) for staff_id, each in found.items()}


def _recorded(
    work: Work, appeal: Appeal, school_id: int | None, staff_ids: Collection[int]
) -> list[tuple[int, str]]:  # fmt: skip
    """What the organisations, the duties and the marks say."""
    places = organisation_ids(work, staff_ids)
    watched, marked = proctor.watched_by(work, appeal.session_id), marking.markers_of(work, appeal.session_id)
    rows = [(each, SAME_SCHOOL) for each in staff_ids if school_id and places.get(each) == school_id]
    rows += [(each, PROCTORED) for each in staff_ids if each in watched]
    return rows + [(each, MARKED) for each in staff_ids if each in marked]


def _declared(work: Work, appeal_id: int, number: str, staff_ids: Collection[int]) -> list[AppealInterest]:
    here = or_(
        AppealInterest.appeal_id == appeal_id, AppealInterest.kind == "school",
        (AppealInterest.kind == "number") & (AppealInterest.target == number),
    )  # fmt: skip
    query = select(AppealInterest).where(AppealInterest.staff_id.in_(staff_ids), here)
    return list(work.db.scalars(query.order_by(AppealInterest.id)))


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
