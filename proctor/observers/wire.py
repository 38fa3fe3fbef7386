"""What an observer's page hears. No field of it can carry a name, a number of a person, a code or an item (CS-3)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from proctor.monitoring.wire import ClauseView, RoomState
from server.edge.wire import Trimmed, Wire

WatchedState = Literal["free", "expected", "present", "working", "paused", "finished", "removed", "absent"]
WatchedAct = Literal[
    "room_opened", "room_started", "room_closed", "admitted", "admitted_late", "paused", "resumed", "warned",
    "removed", "absent",
]  # fmt: skip


class RemarkAsk(Wire):
    """What an observer remarks, in their own words."""

    text: Annotated[Trimmed, Field(min_length=1, max_length=1000)]


class WatchedSeat(Wire):
    """A numbered place and how it stands; who sits there is not for observers."""

    number: str
    row: int
    col: int
    state: WatchedState
    is_late: bool


class WatchedEvent(Wire):
    """One thing that happened; `seats` are numbers of places, empty where the whole room is meant."""

    at: str
    act: WatchedAct
    seats: list[str]


class WatchedIncident(Wire):
    """Something went wrong, from when to when, null while it lasts: of which kind, in the whole room or at one place.
    Neither the words that were written nor the place: either may tell who it was."""

    kind: str
    began_at: str
    ended_at: str | None
    is_whole: bool


class WatchedRemark(Wire):
    """A remark of this observer."""

    at: str
    text: str


class WatchView(Wire):
    """A room as an observer sees it, at version `v` of the room; `ticket` admits a socket that hears only of new
    versions. Seats, events and incidents are null where the edition does not show them to observers."""

    epoch: str
    v: int
    topic: str
    ticket: str
    realtime_origin: str | None
    now: str
    room: str
    centre: str
    sitting_title: str
    state: RoomState
    starts_at: str
    started_at: str | None
    late_until: str | None
    ends_at: str | None
    seats: list[WatchedSeat] | None
    events: list[WatchedEvent] | None
    incidents: list[WatchedIncident] | None
    remarks: list[WatchedRemark]
    clause: ClauseView
