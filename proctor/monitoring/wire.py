"""Payloads of the proctor's console: a versioned snapshot, and the events that carry it forward."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from server.delivery.wire import (
    CallView,
    ConditionView,
    MessageChanged,
    ProgressView,
    SentView,
    SessionChanged,
    TimesChanged,
    TimesView,
)
from server.edge.wire import Id, Trimmed, Wire

RoomState = Literal["planned", "open", "running", "closed"]
Reason = Annotated[Trimmed, Field(min_length=3, max_length=500)]


class IdentityAsk(Wire):
    """What the proctor saw at the desk (DC-9); `picture` is a JPEG in base64, if the camera took one."""

    document_kind: str
    document_number: Annotated[Trimmed, Field(min_length=3, max_length=40)]
    is_photo_like: bool
    has_seal: bool = False
    has_signature: bool = False
    reason: Annotated[Trimmed, Field(max_length=500)] = ""
    picture: Annotated[str, Field(max_length=300_000)] = ""


class ReasonAsk(Wire):
    reason: Reason


class MessageAsk(Wire):
    """Words of one's own, or the code of an answer kept ready, which each candidate reads in their own language."""

    text: Annotated[Trimmed, Field(max_length=500)] = ""
    code: Annotated[str, Field(max_length=40)] | None = None
    key: UUID | None = None

    @model_validator(mode="after")
    def says_something(self) -> MessageAsk:
        """Refused where there are neither words nor a code."""
        if not self.text and self.code is None:
            raise ValueError("nothing to say")
        return self


Chosen = Annotated[list[Id], Field(min_length=1, max_length=200)]


class BulkHoldAsk(Wire):
    """These candidates are paused or go on, for one reason."""

    session_ids: Chosen
    reason: Reason


class BulkMessageAsk(MessageAsk):
    """These candidates are sent one message."""

    session_ids: Chosen


class BulkLine(Wire):
    """What came of an act at one seat; `is_done` also where it had been done before."""

    session_id: int
    seat: str
    is_done: bool
    note: str


class BulkReply(Wire):
    lines: list[BulkLine]


class CallMoveAsk(Wire):
    """The proctor goes to the candidate, or the matter is done with."""

    verb: Literal["take", "close"]


class MoveAsk(Wire):
    """`seat_id` equal to the present seat means: sign in again at the same seat."""

    seat_id: Id
    reason: Reason


class DeviceAsk(Wire):
    """Whether a computer that waits may go on with the test, and why."""

    lets_in: bool
    reason: Reason


class RemoveAsk(Wire):
    """A removal (DC-15): what was done is enough; the protocol is written after it."""

    violation: str
    narrative: Annotated[Trimmed, Field(max_length=4000)] = ""


class CloseAsk(Wire):
    """Who closes the room signs for it with their PIN."""

    pin: Annotated[str, Field(max_length=40)]


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


class GiveTimeAsk(Wire):
    """Lost time is given back: so many seconds to each, at most; without a figure all that each one lost.

    The same `key` is the same press, however often it arrives."""

    seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    reason: Reason
    key: UUID | None = None


class IncidentAsk(Wire):
    """Something went wrong in the room, so many minutes ago."""

    kind: Annotated[str, Field(max_length=40)]
    text: Reason
    minutes_ago: Annotated[int, Field(ge=0, le=600)] = 0
    session_id: Id | None = None


class IncidentEndAsk(Wire):
    """It is over; with it the time it took may be given back."""

    gives_time: bool


class IncidentView(Wire):
    """An incident of the room, and what was given back with it once it was over."""

    id: int
    kind: str
    text: str
    began_at: str
    ended_at: str | None
    session_id: int | None
    n_affected: int
    n_given: int
    given_s: int
    by: str


class ClauseView(Wire):
    id: str
    title: str


class ChoiceView(Wire):
    """One entry of a policy list: a document kind, a violation."""

    code: str
    title: str
    hint: str = ""
    consequence: str = ""


