"""What is being uploaded: files gather part by part in a local folder, within limits, and are proved when whole.
Where they are kept then: the stores. The folder must outlive a restart."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from server.core.errors import Invalid, NotFound, Unavailable
from server.core.storage import GIB, Limits

BLOCK = 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """What the store holds now."""

    digest: str
    size: int


class Incoming:
    """Unfinished uploads under their keys; `<key>.done` says what a finished one became, for who asks twice."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits

    def append(self, key: str, offset: int, part: bytes, kept: int, has: Callable[[str], bool]) -> int:
        """The upload has the part if it goes on at `offset`; how many bytes it has, from where it is to go on."""
        path = self._path(key)
        done = self._done(path, has)
        if done is not None:
            return done.size
        self._folder.mkdir(parents=True, exist_ok=True)
        if part:
            self._check_room(key, kept + len(part))
            self._check_disk(len(part))
        with path.open("ab") as out:
            # Lock before measuring: the same part may be sent twice at once.
            fcntl.flock(out, fcntl.LOCK_EX)
            size = os.fstat(out.fileno()).st_size
            if offset == size:
                out.write(part)
                size += len(part)
        return size

    def finish(
        self,
        key: str,
        size: int,
        digest: str,
        keep: Callable[[Path, Stored], None],
        has: Callable[[str], bool],
    ) -> Stored:
        """The upload is whole, has that digest if one is known, and is kept; what could not be kept stays here."""
        path = self._path(key)
        with self._locked(path) as source:
            done = found = self._done(path, has)
            if found is None:
                if source is None:
                    raise NotFound("upload_unknown")
                found = Stored(digest_of(source), os.fstat(source.fileno()).st_size)
            if found.size != size:
                raise Invalid("upload_incomplete", have=found.size, size=size)
            if digest not in ("", found.digest):
                for each in (path, _note(path)):  # it will never fit: the next try begins anew
                    each.unlink(missing_ok=True)
                raise Invalid("recording_digest_differs")
            if done is None:
                self._kept(path, found, keep)
            # A part may come just as the upload is finished: what it began is no recording.
            path.unlink(missing_ok=True)
        return found

    @contextmanager
    def copied(self, source: Path, digest: str) -> Iterator[tuple[Path, Stored]]:
        """A copy of the file that nobody else changes, and what it is; refused if it has another digest."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._check_disk(source.stat().st_size)
        path = self._folder / f"copy-{uuid4().hex}"
        try:
            with source.open("rb") as given, path.open("wb") as out:
                shutil.copyfileobj(given, out, BLOCK)
            with path.open("rb") as written:
                found = Stored(digest_of(written), path.stat().st_size)
            if digest not in ("", found.digest):
                raise Invalid("recording_digest_differs")
            yield path, found
        finally:
            path.unlink(missing_ok=True)

    def scratch(self, size: int) -> IO[bytes]:
        """A nameless file for so many bytes, gone when it is closed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._check_disk(size)
        return TemporaryFile(dir=self._folder)

    def sweep(self, before: float) -> list[str]:
        """The names of files nobody has touched since that moment; they are gone."""
        gone = []
        for path in sorted(self._folder.glob("*")):
            with self._locked(path, wait=False) as source:
                if source is not None and os.fstat(source.fileno()).st_mtime < before:
                    path.unlink(missing_ok=True)
                    gone.append(path.name)
        return gone

    def _kept(self, path: Path, found: Stored, keep: Callable[[Path, Stored], None]) -> None:
        note, said = _note(path), f"{found.digest} {found.size}"
        _write_whole(note, said)  # before the file moves away: who comes just then finds the one or the other
        try:
            keep(path, found)
        except Unavailable:
            note.unlink(missing_ok=True)
            os.utime(path)  # it waits for the storage: its week begins anew
            raise
        _write_whole(note, said)  # again: until it was kept, whoever asked took the note for an old one

    def _done(self, path: Path, has: Callable[[str], bool]) -> Stored | None:
        note = _note(path)
        if not note.is_file():
            return None
        digest, size = note.read_text("ascii").split()
        if has(digest):
            return Stored(digest, int(size))
        note.unlink(missing_ok=True)  # removed since: an upload begins anew
        return None

    @contextmanager
    def _locked(self, path: Path, *, wait: bool = True) -> Iterator[IO[bytes] | None]:
        """The file, held against others; None where there is none, or where somebody holds it and we do not wait."""
        try:
            source = path.open("rb")
        except (FileNotFoundError, IsADirectoryError):
            yield None
            return
        with source:
            try:
                fcntl.flock(source, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            yield source

    def _check_room(self, key: str, wanted: int) -> None:
        room = key.partition("-")[0]
        here = sum(each.stat().st_size for each in self._folder.glob(f"{room}-*"))
        if here + wanted > self._limits.room_max:
            raise Invalid("room_uploads_full", maximum=self._limits.room_max // GIB)

    def _check_disk(self, wanted: int) -> None:
        if shutil.disk_usage(self._folder).free - wanted < self._limits.free_min:
            raise Unavailable("archive_disk_full")

    def _path(self, key: str) -> Path:
        room, _, name = key.partition("-")
        if not (room.isdigit() and DIGEST.fullmatch(name)):
            raise Invalid("upload_key_malformed")
        return self._folder / key


def digest_of(source: IO[bytes]) -> str:
    """The SHA-256 of the whole file, which is at its beginning again."""
    source.seek(0)
    found = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]  # a buffered reader is one
    source.seek(0)
    return found


def blocks_of(source: IO[bytes]) -> Iterator[bytes]:
    """The file in blocks; it is closed at its end."""
    with source:
        while block := source.read(BLOCK):
            yield block


def _write_whole(path: Path, text: str) -> None:
    # Who reads beside us finds all of it or nothing.
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    fresh.write_text(text, "ascii")
    fresh.replace(path)


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".done")
