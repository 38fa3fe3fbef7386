"""What the desk has on record of one session, for the office; the picture itself is opened by an act of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from proctor.rooms.desk import FINGERPRINT, admissions, latest_checks
from proctor.rooms.models import DeskPicture, IdentityCheck, SeatAssignment
from proctor.rooms.rules import IdentityRule
from server import accounts
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.terms import find
from server.core.work import Work

Picture = Literal["kept", "removed", "none"]


@dataclass(frozen=True)
class AtDesk:
    """The last check of who came: the document, what was decided by whom, and whether a picture can be opened."""

    room_sitting_id: int
    document: str
    is_confirmed: bool
    reason: str
    checked_at: datetime
    checked_by: str
    fingerprint: str
    admitted_at: datetime | None
    picture: Picture


def at_desk(work: Work, session_id: int, edition: Edition) -> AtDesk | None:
    """How the desk stands with the candidate of a session; None before it saw anybody."""
    check = latest_checks(work, [session_id]).get(session_id)
    seat = select(SeatAssignment.room_sitting_id).where(SeatAssignment.session_id == session_id)
    room = work.db.execute(seat).scalar_one_or_none()
    if check is None or room is None:
        return None
    kind = find(edition.get("DC-9", IdentityRule).documents, check.document_kind)
    let_in = admissions(work, [session_id]).get(session_id)
    return AtDesk(
        room_sitting_id=room,
        document=kind.title(language()) if kind else check.document_kind,
        is_confirmed=check.verdict == "confirmed",
        reason=check.reason,
        checked_at=check.checked_at,
        checked_by=accounts.staff_names(work, [check.checked_by]).get(check.checked_by, ""),
        fingerprint=check.fingerprint[:FINGERPRINT],
        admitted_at=let_in.admitted_at if let_in else None,
        picture=_picture(work, check),
    )


def _picture(work: Work, check: IdentityCheck) -> Picture:
    if not check.picture_digest:
        return "none"
    kept = select(DeskPicture.identity_check_id).where(DeskPicture.identity_check_id == check.id)
    return "kept" if work.db.execute(kept).first() else "removed"
