"""The information of a pool against theta, as the coordinates of a drawing and as the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irt.arrays import Bools, Floats
from irt.models import Items, info

WIDTH, HEIGHT = 680, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 52
REACH = 4.0
TICKS_Y = 5


@dataclass(frozen=True)
class Tick:
    """A place on an axis, in pixels, with its value."""

    at: float
    value: float


@dataclass(frozen=True)
class Row:
    """Information of the pool and of its reference form at one theta."""

    theta: float
    pool: float
    reference: float


@dataclass(frozen=True)
class Plot:
    """A drawing: two curves as `points` of a polyline, ticks, and the same figures as rows."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    pool: str
    reference: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    peak: Row


def information_plot(items: Items, reference: Bools) -> Plot:
    """The curves from -4 to 4, scaled to the highest point of the pool's."""
    theta = np.linspace(-REACH, REACH, 161)
    of_items = info(theta, items)
    of_pool, of_reference = of_items.sum(axis=1), of_items[:, reference].sum(axis=1)
    step = _step(float(of_pool.max()) / TICKS_Y)
    top_value = step * float(np.ceil(of_pool.max() / step))
    rows = [Row(float(t), float(p), float(r)) for t, p, r in zip(theta, of_pool, of_reference, strict=True)]
    return Plot(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        pool=_points(theta, of_pool, top_value),
        reference=_points(theta, of_reference, top_value),
        x_ticks=tuple(Tick(float(_x(np.array(t))), t) for t in np.arange(-REACH, REACH + 1).tolist()),
        y_ticks=tuple(Tick(float(_y(np.array(v), top_value)), v) for v in _values(step, top_value)),
        rows=tuple(rows[::10]),
        peak=max(rows, key=lambda row: row.pool),
    )


def _x(theta: Floats) -> Floats:
    scaled: Floats = LEFT + (theta + REACH) / (2 * REACH) * (WIDTH - RIGHT - LEFT)
    return scaled


def _y(value: Floats, top_value: float) -> Floats:
    scaled: Floats = HEIGHT - BOTTOM - value / top_value * (HEIGHT - BOTTOM - TOP)
    return scaled


def _points(theta: Floats, value: Floats, top_value: float) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(_x(theta), _y(value, top_value), strict=True))


def _values(step: float, top_value: float) -> list[float]:
    return [step * i for i in range(round(top_value / step) + 1)]


def _step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    power = float(10.0 ** np.floor(np.log10(least)))
    return min(power * by for by in (1.0, 2.0, 5.0, 10.0) if power * by >= least)
