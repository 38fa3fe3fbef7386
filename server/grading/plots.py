"""The way of one candidate through a subject as plots, in the reader's language; each stands beside its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from irt.arrays import Floats
from server.core.charts import Chart, Mark, Series, Shape
from server.core.i18n import _, number

SHAPES: dict[str, Shape] = {"right": "full", "wrong": "open"}


def theta_plot(
    subject: tuple[str, str], path: Sequence[tuple[int, str, float, float]], cuts: Mapping[str, float],
    curve: tuple[Floats, Floats], is_invented: bool,
) -> Chart:  # fmt: skip
    """The path of (number, outcome, theta, se) in a subject (code, title).

    `cuts` are the least percents of the grades, `curve` is the percent at each theta.
    """
    code, title = subject
    numbers, outcomes, thetas, errors = zip(*path, strict=True)
    low = min(theta - se for theta, se in zip(thetas, errors, strict=True))
    high = max(theta + se for theta, se in zip(thetas, errors, strict=True))
    found = {label: _theta_at(percent, curve) for label, percent in cuts.items()}
    shapes = [SHAPES.get(outcome, "square") for outcome in outcomes]
    return Chart(
        f"path-{code}",
        _("%(subject)s: theta after each task, with its standard error", subject=title) + invented(is_invented),
        _("After %(n)s tasks theta is %(theta)s with a standard error of %(se)s. The table below has every step.",
          n=len(path), theta=number(thetas[-1], 2), se=number(errors[-1], 2)),
        _("Task"), "θ", (Series(title, numbers, thetas, spread=errors, shapes=shapes),),
        tuple(Mark("y", at, label) for label, at in found.items()
              if at is not None and min(low, -1.0) <= at <= max(high, 1.0)),
        x_bounds=(0, len(path)), y_bounds=(-1, 1),
    )  # fmt: skip


def invented(is_invented: bool) -> str:
    """What is said behind a title where parameters are invented."""
    words = _("demonstration parameters")
    return f" ({words})" if is_invented else ""


def _theta_at(percent: float, curve: tuple[Floats, Floats]) -> float | None:
    """The theta at which the rising curve reaches the percent; None where it never does within the grid."""
    nodes, percents = curve
    if not percents[0] < percent <= percents[-1]:
        return None
    return float(np.interp(percent, percents, nodes))
