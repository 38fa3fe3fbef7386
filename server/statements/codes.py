"""The code of a statement: 128 bits derived under a key outside the database, written so that nobody misreads it."""

from __future__ import annotations

from server.core.vault import Vault, digest
from server.delivery.codes import ALPHABET, MISREAD, spelled

BITS, LENGTH, GROUP = 128, 26, 5
MOST_TYPED = 80


def code_for(vault: Vault, serial: str) -> str:
    """The code of the statement with this serial, in groups of five."""
    letters = spelled(vault.mac("statement-code", serial.encode())[: BITS // 8], LENGTH)
    return "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """What a statement is found by: the digest of its code, however that was spaced or cased."""
    return digest(_plain(code).encode())


def is_whole(code: str) -> bool:
    """Whether it can be a code at all."""
    return len(code) <= MOST_TYPED and len(_plain(code)) == LENGTH


def _plain(code: str) -> str:
    return "".join(each for each in code.upper().translate(MISREAD) if each in ALPHABET)
