"""The plots of a marking in the reader's language: how far two marks lie apart, how severe each marker is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from server.core.bars import Bar, Bars
from server.core.charts import Chart, Mark, Series, Shape
from server.core.i18n import _, number
from server.marking.overview import MarkerRow, Overview, TaskRow

TWO_SIDED = 1.96


@dataclass(frozen=True)
class Charts:
    """What there is to draw so far."""

    apart: Bars | None
    severity: Chart | None


def charts(view: Overview, subjects: Mapping[str, str]) -> Charts:
    """The plots of the marks given so far; each stands beside its table."""
    paired = [task for task in view.tasks if task.agreement.n]
    known = [row for row in view.markers if math.isfinite(row.effect)]
    return Charts(_apart(paired, subjects) if paired else None, _severity(known) if known else None)


def by_difference(task: TaskRow) -> list[int]:
    """How many works have marks that lie 0, 1, 2, … points apart."""
    counts = task.agreement.counts
    return [int(sum(np.trace(counts, offset=by) for by in {by, -by})) for by in range(task.maximum + 1)]


def _apart(rows: list[TaskRow], subjects: Mapping[str, str]) -> Bars:
    groups = []
    for row in rows:
        found = by_difference(row)
        last = max(at for at, n in enumerate(found) if n)
        bars = tuple(Bar(str(at), n, _figure(n, row.agreement.n)) for at, n in enumerate(found[: last + 1]))
        groups.append((_("%(subject)s, task %(n)s", subject=subjects[row.subject], n=row.number), bars))
    said = (f"{title}: {', '.join(f'{bar.name}: {bar.value:g}' for bar in bars)}." for title, bars in groups)
    return Bars(
        "apart", _("How many points the two marks of a work lie apart"), " ".join(said), tuple(groups)
    )


def _severity(rows: list[MarkerRow]) -> Chart:
    said = ", ".join(f"{n} {row.name}: {number(row.effect, 1)}" for n, row in enumerate(rows, start=1))
    # Between two markers there is nothing: a line that joins them would say something.
    shapes: list[Shape] = ["full"] * (2 * len(rows))
    x, y, spread = [], [], []
    for n, row in enumerate(rows, start=1):
        x += [float(n), n + 0.5]
        y += [row.effect, math.nan]
        spread += [TWO_SIDED * row.se if math.isfinite(row.se) else 0.0, 0.0]
    return Chart(
        "severity", _("How much more or less than the others each marker gives, in percent of the points"),
        said, _("Marker, by the number in the table"), _("Percent of the points"),
        (Series(_("more or less than the others"), x, y, spread=spread, shapes=shapes),),
        (Mark("y", 0.0, ""),), x_bounds=(0, len(rows) + 1), y_bounds=(-5, 5),
    )  # fmt: skip


def _figure(n: int, total: int) -> str:
    return f"{number(n)} ({number(100 * n / total if total else 0.0, 1)} %)"
