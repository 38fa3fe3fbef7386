"""Codes of candidates, for the test and for its result: derived under a key outside the database, never stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from server.core.terms import whole_seconds
from server.core.vault import Vault, same

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to be misread
LENGTH = 8
MISREAD = str.maketrans("ILO", "110")
TRIES = 5
LOCK_S = 60


class Guarded(Protocol):
    """A row whose owner types a code: how often it was wrong, and until when no wrong one is answered."""

    code_failed: int
    code_locked_until: datetime | None


def code_for(vault: Vault, session_id: int, serial: int, seed: int) -> str:
    """The code of a session at this serial: 40 bits, written XXXX-XXXX."""
    return written(vault.mac("one-time-code", f"{session_id}/{serial}/{seed}".encode()))


def result_code(vault: Vault, session_id: int, seed: int) -> str:
    """The code on the notice of a session's result: other than that of any slip, and good again and again."""
    return written(vault.mac("result-code", f"{session_id}/{seed}".encode()))


def written(mac: bytes) -> str:
    """The first 40 bits of a keyed digest as people read and type them."""
    text = spelled(mac[:5], LENGTH)
    return f"{text[:4]}-{text[4:]}"


def spelled(raw: bytes, length: int) -> str:
    """So many letters of the alphabet that say these bytes, five bits each."""
    number = int.from_bytes(raw, "big")
    return "".join(ALPHABET[number >> (5 * at) & 31] for at in range(length))


def matches(code: str, typed: str) -> bool:
    """True if `typed` is the code, however it was spaced or cased."""
    return same(_plain(code).encode(), _plain(typed).encode())


def failed(row: Guarded, now: datetime) -> int:
    """The seconds to wait where too many were wrong, else 0: then this one is counted.

    A right code never waits: its number is on paper for all to read, and whoever typed wrong codes to that would keep
    its owner out. One of 2^40 is not guessed in a day; the wait is for who mistypes, and spares the journal."""
    if row.code_locked_until is not None and now < row.code_locked_until:
        return whole_seconds(now, row.code_locked_until) + 1
    row.code_failed += 1
    if row.code_failed % TRIES == 0:
        row.code_locked_until = now + timedelta(seconds=LOCK_S)
    return 0


def _plain(code: str) -> str:
    return "".join(c for c in code.upper().translate(MISREAD) if c.isalnum())
