"""What the item editor sends and is sent: the author's source, what it looks like, and what is remarked of it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from itembank.items.bounds import (
    LONGEST_BLOCK,
    LONGEST_LINE,
    LONGEST_NAME,
    MOST_FIGURES,
    MOST_LINES,
    MOST_MENUS,
)
from server.edge.wire import Id, Wire

Tongue = Literal["ky", "ru", "en"]
Tier = Literal["basic", "medium", "raised"]
SourceType = Literal[
    "choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "hotspot", "text_entry",
    "extended_text",
]  # fmt: skip
Block = Annotated[str, Field(max_length=LONGEST_BLOCK)]
Line = Annotated[str, Field(max_length=LONGEST_LINE)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Lines = Annotated[list[Line], Field(max_length=MOST_LINES)]


class FigureSource(Wire):
    digest: Digest
    alternative: Line
    description: Block | None


class RecordingSource(Wire):
    digest: Digest
    title: Line
    transcript: Block
    plays: Annotated[int, Field(ge=1, le=5)]


def _named(figures: dict[str, FigureSource]) -> dict[str, FigureSource]:
    """The figures, if a text can name each of them."""
    if not all(re.fullmatch(r"[a-z0-9-]{1,40}", name) for name in figures):
        raise ValueError("a name")
    return figures


class TextSource(Wire):
    """One language of an item, right answers first, as its author wrote it."""

    stem: Block
    options: Lines
    accepted: Lines
    prompts: Lines
    menus: Annotated[list[Lines], Field(max_length=MOST_MENUS)]
    passage: Block | None
    figures: Annotated[dict[str, FigureSource], Field(max_length=MOST_FIGURES), AfterValidator(_named)]
    picture: Name | None
    recording: RecordingSource | None
    rubric: Block


class ItemSource(Wire):
    """An item as its author wrote it; `areas` are the places of a hotspot, as many as its options."""

    code: Name
    subject: Name
    tier: Tier
    area: Name
    type: SourceType
    family: Name | None
    passage: Name | None
    is_demonstration: bool
    number: Name | None
    tolerance: Name | None
    n_right: Annotated[int, Field(ge=1, le=MOST_LINES)]
    words: Annotated[list[int | None], Field(min_length=2, max_length=2)]
    areas: Lines
    shuffle: bool
    texts: dict[Tongue, TextSource]


class AreaChoice(Wire):
    """A content area of the subject, by its title in the reader's language."""

    code: str
    title: str


class Said(Wire):
    """What a reader said of a place of the text, and the last answer to it; settled when nothing is left to do."""

    anchor: str
    author: str
    body: str
    answer: str
    is_settled: bool


class Manuscript(Wire):
    """A manuscript that was opened: the text, what the reader may change of it, and the mark of this opening.

    `writes` are the languages the reader may change; `may_classify` whether the rest too. `made_from` are the texts
    of origin from which stale translations were made."""

    id: int
    code: str
    number: int
    state: str
    revision: int
    purpose: str
    origin: Tongue
    item: ItemSource
    writes: list[Tongue]
    may_classify: bool
    stale: list[Tongue]
    missing: list[Tongue]
    made_from: dict[Tongue, TextSource]
    areas: list[AreaChoice]
    shares_passage: list[str]
    said: list[Said]
    reader: str
    opened_at: str
    mark: str


class Save(Wire):
    """The text to be kept; `confirmed` are translations of which the writer says that they fit."""

    revision: Id
    item: ItemSource
    confirmed: list[Tongue] = []


class Saved(Wire):
    """`taken` is the text where it is another than was sent: the passage came from another draft of it."""

    revision: int
    taken: ItemSource | None
    stale: list[Tongue]
    missing: list[Tongue]
    made_from: dict[Tongue, TextSource]
    shares_passage: list[str]


class Look(Wire):
    """What a text not yet saved looks like in one language; `item` is null for who may only read."""

    item: ItemSource | None
    language: Tongue
    with_key: bool = False


class Remark(Wire):
    """Something to mend, at a place of the text."""

    code: str
    severity: Literal["error", "warning"]
    anchor: str
    sentence: str


class Heard(Wire):
    """A recording as it stands beside the item."""

    digest: str
    type: str
    title: str
    duration_ms: int
    plays: int
    transcript: list[Any]


class Looks(Wire):
    """What candidates see of it, as the fields of an item view; or in a sentence why there is nothing to see yet."""

    view: dict[str, Any] | None
    recording: Heard | None
    problem: str | None
    key: list[str] | None
    rubric: list[Any] | None
    remarks: list[Remark]


class AskFormula(Wire):
    latex: Annotated[str, Field(max_length=1200)]
    language: Tongue


class FormulaLooks(Wire):
    """A formula as it is shown and said; or why it cannot be."""

    content: list[Any] | None
    spoken: str
    problem: str | None


class KeptFile(Wire):
    """A file that can now be named in the text: a picture with its size, or a recording with its length."""

    digest: str
    type: str
    width: int | None
    height: int | None
    duration_ms: int | None


class Act(Wire):
    """Handing in, taking back or giving up what was seen at this revision."""

    revision: Id
    reason: Annotated[str, Field(max_length=500)] = ""


class Acted(Wire):
    revision: int
    state: str
