"""Pictures taken by camera at the desk (DC-9.picture): sealed under the candidate's key, removed after their time."""

from __future__ import annotations

import base64
import binascii

from sqlalchemy import select

from proctor.rooms.desk import latest_checks
from proctor.rooms.jpeg import stripped
from proctor.rooms.models import DeskPicture, IdentityCheck
from proctor.rooms.rules import DeskPictureRule
from server import delivery
from server.candidates import photos
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM
from server.core.vault import digest
from server.core.work import Platform, Work, open_reading, open_work

CLAUSE = "DC-9.picture"
REASON_MIN, REASON_MAX = 3, 500


def read_picture(rule: DeskPictureRule, text: str) -> bytes:
    """The picture that came with a check, fit to be kept; empty where none was taken."""
    if not text:
        return b""
    rule.judge().or_refuse()
    try:
        return stripped(base64.b64decode(text, validate=True)).content
    except binascii.Error as error:
        raise Invalid("desk_picture_unfit") from error


def keep_picture(work: Work, check: IdentityCheck, registration_id: int, content: bytes) -> None:
    """The picture stands with its check; a check without one has none."""
    if content:
        work.db.flush()  # the check gets its id
        sealed = photos.seal_picture(work, registration_id, content, _place(check))
        work.db.add(DeskPicture(identity_check_id=check.id, sealed=sealed))


def picture_of(work: Work, session_id: int) -> bytes:
    """The picture of the candidate's last check at the desk; NotFound if none was taken, or it is removed."""
    check = latest_checks(work, [session_id]).get(session_id)
    row = work.db.get(DeskPicture, check.id) if check else None
    if check is None or row is None:
        raise NotFound("not_found")
    registration_id = delivery.session_ref(work, session_id).registration_id
    return photos.open_picture(work, registration_id, row.sealed, _place(check))


def open_for_office(work: Work, session_id: int, reason: str) -> bytes:
    """The same picture for an office that says why it must see it; who opened it and why is on record first."""
    reason = " ".join(reason.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("desk_picture_without_reason", clause=CLAUSE, maximum=REASON_MAX)
    found = picture_of(work, session_id)
    work.record("desk-picture:read", f"session:{session_id}", clause=CLAUSE, reason=reason, sha256=digest(found))
    return found


def remove_due(platform: Platform) -> list[int]:
    """The checks whose pictures are removed now, their time being over; each on record. The check itself stays."""
    with open_reading(platform, SYSTEM) as work:
        ids = work.db.execute(select(DeskPicture.identity_check_id).order_by(DeskPicture.identity_check_id))
        due = list(ids.scalars())
    return [each for each in due if _removed(platform, each)]


def _removed(platform: Platform, check_id: int) -> bool:
    with open_work(platform, SYSTEM) as work:
        row, check = work.db.get(DeskPicture, check_id), work.db.get_one(IdentityCheck, check_id)
        if row is None:
            return False
        sitting = delivery.sitting_ref(work, delivery.session_ref(work, check.session_id).sitting_id)
        ruling = sitting.edition.get(CLAUSE, DeskPictureRule).judge_removal(check.checked_at, work.now)
        if not ruling.allowed:
            return False
        work.db.delete(row)
        work.record("desk-picture:removed", f"session:{check.session_id}", clause=ruling.clause,
                    sha256=check.picture_digest, ruling=ruling.to_json())  # fmt: skip
    return True


def digest_of(content: bytes) -> str:
    """What the check remembers of its picture for ever; empty where there was none."""
    return digest(content) if content else ""


def _place(check: IdentityCheck) -> str:
    return f"identity_check:{check.id}:picture"
