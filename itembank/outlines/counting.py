"""The fields of a blueprint draft as the items of a test give them: length, time, quotas of tiers and areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from itembank.blueprints.drafts.reading import AREA_PARTS, MOST_AREAS, area_numbers
from itembank.interchange.outline import Entry, Outline, Section
from itembank.items.content import TIERS
from itembank.items.written import TYPE


@dataclass(frozen=True)
class Cell:
    """Where an item stands in the bank."""

    subject: str
    tier: str
    area: str
    type: str


@dataclass
class Count:
    """How many items a candidate gets, and of each tier and area at least and at most."""

    length: int = 0
    written: int = 0
    least: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)


def counted(outline: Outline, cells: Mapping[str, Cell]) -> Count:
    """The items of the test, those of a section that gives only some of them as they may fall."""
    count = Count()
    for _depth, section in outline.sections():
        _add(count, section, section.entries, cells)
    return count


def fields_of(outline: Outline, cells: Mapping[str, Cell], last: Mapping[str, str]) -> dict[str, str]:
    """A draft as the subject's last blueprint was, but for what is counted."""
    count = counted(outline, cells)
    found = dict(last) | {"length": str(count.length), "written": str(count.written or "")}
    found.setdefault("reference_length", str(count.length))
    if (time_s := whole_time(outline)) is not None:
        found["time_min"] = f"{time_s / 60:.2f}".rstrip("0").rstrip(".")
    for tier in TIERS:
        found |= _bounds(f"tier_{tier}", count, tier)
    rows = {found.get(f"area_{n}_code", ""): n for n in area_numbers(found)}
    free = [n for n in range(MOST_AREAS) if n not in rows.values()]
    for area in sorted({cell.area for cell in cells.values()} - set(rows))[: len(free)]:
        rows[area] = free.pop(0)
        found |= {f"area_{rows[area]}_{part}": "" for part in AREA_PARTS} | {f"area_{rows[area]}_code": area}
    for area, n in rows.items():
        found |= _bounds(f"area_{n}", count, area)
    return found


def whole_time(outline: Outline) -> float | None:
    """The time for the test: its own, or that of its parts or sections if each has one."""
    for times in ([outline.time_s], [part.time_s for part in outline.parts],
                  [section.time_s for part in outline.parts for section in part.sections]):  # fmt: skip
        known = [each for each in times if each is not None]
        if known and len(known) == len(times):
            return sum(known)
    return None


def _bounds(name: str, count: Count, what: str) -> dict[str, str]:
    return {f"{name}_least": str(count.least[what]), f"{name}_most": str(count.most[what])}


def _add(count: Count, section: Section, entries: Sequence[Entry], cells: Mapping[str, Cell]) -> None:
    chosen = [cells.get(each.item) for each in entries]
    machine = [each for each in chosen if each is None or each.type != TYPE]
    count.written += len(chosen) - len(machine)
    given = min(section.select, len(machine)) if section.select is not None else len(machine)
    count.length += given
    kinds = Counter(kind for each in machine if each is not None for kind in (each.tier, each.area))
    for kind, n in kinds.items():
        count.least[kind] += max(0, n - (len(machine) - given))
        count.most[kind] += min(n, given)
