"""Organisations and staff for tests: valid by default."""

from __future__ import annotations

from itertools import count

from server import accounts
from server.accounts import OrganisationRef
from server.core.roles import Role
from server.core.work import Work

PASSWORD = "seven hungry snow leopards"
PIN = "830926"
_serial = count(1)


def an_organisation(work: Work, kind: str = "centre", code: str | None = None) -> OrganisationRef:
    """A test centre, or another kind of organisation."""
    code = code or f"{kind}-{next(_serial)}"
    names = {"ky": f"{code} ky", "ru": f"{code} ru", "en": code}
    return accounts.create_organisation(work, kind, code, names)


def a_staff_member(
    work: Work, *roles: Role, organisation_id: int | None = None, login: str | None = None,
    language: str = "ru", name: str = "Асанова Гүлнара",
) -> int:
    """Somebody who may sign in with PASSWORD; a proctor of a new centre unless told otherwise."""
    return accounts.create_staff(
        work,
        login=login or f"staff{next(_serial)}",
        name=name,
        password=PASSWORD,
        language=language,
        organisation_id=organisation_id or an_organisation(work).id,
        roles=roles or (Role.PROCTOR,),
    )
