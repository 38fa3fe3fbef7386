"""The technical appeals commission of a programme, as its order names it, and who sits in it now (DC-24)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from server import candidates
from server.accounts.queries import everybody_with, still_hold
from server.appeals.models import AppealCommission
from server.appeals.rules import CommissionRule, Member
from server.core.errors import Denied, Invalid
from server.core.regulation import Edition
from server.core.roles import Role
from server.core.terms import Named, local_day
from server.core.work import Work
from server.grading import access

CLAUSE = "DC-24"
ORDER_MAX = 60


@dataclass(frozen=True)
class Seat:
    """Somebody in the commission: in which role, and from which body."""

    staff_id: int
    role: str
    body: str
    name: str = ""


@dataclass(frozen=True)
class Commission:
    """The commission as its newest order has it."""

    id: int
    programme_id: int
    order_no: str
    ordered_on: date
    seats: tuple[Seat, ...]

    def seat_of(self, staff_id: int | None) -> Seat | None:
        """The seat of that person; None if they sit not in it."""
        return next((each for each in self.seats if each.staff_id == staff_id), None)


def name_commission(work: Work, programme_id: int, order_no: str, ordered_on: date, seats: Sequence[Seat]) -> int:
    """The commission is these people, by that order; an earlier one of the programme stays on record."""
    programme = candidates.programme_ref(work, programme_id)
    rule_of(programme.edition).judge_approver(access.office_of(work, programme.edition).kind).or_refuse()
    order_no = " ".join(order_no.split())
    if len(order_no) > ORDER_MAX:
        raise Invalid("appeal_commission_order", maximum=ORDER_MAX)
    if ordered_on > local_day(work.now, programme.edition.zone):
        raise Invalid("appeal_commission_day")
    known = everybody_with(work, Role.APPEALS)
    if not {each.staff_id for each in seats} <= known.keys():
        raise Invalid("appeal_commission_unknown")
    named = [Member(str(each.staff_id), each.role, each.body) for each in seats]
    ruling = rule_of(programme.edition).judge(named, order_no).or_refuse()
    row = AppealCommission(
        programme_id=programme_id, order_no=order_no, ordered_on=ordered_on, entered_at=work.now,
        entered_by=work.actor.label,
        members=[{"staff_id": each.staff_id, "name": known[each.staff_id], "role": each.role, "body": each.body}
                 for each in seats],
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id stands in the journal
    work.record("appeal_commission:named", f"appeal_commission:{row.id}", clause=ruling.clause, order_no=order_no,
                members=row.members)  # fmt: skip
    return row.id


def commission_of(work: Work, programme_id: int) -> Commission | None:
    """The commission of a programme, by the row that was entered last."""
    found = select(AppealCommission).where(AppealCommission.programme_id == programme_id)
    row = work.db.scalars(found.order_by(AppealCommission.id.desc()).limit(1)).first()
    return None if row is None else _reference(row)


def commissions_of_actor(work: Work) -> tuple[Commission, ...]:
    """The commissions as they stand now in which the actor sits, the newest first."""
    if not work.actor.may(Role.APPEALS):
        return ()
    newest: dict[int, AppealCommission] = {}
    for row in work.db.scalars(select(AppealCommission).order_by(AppealCommission.id)):
        newest[row.programme_id] = row
    found = [_reference(row) for row in newest.values()]
    return tuple(each for each in reversed(found) if each.seat_of(work.actor.id))


def require_seat(work: Work, programme_id: int) -> tuple[Commission, Seat]:
    """The commission and the actor's seat in it; others learn nothing of its cases."""
    commission = commission_of(work, programme_id)
    seat = commission.seat_of(work.actor.id) if commission else None
    if commission is None or seat is None or not work.actor.may(Role.APPEALS):
        raise Denied("appeal_not_member", clause=CLAUSE)
    return commission, seat


def require_keeper(work: Work, programme_id: int, edition: Edition) -> tuple[Commission, Seat]:
    """The same, of one who keeps its cases."""
    commission, seat = require_seat(work, programme_id)
    rule_of(edition).judge_keeper(seat.role).or_refuse()
    return commission, seat


def able(work: Work, ids: Collection[int]) -> frozenset[int]:
    """Those of these people who hold the role still."""
    return still_hold(work, ids, Role.APPEALS)


def rule_of(edition: Edition) -> CommissionRule:
    """What the edition says of the commission."""
    return edition.get(CLAUSE, CommissionRule)


def titles(entries: Sequence[Named], language: str) -> dict[str, str]:
    """Code → title of a list of the edition, in its order."""
    return {each.code: each.title(language) for each in entries}


def _reference(row: AppealCommission) -> Commission:
    seats = tuple(Seat(each["staff_id"], each["role"], each["body"], each["name"]) for each in row.members)
    return Commission(row.id, row.programme_id, row.order_no, row.ordered_on, seats)
