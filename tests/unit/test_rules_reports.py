"""Breakdowns, benefits of the certificate and outcome lists: DC-2, DC-30, DC-33, DC-34, CS-10 to CS-16."""

from __future__ import annotations

from typing import Any

import pytest

from server.reports import rules


def test_dc_2_breakdowns(law: Any) -> None:
    rule = law.get("DC-2", rules.AggregatesRule)
    offered = law.codes("DC-2", "breakdowns")
    for each in ("school", "district", "language", "subject", "surname"):
        assert rule.judge(each).allowed is (each in offered)


def test_dc_30_exempt_papers(law: Any) -> None:
    rule = law.get("DC-30", rules.ExemptPapersRule)
    for paper in law["DC-30"]["papers"]:
        ruling = rule.judge(paper["code"], is_confirmed=True)
        assert (ruling.allowed, ruling.facts["form"]) == (True, paper["form"])
        assert rule.judge(paper["code"], is_confirmed=False).allowed is False
    assert rule.judge("mother_tongue", is_confirmed=True).allowed is law.by(True, False)
    assert rule.judge("physics", is_confirmed=True).code == "paper_not_exempt"


def test_dc_33_university_test(law: Any) -> None:
    rule = law.get("DC-33", rules.UniversityBenefitRule)
    for subject in ("mathematics", "physics", "chemistry", "biology", "history", "english", "russian"):
        assert rule.judge(subject, True).allowed is (subject in law.codes("DC-33", "subjects"))
        assert rule.judge(subject, False).allowed is False
    assert rule.judge("physics", True).facts["counted_as"] == law["DC-33"]["counted_as"]
    assert len(law["DC-33"]["subjects"]) == law.by(6, 4)


def test_dc_34_colleges(law: Any) -> None:
    rule = law.get("DC-34", rules.CollegeBenefitRule)
    assert rule.judge("technical", True).allowed
    assert rule.judge("medical", True).allowed is law.by(False, True)
    assert rule.judge("military", True).allowed is law.by(True, False)
    assert rule.judge("technical", False).code == "college_with_exams"


@pytest.mark.parametrize("clause", ["CS-10", "CS-13"])
def test_cs_10_and_cs_13_outcome_lists(law: Any, clause: str) -> None:
    rule = law.get(clause, rules.OutcomeListsRule)
    lists = law.codes(clause, "lists")
    assert rule.judge(lists).allowed
    assert rule.judge(lists[1:]).facts["missing"] == lists[:1]


def test_cs_11_low_grades_only(law: Any) -> None:
    rule = law.get("CS-11", rules.LowGradesRule)
    assert rule.judge(["unsatisfactory"]).allowed
    assert rule.judge(["satisfactory", "unsatisfactory"]).allowed is law.by(True, False)
    assert rule.judge(["good", "unsatisfactory"]).allowed is False
    assert rule.judge([]).allowed is False


def test_cs_16_parents_are_told(law: Any) -> None:
    rule = law.get("CS-16", rules.ParentsToldRule)
    assert rule.judge("failing", law["CS-16"]["shown_to"]).allowed
    assert rule.judge("failing", []).facts["missing"] == law["CS-16"]["shown_to"]
    assert rule.judge("failing", ["parents"]).allowed is law.by(True, False)
    assert rule.judge("absent", []).allowed
