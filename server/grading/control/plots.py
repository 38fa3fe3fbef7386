"""Plots of findings: where the same answers stand in two tests, a school's mean beside the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

from server.core.bars import Bar, Bars
from server.core.charts import Chart, Series, Shape
from server.core.i18n import _, number
from server.grading.control.queries import FindingRef


def plot_of(ref: FindingRef) -> Chart | Bars | None:
    """The plot of a finding, where one says more than its figures."""
    if ref.kind == "similar":
        return _common_tasks(ref.figures["tasks"])
    return _means(ref.figures) if ref.kind == "jump" else None


def _common_tasks(tasks: Sequence[Sequence[Any]]) -> Chart:
    """Common tasks by their numbers in the two tests: the same wrong answer, both right, different answers."""
    kinds: tuple[tuple[str, Shape, list[Sequence[Any]]], ...] = (
        (_("The same wrong answer"), "full", [each for each in tasks if each[2] and each[3]]),
        (_("Both right"), "square", [each for each in tasks if each[2] and not each[3]]),
        (_("Different answers"), "open", [each for each in tasks if not each[2]]),
    )
    said = ", ".join(f"{name}: {len(found)}" for name, _shape, found in kinds)
    return Chart(
        "common", _("Tasks that both had, by their numbers in the two tests"), said,
        _("Task in the first test"), _("Task in the second test"),
        tuple(_points(name, shape, found) for name, shape, found in kinds if found), x_bounds=(0, 1), y_bounds=(0, 1),
    )  # fmt: skip


def _points(name: str, shape: Shape, tasks: Sequence[Sequence[Any]]) -> Series:
    """Points that nothing joins: between two of them there is none."""
    x = [value for first, *_rest in tasks for value in (float(first), float(first))]
    y = [value for _first, second, *_rest in tasks for value in (float(second), nan)]
    return Series(name, x, y, shapes=[shape] * len(x))


def _means(figures: Mapping[str, Any]) -> Bars:
    pairs = ((_("The year before"), figures["mean_before"]), (_("Now"), figures["mean"]))
    bars = tuple(Bar(name, value, _("%(percent)s %%", percent=number(value, 1))) for name, value in pairs)
    title = _("Mean percent of the school's candidates")
    return Bars("means", title, ", ".join(f"{bar.name}: {bar.figure}" for bar in bars), ((title, bars),))
