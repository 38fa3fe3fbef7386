"""What a rehearsal found, for people: tables, and charts with their tables, in the reader's language."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from irt.exposure import Control, SympsonHetter
from server.core.charts import Chart, Mark, Series
from server.core.i18n import _, number
from server.jobs.rehearse.report import PERCENT_STEP, Crowd, Findings, by_percent, lengths


@dataclass(frozen=True)
class Table:
    """Columns and rows as they are read; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A chart with the table that says the same."""

    chart: Chart
    table: Table


def conditions(findings: Findings) -> Table:
    """What was rehearsed: how items are chosen, on whom, and by what grades are given."""
    design, cuts = findings.design, findings.cuts
    k = number(design.rule.randomesque)
    if design.method == "shadow":
        chosen = _("One of the %(k)s most informative items of the best test that is still possible (shadow test)", k=k)
    else:
        chosen = _("One of the %(k)s most informative items that keep the blueprint possible", k=k)
    criterion = {
        "information": _("information at theta"),
        "posterior_weighted": _("information averaged over the posterior"),
        "kullback_leibler": _("Kullback-Leibler information"),
    }
    rows = (
        (_("Choice of items"), chosen),
        (_("Criterion"), criterion[design.rule.criterion]),
        (_("Exposure control"), _control(design.exposure)),
        (_("Distribution of theta"), _population(findings.crowd)),
        (_("Reference form"), _("items: %(n)s", n=number(len(findings.source.reference)))),
        (_("Grades from"), "; ".join(f"{cut.title} – {cut.percent:g}\u00a0%" for cut in cuts if cut.percent > 0)),
        (_("Seed (the same gives the same rehearsal)"), str(findings.crowd.seed)),
    )
    return Table(_("What was rehearsed"), (_("Figure"), _("Value")), rows)


def _control(control: Control | SympsonHetter | None) -> str:
    if control is None:
        return _("not controlled")
    names = {
        "restricted": _("restricted"),
        "progressive_restricted": _("progressive-restricted"),
        "eligibility": _("item eligibility"),
    }
    method = names[control.method] if isinstance(control, Control) else "Sympson-Hetter"
    return _("%(method)s, at most %(limit)s of the candidates", method=method, limit=percent(control.r_max))


def _population(crowd: Crowd) -> str:
    whole = sum(part.share for part in crowd.parts)
    each = [(f"N({_digits(p.mean, 1)}; {_digits(p.sd, 1)})", percent(p.share / whole)) for p in crowd.parts]
    return each[0][0] if len(each) == 1 else " + ".join(f"{share} {name}" for name, share in each)


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
        _("Rehearsal: %(name)s", name=findings.source.title), (_("Figure"), _("Value")), rows
    )


def figures(findings: Findings) -> tuple[Figure, ...]:
    """The charts with their tables."""
    return (_precision(findings), _exposure(findings), _length(findings), _grades(findings))


def _precision(findings: Findings) -> Figure:
    rows = findings.by_theta
    middles = [(row.low + row.high) / 2 for row in rows]
    names = (_("Bias"), _("RMSE"), _("Standard error as reported"))
    series = [[row.bias for row in rows], [row.rmse for row in rows], [row.se for row in rows]]
    title = _("Precision by theta")
    chart = Chart(
        "precision", title,
        _("Bias, error and reported standard error of theta for candidates of each true theta. "
          "The same figures stand in the table."),
        _("True theta"), _("Theta"),
        tuple(Series(name, middles, y) for name, y in zip(names, series, strict=True)),
        (Mark("y", 0.0, ""),), y_bounds=(0.0, 0.5),
    )  # fmt: skip
    columns = (_("True theta"), _("Candidates"), *names, _("Items, mean"))
    body = tuple(
        (f"{_digits(row.low, 1)}\u00a0…\u00a0{_digits(row.high, 1)}", number(row.n), _digits(row.bias),
         _digits(row.rmse), _digits(row.se), _digits(row.length, 1))
        for row in rows
    )  # fmt: skip
    return Figure(chart, Table(title, columns, body))


def _exposure(findings: Findings) -> Figure:
    rates = findings.summary.exposure.rates
    order = np.argsort(-rates, kind="stable")
    control = findings.design.exposure
    marks = () if control is None else (Mark("y", control.r_max, _("Limit")),)
    title = _("Exposure of the items")
    chart = Chart(
        "exposure", title,
        _("Part of the candidates who got each item, from the item used most to the item used least. "
          "The same figures stand in the table."),
        _("Items, from the most used to the least"), _("Exposure"),
        (Series(_("Exposure"), list(range(1, rates.size + 1)), rates[order].tolist()),),
        marks, x_bounds=(0, rates.size), y_bounds=(0, max(0.1, float(rates.max()))),
    )  # fmt: skip
    body = tuple((findings.source.codes[item], percent(float(rates[item]))) for item in order.tolist())
    return Figure(chart, Table(title, (_("Item"), _("Exposure")), body))


def _length(findings: Findings) -> Figure:
    counted = lengths(findings.simulation)
    n_persons = findings.simulation.theta.size
    shares = [n / n_persons for _size, n in counted]
    title = _("Length of the tests")
    chart = Chart(
        "length", title,
        _("Part of the candidates whose test had each number of items. The same figures stand in the table."),
        _("Items in the test"), _("Part of the candidates"),
        (Series(_("Candidates"), [length for length, _n in counted], shares, "bars"),),
        x_bounds=(0, findings.design.constraints.length + 1), y_bounds=(0, max(shares)),
    )  # fmt: skip
    body = tuple((number(length), number(n), percent(n / n_persons)) for length, n in counted)
    columns = (_("Items in the test"), _("Candidates"), _("Part of the candidates"))
    return Figure(chart, Table(title, columns, body))


def _grades(findings: Findings) -> Figure:
    rows = by_percent(findings.grades)
    middles = [row["low"] + PERCENT_STEP / 2 for row in rows]
    title = _("Grades by true percent of marks")
    exact, passed = _("Exact grade"), _("Pass or fail is right")
    chart = Chart(
        "grades", title,
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
    return Figure(chart, Table(title, columns, body))


def percent(part: float) -> str:
    """A part of one as a percent with one decimal."""
    return "–" if math.isnan(part) else f"{number(100 * part, 1)} %"


def _digits(value: float, digits: int = 3) -> str:
    return "–" if math.isnan(value) else number(value, digits).replace("-", "−")


def _with_error(value: float, error: float) -> str:
    return f"{_digits(value)} ± {_digits(error)}"
