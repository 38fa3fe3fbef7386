"""What an observer is shown of a room, and what centre and office are shown of observers (CS-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from proctor.observers.models import Observer, ObserverRemark
from proctor.rooms.duty import own_centre
from proctor.rooms.models import Room, RoomSitting
from proctor.rooms.rules import ObserversRule
from server import accounts, delivery
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.roles import Actor, Role
from server.core.work import Work

# After the sitting's day there is nothing live to be seen.
VISIBLE_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class ObserverRef:
    """An observer as the centre and the office see them."""

    id: int
    name: str
    kind: str
    body: str
    mandate: str
    is_whole: bool
    signed_in_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class ObserverAt:
    """An observer and the centre where they observed."""

    ref: ObserverRef
    centre_id: int
    centre: str


@dataclass(frozen=True)
class RemarkRef:
    """A remark and whose it is."""

    observer_id: int
    room: str
    observer: str
    kind: str
    text: str
    made_at: datetime


def who_observes(work: Work, observer_id: int, lease: int) -> Actor | None:
    """The observer a device speaks for; None once another device, the centre or the day has ended it."""
    row = work.db.get(Observer, observer_id)
    if row is None or row.withdrawn_at is not None or row.lease != lease:
        return None
    if work.now > delivery.sitting_ref(work, row.sitting_id).starts_at + VISIBLE_FOR:
        return None
    return Actor(frozenset({Role.OBSERVER}), row.id, row.name, row.centre_id, lease=lease)


def watched(work: Work, room_sitting_id: int) -> tuple[Observer, RoomSitting]:
    """The acting observer and the room, if they were invited to it; NotFound for any other room."""
    row = work.db.get(Observer, work.actor.id or 0)
    room = work.db.get(RoomSitting, room_sitting_id)
    is_observer = work.actor.may(Role.OBSERVER) and row is not None and row.withdrawn_at is None
    if not is_observer or row is None or room is None or room.id not in _rooms_of(work, row):
        raise NotFound("not_found")
    return row, room


def rooms_to_watch(work: Work) -> list[int]:
    """The rooms that the acting observer was invited to."""
    row = work.db.get(Observer, work.actor.id or 0)
    return [] if row is None else _rooms_of(work, row)


def own_observer(work: Work, observer_id: int, *, to_change: bool = False) -> Observer:
    """An observer at the actor's centre."""
    row = work.db.get(Observer, observer_id, with_for_update=to_change)
    if row is None:
        raise NotFound("not_found")
    own_centre(work, row.centre_id)
    return row


def observers_of(work: Work, room_sitting_id: int) -> list[ObserverRef]:
    """Who was invited to the room, by their numbers; those of the whole centre too."""
    found = work.db.execute(
        select(Observer, RoomSitting.sitting_id)
        .join(RoomSitting, RoomSitting.id == room_sitting_id)
        .join(Room, Room.id == RoomSitting.room_id)
        .where(Observer.sitting_id == RoomSitting.sitting_id, Observer.centre_id == Room.centre_id)
        .where(or_(Observer.room_sitting_id == room_sitting_id, Observer.room_sitting_id.is_(None)))
        .order_by(Observer.id)
    ).all()
    titles = kind_titles(work, found[0].sitting_id) if found else {}
    return [_reference(row, titles) for row, _sitting in found]


def observers_of_sitting(work: Work, sitting_id: int) -> list[ObserverAt]:
    """Who was invited to the sitting, at every centre."""
    rows = work.db.execute(select(Observer).where(Observer.sitting_id == sitting_id).order_by(Observer.id)).scalars()
    titles = kind_titles(work, sitting_id)
    return [ObserverAt(_reference(row, titles), row.centre_id,
                       accounts.organisation_of(work, row.centre_id).name(language())) for row in rows]


def remarks_in(work: Work, room_sitting_id: int) -> list[RemarkRef]:
    """What observers remarked of a room, in the order of time."""
    return _remarks(work, ObserverRemark.room_sitting_id == room_sitting_id)


def remarks_of_sitting(work: Work, sitting_id: int) -> list[RemarkRef]:
    """What observers remarked of a sitting, in all its rooms."""
    return _remarks(work, Observer.sitting_id == sitting_id)


def own_remarks(work: Work, observer_id: int, room_sitting_id: int) -> list[RemarkRef]:
    """What this observer remarked of a room."""
    mine = (ObserverRemark.observer_id == observer_id) & (ObserverRemark.room_sitting_id == room_sitting_id)
    return _remarks(work, mine)


def kind_titles(work: Work, sitting_id: int) -> dict[str, str]:
    """The kinds of observers that the sitting's edition knows, in the reader's language."""
    rule = delivery.sitting_ref(work, sitting_id).edition.get("CS-3", ObserversRule)
    return {each.code: each.title(language()) for each in rule.kinds}


def _rooms_of(work: Work, row: Observer) -> list[int]:
    here = select(RoomSitting.id).join(Room, Room.id == RoomSitting.room_id).where(
        RoomSitting.sitting_id == row.sitting_id, Room.centre_id == row.centre_id
    ).order_by(Room.name)  # fmt: skip
    if row.room_sitting_id is not None:
        here = here.where(RoomSitting.id == row.room_sitting_id)
    return list(work.db.execute(here).scalars())


def _reference(row: Observer, titles: dict[str, str]) -> ObserverRef:
    return ObserverRef(row.id, row.name, titles.get(row.kind, row.kind), row.body, row.mandate,
                       row.room_sitting_id is None, row.code_used_at, row.withdrawn_at)


def _remarks(work: Work, condition: ColumnElement[bool]) -> list[RemarkRef]:
    rows = work.db.execute(
        select(ObserverRemark, Observer, Room.name)
        .join(Observer, Observer.id == ObserverRemark.observer_id)
        .join(RoomSitting, RoomSitting.id == ObserverRemark.room_sitting_id)
        .join(Room, Room.id == RoomSitting.room_id)
        .where(condition)
        .order_by(ObserverRemark.id)
    ).all()
    titles = {sitting: kind_titles(work, sitting) for sitting in {row[1].sitting_id for row in rows}}
    return [RemarkRef(who.id, room, who.name, titles[who.sitting_id].get(who.kind, who.kind),
                      remark.text, remark.made_at) for remark, who, room in rows]
