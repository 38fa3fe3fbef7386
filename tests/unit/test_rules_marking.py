"""Marks of written work: when two agree, what a third does, how they are rounded, until when they are corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.regulation import load_edition
from server.core.terms import Term
from server.core.typed import FieldError
from server.marking.rules import WrittenMarksRule

CLAUSE = "CS-14.2.marks"
points_of = st.integers(0, 10).map(Decimal)


def rule(**changes: Any) -> WrittenMarksRule:
    return replace(load_edition("kg-distinction", "2013").get(CLAUSE, WrittenMarksRule), **changes)


def points(rule: WrittenMarksRule, *marks: float, maximum: int = 10) -> str:
    ruling = rule.judge([Decimal(str(mark)) for mark in marks], maximum)
    return str(ruling.facts["points"]) if ruling.allowed else ruling.code


def test_cs_14_2_marks_in_both_editions(law: Any) -> None:
    found = law.get(CLAUSE, WrittenMarksRule)
    assert points(found, 8, 7) == law.by("7.5", "third_marker_needed")
    assert points(found, 8, 8) == "8"
    assert points(found, 9, 2, 5) == law.by("3.5", "5")
    assert points(found) == points(found, 8) == "marks_missing"
    start = law.local(2026, 5, 12, 10, 0)
    assert found.last(start) == law.last_of(CLAUSE, start)


def test_cs_14_2_working_days_leave_out_holidays(law: Any) -> None:
    found = replace(law.get(CLAUSE, WrittenMarksRule), term=Term(days=3, counting="working_days"))
    friday = law.local(2026, 5, 8, 10, 0)  # the ninth is a holiday of one edition and a Saturday in both
    assert found.last(friday).astimezone(found.zone).date() == law.by(date(2026, 5, 13), date(2026, 5, 12))


@pytest.mark.parametrize(("one", "other", "maximum", "is_apart"), [
    (8, 6, 10, False), (8, 5, 10, True), (5, 4, 5, False), (5, 3, 5, True), (4, 3, 4, True), (20, 16, 20, False),
    (20, 15, 20, True), (0, 0, 1, False), (1, 0, 1, True),
])  # fmt: skip
def test_cs_14_2_tolerance_is_a_share_of_the_points_exactly(
    one: int, other: int, maximum: int, is_apart: bool
) -> None:
    assert rule().is_apart(Decimal(one), Decimal(other), maximum) is is_apart
    assert rule().is_apart(Decimal(other), Decimal(one), maximum) is is_apart


@pytest.mark.parametrize(("agreed", "expected"), [("mean", "7.5"), ("higher", "8"), ("lower", "7")])
def test_what_two_that_agree_make(agreed: Any, expected: str) -> None:
    assert points(rule(agreed=agreed), 7, 8) == expected


@pytest.mark.parametrize(
    ("third", "expected"), [("nearest_two", "7.5"), ("all", "6"), ("middle", "7"), ("third", "8")]
)
def test_what_a_third_does(third: Any, expected: str) -> None:
    assert points(rule(third=third), 3, 7, 8) == expected


def test_of_pairs_equally_near_the_one_with_more_points_stands() -> None:
    assert points(rule(), 2, 8, 5) == "6.5"
    assert points(rule(), 8, 2, 5) == "6.5"


@pytest.mark.parametrize(("rounding", "expected"), [
    ("none", "7.5"), ("down", "7"), ("up", "8"), ("half_up", "8"), ("half_even", "8"),
])  # fmt: skip
def test_rounding_by_policy(rounding: Any, expected: str) -> None:
    assert points(rule(rounding=rounding), 7, 8) == expected
    assert points(rule(rounding="none", third="all"), 1, 1, 10) == "4"
    assert points(rule(rounding="none", third="all"), 0, 0, 10) == "3.33"


@given(
    st.lists(points_of, min_size=2, max_size=3), st.sampled_from(["nearest_two", "all", "middle", "third"])
)
def test_points_lie_between_the_marks_whatever_the_policy(marks: list[Decimal], third: Any) -> None:
    ruling = rule(third=third).judge(marks, 10)
    if ruling.allowed:
        assert min(marks) - Decimal("0.01") <= Decimal(str(ruling.facts["points"])) <= max(marks)
    else:
        assert len(marks) == 2
        assert abs(marks[0] - marks[1]) > 2


@given(points_of, points_of)
def test_who_marked_first_makes_no_difference(one: Decimal, other: Decimal) -> None:
    there, back = rule().judge([one, other], 10), rule().judge([other, one], 10)
    assert (there.code, there.facts.get("points")) == (back.code, back.facts.get("points"))


def test_a_mark_is_corrected_within_its_minutes(law: Any) -> None:
    found, minutes = law.get(CLAUSE, WrittenMarksRule), law.by(30, 5)
    start = law.local(2026, 5, 12, 10, 0)
    last = start + timedelta(minutes=minutes)
    assert found.judge_correction(start, last, is_third_drawn=False).allowed
    assert (
        found.judge_correction(start, last + timedelta(seconds=1), is_third_drawn=False).code == "mark_stands"
    )
    assert found.judge_correction(start, start, is_third_drawn=True).code == "mark_is_being_settled"


def test_a_scale_and_a_reason_are_those_of_the_edition(law: Any) -> None:
    found, most = law.get(CLAUSE, WrittenMarksRule), law.by(20, 12)
    assert [found.judge_scale(n).allowed for n in (0, 1, most, most + 1)] == [False, True, True, False]
    assert found.judge_return("knows_writer").allowed
    assert found.judge_return("tired").code == "give_back_reason_unknown"


@pytest.mark.parametrize("changes", [
    {"maximum": 0}, {"maximum": 21}, {"tolerance_percent": Decimal(101)}, {"give_back": ()},
])  # fmt: skip
def test_a_policy_that_cannot_work_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(FieldError):
        rule(**changes)
