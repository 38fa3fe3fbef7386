"""The plots of the reports in the reader's language: grades of a sitting, and the way of one candidate's theta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from irt.arrays import Floats
from server.core.bars import Bar, Bars
from server.core.charts import Chart, Mark, Series, Shape
from server.core.i18n import _, number

SHAPES: dict[str, Shape] = {"right": "full", "wrong": "open"}


def grade_bars(counts: Mapping[str, Mapping[str, int]], is_invented: bool) -> Bars:
    """How many candidates got each grade: subject title → grade title → number."""
    groups = tuple(
        (title, tuple(Bar(name, n, _figure(n, sum(grades.values()))) for name, n in grades.items()))
        for title, grades in counts.items()
    )
    said = (f"{title}: {', '.join(f'{bar.name} {bar.value:g}' for bar in bars)}." for title, bars in groups)
    title = _("How many candidates have each grade, by subject")
    return Bars("grades", title + _note(is_invented), " ".join(said), groups)


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
        _("%(subject)s: theta after each task, with its standard error", subject=title) + _note(is_invented),
        _("After %(n)s tasks theta is %(theta)s with a standard error of %(se)s. The table below has every step.",
          n=len(path), theta=number(thetas[-1], 2), se=number(errors[-1], 2)),
        _("Task"), "θ", (Series(title, numbers, thetas, spread=errors, shapes=shapes),),
        tuple(Mark("y", at, label) for label, at in found.items()
              if at is not None and min(low, -1.0) <= at <= max(high, 1.0)),
        x_bounds=(0, len(path)), y_bounds=(-1, 1),
    )  # fmt: skip


def _figure(n: int, total: int) -> str:
    return f"{number(n)} ({number(100 * n / total if total else 0.0, 1)} %)"


def _note(is_invented: bool) -> str:
    words = _("demonstration parameters")
    return f" ({words})" if is_invented else ""


def _theta_at(percent: float, curve: tuple[Floats, Floats]) -> float | None:
    """The theta at which the rising curve reaches the percent; None where it never does within the grid."""
    nodes, percents = curve
    if not percents[0] < percent <= percents[-1]:
        return None
    return float(np.interp(percent, percents, nodes))
