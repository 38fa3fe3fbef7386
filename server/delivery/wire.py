"""Payloads between the candidate's page and the server. No key, parameter or other item has a field here."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

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
    registration_no: Annotated[Trimmed, Field(min_length=1, max_length=40)]
    code: Annotated[Trimmed, Field(min_length=1, max_length=40)]
    seb: SebPage | None = None


class BeginSection(Wire):
    section_id: Id


OptionId = Annotated[str, Field(max_length=8)]


class OptionGiven(Wire):
    kind: Literal["option"]
    option: OptionId


class OptionsGiven(Wire):
    kind: Literal["options"]
    options: Annotated[list[OptionId], Field(max_length=26)]


class OrderGiven(Wire):
    """All options, first to last."""

    kind: Literal["order"]
    order: Annotated[list[OptionId], Field(max_length=26)]


class PlacesGiven(Wire):
    """What stands in each slot: right sides beside left ones, words in gaps."""

    kind: Literal["places"]
    places: Annotated[dict[OptionId, OptionId], Field(max_length=26)]


class TextGiven(Wire):
    kind: Literal["text"]
    text: Annotated[str, Field(max_length=200)]


# What a candidate can say to an item; a new type of item that needs more adds a member.
Given = Annotated[
    OptionGiven | OptionsGiven | OrderGiven | PlacesGiven | TextGiven, Field(discriminator="kind")
]


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


class WorkingReply(Wire):
    """That version is in the database."""

    saved_version: int


class Heartbeat(Wire):
    """Sent every few seconds; `lost_focus` counts how often the window was left since the page was opened."""

    lost_focus: Annotated[int, Field(ge=0, le=100_000)] = 0
    unsent: Annotated[int, Field(ge=0, le=1000)] = 0
    read_message_id: Id | None = None


class ClockView(Wire):
    """What the server's clock says. `remaining_ms` counts the present section down (or the start, while waiting)."""

    phase: Phase
    remaining_ms: int | None
    total_remaining_ms: int | None


class OptionView(Wire):
    id: str
    content: Rich
    spoken: str | None = None


class SlotView(Wire):
    """A place for one option: beside a prompt, or in the gap of the stem that has its name."""

    id: str
    content: Rich
    spoken: str | None = None
    option_ids: list[str]


ItemType = Literal[
    "choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "text_entry"
]


class ItemView(Wire):
    """An item without its key. A `passage` is the text it is read beside."""

    type: ItemType
    language: Language
    stem: Rich
    options: list[OptionView] = []
    slots: list[SlotView] = []
    passage: Rich | None = None
    is_numeric: bool = False


class StepView(Wire):
    """The one item now open: the `seq`th of `length` in its section."""

    section_id: int
    seq: int
    length: int
    item: ItemView


class WorkingView(Wire):
    """What stood beside the open step when it was last saved."""

    section_id: int
    seq: int
    version: int
    text: str
    strokes: list[list[int]]


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


class RunnerState(Wire):
    """All that the candidate's page needs to draw itself, at sign-in and after a reload."""

    session_id: int
    registration_no: str
    name: str
    seat: str | None
    sitting_title: str
    language: Language
    is_admitted: bool
    starts_in_ms: int | None
    briefing_s: int
    clock: ClockView
    sections: list[SectionView]
    step: StepView | None
    working: WorkingView | None = None
    message: MessageView | None
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
    is_admitted: bool
    message: MessageView | None


class ProgressView(Wire):
    """How far the session is; written by delivery, shown on the console.

    `seb_way` is how the device proved to be Safe Exam Browser, `seb_fault` the rule it failed."""

    state: SessionState
    is_signed_in: bool
    subject: str | None
    position: int | None
    answered: int
    length: int
    ends_at: str | None
    paused_at: str | None
    seb_way: SebWay | None
    seb_fault: SebFault | None


class SessionChanged(Wire):
    """Event: where one candidate's session now stands."""

    session_id: int
    progress: ProgressView
