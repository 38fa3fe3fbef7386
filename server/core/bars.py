"""Lying bars in groups as SVG, each with its name before it and its figure behind it."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.charts import COLOURS, SOFT, WIDTH, framed, text, width_of

ROW, BAR, HEAD, GAP = 28, 20, 30, 18
MOST_NAME = 300


@dataclass(frozen=True)
class Bar:
    """What is counted, how many there are, and how that is written."""

    name: str
    value: float
    figure: str


@dataclass(frozen=True)
class Bars:
    """Groups of bars under their titles, all on one scale; `name` as that of a Chart."""

    name: str
    title: str
    description: str
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]

    def __html__(self) -> str:
        every = [bar for _, bars in self.groups for bar in bars]
        most = max((bar.value for bar in every), default=0) or 1
        left = min(MOST_NAME, max((width_of(bar.name) for bar in every), default=0.0) + 16)
        room = WIDTH - left - max((width_of(bar.figure) for bar in every), default=0.0) - 16
        parts, y = [], 0
        for title, bars in self.groups:
            parts.append(text(title, 0, y + 18, more=' font-weight="700"'))
            y += HEAD
            for bar in bars:
                parts += _drawn(bar, left, y, room * bar.value / most)
                y += ROW
            y += GAP
        return framed(self.name, self.title, self.description, max(y - GAP, HEAD), parts)


def _drawn(bar: Bar, left: float, y: int, length: float) -> list[str]:
    line = f'x1="{left:.1f}" x2="{left:.1f}" y1="{y - 2}" y2="{y + BAR + 2}"'
    return [
        text(bar.name, left - 10, y + 15, SOFT, ' text-anchor="end"'),
        f'<line {SOFT} stroke="currentColor" {line}/>',
        f'<rect class="s0" color="{COLOURS[0]}" fill="currentColor" x="{left:.1f}" y="{y}" width="{length:.1f}" '
        f'height="{BAR}"/>',
        text(bar.figure, left + length + 8, y + 15),
    ]
