"""The timetable of a centre: proposed from its plan, approved by order with outside observers (CS-3, CS-8)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from proctor.observers.models import Timetable, TimetableApproval
from proctor.rooms.duty import own_centre
from proctor.rooms.models import Room, RoomSitting
from proctor.rooms.rules import ObserversRule
from server import accounts, delivery
from server.candidates.rules import SubjectsRule
from server.core.errors import Invalid, NotFound, Stale
from server.core.i18n import language, local_time
from server.core.regulation import Ruling
from server.core.vault import digest
from server.core.work import Work

ORDER_MAX, NAME_MAX = 60, 120


@dataclass(frozen=True)
class Attendee:
    """An observer who took part in approving a timetable."""

    kind: str
    name: str


@dataclass(frozen=True)
class Shown:
    """A line of a timetable in the reader's language."""

    title: str
    starts: str
    order_no: str
    subjects: str
    rooms: str


@dataclass(frozen=True)
class TimetableRef:
    """A timetable as pages show it; without an order it is only proposed."""

    id: int
    centre_id: int
    centre: str
    lines: tuple[Mapping[str, Any], ...]
    digest: str
    proposed_at: datetime
    order_no: str | None
    attendees: tuple[Attendee, ...]
    shown: tuple[Shown, ...]


def planned_lines(work: Work, centre_id: int) -> list[dict[str, Any]]:
    """The centre's plan as data: each sitting to come with its hour, order, subjects and rooms."""
    found = work.db.execute(
        select(RoomSitting.sitting_id, Room.name, Room.id)
        .join(Room, Room.id == RoomSitting.room_id)
        .where(Room.centre_id == centre_id, RoomSitting.state != "closed")
        .order_by(RoomSitting.sitting_id, Room.name)
    ).all()
    lines = []
    for sitting_id in sorted({row.sitting_id for row in found}):
        ref = delivery.sitting_ref(work, sitting_id)
        rooms = [{"id": row.id, "name": row.name} for row in found if row.sitting_id == sitting_id]
        lines.append({"sitting": sitting_id, "titles": dict(ref.titles), "starts_at": ref.starts_at.isoformat(),
                      "zone": ref.zone, "order": ref.order_no, "subjects": list(ref.subjects), "rooms": rooms})
    return lines


def propose(work: Work, centre_id: int) -> int:
    """The centre's plan as it now stands waits for its approval."""
    own_centre(work, centre_id)
    lines = planned_lines(work, centre_id)
    if not lines:
        raise Invalid("timetable_empty")
    row = Timetable(centre_id=centre_id, lines=lines, digest=digest_of(lines), proposed_by=work.actor.id,
                    proposed_at=work.now)  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("timetable:proposed", f"timetable:{row.id}", clause="CS-3", centre=centre_id, digest=row.digest)
    return row.id


def approve(work: Work, timetable_id: int, order_no: str, attendees: Sequence[Attendee]) -> Ruling:
    """The timetable is approved by this order; refused where too few kinds of observers took part (CS-3)."""
    row = work.db.get(Timetable, timetable_id, with_for_update=True)
    if row is None:
        raise NotFound("not_found")
    known = select(TimetableApproval.id).where(TimetableApproval.timetable_id == timetable_id)
    if work.db.execute(known).first() is not None:
        raise Stale("timetable_approved_before")
    order_no = " ".join(order_no.split())
    named = [Attendee(each.kind, " ".join(each.name.split())) for each in attendees if each.name.strip()]
    if not 0 < len(order_no) <= ORDER_MAX or any(len(each.name) > NAME_MAX for each in named):
        raise Invalid("timetable_order_missing", maximum=ORDER_MAX)
    rulings = [rule.judge_timetable({each.kind for each in named}).or_refuse() for rule in rules_of(work, row.lines)]
    ruling = max(rulings, key=lambda each: len(each.facts))
    observers = [{"kind": each.kind, "name": each.name} for each in named]
    work.db.add(
        TimetableApproval(
            timetable_id=row.id, order_no=order_no, observers=observers, ruling=ruling.to_json(),
            approved_by=work.actor.id, approved_at=work.now,
        )
    )  # fmt: skip
    work.record("timetable:approved", f"timetable:{row.id}", clause=ruling.clause, order=order_no,
                digest=row.digest, observers=observers)
    return ruling


