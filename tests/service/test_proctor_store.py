"""The stores of recordings, on disk and in a bucket: named by digest, whole or absent, proved when read; what a hostile
sender tries, and what a silent storage costs."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from proctor.archive import s3
from proctor.archive.opening import open_store
from proctor.archive.store import Store
from server.core.errors import CatError, Unavailable
from server.core.storage import GIB, ArchiveSettings, Limits
from tests.object_storage import a_bucket, client_of, object_storage

KEY = "7-" + "ab" * 32
BYTES = b"video" * 1000
DIGEST = hashlib.sha256(BYTES).hexdigest()
PLACE = f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with object_storage() as origin:
        yield origin


@pytest.fixture(params=["folder", "bucket"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> ArchiveSettings:
    if request.param == "folder":
        return ArchiveSettings(folder=tmp_path / "archive")
    return a_bucket(request.getfixturevalue("endpoint"), tmp_path / "archive" / "incoming")


@pytest.fixture
def store(settings: ArchiveSettings) -> Store:
    return open_store(settings)


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path) -> ArchiveSettings:
    return a_bucket(endpoint, tmp_path / "incoming")


def incoming(tmp_path: Path) -> list[str]:
    return sorted(each.name for each in (tmp_path / "archive" / "incoming").glob("*"))


def alter(settings: ArchiveSettings, changed: bytes) -> None:
    """What a fault of a disk, or a hand, does behind the store's back."""
    if settings.folder is not None:
        (settings.folder / PLACE).write_bytes(changed)
    else:
        at = {"Bucket": settings.bucket, "Key": settings.prefix + PLACE}
        client_of(settings.endpoint or "").put_object(**at, Body=changed)


def test_parts_make_a_file_in_any_number_of_tries(store: Store, tmp_path: Path) -> None:
    assert store.append(KEY, 0, BYTES[:2000]) == 2000
    assert store.append(KEY, 0, BYTES[:2000]) == 2000, "the same part twice"
    assert store.append(KEY, 4000, BYTES[4000:]) == 2000, "a part was left out"
    assert store.append(KEY, 2000, BYTES[2000:]) == 5000
    made = store.finish(KEY, 5000, DIGEST)
    assert (made.digest, made.size) == (DIGEST, 5000)
    assert incoming(tmp_path) == [f"{KEY}.done"]
    assert b"".join(store.read(DIGEST)) == BYTES
    assert incoming(tmp_path) == [f"{KEY}.done"], "reading leaves nothing"
    store.remove(DIGEST)
    store.remove(DIGEST)
    assert not store.has(DIGEST)


def test_finished_twice_is_finished_once(store: Store, tmp_path: Path) -> None:
    store.append(KEY, 0, BYTES)
    made = store.finish(KEY, 5000, DIGEST)
    assert store.append(KEY, 0, b"") == 5000, "the sender need not send it again"
    assert store.finish(KEY, 5000) == store.finish(KEY, 5000, DIGEST) == made
    with pytest.raises(CatError, match="upload_incomplete"):
        store.finish(KEY, 5001)
    (tmp_path / "archive" / "incoming" / KEY).write_bytes(b"")  # a part that came at the same moment
    assert store.finish(KEY, 5000) == made
    assert b"".join(store.read(DIGEST)) == BYTES
    assert incoming(tmp_path) == [f"{KEY}.done"]
    store.remove(DIGEST)
    assert store.append(KEY, 0, b"") == 0, "removed since: it begins anew"
    with pytest.raises(CatError, match="upload_incomplete"):
        store.finish(KEY, 5000)


