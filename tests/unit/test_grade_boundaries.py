"""The boundaries of the grades under every rounding rule, and how written points move them (DC-20)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.regulation import load_edition
from server.core.typed import FieldError
from server.grading.rules import GradeCutsRule, Weights
from server.grading.scoring import least_percent

KG = load_edition("kg-distinction", "2013").get("DC-20", GradeCutsRule)
ROUNDINGS = ("down", "half_up", "half_even", "none")
E, G, S, U = "excellent", "good", "satisfactory", "unsatisfactory"
ALMOST_60, ALMOST_75 = 59.999999, 74.999999


def rule(rounding: Any, places: int = 0) -> GradeCutsRule:
    return replace(KG, rounding=rounding, places=places)


@pytest.mark.parametrize(("percent", "down", "half_up", "half_even", "none"), [
    (49.4, U, U, U, U),
    (49.5, U, S, S, U),  # 49.5 lies between 49 and 50, and 50 is the even one
    (49.999999, U, S, S, U),
    (50.0, S, S, S, S),
    (59.4, S, S, S, S),
    (59.5, S, G, G, S),
    (ALMOST_60, S, G, G, S),
    (60.0, G, G, G, G),
    (74.4, G, G, G, G),
    (74.5, G, E, G, G),  # the even neighbour of 74.5 is 74
    (ALMOST_75, G, E, E, G),
    (75.0, E, E, E, E),
    # What a sum of probabilities makes of 60 and 75 is 60 and 75.
    (59.99999999999999, G, G, G, G),
    (74.99999999999997, E, E, E, E),
    (49.99999999999999, S, S, S, S),
    (0.0, U, U, U, U),
    (100.0, E, E, E, E),
])  # fmt: skip
def test_DC_20_every_boundary_by_every_rounding(
    percent: float, down: str, half_up: str, half_even: str, none: str
) -> None:
    assert [rule(each).band(percent).code for each in ROUNDINGS] == [down, half_up, half_even, none]


@pytest.mark.parametrize(("percent", "places", "rounding", "grade"), [
    (49.94, 1, "half_up", U), (49.95, 1, "half_up", S), (49.95, 1, "down", U), (59.95, 1, "half_even", G),
    (74.995, 2, "half_up", E), (74.994, 2, "half_up", G), (74.999, 2, "down", G),
])  # fmt: skip
def test_DC_20_places_move_the_boundary(percent: float, places: int, rounding: str, grade: str) -> None:
    assert rule(rounding, places).band(percent).code == grade


percents = st.one_of(st.floats(0, 100), st.sampled_from([49.4, 49.5, 50.0, ALMOST_60, 60.0, ALMOST_75, 75.0]))


@given(percents, st.sampled_from(ROUNDINGS), st.integers(0, 3))
def test_a_grade_is_given_from_its_least_percent_on_and_the_ruling_says_so(
    percent: float, rounding: str, places: int
) -> None:
    law = rule(rounding, places)
    band = law.band(percent)
    exact = Decimal(repr(percent)).quantize(Decimal("1e-9"))
    reached = [each for each in law.grades if exact >= least_percent(law, each)]
    if rounding != "half_even":  # which half goes up there depends on the neighbour
        assert band == reached[0]
    ruling = law.judge(percent)
    assert ruling.facts["grade"] == band.code
    assert Decimal(str(ruling.facts["compared"])) == law.rounded(percent)


@given(st.floats(0, 100), st.floats(0, 100), st.sampled_from(ROUNDINGS))
def test_more_percent_is_never_a_lower_grade(one: float, other: float, rounding: str) -> None:
    law = rule(rounding)
    low, high = sorted((one, other))
    assert law.band(low).min_percent <= law.band(high).min_percent


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 40), st.floats(0, 100))
def test_written_points_are_added_to_those_of_the_form(form: int, maximum: int, halves: int, percent: float) -> None:
    points = Decimal(min(halves, 2 * maximum)) / 2
    weights = KG.weights(float(form), points, maximum)
    exact = (Fraction(percent) / 100 * form + Fraction(points)) / (form + maximum) * 100
    assert weights.percent(percent) == pytest.approx(float(exact), abs=1e-9)
    assert weights.on_form(weights.percent(percent)) == pytest.approx(percent, abs=1e-6)
    assert weights.spread(3.0) == pytest.approx(3.0 * form / (form + maximum))


@given(st.integers(1, 20), st.floats(0, 100))
def test_a_share_of_a_hundred_does_not_depend_on_how_many_points_there_are(maximum: int, percent: float) -> None:
    law = replace(KG, written="share", written_share=Decimal(30))
    all_of_them = law.weights(40.0, Decimal(maximum), maximum)
    assert all_of_them.percent(percent) == pytest.approx(0.7 * percent + 30)
    assert law.weights(40.0, Decimal(0), maximum).percent(percent) == pytest.approx(0.7 * percent)


@given(st.floats(0, 100), st.floats(0, 50))
def test_without_written_tasks_the_percent_is_that_of_the_form_to_the_bit(percent: float, sd: float) -> None:
    weights = KG.weights(40.0, Decimal(0), 0)
    assert weights == Weights()
    assert (weights.percent(percent), weights.spread(sd), weights.on_form(percent)) == (percent, sd, percent)


@pytest.mark.parametrize(("points", "maximum"), [(Decimal(3), 2), (Decimal(-1), 2), (Decimal(1), 0)])
def test_points_that_no_task_gives_are_a_mistake_of_ours(points: Decimal, maximum: int) -> None:
    with pytest.raises(ValueError, match="points"):
        KG.weights(40.0, points, maximum)


@pytest.mark.parametrize(("written", "share"), [("share", 0), ("share", 100), ("points", 30)])
def test_a_share_stands_where_written_work_has_one(written: Any, share: int) -> None:
    with pytest.raises(FieldError, match="share"):
        replace(KG, written=written, written_share=Decimal(share))
