"""Scoring without a database: probabilities share the boundary of the grades; contradictions are named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import i18n
from server.core.regulation import load_edition
from server.grading.plots import theta_plot
from server.grading.rules import GradeCutsRule
from server.grading.scoring import _Limits, least_percent
from server.reports.plots import grade_bars
from server.reports.results import Entry, Standing, Wish, wanted


def test_the_least_percent_of_a_grade_is_where_the_rule_starts_to_give_it(law: Any) -> None:
    rule = law.get("DC-20", GradeCutsRule)
    for band in rule.grades[:-1]:
        least = least_percent(rule, band)
        assert rule.band(least).code == band.code
        assert rule.band(least - Decimal("0.000001")).code != band.code
    assert least_percent(rule, rule.grades[-1]) == 0


def test_probabilities_follow_from_the_tails_and_sum_to_one() -> None:
    rule = load_edition("kg-distinction", "2013").get("DC-20", GradeCutsRule)
    (found,) = _Limits.of(rule).probabilities(np.array([[0.1, 0.55, 0.95, 1.0]]))
    assert found == pytest.approx({"excellent": 0.1, "good": 0.45, "satisfactory": 0.4, "unsatisfactory": 0.05})
    assert sum(found.values()) == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(0.05, 1.5)), min_size=1, max_size=40))
def test_a_theta_plot_has_every_step_and_the_grades_within_reach(path: list[tuple[float, float]]) -> None:
    nodes = np.linspace(-6, 6, 61)
    curve = (nodes, 100 / (1 + np.exp(-nodes)))
    steps = [(n, "right", theta, se) for n, (theta, se) in enumerate(path, start=1)]
    plot = theta_plot(("s", "Subject"), steps, {"good": 60.0, "never": 100.0}, curve, is_invented=False)
    (series,) = plot.series
    assert list(zip(series.x, series.y, series.spread, strict=True)) == [(n, t, se) for n, _, t, se in steps]
    assert [mark.name for mark in plot.marks] == ["good"]
    assert plot.marks[0].at == pytest.approx(np.log(60 / 40), abs=0.01)


def test_bars_say_how_many_and_what_part() -> None:
    with i18n.speaking("ky"):
        plot = grade_bars({"One": {"good": 1, "bad": 3}, "None yet": {"good": 0}}, is_invented=False)
    assert [[bar.figure for bar in bars] for _, bars in plot.groups] == [["1 (25,0 %)", "3 (75,0 %)"], ["0 (0,0 %)"]]
    assert "One: good 1, bad 3." in plot.description


def entry(n: int, **changes: Any) -> Entry:
    whole: dict[str, Any] = {
        "session_id": n, "registration_no": f"R{n}", "name": f"Name {n}", "state": "submitted", "seal": "sealed",
        "is_eligible": None, "hold": None,
    }  # fmt: skip
    return Entry(**{**whole, **changes})


class Marked(Standing):
    """Of the second and the third somebody knows the grade in a subject."""

    def graded(self, grade: str) -> set[int]:
        return {"good": {2}, "excellent": {3}}.get(grade, set())

    def percents(self, subject: str) -> dict[int, float]:
        return {2: 61.0, 3: 92.0} if subject == "mathematics" else {}


def test_rows_are_filtered_and_sorted_as_wished() -> None:
    rows = [
        entry(2, name="Бекова"),
        entry(1, name="Асанов", is_eligible=True),
        entry(3, state="absent", is_eligible=False),
    ]
    results = Marked(cast(Any, None), 1, cast(Any, None), cast(Any, None))

    def numbers(**wish: str) -> list[int]:
        return [each.session_id for each in wanted(results, rows, Wish.of(wish))]

    assert numbers() == [1, 2, 3]
    assert numbers(order="desc") == [3, 2, 1]
    assert numbers(sort="name", q="ов") == [1, 2]
    assert numbers(state="absent") == [3]
    assert numbers(decision="kept") == [1]
    assert numbers(decision="lost") == [3]
    assert numbers(grade="good") == [2]
    assert numbers(sort="mathematics") == [2, 3, 1]
    assert numbers(sort="mathematics", order="desc") == [3, 2, 1]
    assert numbers(sort="drop table", order="sideways") == [1, 2, 3]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999", "²"])
def test_a_page_that_is_no_number_is_the_first(page: str) -> None:
    assert Wish.of({"page": page}).page == 1
