"""What a paper consists of. Every text in it is in the reader's language already and is never read as markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.core.paper.booklet import Figure, Tree

Role = Literal["plain", "said", "note"]


@dataclass(frozen=True)
class Heading:
    """A part of the paper begins."""

    text: str
    block: Literal["heading"] = field(default="heading", init=False)


@dataclass(frozen=True)
class Text:
    """A paragraph: plain, to be said aloud, or a note in small print."""

    text: str
    role: Role = "plain"
    block: Literal["text"] = field(default="text", init=False)


@dataclass(frozen=True)
class Facts:
    """Names and what they are, line by line."""

    rows: tuple[tuple[str, str], ...]
    block: Literal["facts"] = field(default="facts", init=False)


@dataclass(frozen=True)
class Points:
    """A list, numbered or not."""

    items: tuple[str, ...]
    is_numbered: bool = False
    block: Literal["points"] = field(default="points", init=False)


@dataclass(frozen=True)
class Table:
    """A table whose head returns on each page. `widths` are shares, 0 as wide as needed; `row_mm`: room to write."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    row_mm: float = 0
    block: Literal["table"] = field(default="table", init=False)


@dataclass(frozen=True)
class Signatures:
    """A line to sign on for each of them: who, and the name below the line."""

    signers: tuple[tuple[str, str], ...]
    hint: str
    block: Literal["signatures"] = field(default="signatures", init=False)


@dataclass(frozen=True)
class Lines:
    """So many empty lines to write on."""

    n: int
    block: Literal["lines"] = field(default="lines", init=False)


@dataclass(frozen=True)
class Place:
    """A seat on a plan: its middle in metres, its number, and who sits there."""

    x_m: float
    y_m: float
    number: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A room from above, 1 : `scale`, with the size of a seat as drawn; `front` names what stands at the top."""

    places: tuple[Place, ...]
    width_m: float
    depth_m: float
    seat_m: tuple[float, float]
    scale: int
    front: str
    metre: str
    block: Literal["plan"] = field(default="plan", init=False)


@dataclass(frozen=True)
class Slip:
    """What one candidate is handed; `scanned` is what its QR code says to the desk."""

    name: str
    lines: tuple[tuple[str, str], ...]
    code_name: str
    code: str
    scanned: str
    alt: str


@dataclass(frozen=True)
class Slips:
    """Slips to be cut apart along the dashed lines."""

    slips: tuple[Slip, ...]
    block: Literal["slips"] = field(default="slips", init=False)


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""

    block: Literal["new_page"] = field(default="new_page", init=False)


@dataclass(frozen=True)
class Formatted:
    """Rich text with its formulas and figures; one that is framed is quoted from somewhere else."""

    tree: Tree
    figures: Mapping[str, Figure] = field(default_factory=dict)
    is_framed: bool = False
    block: Literal["formatted"] = field(default="formatted", init=False)


@dataclass(frozen=True)
class Choices:
    """Options line by line: how each is called, what it says, and a note on it."""

    rows: tuple[tuple[str, Tree, str], ...]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    block: Literal["choices"] = field(default="choices", init=False)


@dataclass(frozen=True)
class Pictures:
    """Pictures by themselves, one below the other."""

    figures: Mapping[str, Figure]
    block: Literal["pictures"] = field(default="pictures", init=False)


Block = (
    Heading | Text | Facts | Points | Table | Signatures | Lines | Plan | Slips | NewPage | Formatted | Choices
    | Pictures
)  # fmt: skip


@dataclass(frozen=True)
class Foot:
    """What stands under each page: `page` holds {n} and {all}, `check` holds {digest}; the QR code says `address`."""

    page: str
    check: str
    address: str


@dataclass(frozen=True)
class Paper:
    """A whole paper. `head` stands at the top of each page, `stamp` is the date in its file (seconds since 1970)."""

    language: str
    title: str
    head: str
    foot: Foot
    stamp: int
    blocks: tuple[Block, ...]
    is_wide: bool = False
    mark: str = ""  # across every page: whose copy it is
