"""Recordings: uploaded, registered from a folder, read on record, held, and removed when due (VS-1)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.archive import queries, service
from proctor.archive.incoming import Stored
from proctor.archive.models import Recording, RecordingRemoval
from proctor.archive.opening import open_store
from proctor.archive.rules import ArchiveRule
from proctor.archive.store import PART_MAX, FileStore
from proctor.cameras.queries import cameras_of
from server.core.clock import FrozenClock
from server.core.errors import CatError, Invalid
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.storage import GIB, ArchiveSettings, Limits
from server.core.work import Platform, open_work
from server.jobs import archive as job
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.proctor import Day, a_day

BYTES = b"a morning in room 12 " * 500
DIGEST = hashlib.sha256(BYTES).hexdigest()
HOUR = timedelta(hours=1)


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room with a camera on the day of the test, five hours after its start."""
    made = a_day(platform, clock, 2)
    made.at(5 * 3600)
    return made


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "archive")


def a_new(day: Day, **changes: Any) -> service.NewRecording:
    with open_work(day.platform, SYSTEM) as work:
        camera = cameras_of(work, day.scene.room_id)[0].id
    start = day.scene.starts_at
    return replace(service.NewRecording(camera, start, start + HOUR, "K1_0900.mp4"), **changes)


def kept(day: Day, store: FileStore, tmp_path: Path, **changes: Any) -> int:
    """A recording of BYTES in the archive."""
    (tmp_path / "source.mp4").write_bytes(BYTES)
    stored = store.put(tmp_path / "source.mp4")
    return day.do(service.register, a_new(day, **changes), stored, actor=day.scene.manager)


def an_office(day: Day) -> Actor:
    with open_work(day.platform, SYSTEM) as work:
        place = an_organisation(work, "ntc").id
        return Actor(frozenset({Role.OFFICE}), a_staff_member(work, Role.OFFICE, organisation_id=place), "", place)


def acts(day: Day, begins: str = "recording:") -> list[str]:
    with day.platform.database.reading() as db:
        lines = select(JournalEntry.act).where(JournalEntry.act.startswith(begins)).order_by(JournalEntry.seq)
        return list(db.execute(lines).scalars())


def after(day: Day, last: date) -> None:
    """The clock stands at noon of the day after the last one."""
    noon = datetime(last.year, last.month, last.day, 6, tzinfo=day.scene.starts_at.tzinfo) + timedelta(days=1)
    day.clock.advance((noon - day.clock.now()).total_seconds())


def test_VS_1_what_is_due_goes_and_what_is_held_stays(day: Day, store: FileStore, tmp_path: Path) -> None:
    made = kept(day, store, tmp_path)
    assert kept(day, store, tmp_path) == made, "the same upload twice"
    with open_work(day.platform, SYSTEM) as work:
        last = queries.recording(work, made).keep_until
    assert last == day.scene.edition.get("VS-1.archive", ArchiveRule).keep_until(day.scene.starts_at + HOUR)
    assert service.remove_due(day.platform, store) == []
    office = an_office(day)
    hold = day.do(service.place_hold, "An appeal on the morning", actor=office)
    after(day, last)
    assert service.remove_due(day.platform, store) == []
    assert store.has(DIGEST)
    with open_work(day.platform, office) as work:
        service.lift_hold(work, hold, "The appeal is decided")
    assert service.remove_due(day.platform, store) == [made]
    assert service.remove_due(day.platform, store) == []
    assert not store.has(DIGEST)
    with day.platform.database.reading() as db:
        removal = db.execute(select(RecordingRemoval)).scalars().one()
        assert removal.ruling["code"] == "recording_deletable"
        assert db.execute(select(Recording.digest)).scalars().all() == [DIGEST]
    assert acts(day) == ["recording:registered", "recording:held", "recording:released", "recording:removed"]
    with open_work(day.platform, SYSTEM) as work:
        (camera,) = queries.camera_coverage(work, day.scene.room)
    assert camera.recordings[0].is_removed
    assert len(camera.found.covered) == 1, "what was recorded was recorded"


def test_bytes_that_another_recording_needs_stay(day: Day, store: FileStore, tmp_path: Path) -> None:
    first = kept(day, store, tmp_path)
    later = kept(day, store, tmp_path, begins_at=day.scene.starts_at + HOUR, ends_at=day.scene.starts_at + 2 * HOUR)
    assert first != later
    assert list(job.verify(day.platform, store)) == []
    store.remove(DIGEST)
    assert list(job.verify(day.platform, store)) == [f"{DIGEST}: recording_missing"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"camera_id": 999_999}, "not_found"),
        ({"file_name": "..\\..\\boot.ini"}, "recording_kind_unknown"),
        ({"file_name": "../../etc/passwd"}, "recording_kind_unknown"),
        ({"file_name": "film.mp4.exe"}, "recording_kind_unknown"),
    ],
)
def test_what_cannot_be_true_is_refused(day: Day, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CatError, match=code):
        day.do(service.check_recording, a_new(day, **changes), actor=day.scene.manager)


