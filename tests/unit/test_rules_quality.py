"""Samples, stages, parts, access, areas; self-assessment, remedies, files: EM-1 to EM-13, AC-1a to AC-2."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from server.quality import rules

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def test_em_1_small_groups(law: Any) -> None:
    rule = law.get("EM-1", rules.SmallGroupsRule)
    least = law["EM-1"]["group_min"]
    assert rule.judge(least).allowed
    hidden = rule.judge(least - 1)
    assert (hidden.allowed, "size" in hidden.facts) == (False, False)


def test_em_2_sample(law: Any) -> None:
    rule = law.get("EM-2", rules.SampleRule)
    now, widest = law.local(2030, 5, 6), Decimal(str(law["EM-2"]["margin_percent_max"]))
    strata = law.codes("EM-2", "strata")
    design = {"strata": strata, "allocation": "proportional", "draw": "pps", "margin_percent": widest,
              "seed_published_at": now - SECOND}

    def judge(**change: Any) -> Any:
        return rule.judge(rules.SampleDesign(**{**design, **change}), now)

    assert judge().allowed
    assert judge(strata=strata[1:]).facts["missing"] == strata[:1]
    assert judge(margin_percent=widest + Decimal("0.01")).code == "margin_too_wide"
    assert judge(margin_percent=None).code == "margin_not_stated"
    assert judge(draw="random").allowed is law.by(True, False)
    assert judge(allocation="taste").code == "sampling_method_unknown"
    assert judge(seed_published_at=now).allowed is not law["EM-2"]["seed_published"]


PARTS = ("EM-3", "EM-5", "EM-6", "EM-7", "EM-8", "EM-9", "EM-10", "AC-1d", "AC-1e")


@pytest.mark.parametrize("clause", PARTS)
def test_em_3_to_em_10_and_ac_1d_ac_1e_parts(law: Any, clause: str) -> None:
    rule = law.get(clause, rules.PartsRule)
    parts = law.codes(clause, "parts")
    assert rule.judge([*parts, "more"]).allowed
    for part in parts:
        assert rule.judge([each for each in parts if each != part]).facts["missing"] == [part]


def test_em_4_stages_in_order(law: Any) -> None:
    rule = law.get("EM-4", rules.StagesRule)
    order = [(phase, stage) for phase in law["EM-4"]["phases"] for stage in law.codes("EM-4", "stages")]
    for n, (phase, stage) in enumerate(order):
        assert rule.judge(phase, stage, order[:n]).allowed
        if n:
            assert rule.judge(phase, stage, order[: n - 1]).facts["before"] == [list(order[n - 1])]
    assert rule.judge("pilot", "preparation", []).allowed is law.by(True, False)
    assert rule.judge("main", "party", order).code == "stage_unknown"


def test_em_4_period(law: Any) -> None:
    rule = law.get("EM-4", rules.StagesRule)
    year = 2024 + law["EM-4"]["every_years"]
    assert law["EM-4"]["every_years"] == law.by(3, 5)
    last = law.local(year, 2, 28, 23, 59, 59)
    assert rule.judge_period(date(2024, 2, 29), last).allowed
    assert rule.judge_period(date(2024, 2, 29), last + SECOND).code == "monitoring_overdue"


def test_em_11_recommendation(law: Any) -> None:
    rule = law.get("EM-11", rules.RecommendationRule)
    record = law.codes("EM-11", "record")
    assert rule.judge(dict.fromkeys(record, "x")).allowed
    assert rule.judge({**dict.fromkeys(record, "x"), record[0]: " "}).facts["missing"] == record[:1]


def test_em_12_access(law: Any) -> None:
    rule = law.get("EM-12", rules.AccessRule)
    actions = {action for held in law["EM-12"]["rights"].values() for action in held}
    for organisation, held in law["EM-12"]["rights"].items():
        assert {action for action in actions if rule.judge(organisation, action).allowed} == set(held)
    assert rule.judge("press", "results").code == "right_not_held"


def test_em_13_areas(law: Any) -> None:
    rule = law.get("EM-13", rules.AreasRule)
    areas = law.codes("EM-13", "areas")
    assert len(areas) == law.by(12, 10)
    assert all(rule.judge(area, "register").allowed for area in areas)
    assert rule.judge(areas[0], " ").allowed is not law["EM-13"]["source_required"]
    assert rule.judge("weather", "register").code == "area_unknown"
    assert rule.judge_coverage(areas).allowed
    assert rule.judge_coverage(areas[1:]).facts["missing"] == areas[:1]


def test_ac_1a_self_assessment(law: Any) -> None:
    rule = law.get("AC-1a", rules.SelfAssessmentRule)
    steps = law.codes("AC-1a", "steps")
    last = law.local(2030 + law["AC-1a"]["every_years"], 5, 6, 23, 59, 59)
    assert rule.judge(date(2030, 5, 6), steps, last + SECOND).code == "self_assessment_complete"
    assert rule.judge(date(2030, 5, 6), steps[1:], last).code == "self_assessment_due"
    late = rule.judge(date(2030, 5, 6), steps[1:], last + SECOND)
    assert (late.code, late.facts["missing"]) == ("self_assessment_overdue", steps[:1])


def test_ac_1c_remedies(law: Any) -> None:
    rule = law.get("AC-1c", rules.RemediesRule)
    due = law.by(date(2021, 11, 30), date(2022, 4, 30))  # three and eight months after 31 August
    last = law.local(due.year, due.month, due.day, 23, 59, 59)
    assert rule.due_on(date(2021, 8, 31)) == due
    assert rule.judge(date(2021, 8, 31), None, last).code == "remedies_due"
    assert rule.judge(date(2021, 8, 31), None, last + SECOND).code == "remedies_overdue"
    assert rule.judge(date(2021, 8, 31), due, last + SECOND).code == "remedies_organised"
    assert rule.judge(date(2021, 8, 31), due + DAY, last + SECOND).code == "remedies_late"


def test_ac_2_head_answers(law: Any) -> None:
    rule = law.get("AC-2", rules.HeadAnswersRule)
    assert rule.judge(law["AC-2"]["signed_by"], "Name").allowed
    assert rule.judge(law["AC-2"]["signed_by"], " ").code == "head_signature_missing"
    assert rule.judge("head", "Name").allowed is law.by(True, False)
