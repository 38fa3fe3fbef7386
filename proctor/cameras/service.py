"""Commands on cameras: registered by the centre, said to work or not, and waived for one sitting by an order (VS-1)."""

from __future__ import annotations

from sqlalchemy import select

from proctor.cameras.models import Camera, CameraWaiver
from proctor.rooms.duty import own_room, own_room_sitting, require_state
from proctor.rooms.rules import CamerasRule
from server import delivery
from server.core.errors import Invalid, NotFound
from server.core.regulation import Ruling
from server.core.work import Work

NAME_MAX, PLACE_MAX = 40, 120
ORDER_MAX, REASON_MAX, GRANTED_BY_MAX = 60, 500, 120


def add_camera(work: Work, room_id: int, name: str, place: str) -> int:
    """The room has this camera, and it works from now on."""
    room = own_room(work, room_id)
    name, place = " ".join(name.split()), " ".join(place.split())
    if not (0 < len(name) <= NAME_MAX and 0 < len(place) <= PLACE_MAX):
        raise Invalid("camera_malformed", name_max=NAME_MAX, place_max=PLACE_MAX)
    if work.db.execute(select(Camera.id).where(Camera.room_id == room_id, Camera.name == name)).first():
        raise Invalid("camera_name_taken", name=name)
    row = Camera(room_id=room.id, name=name, place=place, is_working=True, state_since=work.now)
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("camera:added", f"camera:{row.id}", clause="VS-1", room_id=room.id, name=name, place=place)
    return row.id


def set_working(work: Work, camera_id: int, is_working: bool) -> int:
    """The camera works, or does not, from now on; its room. Saying so twice changes nothing."""
    row = work.db.get(Camera, camera_id)
    if row is None:
        raise NotFound("not_found")
    own_room(work, row.room_id)
    if row.is_working != is_working:
        row.is_working, row.state_since = is_working, work.now
        act = "camera:works" if is_working else "camera:failed"
        work.record(act, f"camera:{row.id}", clause="VS-1", room_id=row.room_id, name=row.name)
    return row.room_id


def record_waiver(
    work: Work, room_sitting_id: int, *, order_number: str, reason: str, granted_by: str
) -> Ruling:
    """The room may be opened for this sitting without its cameras, by an order with its reason and its giver."""
    room, _where = own_room_sitting(work, room_sitting_id)
    require_state(room, "planned")
    fields = {
        "order_number": " ".join(order_number.split()), "reason": reason.strip(),
        "granted_by": " ".join(granted_by.split()),
    }  # fmt: skip
    limits = {"order_number": ORDER_MAX, "reason": REASON_MAX, "granted_by": GRANTED_BY_MAX}
    for field, limit in limits.items():
        if not fields[field]:
            raise Invalid("waiver_field_missing")
        if len(fields[field]) > limit:
            raise Invalid("waiver_field_long", maximum=limit)
    rule = delivery.sitting_ref(work, room.sitting_id).edition.get("VS-1", CamerasRule)
    ruling = rule.judge(0, fields).or_refuse()
    work.db.add(
        CameraWaiver(
            room_sitting_id=room.id, **fields, ruling=ruling.to_json(), recorded_by=work.actor.id,
            recorded_at=work.now,
        )
    )  # fmt: skip
    work.record("camera:waived", f"room_sitting:{room.id}", clause=ruling.clause, **fields)
    return ruling
