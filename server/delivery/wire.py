"""Payloads between the candidate's page and the server. No key, parameter or other item has a field here."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from server.delivery.given import Given
from server.edge.wire import Id, Trimmed, Wire

Phase = Literal["waiting", "running", "between", "paused", "submitted", "removed", "absent"]
SessionState = Literal["expected", "admitted", "running", "paused", "submitted", "removed", "absent"]
SectionState = Literal["pending", "running", "done"]
Language = Literal["ky", "ru", "en"]
SebWay = Literal["header", "api"]
SebFault = Literal["nothing", "address", "config_key", "exam_key", "page_used", "no_file", "lost"]

# One node of rich text: a string, or an element with tag, attributes and children (never markup to be parsed).
Rich = list["str | RichElement"]


class RichElement(Wire):
    t: str
    a: dict[str, str] = {}
    c: Rich = []


class SebPage(Wire):
    """What the page's script read of Safe Exam Browser: its version, and hashes over the page's address."""

    url: Annotated[str, Field(max_length=300)]
    config_key: Annotated[str, Field(max_length=64)]
    exam_key: Annotated[str, Field(max_length=64)]
    version: Annotated[str, Field(max_length=120)] = ""


class SignIn(Wire):
    """`key` is the page's own for this sign-in: sent again with it, because no reply came, it is the same sign-in."""

    registration_no: Annotated[Trimmed, Field(min_length=1, max_length=40)]
    code: Annotated[Trimmed, Field(min_length=1, max_length=40)]
    key: UUID | None = None
    seb: SebPage | None = None


class BeginSection(Wire):
    section_id: Id


class Answer(Wire):
    """One answer to one step; `given` is None where it was left blank on purpose. `key` makes a retry harmless."""

    section_id: Id
    seq: Annotated[int, Field(ge=1, le=1000)]
    key: UUID
    given: Given | None = None
    spent_ms: Annotated[int, Field(ge=0, le=86_400_000)]


# A line of a drawing: x and y of each of its points in turn, on a sheet of 1000 by 600.
Stroke = Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=4, max_length=4000)]


class Working(Wire):
    """What stands beside a step (DC-13). `version` grows with each change; `key` makes a retry harmless."""

    section_id: Id
    seq: Annotated[int, Field(ge=1, le=1000)]
    key: UUID
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    text: Annotated[str, Field(max_length=20_000)]
    strokes: Annotated[list[Stroke], Field(max_length=4000)]


class Play(Wire):
    """The recording beside the open step is to be heard; under the same `key` it is the same play."""

    section_id: Id
    seq: Annotated[int, Field(ge=1, le=1000)]
    key: UUID


class WorkingReply(Wire):
    """That version is in the database."""

    saved_version: int


DepartureKind = Literal["window", "full_screen"]
CallState = Literal["asked", "taken", "answered", "closed"]


class Leaving(Wire):
    """The window or full screen was left `ago_ms` before this was sent; `away_ms` once it was come back to."""

    key: UUID
    kind: DepartureKind
    ago_ms: Annotated[int, Field(ge=0, le=86_400_000)]
    away_ms: Annotated[int, Field(ge=0, le=86_400_000)] | None = None


class Battery(Wire):
    """What the browser tells of the computer's battery, where it tells anything."""

    percent: Annotated[int, Field(ge=0, le=100)]
    is_charging: bool


class Heartbeat(Wire):
    """Sent every few seconds, and at once when the window is left; `leavings` are those not acknowledged yet."""

    leavings: Annotated[list[Leaving], Field(max_length=20)] = []
    is_away: bool = False
    unsent: Annotated[int, Field(ge=0, le=1000)] = 0
    battery: Battery | None = None
    shown_message_id: Id | None = None
    read_message_id: Id | None = None


class CallAsk(Wire):
    """The candidate calls the proctor; `key` makes a retry harmless."""

    key: UUID
    kind: Annotated[str, Field(max_length=40)]
    words: Annotated[Trimmed, Field(max_length=200)] = ""