def test_two_who_finish_at_once_agree(store: Store) -> None:
    store.append(KEY, 0, BYTES)
    made: list[Any] = []
    hands = [threading.Thread(target=lambda: made.append(store.finish(KEY, 5000))) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert [each.digest for each in made] == [DIGEST] * 4
    assert b"".join(store.read(DIGEST)) == BYTES


@pytest.mark.parametrize(
    ("size", "digest", "code"), [(5001, "", "upload_incomplete"), (5000, "0" * 64, "recording_digest_differs")]
)
def test_what_is_cut_off_or_altered_does_not_enter(store: Store, size: int, digest: str, code: str) -> None:
    store.append(KEY, 0, BYTES)
    with pytest.raises(CatError, match=code):
        store.finish(KEY, size, digest)
    assert not store.has(DIGEST)
    with pytest.raises(CatError, match="upload_unknown"):
        store.finish("7-" + "cd" * 32, 5000)


def test_a_key_is_never_a_path(store: Store, tmp_path: Path) -> None:
    for key in ("../../etc", "7-../../x", "7-" + "AB" * 32, "7-", "-" + "ab" * 32, KEY + "/x", KEY + ".done"):
        with pytest.raises(CatError, match="upload_key_malformed"):
            store.append(key, 0, b"x")
        with pytest.raises(CatError, match="upload_key_malformed"):
            store.finish(key, 1)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_bytes_changed_where_they_lie_are_not_handed_out(
    store: Store, settings: ArchiveSettings, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(BYTES)
    with pytest.raises(CatError, match="recording_digest_differs"):
        store.put(tmp_path / "a.mp4", "1" * 64)
    assert not store.has(DIGEST)
    assert store.put(tmp_path / "a.mp4", DIGEST) == store.put(tmp_path / "a.mp4")
    alter(settings, BYTES[:-1] + b"!")
    with pytest.raises(CatError, match="recording_damaged"):
        store.read(DIGEST)
    store.put(tmp_path / "a.mp4", DIGEST)
    assert b"".join(store.read(DIGEST)) == BYTES, "a good copy heals it"
    store.remove(DIGEST)
    with pytest.raises(CatError, match="recording_missing"):
        store.read(DIGEST)
    for digest in ("../../etc/passwd", DIGEST.upper()):
        for act in (store.read, store.has, store.remove):
            with pytest.raises(CatError, match="recording_digest_malformed"):
                act(digest)
    assert incoming(tmp_path) == []


def test_a_room_cannot_fill_the_disk(settings: ArchiveSettings, tmp_path: Path) -> None:
    store = open_store(replace(settings, limits=Limits(GIB, 0)))
    assert store.append(KEY, 0, b"x" * 100, kept=GIB - 100) == 100
    with pytest.raises(CatError, match="room_uploads_full"):
        store.append(KEY, 100, b"x", kept=GIB - 100)
    assert store.append(KEY, 100, b"", kept=GIB) == 100, "how far it came is told all the same"
    assert store.append("8-" + "ab" * 32, 0, b"x") == 1, "another room is not in its way"
    (tmp_path / "a.mp4").write_bytes(BYTES)
    full = open_store(replace(settings, limits=Limits(GIB, 1 << 60)))
    for act in (lambda: full.append(KEY, 100, b"x"), lambda: full.put(tmp_path / "a.mp4")):
        with pytest.raises(Unavailable, match="archive_disk_full"):
            act()
    assert store.append(KEY, 0, b"") == 100


def test_what_was_left_alone_goes_and_what_moves_stays(store: Store, settings: ArchiveSettings, tmp_path: Path) -> None:
    store.append(KEY, 0, BYTES)
    store.finish(KEY, 5000)
    old, new = "7-" + "cd" * 32, "7-" + "ef" * 32
    for key in (old, new):
        store.append(key, 0, b"half")
    os.utime(tmp_path / "archive" / "incoming" / old, (1000, 1000))
    assert store.sweep(2000) == [old]
    assert store.sweep(2000) == []
    assert incoming(tmp_path) == [f"{KEY}.done", new]
    assert store.has(DIGEST)


def test_a_large_file_goes_in_parts(bucket: ArchiveSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = os.urandom(5 * 1024 * 1024 + 1)
    monkeypatch.setattr(s3, "PART", 5 * 1024 * 1024)  # the smallest that S3 takes
    (tmp_path / "large.mp4").write_bytes(large)
    store = open_store(bucket)
    made = store.put(tmp_path / "large.mp4")
    assert b"".join(store.read(made.digest)) == large
    client = client_of(bucket.endpoint or "")
    listed = client.list_objects_v2(Bucket=bucket.bucket)["Contents"]
    assert [each["Key"] for each in listed] == [f"synak/video/{made.digest[:2]}/{made.digest[2:4]}/{made.digest}"]
    assert listed[0]["ETag"].endswith('-2"'), "two parts"
    client.create_multipart_upload(Bucket=bucket.bucket, Key="synak/video/half")
    client.create_multipart_upload(Bucket=bucket.bucket, Key="others/half")
    assert store.sweep(1000) == []
    assert store.sweep(1 << 40) == ["synak/video/half"]
    assert [each["Key"] for each in client.list_multipart_uploads(Bucket=bucket.bucket)["Uploads"]] == ["others/half"]


def test_a_silent_storage_loses_nothing_and_tells_no_secret(
    bucket: ArchiveSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    silent = replace(bucket, endpoint="http://127.0.0.1:9")  # nobody listens there
    caplog.set_level(logging.INFO)
    store, said = open_store(silent), [repr(silent)]
    assert store.append(KEY, 0, BYTES) == 5000
    os.utime(tmp_path / "incoming" / KEY, (1000, 1000))
    for act in (lambda: store.finish(KEY, 5000), lambda: store.read(DIGEST), lambda: store.has(DIGEST),
                lambda: store.remove(DIGEST), lambda: store.sweep(2000)):  # fmt: skip
        with pytest.raises(Unavailable, match="archive_unreachable") as refused:
            act()
        assert refused.value.__suppress_context__
        said.append(str(refused.value))
    assert (tmp_path / "incoming" / KEY).stat().st_mtime > 2000, "its week begins anew"
    assert "does not answer" in caplog.text
    for word in (bucket.key_id, bucket.secret):
        assert word
        assert word not in caplog.text + "".join(said)
    again = open_store(bucket)
    assert again.append(KEY, 0, b"") == 5000
    assert again.finish(KEY, 5000, DIGEST).size == 5000
    assert b"".join(again.read(DIGEST)) == BYTES


def test_a_storage_that_refuses_is_no_bug(bucket: ArchiveSettings, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(replace(bucket, bucket="not-there"))
    store.append(KEY, 0, BYTES)
    with pytest.raises(Unavailable, match="archive_unreachable"):
        store.finish(KEY, 5000)
    assert "refuses: 'NoSuchBucket'" in caplog.text
