"""One-time codes of candidates: derived from the session under a key outside the database, never stored."""

from __future__ import annotations

from server.core.vault import Vault, same

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U to be misread
LENGTH = 8
MISREAD = str.maketrans("ILO", "110")


def code_for(vault: Vault, session_id: int, serial: int, seed: int) -> str:
    """The code of a session at this serial: 40 bits, written XXXX-XXXX."""
    return written(vault.mac("one-time-code", f"{session_id}/{serial}/{seed}".encode()))


def written(mac: bytes) -> str:
    """The first 40 bits of a keyed digest as people read and type them."""
    number = int.from_bytes(mac[:5], "big")
    text = "".join(ALPHABET[number >> (5 * i) & 31] for i in range(LENGTH))
    return f"{text[:4]}-{text[4:]}"


def matches(code: str, typed: str) -> bool:
    """True if `typed` is the code, however it was spaced or cased."""
    return same(_plain(code).encode(), _plain(typed).encode())


def _plain(code: str) -> str:
    return "".join(c for c in code.upper().translate(MISREAD) if c.isalnum())
