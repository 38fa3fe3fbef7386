"""Signing in and out: a slowed-down guesser, a token in the browser, its digest in the database.
No answer tells whether a login exists."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts import devices, passwords
from server.accounts.models import Staff, StaffDevice, StaffLogin, StaffRole
from server.accounts.service import LOGIN, normal_login
from server.core.roles import STRONG_ROLES, Actor, Role
from server.core.vault import digest
from server.core.work import Work

FREE_FAILURES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
NO_COOKIES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Attempt:
    """A password that was checked, and what it was checked against; nothing is decided yet."""

    staff_id: int | None
    login: str = field(repr=False)
    is_right: bool
    checked: str | None = field(repr=False)
    renewed: str | None = field(repr=False)
    device: str = field(repr=False, default="")


def sign_in(work: Work, login: str, password: str) -> str | None:
    """The token of a new login, or None; the work must commit either way, or failures would not count."""
    return open_login(work, check_password(work, login, password))


def check_password(work: Work, login: str, password: str, cookies: Mapping[str, str] = NO_COOKIES) -> Attempt:
    """The attempt, its costly half done; only reads, so that no writer waits for it. `cookies` tell a known browser."""
    login = normal_login(login)
    found = select(Staff.id, Staff.password_hash).where(Staff.login == login)
    row = work.db.execute(found).one_or_none() if LOGIN.fullmatch(login) else None
    attempt = _attempt(row.id if row else None, login, row.password_hash if row else None, password)
    return replace(attempt, device=devices.token_for(work, login, cookies))


def check_own(work: Work, staff_id: int, password: str, cookies: Mapping[str, str] = NO_COOKIES) -> Attempt:
    """The attempt of one who is signed in and says the present password again."""
    found = select(Staff.login, Staff.password_hash).where(Staff.id == staff_id)
    row = work.db.execute(found).one()
    attempt = _attempt(staff_id, row.login, row.password_hash, password)
    return replace(attempt, device=devices.token_for(work, row.login, cookies))


def open_login(work: Work, attempt: Attempt) -> str | None:
    """The token if the attempt is confirmed, else None."""
    staff = _confirmed(work, attempt)
    if staff is None:
        return None
    work.record("sign_in", f"staff:{staff.id}", login=staff.login)
    return _new_token(work, staff.id)


def confirm(work: Work, attempt: Attempt) -> bool:
    """Whether the password was right and its account open; a failure is counted, so the work must commit."""
    return _confirmed(work, attempt) is not None


def who_is(work: Work, token: str, *, notes: bool = True) -> Actor | None:
    """The staff member whose token it is, unless signed out, idle too long or no longer active.

    `notes` keeps the login from growing idle; it writes, at most once a minute."""
    found = (
        select(StaffLogin.id.label("login_id"), StaffLogin.seen_at,
               StaffLogin.proved_at, Staff.id, Staff.name, Staff.organisation_id)
        .join(Staff, Staff.id == StaffLogin.staff_id)
        .where(
            StaffLogin.token_digest == token_digest(token),
            StaffLogin.ended_at.is_(None),
            StaffLogin.expires_at > work.now,
            StaffLogin.seen_at > work.now - IDLE,
            Staff.is_active,
        )
    )
    row = work.db.execute(found).one_or_none()
    if row is None:
        return None
    if notes and work.now - row.seen_at >= SEEN_EVERY:  # not at every request: it is a write
        work.db.execute(update(StaffLogin).where(StaffLogin.id == row.login_id).values(seen_at=work.now))
    rows = work.db.execute(select(StaffRole.role).where(StaffRole.staff_id == row.id)).scalars()
    held = {Role(role) for role in rows}
    withheld = held & STRONG_ROLES if row.proved_at is None else set()
    roles = frozenset(held - withheld | {Role.STAFF})
    return Actor(roles, row.id, row.name, row.organisation_id, withheld=frozenset(withheld))


def renew(work: Work, token: str) -> str:
    """Another token opens what this one opened, which opens nothing more: who came by it before gains nothing by it."""
    anew = secrets.token_urlsafe(TOKEN_BYTES)
    is_it = update(StaffLogin).where(StaffLogin.token_digest == token_digest(token))
    work.db.execute(is_it.values(token_digest=token_digest(anew)))
    return anew


def sign_out(work: Work, token: str) -> None:
    """The token opens nothing any more; harmless if it never did."""
    found = select(StaffLogin).where(StaffLogin.token_digest == token_digest(token), StaffLogin.ended_at.is_(None))
    login = work.db.execute(found).scalar_one_or_none()
    if login is not None:
        login.ended_at = work.now
        work.record("sign_out", f"staff:{login.staff_id}")


def lock_until(failed: int, now: datetime) -> datetime | None:
    """Until when an account with so many failures in a row waits: twice as long each time, up to a limit."""
    if failed < FREE_FAILURES:
        return None
    doublings: int = min(failed - FREE_FAILURES, 16)
    return now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def _confirmed(work: Work, attempt: Attempt) -> Staff | None:
    # Lock before reading: guesses sent side by side are counted one after another.
    locked = select(Staff).where(Staff.id == attempt.staff_id).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    staff = work.db.execute(locked).scalar_one_or_none() if attempt.staff_id else None
    if staff is None:
        # People type their password into the wrong field: what was typed is not written down.
        typed = work.vault.mac("login", attempt.login.encode("utf-8", "surrogatepass")).hex()[:16]
        work.record("sign_in_failed", "staff:unknown", login_mac=typed)
        return None
    # A known browser waits for its own failures alone: nobody elsewhere keeps a proctor out on the day of the exam.
    counted = devices.known(work, staff.id, attempt.device) or staff
    if counted.locked_until is not None and work.now < counted.locked_until:
        work.record("sign_in_refused", f"staff:{staff.id}", locked_until=counted.locked_until.isoformat())
        return None
    if not (attempt.is_right and staff.is_active and staff.password_hash == attempt.checked):
        _count_failure(work, staff, counted)
        return None
    counted.failed, counted.locked_until = 0, None
    staff.password_hash = attempt.renewed or staff.password_hash
    return staff


def _attempt(staff_id: int | None, login: str, stored: str | None, password: str) -> Attempt:
    is_right = passwords.is_right(stored, password)
    renewed = passwords.make_hash(password) if is_right and stored and passwords.is_outdated(stored) else None
    return Attempt(staff_id, login, is_right, stored, renewed)


def _count_failure(work: Work, staff: Staff, counted: Staff | StaffDevice) -> None:
    counted.failed += 1
    counted.locked_until = lock_until(counted.failed, work.now)
    work.record(
        "sign_in_failed", f"staff:{staff.id}", login=staff.login, failed=counted.failed,
        is_known_browser=counted is not staff,
    )  # fmt: skip


def _new_token(work: Work, staff_id: int) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.db.add(
        StaffLogin(
            staff_id=staff_id, token_digest=token_digest(token), made_at=work.now, seen_at=work.now,
            expires_at=work.now + LONGEST,
        )
    )
    return token


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return digest(token.encode("utf-8", "surrogatepass"))
