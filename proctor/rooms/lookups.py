"""What the centre's pages list of sittings and staff: ids, names and times, read only."""

from __future__ import annotations

from sqlalchemy import select

from server import delivery
from server.accounts.models import Staff, StaffRole
from server.core.roles import Role
from server.core.work import Work
from server.delivery.models import ExamSession


def sittings_at(work: Work, centre_id: int) -> list[delivery.SittingRef]:
    """The sittings for which candidates are expected at this centre, newest first."""
    ids = work.db.execute(
        select(ExamSession.sitting_id).where(ExamSession.centre_id == centre_id).distinct()
    ).scalars()
    found = [delivery.sitting_ref(work, each) for each in ids]
    return sorted(found, key=lambda each: (each.starts_at, each.id), reverse=True)


def proctors_of(work: Work, centre_id: int) -> dict[int, str]:
    """Staff id → name of everybody who may be put on duty at this centre, by name."""
    rows = work.db.execute(
        select(Staff.id, Staff.name)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.organisation_id == centre_id, Staff.is_active, StaffRole.role == Role.PROCTOR.value)
        .order_by(Staff.name)
    )
    return {row.id: row.name for row in rows}
