"""The number of a delivered form, and the code of written work: two names of one session, unlike each other.

The number stands on papers and screens (CS-14.3). The code is for who marks; only a key leads back (CS-14.2)."""

from __future__ import annotations

from server.core.vault import Vault
from server.delivery import codes

DIGITS = 7
MARK = "W-"


def form_no(session_id: int) -> str:
    """The unique number of the session's form, with a check digit (Luhn) against a slip of the finger."""
    body = f"{session_id:0{DIGITS}d}"
    return f"{body[:-3]}-{body[-3:]}{_check(body)}"


def session_of(typed: str) -> int | None:
    """The session that a typed form number names; None where it is none, or mistyped."""
    digits = typed.replace("-", "").replace(" ", "")
    is_number = digits.isascii() and digits.isdecimal() and DIGITS < len(digits) <= DIGITS + 3
    if not is_number or _check(digits[:-1]) != digits[-1]:
        return None
    return int(digits[:-1])


def work_code(vault: Vault, place: str) -> str:
    """The code under which the session's work is read: derived from its place, kept nowhere beside a number."""
    return MARK + codes.written(vault.mac("work-code", place.encode()))


def _check(body: str) -> str:
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body))]
    return str(-sum(each - 9 if each > 9 else each for each in doubled) % 10)
