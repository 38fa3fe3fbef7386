"""What a rehearsal found, for people: tables, and charts with their tables, in the reader's language.
Everything is drawn from the report as it is stored, so that it reads the same years later."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from itembank.rehearsals.report import PERCENT_STEP, Report
from server.core.charts import Chart, Mark, Series
from server.core.i18n import _, number

BINS = 10


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


def conditions(report: Report, names: Sequence[str]) -> Table:
    """What was rehearsed: how items are chosen, on whom, and by what grades are given; `names` are the cuts'."""
    design, cuts = report["design"], report["grades"]["cuts"]
    k = number(design["rule"]["randomesque"])
    if design["method"] == "shadow":
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
        (_("Criterion"), criterion[design["rule"]["criterion"]]),
        (_("Exposure control"), _control(design["exposure"])),
        (_("Distribution of theta"), _population(report["population"])),
        (_("Reference form"), _("items: %(n)s", n=number(design["reference_items"]))),
        (_("Grades from"), "; ".join(f"{name} – {cut:g}\u00a0%" for name, cut in zip(names, cuts, strict=True))),
        (_("Seed (the same gives the same rehearsal)"), str(report["seed"])),
    )
    return Table(_("What was rehearsed"), (_("Figure"), _("Value")), rows)


def _control(control: Mapping[str, Any] | None) -> str:
    if control is None:
        return _("not controlled")
    names = {
        "restricted": _("restricted"),
        "progressive_restricted": _("progressive-restricted"),
        "eligibility": _("item eligibility"),
    }
    method = names.get(control.get("method", ""), "Sympson-Hetter")
    return _("%(method)s, at most %(limit)s of the candidates", method=method, limit=percent(control["r_max"]))


def _population(parts: Sequence[Mapping[str, float]]) -> str:
    whole = sum(part["share"] for part in parts)
    each = [
        (f"N({_digits(p['mean'], 1)}; {_digits(p['sd'], 1)})", percent(p["share"] / whole)) for p in parts
    ]
    return each[0][0] if len(each) == 1 else " + ".join(f"{share} {name}" for name, share in each)


def overview(report: Report, title: str) -> Table:
    """The whole rehearsal at a glance."""
    precision, length, exposure = report["precision"], report["length"], report["exposure"]
    grades = report["grades"]
    rows = [
        (_("Simulated candidates"), number(precision["n"])),
        (_("Items in the pool"), number(report["design"]["n_items"])),
        (_("Items in a test, mean (shortest to longest)"),
         f"{number(precision['length'], 1)} ({number(length['shortest'])}–{number(length['longest'])})"),
        (_("Error of theta (RMSE)"), _with_error(precision["rmse"], precision["rmse_error"])),
        (_("Bias of theta"), _with_error(precision["bias"], precision["bias_error"])),
        (_("Standard error as reported, mean"), _digits(precision["se"])),
        (_("Highest exposure of an item"), percent(exposure["highest"])),
        (_("Items never used"), percent(exposure["unused"])),
        (_("Overlap of two candidates' tests"), percent(exposure["overlap"])),
        (_("Exact grade"), percent(grades["exact"])),
        (_("Pass or fail is right"), percent(grades["pass_fail"])),
        (_("Error of the percent of marks, in points"), _digits(grades["percent_error"], 1)),
        (_("Tests that break the blueprint"), number(report["violations"]["tests"])),
        (_("Estimates off the grid"), number(report["not_converged"])),
    ]  # fmt: skip
    if (times := report["times"]) is not None:
        rows.append((_("Minutes for a test, expected: at middling speed, and of the slowest twentieth"),
                     f"{number(times['mean'] / 60)}; {number(times['slow'] / 60)}"))  # fmt: skip
    return Table(_("Rehearsal: %(name)s", name=title), (_("Figure"), _("Value")), tuple(rows))


def figures(report: Report, names: Sequence[str]) -> tuple[Figure, ...]:
    """The charts with their tables; `names` are those of the cuts."""
    return (_precision(report), _exposure(report), _spread(report), _length(report), _grades(report, names))


def quotas(report: Report, names: Mapping[str, str]) -> Table:
    """Whether every test kept every quota."""
    rows = tuple(
        (names.get(row["name"], row["name"]), number(row["minimum"]), number(row["maximum"]), number(row["least"]),
         number(row["most"]), percent(row["kept"]))
        for row in report["quotas"]
    )  # fmt: skip
    columns = (
        _("Quota"), _("At least"), _("At most"), _("Least in a test"), _("Most in a test"), _("Tests that keep it"),
    )  # fmt: skip
    return Table(_("Quotas in the simulated tests"), columns, rows)


