"""The bytes of recordings, named by their SHA-256, whole or not at all, proved again before anybody reads them:
what every store does, and the store on disk. Which recording it is, and who may read it: the service."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from proctor.archive.incoming import DIGEST, Incoming, Stored, blocks_of, digest_of
from server.core.errors import Invalid, NotFound
from server.core.storage import Limits

PART_MAX = 4 * 1024 * 1024


class Store(Protocol):
    """Where recordings are kept. Each act may be repeated; one that does not succeed loses nothing."""

    def append(self, key: str, offset: int, part: bytes, kept: int = 0) -> int:
        """The upload has the part if it goes on at `offset`; how many bytes it has. `kept` is what its room has
        in the archive already."""

    def finish(self, key: str, size: int, digest: str = "") -> Stored:
        """The upload is whole, has that digest if one is known, and is in the store."""

    def put(self, source: Path, digest: str = "") -> Stored:
        """A copy of the file is in the store; refused if it has another digest."""

    def has(self, digest: str) -> bool:
        """True if something lies under the digest; whether it still fits, `read` tells."""

    def read(self, digest: str) -> Iterator[bytes]:
        """The bytes in blocks, after the whole file was found to have its digest."""

    def remove(self, digest: str) -> None:
        """Nothing lies under the digest."""

    def sweep(self, before: float) -> list[str]:
        """What was never finished and nobody touched since that moment is gone; its names."""


class FileStore:
    """Recordings under `root`: `ab/cd/<digest>`; what is being uploaded lies in `incoming`."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self._root = root
        self._incoming = Incoming(root / "incoming", limits or Limits())

    def append(self, key: str, offset: int, part: bytes, kept: int = 0) -> int:
        """As Store says."""
        return self._incoming.append(key, offset, part, kept, self.has)

    def finish(self, key: str, size: int, digest: str = "") -> Stored:
        """As Store says."""
        return self._incoming.finish(key, size, digest, self._settle, self.has)

    def put(self, source: Path, digest: str = "") -> Stored:
        """As Store says."""
        with self._incoming.copied(source, digest) as (path, found):
            self._settle(path, found)
        return found

    def has(self, digest: str) -> bool:
        """As Store says."""
        return self._path(digest).is_file()

    def read(self, digest: str) -> Iterator[bytes]:
        """As Store says."""
        path = self._path(digest)
        if not path.is_file():
            raise NotFound("recording_missing")
        source = path.open("rb")
        if digest_of(source) != digest:
            source.close()
            raise Invalid("recording_damaged")
        return blocks_of(source)

    def remove(self, digest: str) -> None:
        """As Store says."""
        self._path(digest).unlink(missing_ok=True)

    def sweep(self, before: float) -> list[str]:
        """As Store says."""
        return self._incoming.sweep(before)

    def _settle(self, path: Path, found: Stored) -> None:
        """The file is at its place, on the disk and not only in memory."""
        target = self._path(found.digest)
        with path.open("rb") as written:
            os.fsync(written.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:4] / checked(digest)


def checked(digest: str) -> str:
    """The digest, if it is one."""
    if not DIGEST.fullmatch(digest):
        raise Invalid("recording_digest_malformed")
    return digest
