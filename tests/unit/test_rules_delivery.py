"""Start, sections, working area, seal, lateness, committee and centre: DC-11 to DC-16, CS, AC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from server.core.typed import FieldError
from server.delivery import rules, wire
from server.delivery.media.rules import ListeningRule
from server.delivery.tools.rules import ScreenTool, ScreenToolsRule


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_dc_11_start_hour(law: Any) -> None:
    rule = law.get("DC-11", rules.StartRule)
    start = law["DC-11"]["start"]
    lawful = law.local(2030, 5, 6, start.hour, start.minute)
    assert rule.judge(lawful).code == "start_lawful"
    assert law.by((9, 0), (10, 15)) == (start.hour, start.minute)
    for other in (lawful - s(1), lawful + s(1)):
        assert rule.judge(other).code == "start_hour"
        assert rule.judge(other, "  ").allowed is False
        assert rule.judge(other, "17/1").code == law.by("start_by_order", "start_hour")
    assert lawful - rule.briefing_at(lawful) == s(law["DC-11"]["briefing_s"])


def test_dc_11_nothing_opens_before_the_start(law: Any) -> None:
    rule = law.get("DC-11", rules.StartRule)
    start = law.local(2030, 5, 6, 9)
    assert rule.judge_start(start, start).allowed
    assert rule.judge_start(start, start - timedelta(microseconds=1)).code == "start_early"
    assert rule.judge_start(start, start - s(1), "17/1").allowed is law.by(True, False)
    briefing = s(law["DC-11"]["briefing_s"])
    assert rule.judge_briefing(start - briefing, start).allowed
    assert rule.judge_briefing(start - briefing + s(1), start).code == "briefing_short"


def test_dc_12_section_limit_to_the_second(law: Any) -> None:
    rule = law.get("DC-12", rules.SectionTimeRule)
    start = law.local(2030, 5, 6, 9)
    for subject, limit in law["DC-12"]["limits_s"].items():
        last = start + s(limit + law["DC-12"]["grace_s"])
        assert rule.judge(subject, start, last).allowed
        assert rule.judge(subject, start, last + s(0.999)).allowed
        assert rule.judge(subject, start, last + s(1)).code == "section_over"
        assert rule.judge(subject, start, last + s(61), extra_s=61).allowed
        assert rule.judge(subject, start, last + s(62), extra_s=61).allowed is False
        assert rule.judge(subject, start, last).facts["limit_s"] == limit
    assert rule.limit_s("mathematics") == law.by(60 * 60, 50 * 60)
    assert rule.limit_s("history") == law.by(45 * 60, 40 * 60)
    with pytest.raises(KeyError):
        rule.limit_s("botany")


def test_dc_12_least_total_time(law: Any) -> None:
    rule = law.get("DC-12", rules.SectionTimeRule)
    start, least = law.local(2030, 5, 6, 9), law["DC-12"]["total_min_s"]
    assert rule.judge_timetable(start, start + s(least)).allowed
    assert rule.judge_timetable(start, start + s(least - 1)).code == "total_time_short"
    assert rule.judge_timetable(start, start + s(least - 600), 600).allowed is law.by(False, True)


def test_dc_12_sections_and_breaks_fill_the_four_hours() -> None:
    from server.core.regulation import load_edition
    rule = load_edition("kg-distinction", "2013").get("DC-12", rules.SectionTimeRule)
    assert sum(rule.limits_s.values()) + rule.break_s * (len(rule.order) - 1) == rule.total_min_s == 4 * 3600


def test_dc_12_lost_time_is_given_back_within_what_was_lost(law: Any) -> None:
    rule, most = law.get("DC-12.lost_time", rules.LostTimeRule), law["DC-12.lost_time"]["give_back_max_s"]
    assert rule.judge(600, 600, 0, "the server stood still").allowed
    assert rule.judge(601, 600, 0, "the server stood still").code == "give_back_beyond_loss"
    assert rule.judge(1, 600, 600, "once more").code == "give_back_beyond_loss"
    assert rule.judge(0, 600, 0, "nothing").code == "give_back_beyond_loss"
    assert rule.judge(most, most + 600, 0, "long").allowed
    assert rule.judge(most + 1, most + 600, 0, "too long").facts["left_s"] == most
    assert rule.judge(60, 600, 0, " ").allowed is law.by(False, True)


def test_dc_12_lost_time_incidents_are_of_the_kinds_of_the_edition(law: Any) -> None:
    rule = law.get("DC-12.lost_time", rules.LostTimeRule)
    assert rule.judge_incident("technical").allowed
    assert rule.judge_incident("weather").code == "incident_kind_unknown"


def test_dc_12_lost_time_incidents_reach_back_as_far_as_the_edition_lets_them(law: Any) -> None:
    rule, most = law.get("DC-12.lost_time", rules.LostTimeRule), law["DC-12.lost_time"]["incident_back_max_s"]
    assert most == law.by(1800, 600)
    assert rule.judge_incident("technical", most).allowed
    refused = rule.judge_incident("technical", most + 1)
    assert (refused.code, refused.clause) == ("incident_too_far_back", "DC-12.lost_time")
    assert refused.facts["back_max_s"] == most


def test_dc_12_task_not_reached(law: Any) -> None:
    assert law.get("DC-12", rules.SectionTimeRule).not_reached == law.by("wrong", "omitted")


def test_dc_12_pace(law: Any) -> None:
    rule = law.get("DC-12.pace", rules.PaceRule)
    assert rule.least_s(None) == law["DC-12.pace"]["quick_s"] == law.by(4, 6)
    assert rule.least_s(40.0) == law.by(6.0, 12.0)


def test_dc_13_working_area(law: Any) -> None:
    rule = law.get("DC-13", rules.WorkingAreaRule)
    for subject in ("mathematics", "history", "kyrgyz", "russian"):
        assert rule.judge(subject).allowed is (subject in law["DC-13"]["subjects"])
    inside = rule.judge(law.by("mathematics", "russian"))
    assert inside.facts["kinds"] == law.codes("DC-13", "kinds")


def test_dc_14_seal(law: Any) -> None:
    rule = law.get("DC-14", rules.SealRule)
    assert rule.judge(is_sealed=True, is_intact=True).allowed
    assert rule.judge(is_sealed=True, is_intact=False).code == "seal_broken"
    assert rule.judge(is_sealed=False, is_intact=False).allowed is not law["DC-14"]["required"]
    assert rule.judge(is_sealed=False, is_intact=True).code == law.by("seal_missing", "seal_accepted")


def test_dc_16_lateness_to_the_second(law: Any) -> None:
    rule = law.get("DC-16", rules.LatenessRule)
    start, limit = law.local(2030, 5, 6, 9), law["DC-16"]["limit_s"]
    assert limit == law.by(30 * 60, 10 * 60)
    assert rule.judge(start - s(600), start - s(600)).code == "on_time"
    assert rule.judge(start, start - s(3600)).code == "on_time"
    assert rule.judge(start, start + s(0.999)).code == "on_time"
    assert rule.judge(start, start + s(1)).code == "late_admitted"
    last = rule.judge(start, start + s(limit))
    assert (last.allowed, last.code, last.clause) == (True, "late_admitted", "DC-16")
    assert rule.judge(start, start + s(limit + 0.999)).allowed
    refused = rule.judge(start, start + s(limit + 1))
    assert (refused.allowed, refused.code) == (False, "late_arrival")
    assert (refused.facts["late_s"], refused.facts["limit_s"]) == (limit + 1, limit)
    assert rule.admits_until(start) == start + s(limit)


def test_dc_16_the_deadline_does_not_move(law: Any) -> None:
    start = law.local(2030, 5, 6, 9)
    late = law.get("DC-16", rules.LatenessRule).judge(start, start + s(300))
    assert late.facts["extra_s"] == law.by(0, 300)


def test_dc_16_absence(law: Any) -> None:
    rule = law.get("DC-16", rules.LatenessRule)
    assert rule.judge_absence(has_valid_reason=True).allowed
    assert rule.judge_absence(has_valid_reason=False).allowed is not law["DC-16"]["absentee_forfeits"]


def test_cs_2_committee(law: Any) -> None:
    rule = law.get("CS-2", rules.CommitteeRule)
    people = [f"p{n}" for n in range(law["CS-2"]["members_min"])]
    assert rule.judge(people, "order 3").allowed
    assert rule.judge([*people[1:], people[1]], "order 3").code == "committee_too_small"
    assert rule.judge(people, "").allowed is not law["CS-2"]["order_required"]


def test_cs_7_order_number(law: Any) -> None:
    rule = law.get("CS-7", rules.SessionOrderRule)
    assert rule.judge("125").allowed
    assert rule.judge(" ").allowed is not law["CS-7"]["order_required"]


def test_cs_14_3_numbered_forms(law: Any) -> None:
    rule = law.get("CS-14.3", rules.NumberedFormsRule)
    assert rule.judge("A-1", is_sealed=True, is_signed=True).allowed
    assert rule.judge("", is_sealed=True, is_signed=True).facts["missing"] == ["numbered"]
    assert rule.judge("A-1", is_sealed=False, is_signed=True).code == "form_marks_missing"
    assert rule.judge("A-1", is_sealed=True, is_signed=False).allowed is not law["CS-14.3"]["signed"]


def test_ac_4_accreditation_of_the_centre(law: Any) -> None:
    rule = law.get("AC-4", rules.CentreAccreditationRule)
    for state in law["AC-4"]["states"]:
        assert rule.judge(state["code"]).allowed is state["may_hold"]
    assert rule.judge("conditional").allowed is law.by(True, False)
    assert rule.judge("never heard of").code == "centre_not_accredited"


def test_dc_11_start_needs_an_aware_instant(law: Any) -> None:
    with pytest.raises(ValueError, match="aware"):
        law.get("DC-11", rules.StartRule).judge(datetime(2030, 5, 6, 9))


def test_dc_12_listening(law: Any) -> None:
    rule = law.get("DC-12.listening", ListeningRule)
    most = law["DC-12.listening"]["plays_max"]
    assert [rule.most(plays) for plays in (1, most, most + 1)] == [1, most, most]
    assert rule.judge(most + 1, most - 1).facts == {"most": most, "play": most}
    assert rule.judge(most + 1, most).code == rule.judge(1, 1).code == "plays_used_up"
    margin_s = law["DC-12.listening"]["margin_s"]
    assert rule.judge_again(6.5, 6.5 + margin_s).code == "play_repeated"
    assert rule.judge_again(6.5, 6.6 + margin_s).code == "play_is_over"
    assert rule.judge(most, most, 1).facts == {"most": most, "play": most + 1}
    most_back = law["DC-12.listening"]["returns_max"]
    assert rule.judge_return(1, most_back - 1, is_last_returned=False).code == "play_returned"
    assert rule.judge_return(9, most_back, is_last_returned=False).code == "plays_returned_up"
    assert rule.judge_return(1, 0, is_last_returned=True).code == "no_play_to_return"
    assert rule.judge_return(0, 0, is_last_returned=False).code == "no_play_to_return"
    assert (rule.may_be_paused([]), rule.may_be_paused(["transcript"])) == law.by((False, True), (True, True))


def test_dc_15_screen_tools(law: Any) -> None:
    rule = law.get("DC-15.tools", ScreenToolsRule)
    forbidden = law.by("calculator", "line_reader")
    assert [tool.code for tool in rule.tools if not tool.allowed] == [forbidden]
    assert rule.judge(forbidden).code == rule.judge("dictionary").code == "screen_tool_refused"
    assert rule.judge("letters").allowed
    listed = [tool.code for tool in rule.tools]
    assert rule.offered(None) == law.by(
        ("text_size", "colours", "highlighter", "eliminator", "line_reader", "letters"),
        ("text_size", "colours", "eliminator", "letters"),
    )
    assert rule.offered([]) == ()
    assert rule.offered(["letters", "text_size", forbidden, "dictionary"]) == ("text_size", "letters")
    assert set(listed) == set(get_args(wire.Tool))  # the page has each tool that an edition may allow


def test_dc_15_what_may_not_be_brought_is_not_on_the_page_either(law: Any) -> None:
    rule = law.get("DC-15.tools", ScreenToolsRule)
    assert [each for each in law.codes("DC-15", "forbidden_tools") if rule.judge(each).allowed] == []


def test_dc_15_an_edition_cannot_offer_what_it_does_not_allow() -> None:
    calculator = ScreenTool(code="calculator", ky="к", ru="к", en="c", allowed=False, offered=True)
    with pytest.raises(FieldError, match="offers what it does not allow: calculator"):
        ScreenToolsRule(clause="DC-15.tools", zone=ZoneInfo("Asia/Bishkek"), tools=(calculator,))
