"""Payloads of the proctor's console: a versioned snapshot, and the events that carry it forward."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.delivery.wire import ProgressView, SessionChanged
from server.edge.wire import Id, Trimmed, Wire

RoomState = Literal["planned", "open", "running", "closed"]
Reason = Annotated[Trimmed, Field(min_length=3, max_length=500)]


class IdentityAsk(Wire):
    """What the proctor saw at the desk (DC-9)."""

    document_kind: str
    document_number: Annotated[Trimmed, Field(min_length=3, max_length=40)]
    is_photo_like: bool
    has_seal: bool = False
    has_signature: bool = False


class ReasonAsk(Wire):
    reason: Reason


class MessageAsk(Wire):
    text: Annotated[Trimmed, Field(min_length=1, max_length=500)]


class MoveAsk(Wire):
    """`seat_id` equal to the present seat means: sign in again at the same seat."""

    seat_id: Id
    reason: Reason


class RemoveAsk(Wire):
    """A removal with its protocol (DC-15). A statement is asked for; the candidate may decline to give it."""

    violation: str
    narrative: Annotated[Trimmed, Field(min_length=10, max_length=4000)]
    witnesses: Annotated[list[Annotated[Trimmed, Field(min_length=3, max_length=120)]], Field(max_length=10)]
    is_statement_asked: bool = False
    statement: Annotated[Trimmed, Field(max_length=4000)] = ""


class WarnAsk(Wire):
    violation: str
    narrative: Annotated[Trimmed, Field(max_length=4000)] = ""


class CodeReply(Wire):
    """The candidate's new one-time code, shown once to the proctor."""

    registration_no: str
    seat: str
    code: str


class DoneReply(Wire):
    """The act is in the journal; `clause` is the one it was judged by, `note` a sentence for the proctor."""

    clause: str | None = None
    note: str | None = None


class ClauseView(Wire):
    id: str
    title: str


class ChoiceView(Wire):
    """One entry of a policy list: a document kind, a violation."""

    code: str
    title: str
    hint: str = ""
    consequence: str = ""


class RoomView(Wire):
    """The room in this sitting. `late_until` is when the last latecomer may come (DC-16), once started."""

    room_sitting_id: int
    name: str
    centre: str
    sitting_title: str
    state: RoomState
    starts_at: str
    briefing_at: str
    started_at: str | None
    late_until: str | None
    ends_at: str | None


class WhoView(Wire):
    """Who sits here: fixed for the sitting."""

    session_id: int
    registration_no: str
    name: str
    school: str
    language: str
    birth_date: str
    photo_url: str | None


class DeskView(Wire):
    """What the desk decided; written by the proctor. `document` is a code of the snapshot's documents."""

    identity: Literal["unchecked", "confirmed", "refused"]
    document: str | None
    checked_at: str | None
    admitted_at: str | None
    late_s: int | None
    warnings: int
    is_removed: bool


class PresenceView(Wire):
    seen_at: str | None
    lost_focus: int
    unsent: int


class SessionView(Wire):
    who: WhoView
    progress: ProgressView
    desk: DeskView
    presence: PresenceView


class SeatView(Wire):
    """A numbered place with its coordinates in metres."""

    seat_id: int
    number: str
    row: int
    col: int
    x_m: float
    y_m: float
    session: SessionView | None


class Snapshot(Wire):
    """The console at version `v` of its topic in this `epoch`; `ticket` admits a socket to the topic.

    The socket is at `realtime_origin`, or where the page comes from."""

    epoch: str
    v: int
    topic: str
    ticket: str
    realtime_origin: str | None
    now: str
    room: RoomView
    seats: list[SeatView]
    documents: list[ChoiceView]
    violations: list[ChoiceView]
    min_witnesses: int
    clauses: dict[str, ClauseView]
    subjects: dict[str, str]
    silence_warn_s: int
    silence_alarm_s: int


# Events on the topic of a room. Each carries v; v is the topic's, one more each time.


class DeskChanged(Wire):
    session_id: int
    desk: DeskView


class SeatMoved(Wire):
    """A console that does not know the session fetches the snapshot anew: a candidate was seated."""

    session_id: int
    seat_id: int


class RoomTimes(Wire):
    """What changes of a room during a sitting; names and titles stay those of the reader's snapshot."""

    state: RoomState
    started_at: str | None
    late_until: str | None
    ends_at: str | None


class RoomChanged(Wire):
    """`room` replaces the fields of the same name in the snapshot's room."""

    room: RoomTimes


class SessionSeen(Wire):
    """Not versioned: a heartbeat tells only that somebody is there."""

    session_id: int
    presence: PresenceView


class Envelope(Wire):
    """What the socket carries in one frame: events in order, each one version on."""

    epoch: str
    topic: str
    events: list[EventFrame]


class EventFrame(Wire):
    v: int
    name: Literal["session:changed", "desk:changed", "seat:moved", "room:changed"]
    body: dict[str, object]


Envelope.model_rebuild()

EVENTS: dict[str, type[Wire]] = {
    "session:changed": SessionChanged,
    "desk:changed": DeskChanged,
    "seat:moved": SeatMoved,
    "room:changed": RoomChanged,
}
