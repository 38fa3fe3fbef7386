"""What pages show of recordings: those of a room in a sitting, what holds them, and how much they cover (VS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from proctor.archive.coverage import Coverage, Span, coverage
from proctor.archive.models import Recording, RecordingHold, RecordingRemoval
from proctor.archive.rules import ArchiveRule
from proctor.cameras.queries import CameraRef, cameras_of
from proctor.rooms import queries as rooms
from proctor.rooms.models import RoomSitting
from server import delivery
from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.rules import SectionTimeRule
from server.delivery.service.planning import session_end


@dataclass(frozen=True)
class RecordingRef:
    """A recording; `is_removed` says that its bytes are gone."""

    id: int
    room_sitting_id: int
    camera_id: int
    begins_at: datetime
    ends_at: datetime
    digest: str
    size: int
    extension: str
    keep_until: date
    is_removed: bool


@dataclass(frozen=True)
class CameraCoverage:
    """A camera with its recordings of a sitting and what they cover of it."""

    camera: CameraRef
    recordings: tuple[RecordingRef, ...]
    found: Coverage


def archive_rule(work: Work, room_sitting_id: int) -> ArchiveRule:
    """The rule of the edition that the room's sitting pins."""
    room = work.db.get_one(RoomSitting, room_sitting_id)
    return delivery.sitting_ref(work, room.sitting_id).edition.get("VS-1.archive", ArchiveRule)


def lock_recordings(work: Work, room_sitting_id: int) -> None:
    """Nobody else holds or removes recordings of the room before this work ends."""
    lock = select(RoomSitting.id).where(RoomSitting.id == room_sitting_id).with_for_update()
    if work.db.execute(lock).first() is None:
        raise NotFound("not_found")


def recording(work: Work, recording_id: int) -> RecordingRef:
    """One recording; NotFound if there is none."""
    row = work.db.get(Recording, recording_id)
    if row is None:
        raise NotFound("not_found")
    return _reference(row, _removed_ids(work, row.room_sitting_id))


def recordings_of(work: Work, room_sitting_id: int) -> list[RecordingRef]:
    """The recordings of a room in a sitting, in order."""
    of_room = select(Recording).where(Recording.room_sitting_id == room_sitting_id)
    rows = work.db.execute(of_room.order_by(Recording.begins_at, Recording.id)).scalars()
    removed = _removed_ids(work, room_sitting_id)
    return [_reference(row, removed) for row in rows]


def holds_on(work: Work, room_sitting_id: int) -> list[RecordingHold]:
    """The holds on the room's recordings, lifted ones too."""
    of_room = select(RecordingHold).where(RecordingHold.room_sitting_id == room_sitting_id)
    return list(work.db.execute(of_room.order_by(RecordingHold.id)).scalars())


def camera_coverage(work: Work, room_sitting_id: int) -> list[CameraCoverage]:
    """Each camera of the room with what it recorded of the sitting; removed recordings still count as made."""
    room = work.db.get_one(RoomSitting, room_sitting_id)
    rule, window = archive_rule(work, room_sitting_id), _window(work, room)
    known = recordings_of(work, room_sitting_id)
    found = []
    for camera in cameras_of(work, room.room_id):
        own = tuple(each for each in known if each.camera_id == camera.id)
        spans = [Span(each.begins_at, each.ends_at) for each in own]
        found.append(CameraCoverage(camera, own, coverage(rule, window, spans)))
    return found


def room_sittings_in(work: Work, sitting_id: int) -> list[rooms.RoomSittingRef]:
    """The rooms of a sitting, at whichever centre."""
    ids = select(RoomSitting.id).where(RoomSitting.sitting_id == sitting_id).order_by(RoomSitting.id)
    found = (rooms.room_sitting(work, each) for each in work.db.execute(ids).scalars())
    return [each for each in found if each is not None]


def past_their_day(work: Work) -> list[int]:
    """The recordings with bytes whose last day is over somewhere; the rule of each has the last word."""
    gone = select(RecordingRemoval.recording_id)
    today = (work.now + timedelta(days=1)).date()
    over = select(Recording.id).where(Recording.keep_until < today, Recording.id.not_in(gone))
    return list(work.db.execute(over.order_by(Recording.id)).scalars())


def digests_without_need(work: Work) -> set[str]:
    """Digests of removed recordings that no other recording has."""
    gone = select(RecordingRemoval.recording_id)
    needed = select(Recording.digest).where(Recording.id.not_in(gone))
    free = select(Recording.digest).where(Recording.id.in_(gone), Recording.digest.not_in(needed))
    return set(work.db.execute(free).scalars())


def kept_bytes(work: Work, room_sitting_id: int) -> int:
    """How many bytes the archive keeps of the room in that sitting."""
    gone = select(RecordingRemoval.recording_id)
    kept = select(func.coalesce(func.sum(Recording.size), 0)).where(
        Recording.room_sitting_id == room_sitting_id, Recording.id.not_in(gone)
    )
    return int(work.db.execute(kept).scalar_one())


def kept_digests(work: Work) -> dict[str, int]:
    """The digest and size of every recording whose bytes are still to be there."""
    gone = select(RecordingRemoval.recording_id)
    kept = select(Recording.digest, Recording.size).where(Recording.id.not_in(gone))
    return {row.digest: row.size for row in work.db.execute(kept)}


def _window(work: Work, room: RoomSitting) -> Span:
    """From the start to the closing; as planned where it is still to come."""
    sitting = delivery.sitting_ref(work, room.sitting_id)
    begins = room.started_at or sitting.starts_at
    times = sitting.edition.get("DC-12", SectionTimeRule)
    ends = room.closed_at or room.ends_at or session_end(times, list(sitting.limits_s), begins)
    return Span(begins, max(ends, begins + timedelta(seconds=1)))


def _removed_ids(work: Work, room_sitting_id: int) -> set[int]:
    gone = select(RecordingRemoval.recording_id).join(
        Recording, Recording.id == RecordingRemoval.recording_id
    )
    return set(work.db.execute(gone.where(Recording.room_sitting_id == room_sitting_id)).scalars())


def _reference(row: Recording, removed: set[int]) -> RecordingRef:
    return RecordingRef(
        row.id, row.room_sitting_id, row.camera_id, row.begins_at, row.ends_at, row.digest, row.size,
        row.extension, row.keep_until, row.id in removed,
    )  # fmt: skip
