"""How the items in service lie on the scale, and how often they were given: drawn, and as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from itembank.inventory.health import Health, histogram
from server.core.charts import Chart, Series
from server.core.i18n import _, number

DIFFICULTIES = tuple(-3.5 + 0.5 * n for n in range(15))
LEAST_STEPS = 8


@dataclass(frozen=True)
class Plot:
    """Bars, and the same figures as rows: from, to, how many."""

    chart: Chart
    rows: tuple[tuple[str, int], ...]


def difficulty_plot(health: Health) -> Plot:
    """How many items in service there are at each difficulty."""
    counts = histogram(health.difficulties, DIFFICULTIES)
    return _bars(
        f"b-{health.subject}", _("Difficulty of the items in service"),
        _("How many items lie at each difficulty. The table below has the figures."), "b", DIFFICULTIES, counts, 1,
    )  # fmt: skip


def given_plot(health: Health) -> Plot:
    """How many items in service were given how often."""
    most = max(health.given, default=0)
    step = max(1, -(-(most + 1) // LEAST_STEPS))
    edges = [float(at * step) for at in range(LEAST_STEPS + 1)]
    counts = histogram(health.given, edges)
    return _bars(
        f"given-{health.subject}", _("How often the items in service were given"),
        _("How many items were given how often. The table below has the figures."), _("Times given"), edges, counts, 0,
    )  # fmt: skip


def _bars(
    name: str, title: str, description: str, label: str, edges: Sequence[float], counts: Sequence[int], digits: int
) -> Plot:
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    chart = Chart(
        name, title, description, label, _("Items"),
        (Series(_("Items"), middles, [float(n) for n in counts], kind="bars"),), y_bounds=(0.0, 1.0), least_y_step=1,
    )  # fmt: skip
    spans = [
        _("%(low)s to %(high)s", low=number(low, digits), high=number(high, digits))
        for low, high in pairwise(edges)
    ]
    return Plot(chart, tuple(zip(spans, counts, strict=True)))
