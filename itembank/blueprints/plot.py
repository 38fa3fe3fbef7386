"""The information of a pool and of its reference form against theta, drawn and as the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irt.arrays import Bools
from irt.models import Items, info
from server.core.charts import Chart, Series
from server.core.i18n import _, number

REACH = 4.0
POINTS, EVERY = 161, 10


@dataclass(frozen=True)
class Row:
    """Information of the pool and of its reference form at one theta."""

    theta: float
    pool: float
    reference: float


@dataclass(frozen=True)
class Plot:
    """The two curves, and some of their points as rows."""

    chart: Chart
    rows: tuple[Row, ...]


def information_plot(items: Items, reference: Bools, note: str = "") -> Plot:
    """The curves from -4 to 4 in the reader's language; a note goes behind the title."""
    theta = np.linspace(-REACH, REACH, POINTS)
    of_items = info(theta, items)
    of_pool, of_reference = of_items.sum(axis=1), of_items[:, reference].sum(axis=1)
    rows = [Row(float(t), float(p), float(r)) for t, p, r in zip(theta, of_pool, of_reference, strict=True)]
    peak = max(rows, key=lambda row: row.pool)
    chart = Chart(
        "plot",
        _("Information of the pool against theta") + note,
        _("The whole pool tells most at theta %(theta)s, where its information is %(info)s. "
          "The table below has the figures.", theta=number(peak.theta, 1), info=number(peak.pool, 1)),
        "θ", _("Information"),
        (Series(_("Whole pool"), theta.tolist(), of_pool.tolist()),
         Series(_("Reference form"), theta.tolist(), of_reference.tolist())),
        y_bounds=(0.0, 0.0),
    )  # fmt: skip
    return Plot(chart, tuple(rows[::EVERY]))
