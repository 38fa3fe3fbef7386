"""Charts as SVG without a plotting library: axes, lines, bars, marks; named and described for who cannot see them.

Words come in translated. Colours are attributes, which a page without inline styles may show; `DARK` overrides them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from server.core import i18n

WIDTH, PLOT_HEIGHT = 720, 276
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 16, 56
ROW = 20  # of the legend and of the names of marks
LETTER = 8.8  # pixels, at most, that a letter of 13 takes on average
TICKS = 6
LEAST_SPAN = 1e-9  # what differs by less, in parts of its size, is one value to the eye
COLOURS = ("#12427a", "#b25000", "#1a7340", "#7a2f8f")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
PAPER, INK, SOFT, FAINT = ('class="paper" color="#ffffff"', 'class="ink" color="#0d1117"',
                           'class="soft" color="#47505a"', 'class="faint" color="#cfd6dd"')  # fmt: skip
DARK = """@media (prefers-color-scheme: dark) {
  .paper { color: #15191e; } .ink { color: #e9edf2; } .soft { color: #b8c1cc; } .faint { color: #4a525d; }
  .s0 { color: #7db7f5; } .s1 { color: #f5a274; } .s2 { color: #74cf98; } .s3 { color: #d79be8; }
}"""
Shape = Literal["full", "open", "square"]


@dataclass(frozen=True)
class Series:
    """Points to be joined, or bars from zero; where y is nan there is nothing.

    `spread` reaches as far up as down from each point; `shapes` mark the points themselves.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    kind: Literal["line", "bars"] = "line"
    spread: Sequence[float] = ()
    shapes: Sequence[Shape] = ()


@dataclass(frozen=True)
class Mark:
    """A dashed line at a value of the x or the y axis, with its name."""

    axis: Literal["x", "y"]
    at: float
    name: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn; `x_bounds`, `y_bounds` widen the axes where the figures do not reach them.

    `least_y_step`: the figures of the y axis stand no nearer to each other, 1 where it counts.
    `name` makes the ids unlike those of others on the same page. A template shows a chart by naming it.
    """

    name: str
    title: str
    description: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    x_bounds: tuple[float, float] = (math.nan, math.nan)
    y_bounds: tuple[float, float] = (math.nan, math.nan)
    least_y_step: float = 0.0

    def __html__(self) -> str:
        return drawn(self)


def drawn(chart: Chart) -> str:
    """The chart as an SVG element."""
    place = _Place(chart)
    return framed(chart.name, chart.title, chart.description, place.height, [
        *_axes(chart, place),
        *(part for number, each in enumerate(chart.series) for part in _series(each, number, place)),
        *_marks(chart.marks, place),
        *_legend(chart.series),
    ])  # fmt: skip


def framed(name: str, title: str, description: str, height: float, parts: Sequence[str]) -> str:
    """An SVG element of WIDTH × height with its text alternatives."""
    return "\n".join([
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" font-size="13" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        *parts,
        "</svg>",
    ])  # fmt: skip


def standalone(drawing: str) -> str:
    """A drawing as a file of its own: on paper, in light and dark."""
    head, rest = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).split("</desc>", 1)
    style = f"<style>text {{ font-family: system-ui, sans-serif; }} {DARK}</style>"
    return f'{head}</desc>\n{style}\n<rect {PAPER} width="100%" height="100%" fill="currentColor"/>{rest}\n'


def text(words: str, x: float, y: float, look: str = INK, more: str = "") -> str:
    """A line of text that begins at x, y."""
    return f'<text {look} fill="currentColor" x="{x:.1f}" y="{y:.1f}"{more}>{escape(words)}</text>'


def width_of(words: str) -> float:
    """About how many pixels a text takes."""
    return LETTER * len(words)


def ticks(values: Sequence[float], least_step: float = 0.0) -> list[float]:
    """Round numbers, evenly spaced by 1, 2 or 5 times a power of ten, that enclose the finite values."""
    finite = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if high - low < LEAST_SPAN * max(1.0, abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    rough = max((high - low) / TICKS, least_step)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


class _Place:
    """Where on the page the values of the axes are, and what is left for names."""

    def __init__(self, chart: Chart) -> None:
        x_marks = [mark for mark in chart.marks if mark.axis == "x"]
        y_marks = [mark for mark in chart.marks if mark.axis == "y"]
        self.x_ticks = ticks([*chart.x_bounds, *(v for s in chart.series for v in s.x), *(m.at for m in x_marks)])
        y_values = [*chart.y_bounds, *(v for s in chart.series for v in _reach(s)), *(m.at for m in y_marks)]
        self.y_ticks = ticks(y_values, chart.least_y_step)
        self.right = WIDTH - max([float(RIGHT), *(width_of(m.name) + 16 for m in y_marks if m.name)])
        self.rows = _rows([(self.x(m.at), width_of(m.name)) for m in x_marks])
        legend = ROW * len(_legend_places(chart.series)[1])
        self.top = TOP + legend + ROW * (1 + max(self.rows) if self.rows else 0)
        self.bottom = self.top + PLOT_HEIGHT
        self.height = self.bottom + BOTTOM

    def x(self, value: float) -> float:
        low, high = self.x_ticks[0], self.x_ticks[-1]
        return round(LEFT + (value - low) / (high - low) * (self.right - LEFT), 1)

    def y(self, value: float) -> float:
        low, high = self.y_ticks[0], self.y_ticks[-1]
        return round(self.bottom - (value - low) / (high - low) * PLOT_HEIGHT, 1)


def _reach(series: Series) -> Iterator[float]:
    yield from series.y
    for y, spread in zip(series.y, series.spread, strict=False):
        yield from (y - spread, y + spread)


def _axes(chart: Chart, place: _Place) -> Iterator[str]:
    for value, label in tick_labels(place.y_ticks):
        y = place.y(value)
        yield f'<line {FAINT} stroke="currentColor" x1="{LEFT}" x2="{place.right}" y1="{y}" y2="{y}"/>'
        yield text(label, LEFT - 8, y + 4, SOFT, ' text-anchor="end"')
    for value, label in tick_labels(place.x_ticks):
        x = place.x(value)
        yield f'<line {SOFT} stroke="currentColor" x1="{x}" x2="{x}" y1="{place.bottom}" y2="{place.bottom + 5}"/>'
        yield text(label, x, place.bottom + 20, SOFT, ' text-anchor="middle"')
    yield f'<path {INK} fill="none" stroke="currentColor" d="M{LEFT} {place.top}V{place.bottom}H{place.right}"/>'
    middle = (place.top + place.bottom) / 2
    turned = f' text-anchor="middle" transform="rotate(-90 18 {middle})"' if len(chart.y_label) > 2 else ""
    yield text(chart.x_label, (LEFT + place.right) / 2, place.bottom + 42, INK, ' text-anchor="middle"')
    yield text(chart.y_label, 18, middle, INK, turned)


def tick_labels(values: list[float]) -> Iterator[tuple[float, str]]:
    """The values of an axis as the reader writes them, all with the decimals that their distance needs."""
    digits = max(0, -math.floor(math.log10(values[1] - values[0]) + 1e-9))
    for value in values:
        yield value, i18n.number(value, digits)


def _series(series: Series, number: int, place: _Place) -> Iterator[str]:
    points = [(x, y) for x, y in zip(series.x, series.y, strict=True)]
    look = _look(number)
    if series.kind == "bars":
        width = max(1.0, min(24.0, 0.8 * (place.right - LEFT) / max(1, len(points))))
        floor = place.y(max(0.0, place.y_ticks[0]))
        for x, y in points:
            if math.isfinite(y) and y > 0:
                yield (f'<rect {look} fill="currentColor" x="{place.x(x) - width / 2:.1f}" y="{place.y(y)}" '
                       f'width="{width:.1f}" height="{floor - place.y(y):.1f}"/>')  # fmt: skip
        return
    for (x, y), spread in zip(points, series.spread, strict=False):
        if math.isfinite(y + spread):
            yield (f'<line {look} stroke="currentColor" stroke-opacity=".4" stroke-width="3" x1="{place.x(x)}" '
                   f'x2="{place.x(x)}" y1="{place.y(y + spread)}" y2="{place.y(y - spread)}"/>')  # fmt: skip
    yield from _joined(points, number, place)
    for (x, y), shape in zip(points, series.shapes, strict=False):
        if math.isfinite(y):
            yield _shape(shape, look, place.x(x), place.y(y))


def _joined(points: Sequence[tuple[float, float]], number: int, place: _Place) -> Iterator[str]:
    """The line through the points, with gaps where there is nothing, and a dot for a point alone."""
    look = _look(number)
    path, is_joined = "", False
    for at, (x, y) in enumerate(points):
        if is_there := math.isfinite(y):
            path += f"{'L' if is_joined else 'M'}{place.x(x)} {place.y(y)}"
            if not (is_joined or (at + 1 < len(points) and math.isfinite(points[at + 1][1]))):
                yield f'<circle {look} fill="currentColor" cx="{place.x(x)}" cy="{place.y(y)}" r="3"/>'
        is_joined = is_there
    if path:
        yield _line(path, number)


def _look(number: int) -> str:
    return f'class="s{number % 4}" color="{COLOURS[number % 4]}"'


def _line(path: str, number: int) -> str:
    dash = f' stroke-dasharray="{DASHES[number % 4]}"' if number % 4 else ""
    return f'<path {_look(number)} fill="none" stroke="currentColor" stroke-width="2"{dash} d="{path}"/>'


def _shape(shape: Shape, look: str, x: float, y: float) -> str:
    inside = "currentColor" if shape == "full" else "#ffffff"
    if shape == "square":
        at = f'x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"'
        return f'<rect {SOFT} fill="{inside}" stroke="currentColor" stroke-width="2" {at}/>'
    return f'<circle {look} fill="{inside}" stroke="currentColor" stroke-width="2" cx="{x}" cy="{y}" r="5"/>'


def _marks(marks: Sequence[Mark], place: _Place) -> Iterator[str]:
    """Lines with their names: those of the x axis above the plot, those of the y axis to the right of it."""
    dashed = f'<line {SOFT} stroke="currentColor" stroke-dasharray="4 4"'
    for mark, row in zip((m for m in marks if m.axis == "x"), place.rows, strict=True):
        x, y = place.x(mark.at), place.top - ROW * row - 6
        yield f'{dashed} x1="{x}" x2="{x}" y1="{y + 4}" y2="{place.bottom}"/>'
        yield text(mark.name, _start(x, width_of(mark.name)), y)
    lowest = -math.inf
    for mark in sorted((m for m in marks if m.axis == "y"), key=lambda m: -m.at):
        at = place.y(mark.at)
        yield f'{dashed} x1="{LEFT}" x2="{place.right}" y1="{at}" y2="{at}"/>'
        if mark.name:
            lowest = max(at + 4, lowest + 16)
            yield text(mark.name, place.right + 8, lowest)


def _start(x: float, width: float) -> float:
    """Where the name of a mark at x begins."""
    return max(0.0, min(x - 4, WIDTH - width))


def _rows(names: Sequence[tuple[float, float]]) -> list[int]:
    """How high above the plot each name (x, width) stands, so that none meets another or the line of another."""
    rows = [0] * len(names)
    done: list[int] = []
    for number in sorted(range(len(names)), key=lambda n: -names[n][0]):
        x, width = names[number]
        end = _start(x, width) + width
        rows[number] = max((rows[other] + 1 for other in done if _start(*names[other]) < end + 8), default=0)
        done.append(number)
    return rows


def _legend_places(series: Sequence[Series]) -> tuple[list[tuple[float, int]], range]:
    """Where each name of a legend begins, and the legend's rows; one series alone needs none."""
    places: list[tuple[float, int]] = []
    x, row = float(LEFT), 0
    for each in series if len(series) > 1 else ():
        width = 30 + width_of(each.name)
        if x > LEFT and x + width > WIDTH:
            x, row = float(LEFT), row + 1
        places.append((x, row))
        x += width + 20
    return places, range(row + 1 if places else 0)


def _legend(series: Sequence[Series]) -> Iterator[str]:
    for number, (x, row) in enumerate(_legend_places(series)[0]):
        y = TOP + ROW * row
        if series[number].kind == "bars":
            yield f'<rect {_look(number)} fill="currentColor" x="{x}" y="{y - 5}" width="24" height="10"/>'
        elif len(shapes := set(series[number].shapes)) == 1:
            yield _shape(shapes.pop(), _look(number), x + 12, y)
        else:
            yield _line(f"M{x} {y}h24", number)
        yield text(series[number].name, x + 30, y + 4)