@pytest.mark.parametrize(("begins", "ends"), [(2, 1), (1, 1), (-25, 1), (4, 6)])
def test_a_range_is_of_that_day_and_past(day: Day, begins: int, ends: int) -> None:
    start = day.scene.starts_at
    new = a_new(day, begins_at=start + begins * HOUR, ends_at=start + ends * HOUR)
    with pytest.raises(Invalid, match="recording_range_malformed"):
        day.do(service.check_recording, new, actor=day.scene.manager)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-40T09:00", "9999-12-31T23:59"])
def test_an_hour_that_is_none_is_refused(day: Day, text: str) -> None:
    def asked() -> None:
        at = service.said_instant(text, "Asia/Bishkek")
        day.do(service.check_recording, a_new(day, ends_at=at), actor=day.scene.manager)

    with pytest.raises(Invalid, match="recording_range_malformed"):
        asked()


def test_a_folder_is_registered_line_by_line(day: Day, store: FileStore, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(BYTES)
    (tmp_path / "outside.mp4").write_bytes(b"not yours")
    (folder / "link.mp4").symlink_to(tmp_path / "outside.mp4")
    zone = day.scene.edition.zone
    begins, ends = (f"{day.scene.starts_at.astimezone(zone) + n * HOUR:%Y-%m-%dT%H:%M:%S}" for n in (0, 1))
    lines = [("a.mp4", "C1", DIGEST), ("../outside.mp4", "C1", ""), ("link.mp4", "C1", ""), ("a.mp4", "C1", "0" * 64),
             ("a.mp4", "no such", ""), ("gone.mp4", "C1", "")]
    text = "file,camera,begins,ends,sha256\n" + "".join(f"{f},{c},{begins},{ends},{d}\n" for f, c, d in lines)
    (folder / job.MANIFEST).write_text(text)
    faults = list(job.register(day.platform, store, day.scene.room, folder))
    assert [each.split(":")[0] for each in faults] == ["line 3", "line 4", "line 5", "line 6", "line 7"]
    assert "file_outside_folder" in faults[0]
    with open_work(day.platform, SYSTEM) as work:
        (camera,) = queries.camera_coverage(work, day.scene.room)
    assert [each.digest for each in camera.recordings] == [DIGEST]


@pytest.fixture
def here(app: Flask, day: Day, store: FileStore) -> str:
    app.extensions["synak_archive"] = store
    return f"/centre/room-sittings/{day.scene.room}/recordings"


def manager(day: Day, client_as: Callable[..., FlaskClient]) -> FlaskClient:
    client = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    client.set_cookie("synak_lang", "en")
    return client


def send(client: FlaskClient, here: str, part: bytes, offset: int = 0, **changes: Any) -> Any:
    key = changes.get("key", "ab" * 32)
    digest = changes.get("digest", hashlib.sha256(part).hexdigest())
    return client.post(f"{here}/parts?key={key}&offset={offset}", data=part, headers={"X-Part-SHA256": digest},
                       content_type="application/octet-stream")  # fmt: skip


def test_an_upload_goes_on_where_it_stopped_and_is_read_on_record(
    day: Day, here: str, client_as: Callable[..., FlaskClient], app: Flask
) -> None:
    client = manager(day, client_as)
    assert send(client, here, BYTES[:4000]).get_json() == {"size": 4000}
    assert send(client, here, b"").get_json() == {"size": 4000}
    zone = day.scene.edition.zone
    ask = {"key": "ab" * 32, "camera_id": a_new(day).camera_id, "size": len(BYTES), "file_name": "K1.mp4",
           "begins": f"{day.scene.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
           "ends": f"{(day.scene.starts_at + HOUR).astimezone(zone):%Y-%m-%dT%H:%M:%S}"}
    assert client.post(here, json=ask).get_json()["error"]["code"] == "upload_incomplete"
    assert send(client, here, BYTES[4000:], 4000).get_json() == {"size": len(BYTES)}
    made = client.post(here, json={**ask, "sha256": DIGEST})
    assert made.get_json()["sha256"] == DIGEST, made.text
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    page = client.get(here).text
    assert "Gap" in page
    assert DIGEST[:16] in page
    read = client.get(f"/centre/recordings/{made.get_json()['id']}")
    assert read.data == BYTES
    assert read.headers["Content-Disposition"].startswith("attachment")
    assert acts(day)[-1] == "recording:read"
    office = an_office(day)
    reader = client_as(Role.OFFICE, id=office.id, organisation_id=office.organisation_id)
    reader.set_cookie("synak_lang", "en")
    reader.environ_base["HTTP_ACCEPT"] = "text/html"
    assert DIGEST[:16] in reader.get(f"/office/sittings/{day.scene.sitting}/video").text
    held = reader.post(f"/office/room-sittings/{day.scene.room}/holds", data={"reason": " "})
    assert held.status_code == 422
    assert reader.post(f"/office/room-sittings/{day.scene.room}/holds", data={"reason": "An appeal"}).status_code == 303
    assert "Lift the hold" in reader.get(f"/office/sittings/{day.scene.sitting}/video").text


@pytest.mark.parametrize(
    ("part", "changes", "code"),
    [
        (b"x", {"digest": "0" * 64}, "part_damaged"),
        (b"x", {"key": "..%2F..%2Fetc"}, "upload_key_malformed"),
        (b"x" * (PART_MAX + 1), {}, "part_too_large"),
        (b"x", {"offset": -1}, "part_too_large"),
        (b"x", {"offset": 4 * 1024**3}, "part_too_large"),
        (b"x", {"offset": "²"}, "part_too_large"),
    ],
)
def test_a_hostile_part_leaves_nothing(
    day: Day, here: str, client_as: Callable[..., FlaskClient], tmp_path: Path, part: bytes, changes: dict[str, Any],
    code: str,
) -> None:  # fmt: skip
    reply = send(manager(day, client_as), here, part, changes.pop("offset", 0), **changes)
    assert reply.get_json()["error"]["code"] == code
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_what_a_room_keeps_counts_against_what_it_may_upload(
    day: Day, app: Flask, here: str, client_as: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    large = Stored(DIGEST, GIB - 3)
    made = day.do(service.register, a_new(day), large, actor=day.scene.manager)
    app.extensions["synak_archive"] = FileStore(tmp_path / "archive", Limits(GIB, 0))
    client = manager(day, client_as)
    assert send(client, here, b"abc").get_json() == {"size": 3}
    refused = send(client, here, b"d", 3)
    assert refused.get_json()["error"]["code"] == "room_uploads_full"
    assert "1 GB" in refused.get_json()["error"]["message"]
    with open_work(day.platform, SYSTEM) as work:
        last = queries.recording(work, made).keep_until
        assert queries.kept_bytes(work, day.scene.room) == GIB - 3
    after(day, last)
    assert service.remove_due(day.platform, FileStore(tmp_path / "archive")) == [made]
    assert send(client, here, b"d", 3).get_json() == {"size": 4}, "what was removed counts no more"


def test_a_silent_storage_is_said_and_the_sweep_goes_on_another_day(
    day: Day, app: Flask, here: str, store: FileStore, client_as: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    silent = open_store(ArchiveSettings(bucket="synak", endpoint="http://127.0.0.1:9", key_id="a", secret="b",
                                        incoming=tmp_path / "archive" / "incoming"))  # fmt: skip
    app.extensions["synak_archive"] = silent
    client = manager(day, client_as)
    assert send(client, here, BYTES).get_json() == {"size": len(BYTES)}
    path = tmp_path / "archive" / "incoming" / f"{day.scene.room}-{'ab' * 32}"
    zone = day.scene.edition.zone
    ask = {"key": "ab" * 32, "camera_id": a_new(day).camera_id, "size": len(BYTES), "file_name": "K1.mp4",
           "begins": f"{day.scene.starts_at.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
           "ends": f"{(day.scene.starts_at + HOUR).astimezone(zone):%Y-%m-%dT%H:%M:%S}"}
    said = client.post(here, json=ask)
    assert said.status_code == 503
    assert "Nothing is lost" in said.get_json()["error"]["message"]
    assert path.read_bytes() == BYTES
    week_ago = (day.clock.now() - service.STALE).timestamp()
    os.utime(path, (week_ago - 1, week_ago - 1))
    assert list(job.retain(day.platform, silent)) == ["unfinished uploads: archive_unreachable"]
    assert path.exists()
    assert list(job.retain(day.platform, store)) == []
    assert not path.exists()


def test_without_an_archive_nothing_is_taken(day: Day, client_as: Callable[..., FlaskClient]) -> None:
    path = f"/centre/room-sittings/{day.scene.room}/recordings"
    assert send(manager(day, client_as), path, b"x").get_json()["error"]["code"] == "archive_not_set_up"
