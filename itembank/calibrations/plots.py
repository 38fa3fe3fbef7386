"""The drawings of an item card and of a technical report, each with the figures that its table shows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from irt.models import Items, info, prob
from server.core.charts import Chart, Series
from server.core.i18n import _

REACH, POINTS = 4.0, 81
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Figures = Mapping[str, Any]


def curve(figures: Figures) -> Chart | None:
    """The characteristic curve with the parts right that were observed along ability; None without parameters."""
    if figures["b"] is None:
        return None
    theta = np.linspace(-REACH, REACH, POINTS)
    drawn = [Series(_("By the model"), theta.tolist(), prob(theta, _items(figures))[:, 0].tolist())]
    fit, known = figures.get("fit"), figures.get("known")
    if fit:
        x, y, spread = _points(fit["theta"], fit["observed"], fit["persons"])
        drawn.append(Series(_("Observed, ± one standard error"), x, y, spread=spread))
    if known and known["b"] != figures["b"]:
        drawn.append(Series(_("As it was"), theta.tolist(), prob(theta, _items(known))[:, 0].tolist()))
    return Chart(
        "curve", _("Characteristic curve"),
        _("The part of candidates of each ability that answer right: by the model, and as observed. The table below "
          "has the figures."),
        "θ", _("Part right"), tuple(drawn), y_bounds=(0.0, 1.0),
    )  # fmt: skip


def information(figures: Figures) -> Chart | None:
    """How much the item tells at each ability; None without parameters."""
    if figures["b"] is None:
        return None
    theta = np.linspace(-REACH, REACH, POINTS)
    values = info(theta, _items(figures))[:, 0]
    peak = float(theta[int(np.argmax(values))])
    return Chart(
        "information", _("Information"),
        _("The item tells most about candidates near theta %(theta)s.", theta=round(peak, 1)), "θ", _("Information"),
        (Series(_("Information"), theta.tolist(), values.tolist()),), y_bounds=(0.0, 0.0),
    )  # fmt: skip


def options(figures: Figures) -> Chart | None:
    """Which option candidates choose, from the weakest fifth to the strongest; None where no one option is chosen."""
    found = figures.get("options")
    if found is None:
        return None
    groups = list(range(1, len(found["share"]) + 1))
    letters = range(len(found["n"]) - 1)
    key = found["key"]
    series = [_option(found, at, groups, at == key) for at in sorted(letters, key=lambda at: at != key)]
    return Chart(
        "options", _("Options by ability"),
        _("The part of candidates that choose each option, from the weakest group to the strongest. The table below "
          "has the figures."),
        _("Ability group, from the weakest"), _("Part"), tuple(series), y_bounds=(0.0, 1.0),
    )  # fmt: skip


def precision(whole: Figures) -> Chart:
    """The standard error of theta that all items of the run together would leave, against theta."""
    points = whole["curve"]
    return Chart(
        "precision", _("Standard error against theta"),
        _("How precisely all items of the run together measure at each ability. The table below has the figures."),
        "θ", _("Standard error"), (Series(_("Standard error"), points["theta"], points["se"]),), y_bounds=(0.0, 0.0),
    )  # fmt: skip


def _option(found: Figures, at: int, groups: Sequence[int], is_key: bool) -> Series:
    name = _("%(letter)s (key)", letter=LETTERS[at]) if is_key else LETTERS[at]
    shares = [math.nan if row[at] is None else row[at] for row in found["share"]]
    return Series(name, groups, shares, shapes=["full"] * len(shares) if is_key else ())


def _items(figures: Figures) -> Items:
    return Items.from_lists([figures["a"]], [figures["b"]], [figures["c"]])


def _points(theta: Sequence[float], observed: Sequence[float], persons: Sequence[float]) -> tuple[Any, Any, Any]:
    """Points that are not joined: between two of them stands one that is nowhere."""
    x, y, spread = [], [], []
    for at, share, n in zip(theta, observed, persons, strict=True):
        x += [at, at]
        y += [share, math.nan]
        spread += [math.sqrt(max(share * (1 - share), 0.0) / n) if n else 0.0, math.nan]
    return x, y, spread
