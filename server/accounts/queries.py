"""What other features may know of organisations and staff: frozen facts, never rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.accounts.models import Organisation, Staff, StaffRole
from server.core.errors import NotFound
from server.core.roles import Role
from server.core.work import Work

WHOLE_COUNTRY = ("ntc", "ministry")


@dataclass(frozen=True)
class OrganisationRef:
    """An organisation; `seal_key` is the public half of its sealing key, if it has one."""

    id: int
    kind: str
    code: str
    names: Mapping[str, str]
    seal_key: bytes | None = None
    parent_id: int | None = None

    def name(self, language: str) -> str:
        """Its name in that language, or the one name it has."""
        return self.names.get(language) or next(iter(self.names.values()))


def find_organisation(work: Work, code: str) -> OrganisationRef:
    """The organisation of that code."""
    row = work.db.execute(select(Organisation).where(Organisation.code == code)).scalar_one_or_none()
    if row is None:
        raise NotFound("organisation_unknown", organisation=code)
    return reference(row)


def organisation_of(work: Work, organisation_id: int) -> OrganisationRef:
    """The organisation of that id."""
    row = work.db.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("organisation_unknown", organisation=organisation_id)
    return reference(row)


def oversees(work: Work, organisation_id: int) -> bool:
    """Whether the actor's office oversees that organisation: centre and ministry all, a department its own."""
    own = organisation_of(work, work.actor.organisation_id or 0)
    if own.kind in WHOLE_COUNTRY:
        return True
    return own.kind == "department" and organisation_of(work, organisation_id).parent_id == own.id


def parts_of(work: Work, organisation_id: int) -> frozenset[int]:
    """The organisations that stand directly under one: of a department its centres and schools."""
    under = select(Organisation.id).where(Organisation.parent_id == organisation_id)
    return frozenset(work.db.execute(under).scalars())


def departments_of(work: Work, organisation_ids: Iterable[int]) -> dict[int, int]:
    """Organisation → the department it stands under, or is; those without one are left out."""
    above = aliased(Organisation)
    query = select(Organisation.id, Organisation.kind, above.id, above.kind)
    query = query.outerjoin(above, above.id == Organisation.parent_id)
    found: dict[int, int] = {}
    for own, kind, parent, parent_kind in work.db.execute(query.where(Organisation.id.in_(set(organisation_ids)))):
        if "department" in (kind, parent_kind):
            found[own] = own if kind == "department" else parent
    return found


def centres(work: Work) -> list[OrganisationRef]:
    """Every test centre."""
    found = select(Organisation).where(Organisation.kind == "centre").order_by(Organisation.id)
    return [reference(row) for row in work.db.execute(found).scalars()]


def schools_beside(work: Work, organisation_id: int) -> list[OrganisationRef]:
    """The schools of the department that an organisation belongs to; its own, of a department."""
    own = organisation_of(work, organisation_id)
    above = own.id if own.kind == "department" else own.parent_id
    found = select(Organisation).where(Organisation.kind == "school", Organisation.parent_id == above)
    return [reference(row) for row in work.db.execute(found.order_by(Organisation.id)).scalars()] if above else []


def staff_names(work: Work, ids: Iterable[int]) -> dict[int, str]:
    """The name of each staff member asked for."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = select(Staff.id, Staff.name).where(Staff.id.in_(wanted))
    return {row.id: row.name for row in work.db.execute(found)}


def staff_of_login(work: Work, login: str) -> int | None:
    """The staff member who signs in by that name; None if nobody does."""
    return work.db.execute(select(Staff.id).where(Staff.login == login.strip().casefold())).scalar_one_or_none()


def staff_id_of(label: str) -> int | None:
    """The staff member whom a label of the journal names; None if it names nobody of the staff."""
    kind, _, number = label.partition(":")
    return int(number) if kind == "staff" and number.isdecimal() else None


def language_of(work: Work, staff_id: int) -> str:
    """The language a staff member reads."""
    return work.db.execute(select(Staff.language).where(Staff.id == staff_id)).scalar_one()


def holders(work: Work, organisation_id: int, role: Role) -> dict[int, str]:
    """Staff id → name of everybody active in the organisation who holds the role, by name."""
    query = (
        select(Staff.id, Staff.name)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.organisation_id == organisation_id, Staff.is_active, StaffRole.role == role.value)
        .order_by(Staff.name)
    )
    return {row.id: row.name for row in work.db.execute(query)}


def everybody_with(work: Work, role: Role) -> dict[int, str]:
    """Staff id → name of everybody active who holds the role, wherever they work, by name."""
    query = select(Staff.id, Staff.name).join(StaffRole, StaffRole.staff_id == Staff.id)
    query = query.where(Staff.is_active, StaffRole.role == role.value).order_by(Staff.name, Staff.id)
    return {row.id: row.name for row in work.db.execute(query)}


def organisation_ids(work: Work, ids: Iterable[int]) -> dict[int, int]:
    """Staff id → the organisation they work in."""
    query = select(Staff.id, Staff.organisation_id).where(Staff.id.in_(set(ids)))
    return {row.id: row.organisation_id for row in work.db.execute(query)}


def still_hold(work: Work, ids: Iterable[int], role: Role) -> frozenset[int]:
    """Those of these staff who are active and hold the role now, wherever they work."""
    query = select(Staff.id).join(StaffRole, StaffRole.staff_id == Staff.id)
    query = query.where(Staff.id.in_(set(ids)), Staff.is_active, StaffRole.role == role.value)
    return frozenset(work.db.execute(query).scalars())


def reference(row: Organisation) -> OrganisationRef:
    """What others see of the row."""
    return OrganisationRef(row.id, row.kind, row.code, dict(row.names), row.sealing_public, row.parent_id)
