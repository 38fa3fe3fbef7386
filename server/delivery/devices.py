"""The computers on which candidates sign in: noted with each lease, and shown to the proctor (DC-10)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.claims.queries import waiting
from server.delivery.models import Device, ExamSession
from server.delivery.wire import ClaimView, DevicesView, DeviceView

ADDRESS_MAX, BROWSER_MAX = 45, 200


@dataclass(frozen=True)
class Computer:
    """What a computer tells of itself at sign-in; `token` is a cookie of its own that outlives candidates."""

    token: str
    address: str
    browser: str


def note_device(work: Work, session_id: int, computer: Computer) -> None:
    """The computer stands beside the lease it was given, once; the cookie itself is not kept."""
    session = work.db.get_one(ExamSession, session_id)
    known = select(Device.id).where(Device.session_id == session_id, Device.lease == session.lease)
    if work.db.execute(known).first() is not None:
        return
    work.db.add(
        Device(
            session_id=session.id,
            lease=session.lease,
            token_mac=mac_of(work, computer),
            address=computer.address[:ADDRESS_MAX],
            browser=computer.browser[:BROWSER_MAX],
            seat=session.seat,
            seen_at=work.now,
        )
    )


def is_another(work: Work, session: ExamSession, computer: Computer | None) -> bool:
    """Whether the lease was given to a computer of another address or name than this one has."""
    given = select(Device.address, Device.browser).where(
        Device.session_id == session.id, Device.lease == session.lease
    )
    row = work.db.execute(given).one_or_none()
    if row is None or computer is None:
        return False
    return tuple(row) != (computer.address[:ADDRESS_MAX], computer.browser[:BROWSER_MAX])


def mac_of(work: Work, computer: Computer) -> str:
    """The mark by which the computer is known again."""
    return work.vault.mac("device", computer.token.encode()).hex()[:64]


def devices_view(work: Work, session_id: int) -> DevicesView:
    """The computers of a session, the last first, and those that wait, each with the seat where it was first used."""
    session = work.db.get(ExamSession, session_id)
    if session is None:
        raise NotFound("not_found")
    query = select(Device).where(Device.session_id == session_id).order_by(Device.lease.desc())
    rows, claims = work.db.execute(query).scalars().all(), waiting(work, session_id)
    homes = _homes(work, session, [row.token_mac for row in rows] + [claim.token_mac for claim in claims])
    return DevicesView(
        waiting=[
            ClaimView(
                id=claim.id, address=claim.address, browser=claim.browser, asked_at=claim.asked_at.isoformat(),
                home_seat=homes.get(claim.token_mac),
            )
            for claim in claims
        ],
        devices=[
            DeviceView(
                lease=row.lease, address=row.address, browser=row.browser, seat=row.seat,
                home_seat=homes.get(row.token_mac), seen_at=row.seen_at.isoformat(),
                is_holder=row.lease == session.lease and session.code_used_at is not None,
            )
            for row in rows
        ],
    )  # fmt: skip


def _homes(work: Work, session: ExamSession, macs: list[str]) -> dict[str, str]:
    query = (
        select(Device.token_mac, Device.seat)
        .join(ExamSession, ExamSession.id == Device.session_id)
        .where(Device.token_mac.in_(macs), Device.seat.is_not(None), ExamSession.topic == session.topic)
        .order_by(Device.id.desc())
    )
    return {mac: seat for mac, seat in work.db.execute(query) if seat is not None}  # the first row is the last word
