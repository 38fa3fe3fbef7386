"""Sealing and opening by AES-256-GCM: nonce + ciphertext + tag, each bound to its place. The keys are the callers'."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class Tampered(Exception):
    """A sealed value does not open: it, its place or its key was changed. The message names the place."""


def seal(cipher: AESGCM, value: bytes, place: str, head: bytes = b"") -> bytes:
    """nonce + ciphertext + tag; `head` is authenticated with the place."""
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, value, head + place.encode())


def unseal(cipher: AESGCM, sealed: bytes, place: str, head: bytes = b"") -> bytes:
    """The value; Tampered if a bit, its place or its head differs."""
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], head + place.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"{place} does not open: it was changed, or the key is another") from error
