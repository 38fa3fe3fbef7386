"""A test on paper as data: a cover, passages, numbered tasks with room for answers, or a sheet of keys, in copies.
Trees are those of rich text and MathML; nothing in them is read as markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Tree = tuple[Any, ...]


@dataclass(frozen=True)
class Figure:
    """A picture: its bytes as it is kept, of that type, how wide it is in dots, and what it shows in words."""

    data: bytes
    width: int
    type: Literal["svg", "png", "webp"]
    alternative: str


@dataclass(frozen=True)
class Passage:
    """A text that tasks are read beside, before the first of them."""

    heading: str
    tree: Tree
    figures: Mapping[str, Figure] = field(default_factory=dict)
    block: Literal["passage"] = field(default="passage", init=False)


@dataclass(frozen=True)
class Task:
    """One task: what is asked, a hint how to answer, named options, rows to fill in, lines, and room for working."""

    number: str
    tree: Tree
    hint: str
    options: tuple[tuple[str, Tree], ...] = ()
    rows: tuple[tuple[str, Tree], ...] = ()
    has_boxes: bool = False
    lines: int = 0
    working_mm: int = 0
    working: str = ""
    picture: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    block: Literal["task"] = field(default="task", init=False)


@dataclass(frozen=True)
class Answers:
    """A table of numbers and right answers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    block: Literal["answers"] = field(default="answers", init=False)


@dataclass(frozen=True)
class Prose:
    """A heading with a text under it: a rubric, or what is read aloud."""

    heading: str
    tree: Tree
    figures: Mapping[str, Figure] = field(default_factory=dict)
    block: Literal["prose"] = field(default="prose", init=False)


@dataclass(frozen=True)
class Cover:
    """The first page: facts, empty boxes for a code under their name, and what is to be known before the start."""

    facts: tuple[tuple[str, str], ...]
    code: str
    n_boxes: int
    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Booklet:
    """The same pages once for each of `copies`, whose names stand on every page; `page` holds {n} and {all}."""

    language: str
    title: str
    head: str
    page: str
    stamp: int
    cover: Cover
    blocks: tuple[Passage | Task | Answers | Prose, ...]
    copies: tuple[str, ...]
