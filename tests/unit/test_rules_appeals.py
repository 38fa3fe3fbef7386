"""What an appeal checks, the commission, the window, the material, the decision: DC-23 to DC-28."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server.appeals import rules
from server.appeals.rules import Member, Signature
from server.core.terms import end_of_day

SECOND = timedelta(seconds=1)


def test_dc_23_scope(law: Any) -> None:
    rule = law.get("DC-23", rules.AppealScopeRule)
    for ground in law.codes("DC-23", "grounds"):
        assert rule.judge(ground).allowed
    assert rule.judge("technical").allowed is law.by(True, False)
    assert rule.judge("hard_questions").code == "appeal_ground_unknown"


def commission(law: Any) -> list[Member]:
    """The smallest commission: every role at its minimum, every body represented."""
    roles = [role["code"] for role in law["DC-24"]["roles"] for _ in range(role["minimum"])]
    bodies = law.codes("DC-24", "bodies")
    return [Member(f"p{n}", role, bodies[n % len(bodies)]) for n, role in enumerate(roles)]


def test_dc_24_commission(law: Any) -> None:
    rule = law.get("DC-24", rules.CommissionRule)
    members = commission(law)
    assert rule.judge(members, "order 9").allowed
    assert rule.judge(members, "").allowed is not law["DC-24"]["order_required"]
    for gone in members:
        rest = [each for each in members if each != gone]
        assert rule.judge(rest, "order 9").code == "commission_incomplete"
        assert gone.role in rule.judge(rest, "order 9").facts["roles"]
    extra = Member("px", "chair", members[0].body)
    assert rule.judge([*members, extra], "order 9").facts["roles"] == ["chair"]
    twice = Member("p0", "member", members[0].body)
    assert rule.judge([*members, twice], "order 9").code == "commission_person_twice"
    guest = Member("px", "guest", members[0].body)
    assert rule.judge([*members, guest], "order 9").facts["roles"] == ["guest"]
    club = rule.judge([*members, Member("px", "member", "club")], "order 9")
    assert (club.code, club.facts["foreign"]) == ("commission_incomplete", ["club"])
    body = members[0].body
    moved = [Member(each.person, each.role, body) for each in members]
    lacking = rule.judge(moved, "order 9")
    assert (lacking.code, lacking.facts["bodies"]) == ("commission_incomplete", law.codes("DC-24", "bodies")[1:])


def test_dc_24_who_keeps_cases_and_who_votes(law: Any) -> None:
    rule = law.get("DC-24", rules.CommissionRule)
    for role in law.codes("DC-24", "roles"):
        assert rule.judge_keeper(role).allowed is (role in law["DC-24"]["keepers"])
        assert rule.judge_voter(role).allowed is (role in law["DC-24"]["voters"])


def test_dc_24_a_motion_needs_a_quorum_and_more_for_it_than_against(law: Any) -> None:
    rule, voters = law.get("DC-24", rules.CommissionRule), law["DC-24"]["voters"]
    quorum = law["DC-24"]["quorum"]

    def came_of(*choices: str) -> str:
        return rule.judge_motion([rules.Vote(f"p{n}", voters[-1], each) for n, each in enumerate(choices)]).code

    assert came_of(*["for"] * quorum) == "motion_carried"
    assert came_of(*["for"] * (quorum - 1)) == "vote_without_quorum"
    assert came_of("for", "against", *["abstain"] * quorum) == "motion_not_carried", "a tie changes nothing"
    assert came_of("for", *["abstain"] * quorum) == "motion_carried"
    assert came_of("against", *["abstain"] * quorum) == "motion_not_carried"
    assert rule.judge_motion([rules.Vote(f"p{n}", voters[-1], "for") for n in range(quorum)]).allowed
    once = rule.judge_motion([rules.Vote("p0", voters[-1], "for")] * quorum)
    assert once.allowed is (quorum == 1), "one person votes once"
    with pytest.raises(ValueError, match="a vote in a role that has none"):
        rule.judge_motion([rules.Vote("p0", "nobody", "for")])


def test_dc_24_who_approves_the_commission(law: Any) -> None:
    rule = law.get("DC-24", rules.CommissionRule)
    assert rule.judge_approver("ministry").allowed
    assert rule.judge_approver("ntc").code == law.by("commission_not_approver", "commission_approver")
    assert rule.judge_approver("department").code == rule.judge_approver("school").code == "commission_not_approver"


def test_dc_24_conflict_of_interest(law: Any) -> None:
    rule = law.get("DC-24", rules.CommissionRule)
    assert rule.judge_member([]).allowed
    for interest in law.codes("DC-24", "interests"):
        assert rule.judge_member([interest]).code == "conflict_of_interest"
    with pytest.raises(ValueError, match="unknown interests"):
        rule.judge_member(["dislike"])


def test_dc_25_window(law: Any) -> None:
    rule = law.get("DC-25", rules.AppealWindowRule)
    received = law.local(2030, 3, 28, 16, 20, 5)
    last = law.last_of("DC-25", received)
    assert law["DC-25"]["term"]["days"] == law.by(7, 4)
    assert rule.last(received) == last
    assert rule.judge(received, received, "candidate").allowed
    assert rule.judge(received, last, "candidate").code == "appeal_window_open"
    assert rule.judge(received, last + SECOND * 0.999, "candidate").allowed
    assert rule.judge(received, last + SECOND, "candidate").code == "appeal_window_closed"
    assert rule.judge(None, last, "candidate").code == "appeal_before_result"
    assert rule.judge(received, received - SECOND, "candidate").code == "appeal_before_result"
    assert rule.judge(received, last, "department").allowed is law.by(True, False)
    assert rule.judge(received, last, "neighbour").code == "appeal_not_by_you"


def test_dc_26_material(law: Any) -> None:
    rule = law.get("DC-26", rules.AppealMaterialRule)
    for subject, kinds in law["DC-26"]["material"].items():
        for kind in ("answers", "working", "drawings"):
            assert rule.judge(subject, kind).allowed is (kind in kinds)
    assert rule.judge("botany", "answers").code == "material_not_considered"
    sought = [each.code for each in rule.instructions if "mathematics" in each.subjects]
    assert sought == law.by(["answer_sheet", "solutions"], ["answer_sheet"])


def test_dc_27_unanswered_tasks(law: Any) -> None:
    rule = law.get("DC-27", rules.UnansweredRule)
    for subject in ("mathematics", "history", "kyrgyz", "russian"):
        assert rule.judge(subject, is_answered=True).allowed
        assert rule.judge(subject, is_answered=False).allowed is (subject not in law["DC-27"]["subjects"])
    assert {subject for each in rule.instructions for subject in each.subjects} == set(law["DC-27"]["subjects"])


def test_dc_28_signatures(law: Any) -> None:
    rule = law.get("DC-28", rules.DecisionRule)
    members = law["DC-28"]["signatures"]["member"]
    assert members == law.by(2, 1)
    full = [Signature("c", "chair"), *(Signature(f"m{n}", "member") for n in range(members))]
    assert rule.judge(full).allowed
    assert rule.judge(full[1:]).facts["missing"] == {"chair": 1}
    assert rule.judge(full[:-1]).facts["missing"] == {"member": 1}
    assert rule.judge([*full[:-1], Signature("c", "chair")]).allowed is False
    deputy = [Signature("d", "deputy_chair"), *full[1:]]
    assert rule.judge(deputy).allowed is law.by(False, True)


def test_dc_28_closing(law: Any) -> None:
    rule = law.get("DC-28", rules.DecisionRule)
    assert rule.judge_closing(is_told=True, has_sealed_list=True).allowed
    assert rule.judge_closing(is_told=True, has_sealed_list=False).facts["missing"] == ["sealed_list"]
    assert rule.judge_closing(is_told=False, has_sealed_list=True).allowed is law.by(False, True)


def test_dc_28_terms(law: Any) -> None:
    rule = law.get("DC-28.terms", rules.AppealTermsRule)
    friday = datetime(2026, 5, 15, 12, tzinfo=UTC)
    zone = rule.zone
    # Working days pass over the weekend; the trial edition counts days of 24 hours.
    tuesday = end_of_day(date(2026, 5, 19), zone)
    assert rule.last("admit", friday) == law.by(tuesday, friday + timedelta(days=3))
    assert rule.last("decide", friday) == law.by(tuesday + timedelta(days=7), friday + timedelta(days=6))
    stages: tuple[rules.Stage, ...] = ("admit", "decide", "tell", "final_list")
    for stage in stages:
        assert rule.last(stage, friday) > friday
        assert law["DC-28.terms"][stage]["days"] > 0
