"""Breakdowns and outcome lists: DC-2, CS-10 to CS-16."""

from __future__ import annotations

from typing import Any

import pytest

from server.reports import rules


def test_dc_2_breakdowns(law: Any) -> None:
    rule = law.get("DC-2", rules.AggregatesRule)
    offered = law.codes("DC-2", "breakdowns")
    for each in ("school", "district", "language", "subject", "surname"):
        assert rule.judge(each).allowed is (each in offered)


def test_dc_2_areas(law: Any) -> None:
    rule = law.get("DC-2.areas", rules.AreaStrengthsRule)
    level = float(law["DC-2.areas"]["level"])
    assert rule.judge(4, level, 0.0).code == "area_ahead"
    assert rule.judge(4, 1 - level, 0.0).code == "area_behind"
    assert rule.judge(4, 0.5, level).code == "area_alike"
    for n_tasks, p_ahead, p_alike in ((4, level - 0.01, level - 0.01), (0, 1.0, 1.0)):
        ruling = rule.judge(n_tasks, p_ahead, p_alike)
        assert (ruling.allowed, ruling.code) == (False, "too_few_tasks")
    assert rule.judge(4, 0.8, 0.0).allowed is law.by(False, True)
    assert rule.judge_group(30, level, 1).code == "area_ahead"
    assert rule.judge_group(30, level, 2).code == "no_clear_difference"
    assert rule.judge_group(30, (1 - level) / 3, 2).code == "area_behind"
    assert rule.judge_group(0, 1.0, 1).allowed is False


def test_dc_2_groups(law: Any) -> None:
    rule = law.get("DC-2.groups", rules.GroupFiguresRule)
    least = law["DC-2.groups"]["group_min"]
    assert rule.judge(least).allowed
    assert rule.judge(least - 1).code == "group_too_small"
    assert rule.judge(4).allowed is law.by(False, True)


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
