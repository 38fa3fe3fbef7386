"""Charts as SVG without a plotting library: with title and description for who cannot see, in light and dark.

Series differ by dash as well as by colour. Texts come in translated; nothing is read from outside the file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from server.core import i18n

WIDTH, HEIGHT = 720, 380
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 48, 56
TICKS = 6
LEAST_SPAN = 1e-9  # what differs by less, in parts of its size, is one value to the eye
DASHES = ("", "7 4", "2 4", "10 3 2 3")
STYLE = """
svg {
  --ink: #1b1f24; --faint: #c9ced6; --paper: #ffffff;
  --s0: #0b57a4; --s1: #b3400a; --s2: #1a7340; --s3: #7a2f8f;
}
@media (prefers-color-scheme: dark) {
  svg {
    --ink: #e9edf2; --faint: #4a525d; --paper: #15191e;
    --s0: #7db7f5; --s1: #f5a274; --s2: #74cf98; --s3: #d79be8;
  }
}
.paper { fill: var(--paper); } text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.axis { stroke: var(--ink); } .grid { stroke: var(--faint); }
.s0 { stroke: var(--s0); fill: var(--s0); } .s1 { stroke: var(--s1); fill: var(--s1); }
.s2 { stroke: var(--s2); fill: var(--s2); } .s3 { stroke: var(--s3); fill: var(--s3); }
.line { fill: none; stroke-width: 2; } .mark { stroke: var(--ink); stroke-dasharray: 4 4; }
"""


@dataclass(frozen=True)
class Series:
    """Points to be joined, or bars from zero; where y is nan there is nothing."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    kind: Literal["line", "bars"] = "line"


@dataclass(frozen=True)
class Mark:
    """A dashed line at a value of the x or the y axis, with its name."""

    axis: Literal["x", "y"]
    at: float
    name: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn; `x_bounds`, `y_bounds` widen the axes where the figures do not reach them."""

    title: str
    description: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    x_bounds: tuple[float, float] | None = None
    y_bounds: tuple[float, float] | None = None


def drawn(chart: Chart, name: str) -> str:
    """The chart as an SVG document; `name` makes its ids unlike those of others on the same page."""
    x_ticks = ticks([v for s in chart.series for v in s.x], chart.x_bounds)
    y_ticks = ticks([v for s in chart.series for v in s.y], chart.y_bounds)
    place = _Place(x_ticks, y_ticks)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(chart.title)}</title>',
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        *_axes(chart, place),
        *(part for number, each in enumerate(chart.series) for part in _series(each, number, place)),
        *(part for mark in chart.marks for part in _mark(mark, place)),
        *_legend(chart.series),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def ticks(values: Sequence[float], bounds: tuple[float, float] | None = None) -> list[float]:
    """Round numbers, evenly spaced by 1, 2 or 5 times a power of ten, that enclose the finite values."""
    finite = [v for v in (*values, *(bounds or ())) if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if high - low < LEAST_SPAN * max(1.0, abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


class _Place:
    """Where on the page the values of the axes are."""

    def __init__(self, x_ticks: list[float], y_ticks: list[float]) -> None:
        self.x_ticks, self.y_ticks = x_ticks, y_ticks

    def x(self, value: float) -> float:
        low, high = self.x_ticks[0], self.x_ticks[-1]
        return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        low, high = self.y_ticks[0], self.y_ticks[-1]
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)


def _axes(chart: Chart, place: _Place) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in place.y_ticks:
        y = place.y(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{_label(value)}</text>')
    for value in place.x_ticks:
        x = place.x(value)
        parts.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{_label(value)}</text>')
    parts.append(f'<path class="axis line" d="M{LEFT} {TOP}V{bottom}H{right}"/>')
    middle = (LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{escape(chart.x_label)}</text>')
    turned = f'transform="rotate(-90 18 {(TOP + bottom) / 2})"'
    parts.append(
        f'<text x="18" y="{(TOP + bottom) / 2}" text-anchor="middle" {turned}>{escape(chart.y_label)}</text>'
    )
    return parts


def _series(series: Series, number: int, place: _Place) -> list[str]:
    points = [(x, y) for x, y in zip(series.x, series.y, strict=True)]
    look = f"s{number % 4}"
    if series.kind == "bars":
        width = max(1.0, min(24.0, 0.8 * (WIDTH - LEFT - RIGHT) / max(1, len(points))))
        floor = place.y(max(0.0, place.y_ticks[0]))
        return [
            f'<rect class="{look}" x="{place.x(x) - width / 2:.1f}" y="{place.y(y)}" width="{width:.1f}" '
            f'height="{floor - place.y(y):.1f}"/>'
            for x, y in points
            if math.isfinite(y) and y > 0
        ]
    path, is_joined = "", False
    for x, y in points:
        if is_there := math.isfinite(y):
            path += f"{'L' if is_joined else 'M'}{place.x(x)} {place.y(y)}"
        is_joined = is_there
    dash = f' stroke-dasharray="{DASHES[number % 4]}"' if number % 4 else ""
    return [f'<path class="line {look}" style="fill: none" d="{path}"{dash}/>'] if path else []


def _mark(mark: Mark, place: _Place) -> list[str]:
    if mark.axis == "x":
        x, ends = place.x(mark.at), f'y1="{TOP}" y2="{HEIGHT - BOTTOM}"'
        line, label = f'x1="{x}" x2="{x}" {ends}', f'x="{x + 4}" y="{TOP + 12}"'
    else:
        y = place.y(mark.at)
        line = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"'
        label = f'x="{WIDTH - RIGHT}" y="{y - 5}" text-anchor="end"'
    return [f'<line class="mark" {line}/>', f"<text {label}>{escape(mark.name)}</text>"]


def _legend(series: Sequence[Series]) -> list[str]:
    parts, x = [], LEFT
    for number, each in enumerate(series):
        dash = f' stroke-dasharray="{DASHES[number % 4]}"' if number % 4 else ""
        if each.kind == "bars":
            parts.append(f'<rect class="s{number % 4}" x="{x}" y="18" width="24" height="10"/>')
        else:
            parts.append(f'<path class="line s{number % 4}" style="fill: none" d="M{x} 23h24"{dash}/>')
        parts.append(f'<text x="{x + 30}" y="27">{escape(each.name)}</text>')
        x += 56 + 9 * len(each.name)
    return parts


def _label(value: float) -> str:
    digits = len(f"{value:g}".partition(".")[2])
    return i18n.number(value, digits).replace("-", "−")
