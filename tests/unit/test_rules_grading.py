"""Grades, eligibility, delivery and notice of results: DC-20 to DC-22, DC-29, DC-31, DC-32, CS-5, CS-14.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.regulation import load_edition
from server.grading import rules

SECOND = timedelta(seconds=1)


def test_dc_20_cuts_exactly(law: Any) -> None:
    rule = law.get("DC-20", rules.GradeCutsRule)
    bands = law["DC-20"]["grades"]
    for band, below in pairwise(bands):
        cut = band["min_percent"]
        assert rule.band(cut).code == rule.band(float(cut)).code == band["code"]
        assert rule.band(cut - 1).code == below["code"]
        assert rule.band(cut + 0.5).code == band["code"]
    assert [band["min_percent"] for band in bands] == law.by([75, 60, 50, 0], [85, 70, 55, 0])
    assert rule.band(0).code == "unsatisfactory"
    assert rule.band(100).code == "excellent"


@pytest.mark.parametrize(("percent", "kg", "zz"), [
    (74.999999999, "good", "good"), (74.99999999999, "excellent", "good"), (75.0, "excellent", "good"),
    (59.9, "satisfactory", "satisfactory"), (49.0, "unsatisfactory", "unsatisfactory"),
    (49.5, "unsatisfactory", "unsatisfactory"), (49.999, "unsatisfactory", "unsatisfactory"),
    (50.0, "satisfactory", "unsatisfactory"), (54.49, "satisfactory", "unsatisfactory"),
    (54.5, "satisfactory", "satisfactory"), (84.5, "excellent", "excellent"), (84.49, "excellent", "good"),
])
def test_dc_20_between_the_cuts(law: Any, percent: float, kg: str, zz: str) -> None:
    assert law.get("DC-20", rules.GradeCutsRule).band(percent).code == law.by(kg, zz)


@pytest.mark.parametrize(("rounding", "percent", "compared"), [
    ("down", "74.999999998", "74"), ("down", "75", "75"),
    ("half_up", "74.5", "75"), ("half_up", "73.5", "74"),
    ("half_up", "74.499999999", "74"), ("half_even", "74.5", "74"), ("half_even", "73.5", "74"),
    ("half_even", "74.500000001", "75"), ("none", "74.999999999", "74.999999999"), ("none", "49.5", "49.5"),
])
def test_dc_20_rounding_modes(rounding: Any, percent: str, compared: str) -> None:
    law = load_edition("kg-distinction", "2013")
    rule = replace(law.get("DC-20", rules.GradeCutsRule), rounding=rounding)
    assert rule.rounded(float(percent)) == rule.rounded(Decimal(percent)) == Decimal(compared)


def test_dc_20_binary_noise_costs_no_grade(law: Any) -> None:
    rule = law.get("DC-20", rules.GradeCutsRule)
    for band in law["DC-20"]["grades"]:
        cut = band["min_percent"]
        for noisy in (cut - 1e-12, cut + 1e-12, sum([cut / 7] * 7), cut / 3 * 3):
            if noisy >= 0:
                assert rule.band(noisy).code == band["code"], noisy
    assert rule.judge(74.99999999999).facts["percent"] == "75"


@pytest.mark.parametrize("percent", [-0.001, 100.001, float("nan"), float("inf")])
def test_dc_20_what_is_no_percent_is_a_bug(law: Any, percent: float) -> None:
    with pytest.raises(ValueError, match="no percent"):
        law.get("DC-20", rules.GradeCutsRule).judge(percent)


@given(one=st.floats(0, 100), other=st.floats(0, 100))
@pytest.mark.parametrize("name", [("kg-distinction", "2013"), ("zz-trial", "2030")], ids="-".join)
def test_dc_20_more_percent_is_never_a_worse_grade(name: tuple[str, str], one: float, other: float) -> None:
    rule = load_edition(*name).get("DC-20", rules.GradeCutsRule)
    low, high = sorted((one, other))
    assert rule.band(low).min_percent <= rule.band(high).min_percent


def test_dc_20_ruling_says_how(law: Any) -> None:
    ruling = law.get("DC-20", rules.GradeCutsRule).judge(72.6)
    assert ruling.clause == "DC-20"
    assert (ruling.facts["percent"], ruling.facts["compared"]) == ("72.6", law.by("72", "73"))
    assert ruling.facts["grade"] == "good"
    assert ruling.facts["rounding"] == law["DC-20"]["rounding"]


def test_dc_21_distinction(law: Any) -> None:
    rule = law.get("DC-21", rules.DistinctionRule)
    enough = law["DC-21"]["grades"]
    assert rule.judge(rules.Standing(grades=dict.fromkeys("abcd", enough[0]))).allowed
    for grade in law.codes("DC-20", "grades"):
        standing = rules.Standing(grades={"a": enough[0], "b": grade})
        assert rule.judge(standing).allowed is (grade in enough)
    assert rule.judge(rules.Standing(grades={"a": "good"})).allowed is law.by(False, True)


def test_dc_21_every_reason_is_listed(law: Any) -> None:
    standing = rules.Standing(grades={"b": "satisfactory", "a": None, "c": "excellent"},
                              forfeits=("absence", "removal"))
    ruling = law.get("DC-21", rules.DistinctionRule).judge(standing)
    assert (ruling.allowed, ruling.code) == (False, "distinction_lost")
    assert ruling.facts["reasons"] == [
        {"reason": "removal"}, {"reason": "absence"}, {"reason": "not_graded", "subject": "a"},
        {"reason": "grade", "subject": "b", "grade": "satisfactory"}]
    only = law.get("DC-21", rules.DistinctionRule).judge(
        rules.Standing(grades={"c": "excellent"}, forfeits=("removal",)))
    assert (only.allowed, only.facts["reasons"]) == (False, [{"reason": "removal"}])


@pytest.mark.parametrize("why", ["exempt", "excused"])
def test_dc_17_18_of_who_was_spared_the_test_it_is_said_and_not_that_grades_are_missing(law: Any, why: str) -> None:
    rule = law.get("DC-21", rules.DistinctionRule)
    ruling = rule.judge(rules.Standing(grades={"a": None, "b": None}, spared=why))
    assert (ruling.allowed, ruling.facts["reasons"]) == (False, [{"reason": why}])


def test_dc_21_nothing_to_judge_and_unknown_forfeits(law: Any) -> None:
    rule = law.get("DC-21", rules.DistinctionRule)
    assert rule.judge(rules.Standing(grades={})).facts["reasons"] == [{"reason": "no_subjects"}]
    with pytest.raises(ValueError, match="unknown forfeits"):
        rule.judge(rules.Standing(grades={}, forfeits=("bad luck",)))


def test_dc_22_delivery_of_results(law: Any) -> None:
    rule = law.get("DC-22", rules.ResultsDeliveryRule)
    test_at = law.local(2030, 5, 6, 13)
    last = law.last_of("DC-22", test_at)
    assert rule.last(test_at) == last
    assert law["DC-22"]["term"]["days"] == law.by(5, 9)
    assert rule.judge(test_at, last, last).code == "delivered_in_time"
    assert rule.judge(test_at, last + SECOND, last + SECOND).code == "delivered_late"
    assert rule.judge(test_at, None, last).code == "delivery_due"
    assert rule.judge(test_at, None, last + SECOND).code == "delivery_overdue"
    assert rule.judge(test_at, last, last + timedelta(days=90)).allowed


def test_dc_22_who_signs_a_list_and_how_many(law: Any) -> None:
    rule = law.get("DC-22", rules.ResultsDeliveryRule)
    for office in ("ntc", "ministry", "department", "school"):
        assert rule.judge_signer(office).allowed is (office in law["DC-22"]["signed_by"])
    needed = law["DC-22"]["signatures"]
    assert rule.judge_signed(range(needed)).allowed
    assert rule.judge_signed([1] * needed).allowed is (needed == 1), "one person signs once"
    assert (rule.judge_signed(range(needed - 1)).code, rule.judge_signed([]).allowed) == ("list_unsigned", False)
    assert (rule.judge_again(2).code, rule.judge_again(2).allowed) == ("correction_delivered", True)


def test_dc_29_notice_of_final_results(law: Any) -> None:
    rule = law.get("DC-29", rules.ResultsNoticeRule)
    ended = law.local(2030, 5, 20, 17)
    last, everybody = law.last_of("DC-29", ended), law.codes("DC-29", "recipients")
    assert rule.last(ended) == last
    assert rule.judge(ended, dict.fromkeys(everybody, last), last + timedelta(days=9)).code == "notice_given"
    waiting = rule.judge(ended, {}, last)
    assert (waiting.allowed, waiting.code, waiting.facts["waiting"]) == (True, "notice_due", everybody)
    late = rule.judge(ended, {everybody[0]: last}, last + SECOND)
    assert (late.code, late.facts["late"]) == ("notice_late", everybody[1:])
    assert rule.judge_approval(law["DC-29"]["approved_by"]).allowed
    assert rule.judge_approval("school").code == "not_approver"


def test_dc_31_subject_of_choice(law: Any) -> None:
    rule = law.get("DC-31", rules.ChoiceSubjectRule)
    chosen = ["biology", "physics", "geography"][: law["DC-31"]["count"]]
    assert rule.judge(chosen, ["algebra"]).allowed
    assert rule.judge(chosen[1:], []).code == "choice_count"
    assert rule.judge([*chosen, "art"], []).code == "choice_count"
    assert rule.judge(chosen, ["biology"]).code == "choice_is_exempt"
    assert rule.judge(["art", *chosen[1:]], []).code == "choice_unknown"


def test_dc_32_not_confirmed(law: Any) -> None:
    rule = law.get("DC-32", rules.NotConfirmedRule)
    papers = law.codes("DC-32", "papers")
    assert rule.judge(papers).allowed
    for paper in papers:
        assert rule.judge([each for each in papers if each != paper]).facts["missing"] == [paper]


def test_cs_5_third_parties(law: Any) -> None:
    rule = law.get("CS-5", rules.ResultAccessRule)
    for reader in law["CS-5"]["readers"]:
        assert rule.judge(reader, concerns_reader=True).allowed
        assert rule.judge(reader, concerns_reader=False).code == "third_party"
    assert rule.judge("neighbour", concerns_reader=True).allowed is False
    assert rule.judge("appeal_member", concerns_reader=True).allowed is law.by(True, False)
    assert rule.judge("candidate", concerns_reader=True).facts["logged"] is law["CS-5"]["logged"]


def test_cs_14_2_coded_work(law: Any) -> None:
    rule = law.get("CS-14.2", rules.CodedWorkRule)
    assert rule.judge("marker").code == "code_only"
    assert rule.judge("appeal_member").allowed is law.by(False, True)
    assert rule.judge("registrar").allowed