class IndicatorView(Wire):
    """A figure of a seat with its two thresholds; where it is `falling`, less is worse."""

    code: str
    title: str
    warn_at: int
    alarm_at: int
    falling: bool


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
    conditions: list[ConditionView]
    photo_url: str | None


class DeskView(Wire):
    """What the desk decided; written by the proctor. `document` is a code of the snapshot's documents.

    `fingerprint` is the beginning of the decision's digest, `double` the worst sign of a document in two places."""

    identity: Literal["unchecked", "confirmed", "refused"]
    document: str | None
    checked_at: str | None
    fingerprint: str | None
    has_picture: bool
    double: Literal["inside_elsewhere", "of_another", "shown_before"] | None
    admitted_at: str | None
    late_s: int | None
    warnings: int
    is_removed: bool
    protocol: Literal["none", "missing", "unsigned", "signed"]


class PresenceView(Wire):
    """What a page last told: how often and how long its window was left, since when it is away, battery in percent."""

    seen_at: str | None
    lost_focus: int
    away_s: int
    away_since: str | None
    unsent: int
    battery: int | None
    is_charging: bool | None
    lost_s: int = 0


class SessionView(Wire):
    who: WhoView
    progress: ProgressView
    desk: DeskView
    presence: PresenceView
    times: TimesView
    call: CallView | None
    message: SentView | None


class SeatView(Wire):
    """A numbered place with its coordinates in metres."""

    seat_id: int
    number: str
    row: int
    col: int
    x_m: float
    y_m: float
    session: SessionView | None


class ActingView(Wire):
    """Who acts in the room now. All others on duty see it and change nothing."""

    staff_id: int
    name: str


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
    me: int
    acting: list[ActingView]
    seats: list[SeatView]
    documents: list[ChoiceView]
    takes_pictures: bool
    has_recordings: bool
    violations: list[ChoiceView]
    min_witnesses: int
    clauses: dict[str, ClauseView]
    subjects: dict[str, str]
    silence_warn_s: int
    silence_alarm_s: int
    indicators: list[IndicatorView]
    incident_kinds: list[ChoiceView]
    incident_back_max_s: int
    incidents: list[IncidentView]
    settle_s: int
    calls: list[ChoiceView]
    answers: list[ChoiceView]


# Events on the topic of a room. Each carries v; v is the topic's, one more each time.


class DeskChanged(Wire):
    session_id: int
    desk: DeskView


class DutyChanged(Wire):
    """The room was handed over, or the centre assigned or relieved somebody."""

    acting: list[ActingView]


class SeatMoved(Wire):
    """A console that does not know the session fetches the snapshot anew: a candidate was seated."""

    session_id: int
    seat_id: int


class IncidentChanged(Wire):
    """An incident began or is over; one of the same id is replaced."""

    incident: IncidentView


class RoomTimes(Wire):
    """What changes of a room during a sitting; names and titles stay those of the reader's snapshot."""

    state: RoomState
    started_at: str | None
    late_until: str | None
    ends_at: str | None


class RoomChanged(Wire):
    """`room` replaces the fields of the same name in the snapshot's room."""

    room: RoomTimes


class CallChanged(Wire):
    """A candidate calls, or the call was taken, answered or closed; closed ones are null."""

    session_id: int
    call: CallView | None


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
    name: Literal["session:changed", "desk:changed", "seat:moved", "room:changed", "call:changed", "message:changed",
        "times:changed", "incident:changed", "duty:changed"]
    body: dict[str, object]


Envelope.model_rebuild()

EVENTS: dict[str, type[Wire]] = {
    "session:changed": SessionChanged,
    "desk:changed": DeskChanged,
    "duty:changed": DutyChanged,
    "seat:moved": SeatMoved,
    "room:changed": RoomChanged,
    "call:changed": CallChanged,
    "message:changed": MessageChanged,
    "times:changed": TimesChanged,
    "incident:changed": IncidentChanged,
}
