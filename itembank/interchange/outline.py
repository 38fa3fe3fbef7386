"""The outline of a test: parts, sections within sections, the items they name in their order, times, choice, weights.
One language of it is one outline; its languages differ in titles alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from itembank.interchange.remarks import Remark


@dataclass(frozen=True)
class Entry:
    """An item where it stands in a section: `item` is its code in the package, empty if the package has none such."""

    identifier: str
    item: str
    weight: float = 1.0
    time_s: float | None = None


@dataclass(frozen=True)
class Section:
    """Items and sections in their order; of these `select` are given, where not all, shuffled or not."""

    identifier: str
    title: str
    parts: tuple[Section | Entry, ...]
    time_s: float | None = None
    select: int | None = None
    is_shuffled: bool = False
    is_visible: bool = True

    @property
    def entries(self) -> list[Entry]:
        """The items that stand in it directly."""
        return [each for each in self.parts if isinstance(each, Entry)]

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Section]]:
        """It and all sections within it, each with how deep it lies."""
        yield depth, self
        for each in self.parts:
            if isinstance(each, Section):
                yield from each.walk(depth + 1)


@dataclass(frozen=True)
class Part:
    """A part of a test: how candidates move in it, `linear` or not, and hand in, `individual` or `simultaneous`."""

    identifier: str
    navigation: str
    submission: str
    sections: tuple[Section, ...]
    time_s: float | None = None


@dataclass(frozen=True)
class Outline:
    """A test in one language."""

    identifier: str
    title: str
    parts: tuple[Part, ...]
    time_s: float | None = None

    def sections(self) -> Iterator[tuple[int, Section]]:
        """Every section in its order, with how deep it lies."""
        for part in self.parts:
            for section in part.sections:
                yield from section.walk()

    def entries(self) -> list[Entry]:
        """Every item in its order."""
        return [entry for part in self.parts for section in part.sections for entry in _entries(section)]

    def skeleton(self) -> Outline:
        """The same without titles: what all languages of a test have alike."""
        parts = tuple(replace(part, sections=tuple(map(_untitled, part.sections))) for part in self.parts)
        return replace(self, title="", parts=parts)


@dataclass(frozen=True)
class Outlined:
    """What became of a test of a package: its outline in each language, or the problems; and what is not kept of it.

    `places` says which outcome of the package each of its items is."""

    source: str
    outlines: Mapping[str, Outline]
    problems: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


def to_json(outlines: Mapping[str, Outline]) -> dict[str, Any]:
    """The outlines as they are kept."""
    return {language: asdict(outline) for language, outline in sorted(outlines.items())}


def from_json(value: Mapping[str, Any]) -> dict[str, Outline]:
    """The outlines that `to_json` wrote."""
    return {language: _outline(each) for language, each in value.items()}


def _entries(section: Section) -> Iterator[Entry]:
    for each in section.parts:
        if isinstance(each, Entry):
            yield each
        else:
            yield from _entries(each)


def _untitled(section: Section) -> Section:
    parts = tuple(each if isinstance(each, Entry) else _untitled(each) for each in section.parts)
    return replace(section, title="", parts=parts)


def _outline(value: Mapping[str, Any]) -> Outline:
    parts = tuple(Part(**{**part, "sections": _sections(part["sections"])}) for part in value["parts"])
    return Outline(**{**value, "parts": parts})


def _sections(values: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(**{**each, "parts": tuple(map(_member, each["parts"]))}) for each in values)


def _member(value: Mapping[str, Any]) -> Section | Entry:
    return _sections([value])[0] if "parts" in value else Entry(**value)