def by_cut(report: Report, names: Sequence[str]) -> Table:
    """How often candidates come to lie on the right side of each cut."""
    rows = tuple(
        (f"{name}, {row['cut']:g}\u00a0%", percent(row["right"]), percent(row["above"]), percent(row["below"]))
        for name, row in zip(names, report["grades"]["by_cut"], strict=True)
    )
    columns = (_("Cut"), _("Right side"), _("Wrongly above"), _("Wrongly below"))
    return Table(_("Decisions at each cut"), columns, rows)


def _precision(report: Report) -> Figure:
    rows = report["by_theta"]
    middles = [(row["low"] + row["high"]) / 2 for row in rows]
    names = (_("Bias"), _("RMSE"), _("Standard error as reported"))
    series = [[_nan(row[name]) for row in rows] for name in ("bias", "rmse", "se")]
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
        (f"{_digits(row['low'], 1)}\u00a0…\u00a0{_digits(row['high'], 1)}", number(row["n"]), _digits(row["bias"]),
         _digits(row["rmse"]), _digits(row["se"]), _digits(row["length"], 1))
        for row in rows
    )  # fmt: skip
    return Figure(chart, Table(title, columns, body))


def _exposure(report: Report) -> Figure:
    items = sorted(report["exposure"]["items"], key=lambda item: -item[1])
    control = report["design"]["exposure"]
    marks = () if control is None else (Mark("y", control["r_max"], _("Limit")),)
    title = _("Exposure of the items")
    chart = Chart(
        "exposure", title,
        _("Part of the candidates who got each item, from the item used most to the item used least. "
          "The same figures stand in the table."),
        _("Items, from the most used to the least"), _("Exposure"),
        (Series(_("Exposure"), list(range(1, len(items) + 1)), [rate for _code, rate in items]),),
        marks, x_bounds=(0, len(items)), y_bounds=(0, max(0.1, *(rate for _code, rate in items))),
    )  # fmt: skip
    body = tuple((code, percent(rate)) for code, rate in items)
    return Figure(chart, Table(title, (_("Item"), _("Exposure")), body))


def _spread(report: Report) -> Figure:
    """How many items were seen how often."""
    rates = [rate for _code, rate in report["exposure"]["items"]]
    width = max(0.1, *rates) / BINS
    counts = [0] * BINS
    for rate in rates:
        counts[min(int(rate / width), BINS - 1)] += 1
    title = _("How many items were seen how often")
    chart = Chart(
        "spread", title,
        _("Number of items by the part of the candidates who got them. The same figures stand in the table."),
        _("Exposure"), _("Items"),
        (Series(_("Items"), [(n + 0.5) * width for n in range(BINS)], counts, "bars"),),
        x_bounds=(0, BINS * width), y_bounds=(0, max(counts)), least_y_step=1,
    )  # fmt: skip
    body = tuple(
        (f"{percent(n * width)} – {percent((n + 1) * width)}", number(count)) for n, count in enumerate(counts)
    )
    return Figure(chart, Table(title, (_("Exposure"), _("Items")), body))


def _length(report: Report) -> Figure:
    counted, n_persons = report["lengths"], report["precision"]["n"]
    shares = [n / n_persons for _size, n in counted]
    title = _("Length of the tests")
    chart = Chart(
        "length", title,
        _("Part of the candidates whose test had each number of items. The same figures stand in the table."),
        _("Items in the test"), _("Part of the candidates"),
        (Series(_("Candidates"), [length for length, _n in counted], shares, "bars"),),
        x_bounds=(0, report["design"]["length"] + 1), y_bounds=(0, max(shares)),
    )  # fmt: skip
    body = tuple((number(length), number(n), percent(n / n_persons)) for length, n in counted)
    columns = (_("Items in the test"), _("Candidates"), _("Part of the candidates"))
    return Figure(chart, Table(title, columns, body))


def _grades(report: Report, names: Sequence[str]) -> Figure:
    rows = report["by_percent"]
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
        tuple(Mark("x", cut, name) for name, cut in zip(names, report["grades"]["cuts"], strict=True)),
        x_bounds=(0, 100), y_bounds=(0, 1),
    )  # fmt: skip
    body = tuple(
        (f"{number(row['low'])}–{number(row['high'])}", number(row["n"]), percent(row["exact"]),
         percent(row["pass_fail"]))
        for row in rows
    )  # fmt: skip
    columns = (_("True percent of marks"), _("Candidates"), exact, passed)
    return Figure(chart, Table(title, columns, body))


def percent(part: float | None) -> str:
    """A part of one as a percent with one decimal."""
    return "–" if part is None else f"{number(100 * part, 1)} %"


def _nan(value: float | None) -> float:
    return math.nan if value is None else value


def _digits(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else number(value, digits)


def _with_error(value: float | None, error: float | None) -> str:
    return f"{_digits(value)} ± {_digits(error)}"
