"""Which cameras a room has, under which waiver it serves a sitting, and whether it may be opened (VS-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from proctor.cameras.models import Camera, CameraWaiver
from proctor.rooms.rules import CamerasRule
from server.core.regulation import Edition, Ruling, editions
from server.core.work import Work


@dataclass(frozen=True)
class CameraRef:
    """A camera of a room."""

    id: int
    room_id: int
    name: str
    place: str
    is_working: bool
    state_since: datetime


@dataclass(frozen=True)
class WaiverRef:
    """The waiver that stands for a room in a sitting."""

    order_number: str
    reason: str
    granted_by: str
    recorded_at: datetime

    def fields(self) -> dict[str, str]:
        """Its fields as the rule names them."""
        return {"order_number": self.order_number, "reason": self.reason, "granted_by": self.granted_by}


def cameras_of(work: Work, room_id: int) -> list[CameraRef]:
    """The cameras of a room, by name."""
    rows = work.db.execute(select(Camera).where(Camera.room_id == room_id).order_by(Camera.name)).scalars()
    return [reference(row) for row in rows]


def camera_counts(work: Work, room_id: int) -> tuple[int, int]:
    """How many cameras of the room work, and how many it has."""
    states = [each.is_working for each in cameras_of(work, room_id)]
    return sum(states), len(states)


def waiver_of(work: Work, room_sitting_id: int) -> WaiverRef | None:
    """The last waiver recorded for the room in the sitting."""
    row = work.db.execute(
        select(CameraWaiver)
        .where(CameraWaiver.room_sitting_id == room_sitting_id)
        .order_by(CameraWaiver.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return None
    return WaiverRef(row.order_number, row.reason, row.granted_by, row.recorded_at)


def judge_opening(work: Work, room_id: int, room_sitting_id: int, edition: Edition) -> Ruling:
    """Whether the room has the working cameras that the edition asks for, or a waiver (VS-1)."""
    waiver = waiver_of(work, room_sitting_id)
    working, _all = camera_counts(work, room_id)
    return edition.get("VS-1", CamerasRule).judge(working, waiver.fields() if waiver else None)


def law_zone() -> str:
    """The time zone of the newest edition in force, for pages that belong to no sitting."""
    return max((each for each in editions() if not each.fictitious), key=lambda each: each.version).zone.key


def reference(row: Camera) -> CameraRef:
    """What others see of the row."""
    return CameraRef(row.id, row.room_id, row.name, row.place, row.is_working, row.state_since)