def judge_opening(work: Work, room: RoomSitting) -> Ruling:
    """Whether the room stands in an approved timetable at the hour of its sitting (CS-3)."""
    sitting = delivery.sitting_ref(work, room.sitting_id)
    where = work.db.get_one(Room, room.room_id)
    rows = work.db.execute(
        select(Timetable, TimetableApproval.order_no)
        .join(TimetableApproval, TimetableApproval.timetable_id == Timetable.id)
        .where(Timetable.centre_id == where.centre_id)
        .order_by(Timetable.id.desc())
    )
    order = next((order for row, order in rows if _has(row, room, sitting)), None)
    return sitting.edition.get("CS-3", ObserversRule).judge_opening(order)


def timetables(work: Work, centre_id: int | None = None) -> list[TimetableRef]:
    """Every timetable of a centre, or of all, the newest first."""
    query = select(Timetable, TimetableApproval).outerjoin(
        TimetableApproval, TimetableApproval.timetable_id == Timetable.id
    )
    if centre_id is not None:
        query = query.where(Timetable.centre_id == centre_id)
    rows = work.db.execute(query.order_by(Timetable.id.desc())).all()
    return [_reference(work, row, approval) for row, approval in rows]


def shown(work: Work, lines: Sequence[Mapping[str, Any]]) -> list[Shown]:
    """The lines as people read them."""
    found = []
    for line in lines:
        rule = delivery.sitting_ref(work, int(line["sitting"])).edition.get("DC-3", SubjectsRule)
        titles = {each.code: each.title(language()) for each in rule.subjects}
        found.append(
            Shown(
                title=line["titles"][language()],
                starts=local_time(datetime.fromisoformat(line["starts_at"]), line["zone"]),
                order_no=line["order"],
                subjects=", ".join(titles.get(code, code) for code in line["subjects"]),
                rooms=", ".join(each["name"] for each in line["rooms"]),
            )
        )
    return found


def centre_of(work: Work, timetable_id: int) -> int:
    """Whose timetable it is."""
    row = work.db.get(Timetable, timetable_id)
    if row is None:
        raise NotFound("not_found")
    return row.centre_id


def rules_of(work: Work, lines: Sequence[Mapping[str, Any]]) -> list[ObserversRule]:
    """What the editions of the sittings in a timetable say of observers."""
    refs = [delivery.sitting_ref(work, int(line["sitting"])) for line in lines]
    return list({ref.edition.digest: ref.edition.get("CS-3", ObserversRule) for ref in refs}.values())


def digest_of(lines: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the canonical text of a timetable: what the order approves, to the letter."""
    return digest(json.dumps(list(lines), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def _has(row: Timetable, room: RoomSitting, sitting: delivery.SittingRef) -> bool:
    # A sitting moved to another hour, and a room added later, are not what was approved.
    return digest_of(row.lines) == row.digest and any(
        line["sitting"] == room.sitting_id
        and line["starts_at"] == sitting.starts_at.isoformat()
        and any(each["id"] == room.room_id for each in line["rooms"])
        for line in row.lines
    )


def _reference(work: Work, row: Timetable, approval: TimetableApproval | None) -> TimetableRef:
    centre = accounts.organisation_of(work, row.centre_id).name(language())
    taking_part = tuple(Attendee(**each) for each in approval.observers) if approval else ()
    return TimetableRef(row.id, row.centre_id, centre, tuple(row.lines), row.digest, row.proposed_at,
                        approval.order_no if approval else None, taking_part, tuple(shown(work, row.lines)))
