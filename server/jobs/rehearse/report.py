"""What a rehearsal found: figures for machines (JSON), and for people tables and charts in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from irt.simulate import (
    Design,
    GradeAccuracy,
    Precision,
    Simulation,
    Summary,
    grade_accuracy,
    precision_by_theta,
    summary,
)
from server.core.i18n import _, number
from server.jobs.rehearse.source import Source
from server.jobs.rehearse.svg import Chart, Mark, Series

THETA_EDGES = tuple(np.arange(-3.0, 3.01, 0.5).tolist())
PERCENT_STEP = 5


@dataclass(frozen=True)
class Cut:
    """The least percent of a grade, and the grade's title."""

    percent: float
    title: str


@dataclass(frozen=True)
class Table:
    """Columns and rows as they are read; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A chart with the table that says the same; `name` is that of its file."""

    name: str
    chart: Chart
    table: Table


@dataclass(frozen=True, eq=False)
class Findings:
    """All that is reported of one rehearsal."""

    source: Source
    design: Design
    simulation: Simulation
    summary: Summary
    by_theta: tuple[Precision, ...]
    grades: GradeAccuracy
    cuts: tuple[Cut, ...]
    seed: int

    @classmethod
    def of(
        cls, source: Source, design: Design, simulation: Simulation, cuts: Sequence[Cut], seed: int
    ) -> Findings:
        """The findings of a finished simulation; the lowest cut is the pass."""
        ordered = tuple(sorted(cuts, key=lambda cut: cut.percent))
        limits = [cut.percent for cut in ordered]
        return cls(
            source, design, simulation, summary(design, simulation),
            precision_by_theta(simulation, THETA_EDGES),
            grade_accuracy(design, simulation, source.reference, limits), ordered, seed,
        )  # fmt: skip


def as_json(findings: Findings) -> dict[str, Any]:
    """The figures as plain JSON values; null where there is no figure."""
    whole, grades = findings.summary, findings.grades
    exposure, design = whole.exposure, findings.design
    plain: dict[str, Any] = _plain({
        "pool": findings.source.name,
        "seed": findings.seed,
        "design": {
            "n_items": len(design.items), "length": design.constraints.length, "rule": asdict(design.rule),
            "exposure": None if design.exposure is None else asdict(design.exposure), "batch": design.batch,
            "method": design.method,
            "tiers": findings.source.spec.to_json()["tiers"], "areas": findings.source.spec.to_json()["areas"],
            "reference_items": len(findings.source.reference),
        },
        "precision": asdict(whole.precision),
        "length": {"shortest": whole.shortest, "longest": whole.longest},
        "violations": {"tests": whole.n_violating, "constraints": whole.n_violations},
        "not_converged": whole.n_not_converged,
        "exposure": {
            "highest": exposure.highest, "unused": exposure.unused, "overlap": exposure.overlap,
            "chi_square": exposure.chi_square,
            "items": list(zip(findings.source.codes, exposure.rates.tolist(), strict=True)),
        },
        "grades": {
            "cuts": list(grades.cuts), "exact": grades.exact, "pass_fail": grades.pass_fail,
            "percent_error": grades.error, "counts": grades.counts.tolist(),
        },
        "by_theta": [asdict(row) for row in findings.by_theta],
        "by_percent": by_percent(grades),
        "lengths": {str(length): n for length, n in _lengths(findings.simulation)},
    })  # fmt: skip
    return plain


def overview(findings: Findings) -> Table:
    """The whole rehearsal at a glance."""
    whole, grades, exposure = findings.summary, findings.grades, findings.summary.exposure
    precision = whole.precision
    rows = (
        (_("Simulated candidates"), number(precision.n)),
        (_("Items in the pool"), number(len(findings.design.items))),
        (_("Items in a test, mean (shortest to longest)"),
         f"{number(precision.length, 1)} ({number(whole.shortest)}–{number(whole.longest)})"),
        (_("Error of theta (RMSE)"), _with_error(precision.rmse, precision.rmse_error)),
        (_("Bias of theta"), _with_error(precision.bias, precision.bias_error)),
        (_("Standard error as reported, mean"), number(precision.se, 3)),
        (_("Highest exposure of an item"), percent(exposure.highest)),
        (_("Items never used"), percent(exposure.unused)),
        (_("Overlap of two candidates' tests"), percent(exposure.overlap)),
        (_("Exact grade"), percent(grades.exact)),
        (_("Pass or fail is right"), percent(grades.pass_fail)),
        (_("Error of the percent of marks, in points"), number(grades.error, 1)),
        (_("Tests that break the blueprint"), number(whole.n_violating)),
        (_("Estimates off the grid"), number(whole.n_not_converged)),
    )  # fmt: skip
    return Table(
        _("Rehearsal of the pool %(name)s", name=findings.source.name), (_("Figure"), _("Value")), rows
    )


def figures(findings: Findings) -> tuple[Figure, ...]:
    """The charts with their tables."""
    return (_precision(findings), _exposure(findings), _length(findings), _grades(findings))


