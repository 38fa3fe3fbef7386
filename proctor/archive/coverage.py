"""How much of a sitting a camera recorded: covered stretches and the gaps that the rule does not tolerate. Pure.
The drawing is a bar to scale; the table beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from proctor.archive.rules import ArchiveRule
from server.core.charts import COLOURS, INK, SOFT, WIDTH, framed, text

BAR_TOP, BAR, HEIGHT = 6, 30, 66


@dataclass(frozen=True)
class Span:
    """From one instant to another."""

    begins_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return (self.ends_at - self.begins_at).total_seconds()


@dataclass(frozen=True)
class Coverage:
    """A window of time, what of it is recorded, and the gaps worth showing."""

    window: Span
    covered: tuple[Span, ...]
    gaps: tuple[Span, ...]

    @property
    def percent(self) -> float:
        """How much of the window is recorded."""
        return 100 * sum(each.seconds for each in self.covered) / (self.window.seconds or 1)


def coverage(rule: ArchiveRule, window: Span, recorded: Sequence[Span]) -> Coverage:
    """The recorded stretches inside the window, joined where they meet, and the intolerable gaps between them."""
    covered: list[Span] = []
    for each in sorted(recorded, key=lambda span: span.begins_at):
        begins, ends = max(each.begins_at, window.begins_at), min(each.ends_at, window.ends_at)
        if begins >= ends:
            continue
        if covered and begins <= covered[-1].ends_at:
            covered[-1] = Span(covered[-1].begins_at, max(covered[-1].ends_at, ends))
        else:
            covered.append(Span(begins, ends))
    edges = [
        window.begins_at,
        *(at for each in covered for at in (each.begins_at, each.ends_at)),
        window.ends_at,
    ]
    between = [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
    gaps = [each for each in between if not rule.judge_gap(each.begins_at, each.ends_at).allowed]
    return Coverage(window, tuple(covered), tuple(gaps))


@dataclass(frozen=True)
class CoverageBar:
    """The window as a bar: recorded stretches full, gaps crossed out; words come in translated."""

    name: str
    title: str
    description: str
    found: Coverage
    begins: str
    ends: str

    def __html__(self) -> str:
        """The drawing."""
        frame = f'x="1" y="{BAR_TOP}" width="{WIDTH - 2}" height="{BAR}"'
        parts = [f'<rect {INK} fill="none" stroke="currentColor" {frame}/>']
        parts += [self._stretch(each, "s0", COLOURS[0]) for each in self.found.covered]
        parts += [self._cross(each) for each in self.found.gaps]
        parts += [
            text(self.begins, 1, HEIGHT - 10, SOFT),
            text(self.ends, WIDTH - 1, HEIGHT - 10, SOFT, ' text-anchor="end"'),
        ]
        return framed(self.name, self.title, self.description, HEIGHT, parts)

    def _x(self, at: datetime) -> float:
        part = (at - self.found.window.begins_at).total_seconds() / (self.found.window.seconds or 1)
        return 1 + (WIDTH - 2) * part

    def _stretch(self, span: Span, look: str, colour: str) -> str:
        x = self._x(span.begins_at)
        width = max(1.0, self._x(span.ends_at) - x)
        return (
            f'<rect class="{look}" color="{colour}" fill="currentColor" x="{x:.1f}" y="{BAR_TOP}" '
            f'width="{width:.1f}" height="{BAR}"/>'
        )

    def _cross(self, span: Span) -> str:
        # Not by colour alone: a gap is a line through the empty bar.
        x, end = self._x(span.begins_at), self._x(span.ends_at)
        y = BAR_TOP + BAR / 2
        return (
            f'<line class="s1" color="{COLOURS[1]}" stroke="currentColor" stroke-width="4" stroke-dasharray="6 3" '
            f'x1="{x:.1f}" x2="{max(end, x + 3):.1f}" y1="{y:g}" y2="{y:g}"/>'
        )
