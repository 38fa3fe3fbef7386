"""Commands on recordings: registered, held, and removed when their time is over and nothing holds them (VS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from zoneinfo import ZoneInfo

from sqlalchemy import select

from proctor.archive import queries
from proctor.archive.access import require_office
from proctor.archive.incoming import Stored
from proctor.archive.models import Recording, RecordingHold, RecordingRemoval
from proctor.archive.rules import ArchiveRule
from proctor.archive.store import Store
from proctor.cameras.queries import cameras_of
from proctor.rooms.duty import own_room_sitting
from server import delivery
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_reading, open_work

EXTENSIONS = ("mp4", "mkv", "webm", "avi", "ts")
REASON_MIN, REASON_MAX = 3, 500
NEAR = timedelta(days=1)
STALE = timedelta(days=7)


@dataclass(frozen=True)
class NewRecording:
    """What is said of a recording before its bytes are asked: which camera, from when to when, its file's name."""

    camera_id: int
    begins_at: datetime
    ends_at: datetime
    file_name: str


def said_instant(text: str, zone: str) -> datetime:
    """The instant of a date and hour as a clock of that zone shows it, or with an offset of its own."""
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        raise Invalid("recording_range_malformed") from None


def check_recording(work: Work, room_sitting_id: int, new: NewRecording) -> str:
    """The extension of a recording that may be registered there; refused if anything about it cannot be true."""
    room, where = own_room_sitting(work, room_sitting_id)
    if new.camera_id not in [each.id for each in cameras_of(work, where.id)]:
        raise NotFound("not_found")
    starts_at = delivery.sitting_ref(work, room.sitting_id).starts_at
    if not starts_at - NEAR < new.begins_at < new.ends_at <= min(work.now, starts_at + NEAR):
        raise Invalid("recording_range_malformed")
    # The name alone, whichever machine it comes from; it is never used as a path.
    name = PureWindowsPath(PurePosixPath(new.file_name).name).name
    extension = name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS:
        raise Invalid("recording_kind_unknown", extensions=", ".join(EXTENSIONS))
    return extension


def register(work: Work, room_sitting_id: int, new: NewRecording, stored: Stored) -> int:
    """The recording stands in the archive, to be kept as long as the edition says; harmless twice."""
    extension = check_recording(work, room_sitting_id, new)
    known = select(Recording.id).where(
        Recording.room_sitting_id == room_sitting_id, Recording.camera_id == new.camera_id,
        Recording.begins_at == new.begins_at, Recording.digest == stored.digest,
    )  # fmt: skip
    found = work.db.execute(known).scalar_one_or_none()
    if found is not None:
        return found
    row = Recording(
        room_sitting_id=room_sitting_id, camera_id=new.camera_id, begins_at=new.begins_at, ends_at=new.ends_at,
        digest=stored.digest, size=stored.size, extension=extension,
        keep_until=queries.archive_rule(work, room_sitting_id).keep_until(new.ends_at),
        recorded_by=work.actor.id, recorded_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("recording:registered", f"recording:{row.id}", clause="VS-1", room_sitting_id=room_sitting_id,
                camera_id=row.camera_id, begins_at=row.begins_at, ends_at=row.ends_at, sha256=row.digest,
                size=row.size, keep_until=row.keep_until)  # fmt: skip
    return row.id


def record_reading(work: Work, recording_id: int) -> queries.RecordingRef:
    """The recording, if its centre or an office above it asks; that it was read is in the journal."""
    found = queries.recording(work, recording_id)
    if work.actor.may(Role.OFFICE):
        require_office(work, found.room_sitting_id)
    else:
        own_room_sitting(work, found.room_sitting_id)
    if found.is_removed:
        raise NotFound("recording_removed")
    work.record("recording:read", f"recording:{recording_id}", clause="VS-1", sha256=found.digest)
    return found


def place_hold(work: Work, room_sitting_id: int, reason: str) -> int:
    """Nothing recorded in the room in that sitting is removed until the hold is lifted."""
    queries.lock_recordings(work, room_sitting_id)
    require_office(work, room_sitting_id)
    row = RecordingHold(room_sitting_id=room_sitting_id, reason=_reason(reason), placed_by=work.actor.id,
                        placed_at=work.now)  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record(
        "recording:held", f"room_sitting:{room_sitting_id}", clause="VS-1", hold=row.id, reason=row.reason
    )
    return row.id


def lift_hold(work: Work, hold_id: int, reason: str) -> int:
    """The hold stands no more; the room sitting it was on. A lifted one stays as it was."""
    row = work.db.get(RecordingHold, hold_id)
    if row is None:
        raise NotFound("not_found")
    require_office(work, row.room_sitting_id)
    if row.lifted_at is None:
        row.lift_reason, row.lifted_by, row.lifted_at = _reason(reason), work.actor.id, work.now
        work.record("recording:released", f"room_sitting:{row.room_sitting_id}", clause="VS-1", hold=row.id,
                    reason=row.lift_reason)  # fmt: skip
    return row.room_sitting_id


def remove_due(platform: Platform, store: Store) -> list[int]:
    """Every recording whose time is over and that nothing holds: first on record, then its bytes; their ids."""
    with open_reading(platform, SYSTEM) as work:
        due = queries.past_their_day(work)
    removed = [each for each in due if _removed(platform, each)]
    with open_reading(platform, SYSTEM) as work:
        orphans = queries.digests_without_need(work)
    for digest in orphans:  # those of a run that was cut off as well
        store.remove(digest)
    return removed


def remove_stale(platform: Platform, store: Store) -> list[str]:
    """What was uploaded in part and left alone for a week is gone; its names."""
    return store.sweep((platform.clock.now() - STALE).timestamp())


def _removed(platform: Platform, recording_id: int) -> bool:
    with open_work(platform, SYSTEM) as work:
        row = work.db.get_one(Recording, recording_id)
        # Lock before reading holds: an office may place one at this moment.
        queries.lock_recordings(work, row.room_sitting_id)
        rule: ArchiveRule = queries.archive_rule(work, row.room_sitting_id)
        holds = [
            str(each.id) for each in queries.holds_on(work, row.room_sitting_id) if each.lifted_at is None
        ]
        ruling = rule.judge(row.ends_at, work.now, holds)
        known = select(RecordingRemoval.id).where(RecordingRemoval.recording_id == recording_id)
        if not ruling.allowed or work.db.execute(known).first() is not None:
            return False
        work.db.add(RecordingRemoval(recording_id=row.id, ruling=ruling.to_json(), removed_at=work.now))
        work.record("recording:removed", f"recording:{row.id}", clause=ruling.clause, sha256=row.digest,
                    ruling=ruling.to_json())  # fmt: skip
    return True


def _reason(text: str) -> str:
    text = text.strip()
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise Invalid("hold_reason_malformed", maximum=REASON_MAX)
    return text