class CallView(Wire):
    """A call that is not closed: how far it is, and since when it waits."""

    call_id: int
    kind: str
    words: str
    state: CallState
    asked_at: str


class CallKindView(Wire):
    """Something technical that the proctor may be called for."""

    code: str
    title: str
    needs_text: bool


class HelpView(Wire):
    """What the candidate's page offers beside the test: whom to call for what, and whether full screen is asked for."""

    kinds: list[CallKindView]
    call: CallView | None
    asks_full_screen: bool


class CallReply(Wire):
    call: CallView | None


class ClockView(Wire):
    """What the server's clock says. `remaining_ms` counts the present section down (or the start, while waiting)."""

    phase: Phase
    remaining_ms: int | None
    total_remaining_ms: int | None


class AreaView(Wire):
    """A shape on the picture of a hotspot, in the picture's units: a rectangle as left, top, width and height, a
    circle as its middle and radius, a polygon as x and y of each of its points in turn."""

    shape: Literal["rect", "circle", "polygon"]
    at: list[int]


class FigureView(Wire):
    """A picture that stands where the text names it; its bytes are fetched by their digest while its step is open.

    `alternative` says what it shows, `description` at length, where a sentence cannot."""

    digest: str
    type: str
    width: int
    height: int
    alternative: str
    description: Rich = []


class OptionView(Wire):
    """One option; those of a hotspot are areas, and what they are called is heard, not seen."""

    id: str
    content: Rich
    spoken: str | None = None
    area: AreaView | None = None


class SlotView(Wire):
    """A place for one option: beside a prompt, or in the gap of the stem that has its name."""

    id: str
    content: Rich
    spoken: str | None = None
    option_ids: list[str]


ItemType = Literal[
    "choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "hotspot", "text_entry",
    "extended_text",
]


class WordsView(Wire):
    """How many words are expected of a written task: advice, never enforced."""

    least: int | None
    most: int | None


class ItemView(Wire):
    """An item without its key. A `passage` is the text it is read beside; `figures` stand in any of its texts by
    their names, and the one that is the `picture` of a hotspot bears the areas. `is_several` where more than one
    option may be right; `words` is the length expected of a written task."""

    type: ItemType
    language: Language
    stem: Rich
    options: list[OptionView] = []
    slots: list[SlotView] = []
    passage: Rich | None = None
    is_numeric: bool = False
    is_several: bool = False
    figures: dict[str, FigureView] = {}
    picture: str | None = None
    words: WordsView | None = None


class RecordingView(Wire):
    """What is heard beside the item: `used` of its `plays` are gone. `transcript` is told to those who read it."""

    title: str
    duration_ms: int
    plays: int
    used: int
    may_pause: bool = False
    transcript: Rich | None = None


class StepView(Wire):
    """The one item now open: the `seq`th of `length` in its section, and the recording beside it."""

    section_id: int
    seq: int
    length: int
    item: ItemView
    recording: RecordingView | None = None


class WorkingView(Wire):
    """What stood beside the open step when it was last saved."""

    section_id: int
    seq: int
    version: int
    text: str
    strokes: list[list[int]]


Tool = Literal["text_size", "colours", "highlighter", "eliminator", "line_reader", "letters", "calculator"]


class SectionView(Wire):
    """A section of the test; one that `may_end_early` has at most `length` items.

    `working_kinds` is what may stand in its working area (DC-13); where it is empty there is none."""

    section_id: int
    position: int
    subject: str
    title: str
    language: Language
    state: SectionState
    length: int
    may_end_early: bool
    answered: int
    limit_s: int
    extra_s: int = 0
    working_kinds: list[str] = []


class MessageView(Wire):
    id: int
    text: str
    sent_at: str


class GradeView(Wire):
    """A grade as the policy words it; `percent` is of the reference form (DC-20), with its standard deviation."""

    subject: str
    title: str
    percent: int
    percent_text: str
    percent_sd: str
    grade: str
    grade_title: str
    clause: str
    is_right_kept: bool


