"""Master keys, which wrap every other key: one that wraps, older ones that still open. The product knows three calls
of theirs, so that a key management service fits in their place."""

from __future__ import annotations

import base64
import hmac
import logging
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.core.sealing import KEY, Tampered, seal, unseal

ID = 8
STRANGERS = stat.S_IRWXO | stat.S_IWGRP
LOG = logging.getLogger(__name__)


class MasterKeys(Protocol):
    """What holds master keys. Whatever it wraps begins with the id of the master key that wrapped it, ID bytes."""

    def ids(self) -> tuple[bytes, ...]:
        """The ids of all that open; the first one wraps."""

    def wrap(self, key: bytes, place: str) -> bytes:
        """The key under the first master key, bound to its place."""

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key that was wrapped for that place; Tampered if it does not open, or its master key is not here."""


class Ring:
    """Master keys in the memory of this process; the first one wraps. A key's id comes from the key itself."""

    def __init__(self, *keys: bytes) -> None:
        if not keys or any(len(key) != KEY for key in keys):
            raise ValueError(f"a master key has {KEY} bytes, and there must be one")
        self._keys = keys
        self._ciphers = {hmac.digest(key, b"synak/master-key", "sha256")[:ID]: AESGCM(key) for key in keys}

    def __reduce__(self) -> tuple[type[Ring], tuple[bytes, ...]]:
        """To a process of our own, through a pipe; nowhere else is a ring pickled."""
        return Ring, self._keys

    def ids(self) -> tuple[bytes, ...]:
        """The ids of all that open; the first one wraps."""
        return tuple(self._ciphers)

    def wrap(self, key: bytes, place: str) -> bytes:
        """id + nonce + ciphertext + tag; the id is authenticated as well."""
        first, cipher = next(iter(self._ciphers.items()))
        return first + seal(cipher, key, place, first)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key that was wrapped for that place."""
        named = wrapped[:ID]
        cipher = self._ciphers.get(named)
        if cipher is None:
            raise Tampered(f"{place} does not open: it was changed, or master key {named.hex()} is not at hand")
        return unseal(cipher, wrapped[ID:], place, named)


@dataclass
class KeyFile:
    """The ring that stands in a file, read again as soon as the file is another: nothing is restarted for a new key."""

    path: Path
    _ring: Ring = field(init=False, repr=False)
    _read: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ring, self._read = self._load(), self._state()

    def ids(self) -> tuple[bytes, ...]:
        """The ids of all that open; the first one wraps."""
        return self._now().ids()

    def wrap(self, key: bytes, place: str) -> bytes:
        """The key under the first master key of the file."""
        return self._now().wrap(key, place)

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        """The key that was wrapped for that place."""
        return self._now().unwrap(wrapped, place)

    def _now(self) -> Ring:
        state = self._state()
        if state != self._read:
            try:
                self._ring = self._load()
            except (OSError, ValueError) as error:  # an exam goes on with the keys it has
                LOG.error("master keys stay as they were: %s", error)
            self._read = state
        return self._ring

    def _state(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode

    def _load(self) -> Ring:
        return Ring(*keys_in(read_private(self.path)))


def keys_in(text: str) -> list[bytes]:
    """Keys of 32 bytes in base64, one after another; lines may end in a `# remark`. ValueError says what is wrong."""
    found = []
    for n, word in enumerate(re.sub(r"#.*", "", text).split(), start=1):
        try:
            key = base64.b64decode(word, validate=True)
        except ValueError:
            raise ValueError(f"key {n} is not base64") from None
        if len(key) != KEY:
            raise ValueError(f"key {n} holds {len(key)} bytes; it must hold {KEY}")
        found.append(key)
    if len(set(found)) != len(found):
        raise ValueError("a key stands there twice")
    return found


def read_private(path: Path) -> str:
    """What a file holds that nobody but its owner and group may read; ValueError if others may."""
    with path.open(encoding="utf-8") as file:
        mode = os.fstat(file.fileno()).st_mode
        if mode & STRANGERS:
            raise ValueError(f"{path} may be read or changed by others; chmod 600 it")
        return file.read()
