"""Geometry of the plots: figures in, coordinates out, drawn by templates as SVG. No words, no colours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irt.arrays import Floats

WIDTH = 720


@dataclass(frozen=True)
class Bar:
    """One grade of one subject."""

    label: str
    n: int
    share: float
    y: int
    length: float


@dataclass(frozen=True)
class BarGroup:
    """The bars of one subject under its title."""

    title: str
    n: int
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarPlot:
    """Horizontal bars, a group for each subject; `left` is where bars begin."""

    width: int
    height: int
    left: int
    bar_height: int
    groups: tuple[BarGroup, ...]


@dataclass(frozen=True)
class PathPoint:
    """Theta after a step and its standard error, on the page."""

    seq: int
    outcome: str
    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    label: str
    at: float


@dataclass(frozen=True)
class PathPlot:
    """Theta against the number of the task, with the theta at which each grade begins."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    line: str
    points: tuple[PathPoint, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    cuts: tuple[Tick, ...]


def grade_bars(counts: Mapping[str, Mapping[str, int]]) -> BarPlot:
    """How many candidates got each grade: subject title → grade title → number."""
    row, head, gap, left, right = 28, 30, 18, 190, 120
    most = max((n for grades in counts.values() for n in grades.values()), default=0) or 1
    groups, y = [], 0
    for title, grades in counts.items():
        total, top, bars = sum(grades.values()), y + head, []
        for at, (label, n) in enumerate(grades.items()):
            length = round((WIDTH - left - right) * n / most, 1)
            bars.append(Bar(label, n, n / total if total else 0.0, top + at * row, length))
        groups.append(BarGroup(title, total, y, tuple(bars)))
        y = top + len(bars) * row + gap
    return BarPlot(WIDTH, max(y - gap, head), left, row - 8, tuple(groups))


def theta_plot(
    path: Sequence[tuple[int, str, float, float]], cuts: Mapping[str, float], curve: tuple[Floats, Floats]
) -> PathPlot:
    """The path of (number, outcome, theta, se); `cuts` are percents, `curve` is the percent at each theta."""
    left, right, top, bottom = 56, WIDTH - 150, 16, 264
    found = {label: _theta_at(percent, curve) for label, percent in cuts.items()}
    lines = {label: theta for label, theta in found.items() if theta is not None}
    reach = [theta + side * se for _, _, theta, se in path for side in (-1, 1)]
    low, high = math.floor(min([-1.0, *reach])), math.ceil(max([1.0, *reach]))

    def x_of(seq: int) -> float:
        return round(left + (right - left) * (seq - 0.5) / max(1, len(path)), 1)

    def y_of(theta: float) -> float:
        return round(bottom - (bottom - top) * (theta - low) / (high - low), 1)

    points = tuple(
        PathPoint(seq, outcome, x_of(seq), y_of(theta), y_of(theta - se), y_of(theta + se))
        for seq, outcome, theta, se in path
    )
    every = max(1, math.ceil(len(path) / 15))
    return PathPlot(
        WIDTH, 310, left, right, top, bottom, " ".join(f"{p.x},{p.y}" for p in points), points,
        tuple(Tick(str(p.seq), p.x) for p in points if (p.seq - 1) % every == 0),
        tuple(Tick(str(theta).replace("-", "−"), y_of(theta)) for theta in range(low, high + 1)),
        tuple(Tick(label, y_of(theta)) for label, theta in lines.items() if low <= theta <= high),
    )  # fmt: skip


def _theta_at(percent: float, curve: tuple[Floats, Floats]) -> float | None:
    """The theta at which the rising curve reaches the percent; None where it never does within the grid."""
    nodes, percents = curve
    if not percents[0] < percent <= percents[-1]:
        return None
    return float(np.interp(percent, percents, nodes))
