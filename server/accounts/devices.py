"""Browsers that somebody signed in from before: they are counted apart, so that a stranger's tries lock out strangers.

The scheme is OWASP's (device cookies). A known browser opens nothing by itself; it only waits for its own failures."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select, update

from server.accounts.cookie import BROWSER_COOKIE
from server.accounts.models import StaffDevice
from server.core.vault import digest
from server.core.work import Work

KNOWN_FOR = timedelta(days=365)
TOKEN_BYTES = 32


def token_for(work: Work, login: str, cookies: Mapping[str, str]) -> str:
    """The token that a browser sends for that login, whether it means anything or not."""
    return cookies.get(cookie_name(work, login), "")


def cookie_name(work: Work, login: str) -> str:
    """One cookie for each login, for computers that several people use; it does not tell which login."""
    return BROWSER_COOKIE + work.vault.mac("browser", login.encode("utf-8", "surrogatepass")).hex()[:16]


def known(work: Work, staff_id: int, token: str) -> StaffDevice | None:
    """The row of a browser that this staff member signed in from within a year."""
    found = select(StaffDevice).where(
        StaffDevice.token_digest == _digest(token), StaffDevice.staff_id == staff_id,
        StaffDevice.seen_at > work.now - KNOWN_FOR,
    )  # fmt: skip
    return work.db.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()


def remember(work: Work, staff_id: int, token: str) -> str:
    """The browser is known from now on; the token it is to keep, which is the one it sent if it was known."""
    device = known(work, staff_id, token)
    if device is None:
        forgotten = (StaffDevice.staff_id == staff_id, StaffDevice.seen_at <= work.now - KNOWN_FOR)
        work.db.execute(delete(StaffDevice).where(*forgotten))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        device = StaffDevice(staff_id=staff_id, token_digest=_digest(token))
        work.db.add(device)
    device.seen_at = work.now
    return token


def forgive(work: Work, staff_id: int) -> None:
    """No browser of the staff member has failures any more."""
    own = update(StaffDevice).where(StaffDevice.staff_id == staff_id)
    work.db.execute(own.values(failed=0, locked_until=None))


def _digest(token: str) -> str:
    return digest(token.encode("utf-8", "surrogatepass"))
