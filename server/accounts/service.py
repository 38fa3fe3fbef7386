"""Commands on organisations and their staff: created, given a password, and the organisation's seal set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from sqlalchemy import select, update

from server.accounts import devices, passwords
from server.accounts.models import ORGANISATION_KINDS, Organisation, Staff, StaffLogin, StaffRole
from server.accounts.queries import OrganisationRef, reference
from server.core.errors import Invalid, NotFound
from server.core.i18n import LANGUAGES
from server.core.roles import STAFF_ROLES, Role
from server.core.work import Work

# Those that certify lists, results or sessions; a school stamps paper only.
SEALING_KINDS = frozenset({"ministry", "ntc", "department", "centre"})
CODE = re.compile(r"[^\s\x00-\x1f\x7f]{1,40}")
LOGIN = re.compile(r"[\w.@+-]{2,60}")


def create_organisation(
    work: Work, kind: str, code: str, names: Mapping[str, str], parent: int | None = None
) -> OrganisationRef:
    """The organisation exists (DC-1), with a sealing key if its kind certifies anything (DC-9, DC-14)."""
    if kind not in ORGANISATION_KINDS:
        raise ValueError(f"no kind of organisation: {kind!r}")
    if not CODE.fullmatch(code):
        raise Invalid("organisation_code_malformed", organisation=code)
    named = {tongue: name.strip() for tongue, name in names.items() if tongue in LANGUAGES and name.strip()}
    if not named:
        raise Invalid("organisation_nameless", organisation=code)
    if work.db.execute(select(Organisation.id).where(Organisation.code == code)).first():
        raise Invalid("organisation_code_taken", organisation=code)
    row = Organisation(kind=kind, code=code, names=named, parent_id=parent)
    if kind in SEALING_KINDS:
        row.sealing_public, row.sealing_private = work.vault.new_signing_key(_place(code))
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("create_organisation", f"organisation:{row.id}", clause="DC-1", kind=kind, code=code)
    return reference(row)


def sealing(work: Work, centre_id: int, message: bytes) -> tuple[bytes, bytes]:
    """The organisation's signature over the message, and the public key that proves it."""
    row = work.db.get(Organisation, centre_id)
    if row is None:
        raise NotFound("organisation_unknown", organisation=centre_id)
    if row.sealing_private is None or row.sealing_public is None:
        raise Invalid("organisation_has_no_seal", organisation=row.code)
    return work.vault.sign(row.sealing_private, _place(row.code), message), row.sealing_public


def create_staff(
    work: Work,
    *,
    login: str,
    name: str,
    password: str,
    language: str,
    organisation_id: int,
    roles: Collection[Role],
) -> int:
    """The staff member may sign in and holds the roles in their organisation."""
    if language not in LANGUAGES or not roles or not set(roles) <= STAFF_ROLES:
        raise ValueError("a staff member needs a language of the product and roles for staff")
    login = normal_login(login)
    if not LOGIN.fullmatch(login):
        raise Invalid("login_malformed", login=login)
    if not name.strip() or len(name.strip()) > 120:
        raise Invalid("staff_name_malformed", maximum=120)
    passwords.require_good(password, login)
    if work.db.execute(select(Staff.id).where(Staff.login == login)).first():
        raise Invalid("login_taken", login=login)
    staff = Staff(
        login=login, name=name.strip(), password_hash=passwords.make_hash(password), language=language,
        organisation_id=organisation_id,
    )
    work.db.add(staff)
    work.db.flush()  # roles refer to the id
    work.db.add_all(StaffRole(staff_id=staff.id, role=role.value) for role in sorted(set(roles)))
    work.record("create_staff", f"staff:{staff.id}", login=login, roles=sorted(set(roles)))
    return staff.id


def set_password(work: Work, staff_id: int, password: str) -> None:
    """The staff member has that password, is not locked out, and is signed out everywhere."""
    staff = work.db.get(Staff, staff_id)
    if staff is None:
        raise NotFound("staff_unknown")
    passwords.require_good(password, staff.login)
    staff.password_hash = passwords.make_hash(password)
    staff.failed, staff.locked_until = 0, None
    devices.forgive(work, staff_id)
    open_logins = update(StaffLogin).where(StaffLogin.staff_id == staff_id, StaffLogin.ended_at.is_(None))
    work.db.execute(open_logins.values(ended_at=work.now))
    work.record("set_password", f"staff:{staff_id}")


def normal_login(login: str) -> str:
    """The login as it is stored: people type capitals and spaces without meaning them."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _place(code: str) -> str:
    return f"organisation:{code}"