def by_percent(grades: GradeAccuracy) -> list[dict[str, float | int]]:
    """How often the grade, and pass or fail, is right by true percent, in bands of PERCENT_STEP points."""
    band = np.minimum(grades.percent_true // PERCENT_STEP, 100 // PERCENT_STEP - 1).astype(int)
    rows: list[dict[str, float | int]] = []
    for number_ in np.unique(band).tolist():
        who = band == number_
        low = number_ * PERCENT_STEP
        rows.append({
            "low": low, "high": low + PERCENT_STEP, "n": int(who.sum()),
            "exact": float(grades.is_exact[who].mean()), "pass_fail": float(grades.is_pass_right[who].mean()),
        })  # fmt: skip
    return rows


def _precision(findings: Findings) -> Figure:
    rows = findings.by_theta
    middles = [(row.low + row.high) / 2 for row in rows]
    names = (_("Bias"), _("RMSE"), _("Standard error as reported"))
    series = [[row.bias for row in rows], [row.rmse for row in rows], [row.se for row in rows]]
    title = _("Precision by theta")
    chart = Chart(
        title,
        _("Bias, error and reported standard error of theta for candidates of each true theta. "
          "The same figures stand in the table."),
        _("True theta"), _("Theta"),
        tuple(Series(name, middles, y) for name, y in zip(names, series, strict=True)),
        (Mark("y", 0.0, ""),), y_bounds=(0.0, 0.5),
    )  # fmt: skip
    columns = (_("True theta"), _("Candidates"), *names, _("Items, mean"))
    body = tuple(
        (f"{_signed(row.low)} … {_signed(row.high)}", number(row.n), _digits(row.bias), _digits(row.rmse),
         _digits(row.se), _digits(row.length, 1))
        for row in rows
    )  # fmt: skip
    return Figure("precision", chart, Table(title, columns, body))


def _exposure(findings: Findings) -> Figure:
    rates = findings.summary.exposure.rates
    order = np.argsort(-rates, kind="stable")
    control = findings.design.exposure
    marks = () if control is None else (Mark("y", control.r_max, _("Limit")),)
    title = _("Exposure of the items")
    chart = Chart(
        title,
        _("Part of the candidates who got each item, from the item used most to the item used least. "
          "The same figures stand in the table."),
        _("Items, from the most used to the least"), _("Exposure"),
        (Series(_("Exposure"), list(range(1, rates.size + 1)), rates[order].tolist()),),
        marks, x_bounds=(0, rates.size), y_bounds=(0, max(0.1, float(rates.max()))),
    )  # fmt: skip
    body = tuple((findings.source.codes[item], percent(float(rates[item]))) for item in order.tolist())
    return Figure("exposure", chart, Table(title, (_("Item"), _("Exposure")), body))


def _length(findings: Findings) -> Figure:
    counted = _lengths(findings.simulation)
    n_persons = findings.simulation.theta.size
    shares = [n / n_persons for _length_, n in counted]
    title = _("Length of the tests")
    chart = Chart(
        title,
        _("Part of the candidates whose test had each number of items. The same figures stand in the table."),
        _("Items in the test"), _("Part of the candidates"),
        (Series(_("Candidates"), [length for length, _n in counted], shares, "bars"),),
        x_bounds=(0, findings.design.constraints.length + 1), y_bounds=(0, max(shares)),
    )  # fmt: skip
    body = tuple((number(length), number(n), percent(n / n_persons)) for length, n in counted)
    columns = (_("Items in the test"), _("Candidates"), _("Part of the candidates"))
    return Figure("length", chart, Table(title, columns, body))


def _grades(findings: Findings) -> Figure:
    rows = by_percent(findings.grades)
    middles = [row["low"] + PERCENT_STEP / 2 for row in rows]
    title = _("Grades by true percent of marks")
    exact, passed = _("Exact grade"), _("Pass or fail is right")
    chart = Chart(
        title,
        _("How often candidates of each true percent get the grade they deserve, and pass or fail rightly; "
          "dashed lines are the least percents of the grades. The same figures stand in the table."),
        _("True percent of marks"), _("Part of the candidates"),
        (Series(exact, middles, [row["exact"] for row in rows]),
         Series(passed, middles, [row["pass_fail"] for row in rows])),
        tuple(Mark("x", cut.percent, cut.title) for cut in findings.cuts if cut.percent > 0),
        x_bounds=(0, 100), y_bounds=(0, 1),
    )  # fmt: skip
    body = tuple(
        (f"{number(row['low'])}–{number(row['high'])}", number(row["n"]), percent(row["exact"]),
         percent(row["pass_fail"]))
        for row in rows
    )  # fmt: skip
    columns = (_("True percent of marks"), _("Candidates"), exact, passed)
    return Figure("grades", chart, Table(title, columns, body))


def percent(part: float) -> str:
    """A part of one as a percent with one decimal."""
    return "–" if math.isnan(part) else f"{number(100 * part, 1)} %"


def _lengths(simulation: Simulation) -> list[tuple[int, int]]:
    lengths, counts = np.unique(simulation.lengths, return_counts=True)
    return list(zip(lengths.tolist(), counts.tolist(), strict=True))


def _digits(value: float, digits: int = 3) -> str:
    return "–" if math.isnan(value) else number(value, digits)


def _signed(value: float) -> str:
    return number(value, 1)


def _with_error(value: float, error: float) -> str:
    return f"{_digits(value)} ± {_digits(error)}"


def _plain(value: Any) -> Any:
    """The same with null for what is no finite number."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
