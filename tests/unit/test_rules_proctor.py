"""Desk, seats, cameras, observers, violations, trust line, archive, samples: DC-9, DC-10, DC-15, VS, CS."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from proctor.archive import rules as archive
from proctor.irregularities import rules as irregularities
from proctor.monitoring import rules as monitoring
from proctor.rooms import rules as rooms
from proctor.rooms.rules import Place

SECOND = timedelta(seconds=1)


def desk(**change: Any) -> rooms.DeskCase:
    facts = {"is_listed": True, "is_list_sealed": True, "document": "passport", "seen": ["number", "photo"]}
    return rooms.DeskCase(**{**facts, **change})


def test_dc_9_documents(law: Any) -> None:
    rule = law.get("DC-9", rooms.IdentityRule)
    for document in law["DC-9"]["documents"]:
        kind, needs = document["code"], document["needs"]
        assert rule.judge(desk(document=kind, seen=needs)).allowed
        for need in needs:
            ruling = rule.judge(desk(document=kind, seen=[each for each in needs if each != need]))
            assert (ruling.code, ruling.facts["missing"]) == ("document_incomplete", [need])
    unsigned = ["number", "photo", "photo_reference", "school_seal"]
    assert rule.judge(desk(document="birth_certificate", seen=unsigned)).allowed is law.by(False, True)
    assert rule.judge(desk(document="library_card")).code == "document_not_accepted"


def test_dc_9_picture(law: Any) -> None:
    rule = law.get("DC-9.picture", rooms.DeskPictureRule)
    assert rule.judge().code == law.by("desk_picture_allowed", "desk_picture_off")
    taken = law.local(2030, 5, 6, 10)
    day = date(2030, 5, 6) + timedelta(days=law["DC-9.picture"]["retention_days"])
    last = law.local(day.year, day.month, day.day, 23, 59, 59)
    assert rule.judge_removal(taken, last).code == "desk_picture_kept"
    assert rule.judge_removal(taken, last + SECOND).code == "desk_picture_removable"


def test_dc_9_certified_list(law: Any) -> None:
    rule = law.get("DC-9", rooms.IdentityRule)
    assert rule.judge(desk(is_listed=False)).code == "not_on_list"
    assert rule.judge(desk(is_list_sealed=False)).allowed is not law["DC-9"]["list_seal_required"]


def test_dc_10_spacing_to_the_millimetre(law: Any) -> None:
    rule = law.get("DC-10", rooms.SeatingRule)
    least, most = law["DC-10"]["spacing_min_mm"], law["DC-10"]["spacing_max_mm"]
    assert (least, most) == law.by((1000, 1500), (1700, 2300))
    assert rule.judge([Place(1, 0, 0), Place(2, least, 0)]).code == "seats_spaced"
    near = rule.judge([Place(1, 0, 0), Place(2, least - 1, 0)])
    assert (near.code, near.facts["too_near"]) == ("seats_too_near", [[1, 2]])
    assert rule.judge([Place(1, 0, 0), Place(2, 0, most)]).facts["too_far"] == []
    far = rule.judge([Place(1, 0, 0), Place(2, 0, most + 1)])
    assert (far.allowed, far.facts["too_far"]) == (law.by(True, False), [1, 2])
    assert rule.judge([Place(1, 0, 0), Place(1, least, 0)]).code == "seat_number_twice"
    assert rule.judge([Place(1, 0, 0)]).allowed
    # The diagonal of 3, 4, 5: exactly the least distance without a root.
    third, fourth = least // 5 * 3, least // 5 * 4
    assert rule.judge([Place(1, 0, 0), Place(2, third, fourth)]).facts["too_near"] == []


def test_dc_10_one_school_apart(law: Any) -> None:
    rule = law.get("DC-10", rooms.SeatingRule)
    near = law["DC-10"]["same_school_mm"]
    together = rule.judge_plan([Place(1, 0, 0, "s1"), Place(2, near, 0, "s1"), Place(3, 0, near, "s2")])
    assert (together.allowed, together.facts["pairs"]) == (law.by(True, False), [[1, 2]])
    assert rule.judge_plan([Place(1, 0, 0, "s1"), Place(2, near + 1, 0, "s1")]).code == "seated_apart"
    assert rule.judge_plan([Place(1, 0, 0), Place(2, near, 0)]).code == "seated_apart"


def test_dc_10_own_seat(law: Any) -> None:
    rule = law.get("DC-10", rooms.SeatingRule)
    assert rule.judge_seat(4, 4).allowed
    assert rule.judge_seat(4, 5).facts == {"assigned": 4, "taken": 5}


def test_dc_15_catalogue(law: Any) -> None:
    rule = law.get("DC-15", irregularities.ViolationsRule)
    limit = law["DC-15"]["warnings_max"]
    for act in law["DC-15"]["violations"]:
        first, last = rule.judge(act["code"]), rule.judge(act["code"], earlier_warnings=limit)
        assert first.code == act["consequence"]
        assert (last.code, last.allowed) == ("removal", False)
        assert last.facts["severity"] == act["severity"]
        assert last.facts["forfeits_certificate"] is law["DC-15"]["forfeits_certificate"]
        if act["consequence"] == "warning":
            assert rule.judge(act["code"], earlier_warnings=limit - 1).code == "warning"
    with pytest.raises(ValueError, match="no violation"):
        rule.judge("sneezing")


def test_dc_15_every_act_the_regulation_lists_means_removal_in_2013(law: Any) -> None:
    listed = [each for each in law["DC-15"]["violations"] if not each.get("chosen")]
    assert all(each["consequence"] == "removal" for each in listed) is law.by(True, False)


def protocol(law: Any, **change: Any) -> irregularities.Protocol:
    witnesses = [f"w{n}" for n in range(law["DC-15"]["witnesses_min"])]
    facts = {"what": "phone", "happened_at": law.local(2030, 5, 6, 10), "reported_by": "p1",
             "witnesses": witnesses, "statement_asked": True}
    return irregularities.Protocol(**{**facts, **change})


def test_dc_15_protocol(law: Any) -> None:
    rule = law.get("DC-15", irregularities.ViolationsRule)
    assert law["DC-15"]["witnesses_min"] == law.by(2, 1)
    assert rule.judge_protocol(protocol(law)).allowed
    needed = law.codes("DC-15", "protocol")
    empty = protocol(law, what=" ", happened_at=None, reported_by="", witnesses=[], statement_asked=False)
    assert rule.judge_protocol(empty).facts["missing"] == needed
    one_less = [f"w{n}" for n in range(law["DC-15"]["witnesses_min"] - 1)]
    assert rule.judge_protocol(protocol(law, witnesses=one_less)).facts["missing"] == ["witnesses"]
    doubled = [*one_less, *one_less, " "]
    assert rule.judge_protocol(protocol(law, witnesses=doubled)).allowed is False
    with_reporter = protocol(law, witnesses=[*one_less, "p1"])
    assert rule.judge_protocol(with_reporter).allowed is law.by(False, True)
    unasked = protocol(law, statement_asked=False)
    assert rule.judge_protocol(unasked).allowed is law.by(False, True)


def test_dc_15_a_protocol_is_signed_by_all_and_before_the_room_closes(law: Any) -> None:
    rule = law.get("DC-15", irregularities.ViolationsRule)
    assert rule.judge_signatures(["p1", "w1", "w2"], ["w2", "p1", "w1", "x"]).allowed
    late = rule.judge_signatures(["p1", "w1", "w2"], ["w2"])
    assert (late.code, late.clause, late.facts["unsigned"]) == ("protocol_unsigned", "DC-15", ["p1", "w1"])
    assert rule.judge_closing(0).allowed
    assert rule.judge_closing(1).allowed is law.by(False, True)


def test_dc_15_tools_and_return(law: Any) -> None:
    rule = law.get("DC-15", irregularities.ViolationsRule)
    for tool in law.codes("DC-15", "forbidden_tools"):
        assert rule.judge_tool(tool).code == "tool_forbidden"
    assert rule.judge_tool("calculator").allowed is law.by(False, True)
    assert rule.judge_tool("pen").allowed
    assert rule.judge_entry(was_removed=False).allowed
    assert rule.judge_entry(was_removed=True).allowed is law["DC-15"]["may_reenter"]


def test_dc_15_watch(law: Any) -> None:
    rule, now = law.get("DC-15.watch", monitoring.WatchRule), law.local(2030, 5, 6, 10)
    assert rule.judge_call("mouse", "", None, now).allowed
    assert rule.judge_call("task", "What is the answer?", None, now).code == "call_not_technical"
    assert rule.judge_call("other", " ", None, now).code == law.by("call_without_words", "call_not_technical")
    next_at = now + timedelta(seconds=law["DC-15.watch"]["call_every_s"])
    assert rule.judge_call("ill", "", now, next_at).allowed
    assert rule.judge_call("ill", "", now, next_at - SECOND).facts["wait_s"] == 1
    battery, left = rule.indicator("battery"), rule.indicator("left")
    assert battery.falling
    assert battery.alarm_at < battery.warn_at
    assert left.warn_at < left.alarm_at


def test_dc_15_watch_refuses_an_alarm_before_its_warning(law: Any) -> None:
    rule = law.get("DC-15.watch", monitoring.WatchRule)
    upside_down = [replace(each, warn_at=each.alarm_at, alarm_at=each.warn_at) for each in rule.indicators]
    with pytest.raises(ValueError, match="graver"):
        replace(rule, indicators=tuple(upside_down))
    with pytest.raises(ValueError, match="indicators"):
        replace(rule, indicators=rule.indicators[1:])


def test_vs_1_cameras(law: Any) -> None:
    rule = law.get("VS-1", rooms.CamerasRule)
    least = law["VS-1"]["cameras_min"]
    assert rule.judge(least).allowed
    assert rule.judge(least - 1).code == "camera_missing"
    waiver = dict.fromkeys(law.codes("VS-1", "waiver"), "x")
    assert rule.judge(0, waiver).code == "room_waived"
    assert rule.judge(0, {**waiver, "reason": " "}).facts["missing"] == ["reason"]
    assert rule.judge(0, {"order_number": "1", "reason": "x"}).allowed is law.by(False, True)


def test_vs_1_archive(law: Any) -> None:
    rule = law.get("VS-1.archive", archive.ArchiveRule)
    recorded = law.local(2030, 5, 6, 10)
    day = date(2030, 5, 6) + timedelta(days=law["VS-1.archive"]["retention_days"])
    last = law.local(day.year, day.month, day.day, 23, 59, 59)
    assert rule.keep_until(recorded) == day
    assert rule.judge(recorded, last).code == "recording_kept"
    assert rule.judge(recorded, last + SECOND).code == "recording_deletable"
    assert rule.judge(recorded, last + SECOND, ["appeal 4"]).code == "recording_held"
    gap = timedelta(seconds=law["VS-1.archive"]["gap_max_s"])
    assert rule.judge_gap(recorded, recorded + gap).allowed
    assert rule.judge_gap(recorded, recorded + gap + timedelta(milliseconds=1)).code == "recording_gap"


def test_vs_2_report(law: Any) -> None:
    rule = law.get("VS-2", archive.SurveillanceReportRule)
    parts, to = law.codes("VS-2", "parts"), law["VS-2"]["report_to"]
    assert rule.judge(parts, to).allowed
    assert rule.judge(parts[1:], to).facts["missing"] == parts[:1]
    assert rule.judge(parts, "press").code == "report_recipient"


def test_vs_3_sample_checks(law: Any) -> None:
    rule = law.get("VS-3", archive.SampleChecksRule)
    now, least = law.local(2030, 5, 6, 10), law["VS-3"]["random_percent_min"]
    plan = {"criteria": law.codes("VS-3", "criteria"), "random_percent": least, "fixed_at": now - SECOND,
            "institutions": ["a", "b"]}

    def judge(**change: Any) -> Any:
        return rule.judge(archive.SamplingPlan(**{**plan, **change}), ["a", "b"], now)

    assert judge().allowed
    assert judge(random_percent=least - 1).code == "random_part_too_small"
    assert judge(fixed_at=now).code == "criteria_not_fixed"
    assert judge(fixed_at=None).code == "criteria_not_fixed"
    assert judge(criteria=["whim"]).facts["unknown"] == ["whim"]
    assert judge(criteria=[]).allowed is False
    assert judge(criteria=["coverage_gap"]).allowed is law.by(True, False)
    assert judge(institutions=["a"]).allowed is not law["VS-3"]["all_institutions"]


def test_vs_4_schedule(law: Any) -> None:
    rule = law.get("VS-4", archive.SurveillanceScheduleRule)
    due = date(2030, 5, 6) + timedelta(days=law["VS-4"]["every_days"])
    last = law.local(due.year, due.month, due.day, 23, 59, 59)
    assert rule.judge(date(2030, 5, 6), last).allowed
    assert rule.judge(date(2030, 5, 6), last + SECOND).code == "check_overdue"


def test_cs_3_observers(law: Any) -> None:
    rule = law.get("CS-3", rooms.ObserversRule)
    kinds, least = law.codes("CS-3", "kinds"), law["CS-3"]["kinds_min"]
    for kind in kinds:
        assert [view for view in ("room", "progress", "alert", "name", "item")
                if rule.judge(kind, view).allowed] == law["CS-3"]["sees"]
    assert rule.judge("trustee", "room").allowed is law.by(True, False)
    assert rule.judge("rival", "room").code == "observer_unknown"
    assert rule.judge_timetable(kinds[:least]).allowed
    assert rule.judge_timetable([*kinds[: least - 1], "rival"]).code == "observers_too_few"


def test_cs_4_trust_line(law: Any) -> None:
    rule = law.get("CS-4", irregularities.TrustLineRule)
    assert rule.judge_fields(law["CS-4"]["kept"]).allowed
    assert rule.judge_fields(["text", "address"]).facts["fields"] == ["address"]
    assert rule.judge_fields(["case_number"]).allowed is law.by(True, False)
    received = law.local(2030, 5, 6, 10)
    day = date(2030, 5, 6) + timedelta(days=law["CS-4"]["answer_days"])
    last = law.local(day.year, day.month, day.day, 23, 59, 59)
    assert rule.judge(received, last, last + SECOND).code == "considered_in_time"
    assert rule.judge(received, last + SECOND, last + SECOND).code == "considered_late"
    assert rule.judge(received, None, last).code == "consideration_due"
    assert rule.judge(received, None, last + SECOND).code == "consideration_overdue"
