"""Which computers wait for the proctor's word."""

from __future__ import annotations

from sqlalchemy import select

from server.core.work import Work
from server.delivery.claims.models import DeviceClaim


def waiting(work: Work, session_id: int) -> list[DeviceClaim]:
    """Those of a session that nobody has decided on, the first to ask first."""
    query = select(DeviceClaim).where(DeviceClaim.session_id == session_id, DeviceClaim.verdict.is_(None))
    return list(work.db.execute(query.order_by(DeviceClaim.id)).scalars())


def claim_of(work: Work, session_id: int, key: str) -> DeviceClaim | None:
    """The claim of the page that waits under that key."""
    query = select(DeviceClaim).where(DeviceClaim.session_id == session_id, DeviceClaim.key == key)
    return work.db.execute(query).scalar_one_or_none()


def untaken(work: Work, session_id: int) -> list[DeviceClaim]:
    """Those of a session that wait, or were let in and have not come yet."""
    query = select(DeviceClaim).where(
        DeviceClaim.session_id == session_id, DeviceClaim.taken_at.is_(None),
        DeviceClaim.verdict.is_(None) | (DeviceClaim.verdict == "let_in"),
    )  # fmt: skip
    return list(work.db.execute(query.order_by(DeviceClaim.id)).scalars())


def claim_of_computer(work: Work, session_id: int, token_mac: str) -> DeviceClaim | None:
    """The claim of that computer, if it still waits or was let in and has not come yet."""
    return next((each for each in untaken(work, session_id) if each.token_mac == token_mac), None)