class ResultView(Wire):
    """Grades and the decision on the right to the certificate (DC-21) with its reasons, once released."""

    grades: list[GradeView]
    is_eligible: bool
    decision: str
    reasons: list[str]
    clause: str


class ConditionView(Wire):
    """A condition under which the candidate sits the test by a recorded decision, worded for the reader."""

    effect: str
    words: str


class OwnTimes(Wire):
    """What the candidate has beside the limits: time and plays given back, breaks left, when the present one is over.

    `is_held` while the clock stands at nothing and the proctor has to decide what was lost.
    `break_left_s` is told with the whole state alone, not with each sign of life."""

    given_s: int = 0
    plays_given: int = 0
    break_left_s: int | None = None
    break_ends_in_ms: int | None = None
    is_held: bool = False


class RunnerState(Wire):
    """All that the candidate's page needs to draw itself, at sign-in and after a reload."""

    session_id: int
    registration_no: str
    form_no: str
    name: str
    seat: str | None
    sitting_title: str
    language: Language
    is_admitted: bool
    starts_in_ms: int | None
    briefing_s: int
    tools: list[Tool] = []
    clock: ClockView
    sections: list[SectionView]
    step: StepView | None
    working: WorkingView | None = None
    message: MessageView | None
    conditions: list[ConditionView] = []
    text_percent: int = 100
    times: OwnTimes = OwnTimes()
    quit_url: str | None = None
    notice: str | None = None
    result: ResultView | None = None


class AnswerReply(Wire):
    """The answer to step `saved_seq` is in the database; `step` is what comes next, if anything does now."""

    saved_section_id: int
    saved_seq: int
    clock: ClockView
    section: SectionView
    step: StepView | None


class HeartbeatReply(Wire):
    """What may have changed since the page last asked; if phase or admission differ, it fetches its state."""

    clock: ClockView
    times: OwnTimes
    is_admitted: bool
    is_watched: bool
    message: MessageView | None
    call: CallView | None = None


class SentView(Wire):
    """The last message to a candidate, and whether the page has shown it and the candidate confirmed it."""

    text: str
    sent_at: str
    shown_at: str | None
    read_at: str | None


class MessageChanged(Wire):
    """Event: a message was sent, shown or read."""

    session_id: int
    message: SentView


class DeviceView(Wire):
    """A computer on which the candidate signed in. `home_seat` is where it was first used in this room."""

    lease: int
    address: str
    browser: str
    seat: str | None
    home_seat: str | None
    seen_at: str
    is_holder: bool


class ClaimView(Wire):
    """Another computer that waits to go on with the test. `home_seat` is where it was first used in this room."""

    id: int
    address: str
    browser: str
    asked_at: str
    home_seat: str | None


class DevicesView(Wire):
    """Every computer of a session, the last first, the one that holds it is marked; and those that wait."""

    devices: list[DeviceView]
    waiting: list[ClaimView]


class ProgressView(Wire):
    """How far the session is; written by delivery, shown on the console.

    `ends_at` is the end of the subject, `whole_ends_at` of the whole. `seb_way` is how the device proved to be Safe
    Exam Browser, `seb_fault` the rule it failed. `quick` counts the
    last answers in a row that came sooner than usual, `claims` the other computers that wait to go on with the test."""

    state: SessionState
    is_signed_in: bool
    subject: str | None
    position: int | None
    answered: int
    length: int
    ends_at: str | None
    whole_ends_at: str | None
    paused_at: str | None
    seb_way: SebWay | None
    seb_fault: SebFault | None
    quick: int = 0
    claims: int = 0


class TimesView(Wire):
    """What was given back of lost time, and until when a break may last that is taken now."""

    given_s: int
    break_until: str | None
    held_since: str | None = None


class TimesChanged(Wire):
    """Event: time was given back, or a break began or ended."""

    session_id: int
    times: TimesView


class SessionChanged(Wire):
    """Event: where one candidate's session now stands."""

    session_id: int
    progress: ProgressView
