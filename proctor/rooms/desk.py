"""What the desk decided of each candidate, as the console shows it, and how a change of it is announced."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, cast

from sqlalchemy import func, select

from proctor.irregularities.protocols import Progress, progress
from proctor.irregularities.queries import Tally, tallies
from proctor.monitoring.wire import (
    ActingView,
    DeskChanged,
    DeskView,
    DutyChanged,
    RoomChanged,
    RoomTimes,
    SeatMoved,
)
from proctor.rooms.duty import acting_in
from proctor.rooms.models import Admission, IdentityCheck, RoomSitting
from server.core.db import batches
from server.core.events import Event
from server.core.work import Work

Verdict = Literal["unchecked", "confirmed", "refused"]
Sign = Literal["inside_elsewhere", "of_another", "shown_before"]
FINGERPRINT = 12  # of 64: enough to compare by eye
VERDICTS: dict[str, Verdict] = {"confirmed": "confirmed", "refused": "refused"}


def latest_checks(work: Work, session_ids: Collection[int]) -> dict[int, IdentityCheck]:
    """The last identity check of each session that has one; earlier ones stay in the table."""
    found: dict[int, IdentityCheck] = {}
    for some in batches(session_ids):
        last = select(func.max(IdentityCheck.id)).where(IdentityCheck.session_id.in_(some))
        newest = select(IdentityCheck).where(IdentityCheck.id.in_(last.group_by(IdentityCheck.session_id)))
        found |= {row.session_id: row for row in work.db.scalars(newest)}
    return found


def admissions(work: Work, session_ids: Collection[int]) -> dict[int, Admission]:
    """The admission of each session that was let in."""
    return {
        row.session_id: row for some in batches(session_ids)
        for row in work.db.scalars(select(Admission).where(Admission.session_id.in_(some)))
    }  # fmt: skip


def desk_views(work: Work, session_ids: Collection[int]) -> dict[int, DeskView]:
    """The desk's view of each session asked for."""
    checks, let_in = latest_checks(work, session_ids), admissions(work, session_ids)
    counted = tallies(work, session_ids)
    written = progress(work, [each for each, tally in counted.items() if tally.is_removed])
    return {
        each: _view(
            checks.get(each), let_in.get(each), counted.get(each, Tally()), written.get(each, "none")
        )
        for each in session_ids
    }


def announce_desk(work: Work, room: RoomSitting, session_id: int) -> None:
    """The consoles of the room will hear how the desk now stands with a candidate."""
    work.db.flush()  # the view is read back by queries
    body = DeskChanged(session_id=session_id, desk=desk_views(work, [session_id])[session_id])
    work.publish(Event(room.topic, "desk:changed", body.model_dump(mode="json")))


def announce_seat(work: Work, room: RoomSitting, session_id: int, seat_id: int) -> None:
    """The consoles of the room will hear who sits where."""
    body = SeatMoved(session_id=session_id, seat_id=seat_id)
    work.publish(Event(room.topic, "seat:moved", body.model_dump(mode="json")))


def announce_room(work: Work, room: RoomSitting) -> None:
    """The consoles of the room will hear in which state it is."""
    body = RoomChanged(room=room_times(room))
    work.publish(Event(room.topic, "room:changed", body.model_dump(mode="json")))


def announce_duty(work: Work, room: RoomSitting) -> None:
    """The consoles of the room will hear who acts in it; all others see it and change nothing."""
    work.db.flush()  # who acts is read back by a query
    body = DutyChanged(acting=acting_views(work, room.id))
    work.publish(Event(room.topic, "duty:changed", body.model_dump(mode="json")))


def acting_views(work: Work, room_sitting_id: int) -> list[ActingView]:
    """Who acts in the room, as the wire carries it."""
    return [ActingView(staff_id=each, name=name) for each, name in acting_in(work, room_sitting_id).items()]


def room_times(room: RoomSitting) -> RoomTimes:
    """State and times of a room as the wire carries them."""
    return RoomTimes.model_validate(
        {
            "state": room.state,
            "started_at": room.started_at and room.started_at.isoformat(),
            "late_until": room.late_until and room.late_until.isoformat(),
            "ends_at": room.ends_at and room.ends_at.isoformat(),
        }
    )


def _double(check: IdentityCheck | None) -> Sign | None:
    found = check.ruling["facts"].get("doubles") if check else None
    return cast("Sign", found[0][0]) if found else None


def _view(
    check: IdentityCheck | None, admission: Admission | None, tally: Tally, protocol: Progress
) -> DeskView:
    return DeskView(
        identity=VERDICTS[check.verdict] if check else "unchecked",
        document=check.document_kind if check else None,
        checked_at=check.checked_at.isoformat() if check else None,
        fingerprint=check.fingerprint[:FINGERPRINT] if check else None,
        has_picture=bool(check and check.picture_digest),
        double=_double(check),
        admitted_at=admission.admitted_at.isoformat() if admission else None,
        late_s=admission.late_s if admission else None,
        warnings=tally.warnings,
        is_removed=tally.is_removed,
        protocol=protocol,
    )
