"""The store of recordings: named by digest, whole or absent, proved when read; and what a hostile sender tries."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from proctor.archive.store import FileStore
from server.core.errors import CatError

KEY = "7-" + "ab" * 32
BYTES = b"video" * 1000
DIGEST = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "archive")


def files(tmp_path: Path) -> list[str]:
    return sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file())


def test_parts_make_a_file_in_any_number_of_tries(store: FileStore, tmp_path: Path) -> None:
    assert store.append(KEY, 0, BYTES[:2000]) == 2000
    assert store.append(KEY, 0, BYTES[:2000]) == 2000, "the same part twice"
    assert store.append(KEY, 4000, BYTES[4000:]) == 2000, "a part was left out"
    assert store.append(KEY, 2000, BYTES[2000:]) == 5000
    made = store.finish(KEY, 5000, DIGEST)
    assert (made.digest, made.size) == (DIGEST, 5000)
    assert files(tmp_path) == [f"archive/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"]
    assert b"".join(store.read(DIGEST)) == BYTES
    store.remove(DIGEST)
    store.remove(DIGEST)
    assert not store.has(DIGEST)


@pytest.mark.parametrize(
    ("size", "digest", "code"), [(5001, "", "upload_incomplete"), (5000, "0" * 64, "recording_digest_differs")]
)
def test_what_is_cut_off_or_altered_does_not_enter(
    store: FileStore, tmp_path: Path, size: int, digest: str, code: str
) -> None:
    store.append(KEY, 0, BYTES)
    with pytest.raises(CatError, match=code):
        store.finish(KEY, size, digest)
    assert not store.has(DIGEST)
    assert not [each for each in files(tmp_path) if "incoming" not in each]


@pytest.mark.parametrize("key", ["../../etc", "7-../../x", "7-" + "AB" * 32, "7-", "-" + "ab" * 32, KEY + "/x"])
def test_a_key_is_never_a_path(store: FileStore, tmp_path: Path, key: str) -> None:
    for act in (lambda: store.append(key, 0, b"x"), lambda: store.finish(key, 1)):
        with pytest.raises(CatError, match="upload_key_malformed"):
            act()
    assert files(tmp_path) == []


def test_bytes_changed_on_the_disk_are_not_handed_out(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(BYTES)
    with pytest.raises(CatError, match="recording_digest_differs"):
        store.put(tmp_path / "a.mp4", "1" * 64)
    assert store.put(tmp_path / "a.mp4", DIGEST) == store.put(tmp_path / "a.mp4")
    path = tmp_path / "archive" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert files(tmp_path / "archive") == [path.relative_to(tmp_path / "archive").as_posix()]
    path.write_bytes(BYTES[:-1] + b"!")
    with pytest.raises(CatError, match="recording_damaged"):
        store.read(DIGEST)
    path.unlink()
    with pytest.raises(CatError, match="recording_missing"):
        store.read(DIGEST)
    for digest in ("../../etc/passwd", DIGEST.upper()):
        with pytest.raises(CatError, match="recording_digest_malformed"):
            store.read(digest)
