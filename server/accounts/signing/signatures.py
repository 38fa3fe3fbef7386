"""Signatures under documents: by PIN for staff, by hand for those without an account. Each binds the text as it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.accounts.models import Signature, Staff
from server.accounts.signing.pins import PinAttempt, confirm_pin
from server.core.errors import CatError, Invalid
from server.core.ruling import Json
from server.core.vault import digest, same
from server.core.work import Work

NAME_MAX = 120


@dataclass(frozen=True)
class Document:
    """What is signed: `subject` names it (`protocol:7`), `content` is all that its signers attest to."""

    subject: str
    content: Mapping[str, Json]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text."""
        return digest(_canonical([self.subject, dict(self.content)]))


@dataclass(frozen=True)
class SignatureRef:
    """One signature. `is_valid`: the row is as it was written, and the document is what was signed."""

    role: str
    staff_id: int | None
    name: str
    position: str
    signed_at: datetime
    digest: str
    is_valid: bool

    @property
    def is_by_pin(self) -> bool:
        """Whether a PIN stands behind it; a name written by hand proves no more than ink would."""
        return self.staff_id is not None


def sign(work: Work, document: Document, role: str, attempt: PinAttempt) -> CatError | None:
    """The staff member has signed; or the refusal, returned so that a wrong try is counted and not rolled back."""
    refusal = confirm_pin(work, attempt)
    if refusal is not None:
        return refusal
    if _has_signed(work, document, attempt.staff_id):
        return Invalid("signed_already")
    place(work, document, role, attempt.staff_id)
    return None


def place(work: Work, document: Document, role: str, staff_id: int) -> None:
    """A staff member whose PIN was confirmed in this same work has signed what came of it."""
    staff = work.db.get_one(Staff, staff_id)
    _add(work, document, role, staff.name, "", staff.id)


def sign_by_hand(work: Work, document: Document, role: str, name: str, position: str) -> None:
    """Somebody without an account has put their name to it, before the eyes of who is signed in."""
    name, position = " ".join(name.split()), " ".join(position.split())
    if not 3 <= len(name) <= NAME_MAX or len(position) > NAME_MAX:
        raise Invalid("signer_malformed", maximum=NAME_MAX)
    _add(work, document, role, name, position, None)


def signatures_under(work: Work, document: Document) -> tuple[SignatureRef, ...]:
    """Every signature under the subject, oldest first, each held against the document as it now reads."""
    rows = work.db.execute(select(Signature).where(Signature.subject == document.subject).order_by(Signature.id))
    return tuple(
        SignatureRef(
            row.role, row.staff_id, row.name, row.position, row.signed_at, row.digest,
            row.digest == document.digest and is_as_written(work, row),
        )
        for row in rows.scalars()
    )  # fmt: skip


def is_as_written(work: Work, row: Signature) -> bool:
    """Whether nobody changed the row."""
    return same(row.mac, _mac(work, row))


def colleagues(work: Work, organisation_id: int) -> dict[int, str]:
    """Staff id → name of everybody active in the organisation, by name: those who may be asked to sign there."""
    found = select(Staff.id, Staff.name).where(Staff.organisation_id == organisation_id, Staff.is_active)
    return {row.id: row.name for row in work.db.execute(found.order_by(Staff.name, Staff.id))}


def _has_signed(work: Work, document: Document, staff_id: int) -> bool:
    known = select(Signature.id).where(
        Signature.subject == document.subject, Signature.digest == document.digest, Signature.staff_id == staff_id
    )
    return work.db.execute(known).first() is not None


def _add(work: Work, document: Document, role: str, name: str, position: str, staff_id: int | None) -> None:
    row = Signature(
        subject=document.subject, digest=document.digest, role=role, staff_id=staff_id, name=name, position=position,
        signed_at=work.now, console_of=work.actor.label,
    )  # fmt: skip
    row.mac = _mac(work, row)
    work.db.add(row)
    work.record("signed", document.subject, role=role, by=f"staff:{staff_id}" if staff_id else "hand",
                digest=document.digest)  # fmt: skip


def _mac(work: Work, row: Signature) -> bytes:
    said: list[Json] = [
        row.subject, row.digest, row.role, row.staff_id, row.name, row.position, row.signed_at.isoformat(),
        row.console_of,
    ]  # fmt: skip
    return work.vault.mac("signature", _canonical(said))


def _canonical(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
