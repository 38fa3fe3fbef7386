"""Approval of content, origin of items, the three tiers, the review board: DC-5, DC-7, DC-8, CS-17."""

from __future__ import annotations

from typing import Any

from itembank.blueprints import rules
from itembank.blueprints.rules import Approval
from itembank.pretests.rules import PretestRule


def test_dc_5_content_approval(law: Any) -> None:
    rule = law.get("DC-5", rules.ContentApprovalRule)
    least, years = law["DC-5"]["members_min"], law["DC-5"]["commission_years"]
    signed = [Approval("chair", True), *(Approval(f"p{n}", False) for n in range(least - 1))]
    assert rule.judge(signed, 2030, 2030).allowed
    assert rule.judge(signed, 2030, 2030 + years - 1).allowed
    assert rule.judge(signed, 2030, 2030 + years).code == "commission_expired"
    assert rule.judge(signed, 2031, 2030).code == "commission_expired"
    assert rule.judge([*signed[1:], *signed[1:]], 2030, 2030).code == "approvals_too_few"
    headless = [Approval(f"p{n}", False) for n in range(least)]
    assert rule.judge(headless, 2030, 2030).allowed is not law["DC-5"]["chair_required"]


def test_dc_7_origin_and_standard(law: Any) -> None:
    rule = law.get("DC-7", rules.ContentGuaranteesRule)
    for body in ("ntc", "ministry", "publisher"):
        assert rule.judge(body, "STD 4.2").allowed is (body in law["DC-7"]["prepared_by"])
    assert rule.judge("ntc", " ").allowed is not law["DC-7"]["standard_required"]


def test_dc_8_quota_of_every_tier(law: Any) -> None:
    rule = law.get("DC-8", rules.TiersRule)
    quota = law["DC-8"]["quota"]
    assert rule.judge(quota).allowed
    for tier, wanted in quota.items():
        short = rule.judge({**quota, tier: wanted - 1})
        assert (short.code, short.facts["tiers"]) == ("tier_short", [tier])
        more = rule.judge({**quota, tier: wanted + 1})
        assert more.allowed is law.by(True, False)
        without = {each: count for each, count in quota.items() if each != tier}
        assert rule.judge(without).code == "tier_short"
    assert rule.judge({**quota, "extreme": 1}).code == "tier_unknown"


def test_dc_8_every_candidate_does_every_tier(law: Any) -> None:
    rule = law.get("DC-8", rules.TiersRule)
    planned = {"basic": 8, "medium": 7, "raised": 5}
    assert rule.judge_given(planned, planned).code == "tiers_done"
    assert rule.judge_given({"basic": 15, "medium": 5}, planned).facts["tiers"] == ["medium", "raised"]
    assert rule.judge_given({**planned, "raised": 6}, planned).allowed is law.by(True, False)


def test_dc_8_pretest(law: Any) -> None:
    """So many percent of the scored items, not at the ends, never in a row; each brings its time with it."""
    rule, figures = law.get("DC-8.pretest", PretestRule), law["DC-8.pretest"]
    length, ends = 20, (figures["first_min"], figures["last_min"], figures["apart_min"])
    most = length * figures["percent_max"] // 100
    assert rule.judge(most, length, *ends).allowed
    assert rule.judge(most + 1, length, *ends).code == "pretest_too_many"
    for at, code in enumerate(("pretest_too_early", "pretest_too_late", "pretest_too_close")):
        nearer = [n - (at == place) for place, n in enumerate(ends)]
        assert rule.judge(1, length, *nearer).code == code
    assert rule.extra_s(4, length, 3600) == 4 * 180 * figures["time_percent"] // 100
    assert rule.extra_s(0, length, 3600) == 0


def test_cs_17_review_board(law: Any) -> None:
    rule = law.get("CS-17", rules.ReviewBoardRule)
    people = [f"p{n}" for n in range(law["CS-17"]["members_min"])]
    assert rule.judge(people, "minutes 2").allowed
    assert rule.judge(people[1:] * 2, "minutes 2").code == "board_too_small"
    assert rule.judge(people, "").allowed is not law["CS-17"]["minutes_required"]
