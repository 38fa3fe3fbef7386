"""The Republican Methodological Commission, named for each year by its order (DC-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.blueprints.drafts.models import ContentCommission
from itembank.blueprints.service import APPROVAL
from server import accounts
from server.core.errors import Invalid
from server.core.roles import Role
from server.core.work import Work

YEARS = range(2000, 2200)


@dataclass(frozen=True)
class Member:
    """A member of the year's commission."""

    staff_id: int
    name: str
    is_chair: bool


@dataclass(frozen=True)
class Commission:
    """The commission of a year as its order names it."""

    id: int
    year: int
    order_no: str
    members: tuple[Member, ...]


def name_commission(work: Work, year: int, order_no: str, member_ids: Sequence[int], chair_id: int) -> int:
    """The commission of that year is these people, by that order; an earlier row of the year stays on record."""
    known = accounts.holders(work, work.actor.organisation_id or 0, Role.COMMISSION)
    order_no = " ".join(order_no.split())
    if year not in YEARS or not 1 <= len(order_no) <= 60:
        raise Invalid("content_commission_incomplete")
    if not member_ids or len(set(member_ids)) != len(member_ids) or chair_id not in member_ids:
        raise Invalid("content_commission_incomplete")
    if not set(member_ids) <= set(known) or len({known[each] for each in member_ids}) != len(member_ids):
        raise Invalid("commission_member_unknown")
    members = [{"staff_id": each, "name": known[each], "is_chair": each == chair_id} for each in member_ids]
    row = ContentCommission(
        year=year, order_no=order_no, members=list(members), entered_at=work.now, entered_by=work.actor.label
    )
    work.db.add(row)
    work.db.flush()  # its id stands in the journal
    work.record("commission_named", f"content_commission:{row.id}", clause=APPROVAL, year=year, order_no=order_no,
                members=[each["name"] for each in members])  # fmt: skip
    return row.id


def commission_of(work: Work, year: int) -> Commission | None:
    """The commission of a year, by the row that was entered last."""
    found = select(ContentCommission).where(ContentCommission.year == year).order_by(ContentCommission.id.desc())
    row = work.db.scalars(found.limit(1)).first()
    if row is None:
        return None
    members = tuple(Member(each["staff_id"], each["name"], each["is_chair"]) for each in row.members)
    return Commission(row.id, row.year, row.order_no, members)
