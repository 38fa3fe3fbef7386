"""Ranges on one lying scale as SVG: for each name a point, and the range about it in which it may lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.core.charts import (
    COLOURS,
    FAINT,
    INK,
    SOFT,
    WIDTH,
    Mark,
    framed,
    text,
    tick_labels,
    ticks,
    width_of,
)

ROW, AXIS, NAME_ROW, LINE = 36, 30, 20, 15
MOST_NAME = 300


@dataclass(frozen=True)
class Range:
    """A point with its range, and how it is written behind; without a point only that."""

    name: str
    figure: str
    at: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Ranges:
    """The ranges one below the other; `marks` are lines across all of them, with their names above."""

    name: str
    title: str
    description: str
    rows: tuple[Range, ...]
    marks: tuple[Mark, ...] = ()
    bounds: tuple[float, float] = (0.0, 100.0)

    def __html__(self) -> str:
        place = _Place(self)
        parts = [*_scale(self, place), *_marks(self, place)]
        for n, row in enumerate(self.rows):
            parts += _drawn(row, place, place.top + ROW * n + ROW / 2)
        return framed(self.name, self.title, self.description, place.bottom + AXIS, parts)


def _lines(name: str) -> list[str]:
    """The name in one line, or in two where it is too long for one."""
    words = name.split()
    if width_of(name) <= MOST_NAME or len(words) < 2:
        return [name]
    half = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(name) / 2))
    return [" ".join(words[:half]), " ".join(words[half:])]


class _Place:
    def __init__(self, ranges: Ranges) -> None:
        lines = [line for row in ranges.rows for line in _lines(row.name)]
        self.left = min(MOST_NAME, max(map(width_of, lines), default=0.0)) + 16
        self.right = WIDTH - max((width_of(row.figure) for row in ranges.rows), default=0.0) - 16
        self.ticks = ticks(ranges.bounds)
        self.top = 8 + NAME_ROW * len(ranges.marks)
        self.bottom = self.top + ROW * len(ranges.rows)

    def x(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.left + (min(max(value, low), high) - low) / (high - low) * (self.right - self.left)


def _scale(ranges: Ranges, place: _Place) -> Iterator[str]:
    for value, label in tick_labels(place.ticks):
        x = place.x(value)
        yield (f'<line {FAINT} stroke="currentColor" x1="{x:.1f}" x2="{x:.1f}" y1="{place.top}" '
               f'y2="{place.bottom}"/>')  # fmt: skip
        yield text(label, x, place.bottom + 20, SOFT, ' text-anchor="middle"')


def _marks(ranges: Ranges, place: _Place) -> Iterator[str]:
    """Each name on a line of its own, the highest value lowest, so that no name crosses another's line."""
    for n, mark in enumerate(sorted(ranges.marks, key=lambda each: each.at)):
        x, y = place.x(mark.at), 4 + NAME_ROW * n + 12
        yield (f'<line {SOFT} stroke="currentColor" stroke-dasharray="4 4" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 4}" '
               f'y2="{place.bottom}"/>')  # fmt: skip
        yield text(mark.name, min(x - 4, WIDTH - width_of(mark.name)), y, SOFT)


def _drawn(row: Range, place: _Place, y: float) -> Iterator[str]:
    for n, line in enumerate(lines := _lines(row.name)):
        yield text(line, place.left - 10, y + 5 + LINE * (n - (len(lines) - 1) / 2), INK, ' text-anchor="end"')
    look = f'class="s0" color="{COLOURS[0]}"'
    if row.at is not None:
        yield (f'<line {look} stroke="currentColor" stroke-opacity=".4" stroke-width="12" x1="{place.x(row.low):.1f}" '
               f'x2="{place.x(row.high):.1f}" y1="{y}" y2="{y}"/>')  # fmt: skip
        yield f'<circle {look} fill="currentColor" cx="{place.x(row.at):.1f}" cy="{y}" r="6"/>'
    yield text(row.figure, place.right + 10, y + 5, INK if row.at is not None else SOFT)
