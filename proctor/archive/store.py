"""The bytes of recordings: a content-addressed store on disk. A file is named by its SHA-256, written whole or
not at all, and proved again before anybody reads it. Which recording it is, and who may read it: the service."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from server.core.errors import Invalid, NotFound

PART_MAX = 4 * 1024 * 1024
BLOCK = 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """What the store holds now."""

    digest: str
    size: int


class FileStore:
    """Recordings under `root`: `ab/cd/<digest>`; what is being uploaded lies in `incoming`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def append(self, key: str, offset: int, part: bytes) -> int:
        """The upload has the part if it goes on at `offset`; how many bytes it has, from where it is to go on."""
        path = self._incoming(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as out:
            # Lock before measuring: the same part may be sent twice at once.
            fcntl.flock(out, fcntl.LOCK_EX)
            size = os.fstat(out.fileno()).st_size
            if offset == size:
                out.write(part)
                size += len(part)
        return size

    def finish(self, key: str, size: int, digest: str = "") -> Stored:
        """The upload is whole, has that digest if one is known, and is in the store."""
        path = self._incoming(key)
        if not path.is_file():
            raise NotFound("upload_unknown")
        with path.open("rb") as source:
            found = Stored(_digest_of(source), path.stat().st_size)
        if found.size != size:
            raise Invalid("upload_incomplete", have=found.size, size=size)
        if digest not in ("", found.digest):
            path.unlink()  # it will never fit: the next try begins anew
            raise Invalid("recording_digest_differs")
        _settle(path, self._path(found.digest))
        return found

    def put(self, source: Path, digest: str = "") -> Stored:
        """A copy of the file is in the store; refused if it has another digest."""
        path = self._root / "incoming" / f"copy-{uuid4().hex}"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with source.open("rb") as given, path.open("wb") as out:
                shutil.copyfileobj(given, out, BLOCK)
            with path.open("rb") as copied:
                found = Stored(_digest_of(copied), path.stat().st_size)
            if digest not in ("", found.digest):
                raise Invalid("recording_digest_differs")
            _settle(path, self._path(found.digest))
        finally:
            path.unlink(missing_ok=True)
        return found

    def has(self, digest: str) -> bool:
        """True if something lies under the digest; whether it still fits, `read` tells."""
        return self._path(digest).is_file()

    def read(self, digest: str) -> Iterator[bytes]:
        """The bytes in blocks, after the whole file was found to have its digest."""
        path = self._path(digest)
        if not path.is_file():
            raise NotFound("recording_missing")
        source = path.open("rb")
        if _digest_of(source) != digest:
            source.close()
            raise Invalid("recording_damaged")
        return _blocks(source)

    def remove(self, digest: str) -> None:
        """Nothing lies under the digest."""
        self._path(digest).unlink(missing_ok=True)

    def _incoming(self, key: str) -> Path:
        room, _, name = key.partition("-")
        if not (room.isdigit() and DIGEST.fullmatch(name)):
            raise Invalid("upload_key_malformed")
        return self._root / "incoming" / key

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise Invalid("recording_digest_malformed")
        return self._root / digest[:2] / digest[2:4] / digest


def _settle(path: Path, target: Path) -> None:
    """The file is at its place, on the disk and not only in memory."""
    with path.open("rb") as written:
        os.fsync(written.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _digest_of(source: IO[bytes]) -> str:
    source.seek(0)
    found = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]  # a buffered reader is one
    source.seek(0)
    return found


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    with source:
        while block := source.read(BLOCK):
            yield block
