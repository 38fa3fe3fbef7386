"""A staff member's PIN: chosen by themselves, typed to sign at whatever device is at hand. Who guesses must wait."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from sqlalchemy import select

from server.accounts import passwords
from server.accounts.logins import lock_until
from server.accounts.models import Staff, StaffPin
from server.core.errors import CatError, Denied, Invalid
from server.core.terms import whole_seconds
from server.core.work import Work

MIN_DIGITS, MAX_DIGITS = 6, 12
DIGITS = re.compile(rf"[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}")
ROW = "0123456789" * 3


@dataclass(frozen=True)
class PinAttempt:
    """A PIN that was compared, and what with; nothing is decided yet."""

    staff_id: int
    is_right: bool
    checked: str | None = field(repr=False)


def set_pin(work: Work, staff_id: int, pin: str) -> None:
    """The staff member signs with that PIN from now on, and is not locked out."""
    pin = sound_pin(pin)
    row = work.db.get(StaffPin, staff_id) or StaffPin(staff_id=staff_id)
    row.pin_hash, row.set_at = passwords.make_hash(pin), work.now
    row.failed, row.locked_until = 0, None
    work.db.add(row)
    work.record("set_pin", f"staff:{staff_id}")


def sound_pin(pin: str) -> str:
    """The digits that were meant; Invalid says why they are no PIN."""
    pin = _plain(pin)
    if not DIGITS.fullmatch(pin):
        raise Invalid("pin_malformed", minimum=MIN_DIGITS, maximum=MAX_DIGITS)
    if _is_common(pin):
        raise Invalid("pin_common")
    return pin


def has_pin(work: Work, staff_id: int) -> bool:
    """Whether the staff member can sign with a PIN."""
    return work.db.get(StaffPin, staff_id) is not None


def check_pin(work: Work, staff_id: int, pin: str) -> PinAttempt:
    """The attempt, its costly half done; only reads, so that no writer waits for it."""
    stored = work.db.execute(select(StaffPin.pin_hash).where(StaffPin.staff_id == staff_id)).scalar_one_or_none()
    return PinAttempt(staff_id, passwords.is_right(stored, _plain(pin)), stored)


def confirm_pin(work: Work, attempt: PinAttempt) -> CatError | None:
    """None if the PIN was right and may be used now; else the refusal, returned so that a wrong try is counted."""
    # Lock before reading: tries sent side by side are counted one after another.
    locked = select(StaffPin).where(StaffPin.staff_id == attempt.staff_id).with_for_update()
    row = work.db.execute(locked.execution_options(populate_existing=True)).scalar_one_or_none()
    staff = work.db.get(Staff, attempt.staff_id)
    if staff is None or row is None or not staff.is_active:
        return Denied("pin_not_set", name=staff.name if staff else "")
    if row.locked_until is not None and work.now < row.locked_until:
        work.record("pin_refused", f"staff:{staff.id}", locked_until=row.locked_until.isoformat())
        return Denied("pin_locked", name=staff.name, seconds=whole_seconds(work.now, row.locked_until) + 1)
    if not (attempt.is_right and row.pin_hash == attempt.checked):
        row.failed += 1
        row.locked_until = lock_until(row.failed, work.now)
        work.record("pin_failed", f"staff:{staff.id}", failed=row.failed)
        return Denied("pin_wrong", name=staff.name)
    row.failed, row.locked_until = 0, None
    return None


def _plain(pin: str) -> str:
    # Nobody means the spaces between groups of digits.
    return "".join(unicodedata.normalize("NFKC", pin).split())


def _is_common(pin: str) -> bool:
    if pin in ROW or pin in ROW[::-1]:
        return True
    return any(pin == (pin[:n] * len(pin))[: len(pin)] for n in (1, 2, 3))
