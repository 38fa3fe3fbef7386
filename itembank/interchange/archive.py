"""A zip as it was uploaded: its names, sizes and shapes are judged before a byte of it is unpacked.
Invalid says what is wrong; nothing is ever written to a disk, so no name can lead anywhere."""

from __future__ import annotations

import io
import posixpath
import stat
import unicodedata
import zipfile
import zlib
from itertools import pairwise
from urllib.parse import unquote

from server.core.errors import Invalid

LARGEST_UPLOAD = 64 * 1024 * 1024
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_FILES = 6000
MOST_TIMES = 200  # how many times its size a file may become; deflate cannot do more than some 1030
LARGEST_READ = 4 * LARGEST_UNPACKED  # in all, however often a file is wanted
SMALL = 1024 * 1024  # below this nobody minds how well a file is packed
LONGEST_NAME = 240
LOCAL_HEAD = 30
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """The files of a zip by their names; every look at one is bounded."""

    def __init__(self, data: bytes) -> None:
        if len(data) > LARGEST_UPLOAD:
            raise Invalid("package_large", most=LARGEST_UPLOAD // 1024 // 1024)
        if not data.startswith(b"PK\x03\x04"):
            raise Invalid("package_no_zip")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Invalid("package_broken") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_FILES:
            raise Invalid("package_many", most=MOST_FILES)
        for entry in entries:
            _check(entry)
        _check_together(entries)
        self._n_read = 0
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}

    @property
    def names(self) -> list[str]:
        """The names of the files, in their order."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a file; KeyError if there is none of that name, Invalid once too much has been read in all."""
        entry = self._entries[name]
        self._n_read += entry.file_size
        if self._n_read > LARGEST_READ:
            raise Invalid("package_read", file=shown(name))
        try:
            with self._zip.open(entry) as file:
                data = file.read(LARGEST_FILE + 1)
        except _BROKEN as error:
            raise Invalid("package_file_broken", file=shown(name)) from error
        if len(data) != entry.file_size:
            raise Invalid("package_file_broken", file=shown(name))
        return data


def beside(name: str, address: str) -> str | None:
    """The file that an address in the file `name` means; None if it leads out of the package."""
    path = unquote(address.split("#")[0].split("?")[0])
    if ":" in path or "\\" in path or path.startswith("/") or not path:
        return None
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    return None if found.startswith("..") else found


def shown(name: str) -> str:
    """A name from outside as it may stand in a sentence: short, and without control characters."""
    plain = "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in name)
    return plain if len(plain) <= 80 else f"{plain[:40]}…{plain[-36:]}"


def _check(entry: zipfile.ZipInfo) -> None:
    name, file = entry.filename, shown(entry.orig_filename)
    parts = name.rstrip("/").split("/")
    is_outside = name.startswith("/") or ".." in parts or "\\" in entry.orig_filename or ":" in parts[0]
    if is_outside or "" in parts or "\0" in entry.orig_filename or len(name) > LONGEST_NAME:
        raise Invalid("package_path", file=file)
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Invalid("package_link", file=file)
    if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
        raise Invalid("package_locked", file=file)
    if entry.file_size > LARGEST_FILE:
        raise Invalid("package_file_large", file=file, most=LARGEST_FILE // 1024 // 1024)
    if entry.file_size > max(SMALL, entry.compress_size * MOST_TIMES):
        raise Invalid("package_bomb", file=file)


def _check_together(entries: list[zipfile.ZipInfo]) -> None:
    """No name twice, no byte in two files, and not more in all than may be held."""
    names = [unicodedata.normalize("NFC", entry.filename).casefold() for entry in entries]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid("package_twice", file=shown(twice))
    by_place = sorted(entries, key=lambda entry: entry.header_offset)
    for one, after in pairwise(by_place):
        if one.header_offset + LOCAL_HEAD + one.compress_size > after.header_offset:
            raise Invalid("package_bomb", file=shown(after.filename))
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise Invalid("package_unpacked", most=LARGEST_UNPACKED // 1024 // 1024)
