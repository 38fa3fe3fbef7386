"""Subjects, language, exemption, additional tests, costs: DC-1 to DC-4, DC-17 to DC-19, DC-35, DC-36, CS."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from server.candidates import rules
from server.candidates.cases.rules import CaseProcedureRule

SECOND = timedelta(seconds=1)


def test_dc_1_organisers(law: Any) -> None:
    rule = law.get("DC-1", rules.OrganiserRule)
    for code in law.codes("DC-1", "organisers"):
        assert rule.judge(code).allowed
    for code in law.codes("DC-1", "participants"):
        assert rule.judge(code).code == "not_organiser"
    assert rule.judge("ministry").allowed is law.by(True, False)


def test_dc_3_number_of_subjects(law: Any) -> None:
    rule = law.get("DC-3", rules.SubjectsRule)
    offered, minimum = law.codes("DC-3", "subjects"), law["DC-3"]["minimum"]
    assert minimum == law.by(4, 3)
    assert rule.judge(offered[:minimum], offered).allowed
    few = rule.judge(offered[: minimum - 1], offered)
    assert (few.code, few.facts["count"], few.facts["minimum"]) == ("too_few_subjects", minimum - 1, minimum)
    assert rule.judge([*offered[: minimum - 1], "botany"], offered).facts["subjects"] == ["botany"]
    assert rule.judge([*offered, offered[0]], offered).code == "subject_repeated"


def test_dc_3_programme_of_the_year(law: Any) -> None:
    rule = law.get("DC-3", rules.SubjectsRule)
    assert rule.judge_programme(law.codes("DC-3", "subjects")).allowed
    four = ["mathematics", "history", "russian", "kyrgyz"]
    assert rule.judge_programme(four).allowed is law.by(True, False)
    assert rule.judge_programme(["mathematics"]).code == "too_few_subjects"


def test_dc_4_language_of_instruction(law: Any) -> None:
    rule = law.get("DC-4", rules.LanguageRule)
    given = rule.judge("mathematics", "ru", {"ky", "ru"})
    assert (given.allowed, given.facts["language"]) == (True, "ru")
    assert rule.judge("mathematics", "uz", {"uz"}).code == "language_not_offered"
    for subject, language in law["DC-4"]["fixed"].items():
        assert rule.judge(subject, "ru", {language, "ru"}).facts["language"] == language


def test_dc_4_no_silent_fall_back(law: Any) -> None:
    rule = law.get("DC-4", rules.LanguageRule)
    assert rule.judge("mathematics", "ru", {"ky"}).code == "language_version_missing"
    other = rule.judge("mathematics", "ru", {"ky", "en"})
    assert other.code == law.by("language_version_missing", "language_fallback")


def exemption(law: Any, **change: Any) -> rules.ExemptionCase:
    facts = {"ground": law.codes("DC-17", "grounds")[0], "papers": law.codes("DC-17", "papers"),
             "filed_at": law.local(2030, 4, 1), "test_on": date(2030, 5, 20)}
    return rules.ExemptionCase(**{**facts, **change})


def test_dc_17_grounds_and_papers(law: Any) -> None:
    rule = law.get("DC-17", rules.ExemptionRule)
    for ground in law["DC-17"]["grounds"]:
        ruling = rule.judge(exemption(law, ground=ground["code"]))
        assert (ruling.allowed, ruling.facts["source"]) == (True, ground["source"])
        assert ruling.facts["sits_attestation"] is law["DC-17"]["sits_attestation"]
    assert rule.judge(exemption(law, ground="competition")).allowed is law.by(True, False)
    assert rule.judge(exemption(law, ground="tired")).code == "exemption_ground_unknown"
    papers = law.codes("DC-17", "papers")
    assert rule.judge(exemption(law, papers=papers[1:])).facts["missing"] == papers[:1]


def test_dc_17_filed_a_week_before(law: Any) -> None:
    rule = law.get("DC-17", rules.ExemptionRule)
    assert law["DC-17"]["before_days"] == law.by(7, 12)
    day = date(2030, 5, 20) - timedelta(days=law["DC-17"]["before_days"])
    last = law.local(day.year, day.month, day.day, 23, 59, 59)
    assert rule.judge(exemption(law, filed_at=last)).allowed
    assert rule.judge(exemption(law, filed_at=last + SECOND)).code == "exemption_filed_late"


def test_dc_17_no_application_is_late_while_no_day_is_fixed(law: Any) -> None:
    rule = law.get("DC-17", rules.ExemptionRule)
    ruling = rule.judge(exemption(law, test_on=None, filed_at=law.local(2030, 12, 31)))
    assert (ruling.code, ruling.facts["latest_on"]) == ("exemption_admissible", None)


def test_dc_18_make_up(law: Any) -> None:
    rule = law.get("DC-18", rules.MakeUpRule)
    for reason in law["DC-18"]["reasons"]:
        for kind in law.codes("DC-18", "evidence"):
            case = rules.MakeUpCase(reason=reason["code"], evidence=[kind], decision="M-1")
            assert rule.judge(case).allowed is (kind in reason["evidence"])
    ill = {"reason": "illness", "evidence": ["hospital_certificate"]}
    assert rule.judge(rules.MakeUpCase(**ill, decision="")).allowed is not law["DC-18"]["decision_required"]
    none = rules.MakeUpCase(reason="illness", evidence=[], decision="M-1")
    assert rule.judge(none).code == "evidence_missing"
    slept = rules.MakeUpCase(reason="overslept", evidence=["hospital_certificate"], decision="M-1")
    assert rule.judge(slept).code == "reason_not_valid"
    assert rule.unseen_items is law["DC-18"]["unseen_items"]
    assert rule.judge_pool("history", 3, is_enough=False).code == "unseen_items_too_few"
    assert rule.judge_pool("history", 3, is_enough=True).allowed


def test_dc_19_additional_sitting_made_known(law: Any) -> None:
    rule = law.get("DC-19", rules.AdditionalSittingRule)
    assert law["DC-19"]["publish_by"] == law.by("05-25", "04-10")
    month, day = map(int, law["DC-19"]["publish_by"].split("-"))
    last, held = law.local(2030, month, day, 23, 59, 59), date(2030, 6, 3)
    later = last + timedelta(days=30)
    assert rule.judge(held, "N 5", last, later).code == "published_in_time"
    assert rule.judge(held, "N 5", last + SECOND, later).code == "published_late"
    assert rule.judge(held, "N 5", None, last).code == "publication_due"
    assert rule.judge(held, "N 5", None, last + SECOND).code == "publication_overdue"
    assert rule.judge(held, "", last, later).allowed is not law["DC-19"]["order_required"]


def test_dc_35_travel_is_paid_by_the_parents(law: Any) -> None:
    rule = law.get("DC-35", rules.CostsRule)
    assert rule.judge("travel").facts["payer"] == law["DC-35"]["payer"]
    assert rule.judge("travel").allowed is law["DC-35"]["fee_asked"]
    assert rule.judge("meals").facts["covered"] is law.by(True, False)
    assert rule.judge("bribe").code == "no_fee"


def test_dc_36_no_fee_for_the_test(law: Any) -> None:
    ruling = law.get("DC-36", rules.CostsRule).judge("test")
    assert (ruling.code, ruling.facts["payer"]) == ("no_fee", law["DC-36"]["payer"])


def test_cs_12_extension(law: Any) -> None:
    rule = law.get("CS-12", rules.ExtensionRule)
    due = date(2030, 6, 1)
    last = due + timedelta(days=law["CS-12"]["extension_days_max"])
    assert rule.judge(due, last, True, "office 7").allowed
    assert rule.judge(due, last + timedelta(days=1), True, "office 7").code == "extension_too_long"
    assert rule.judge(due, last, False, "office 7").code == "extension_without_reason"
    assert rule.judge(due, last, True, "").allowed is not law["CS-12"]["consent_required"]


def test_cs_18_repeats(law: Any) -> None:
    rule = law.get("CS-18", rules.RepeatRule)
    most = law["CS-18"]["repeats_max"]
    assert rule.judge(most - 1, advised=True).allowed
    assert rule.judge(most, advised=True).code == "no_repeat_left"
    assert rule.judge(0, advised=False).allowed is not law["CS-18"]["advice_required"]
    assert rule.unseen_items is law["CS-18"]["unseen_items"]
    assert rule.judge_pool("history", 3, is_enough=False).code == "unseen_items_too_few"
    grades = {"history": "unsatisfactory", "kyrgyz": "satisfactory", "russian": "good"}
    assert rule.debts(grades) == law.by(("history",), ("history", "kyrgyz"))


def test_dc_17_cases_who_hands_in_and_who_decides(law: Any) -> None:
    rule = law.get("DC-17.cases", CaseProcedureRule)
    for kind, stated in zip(rule.kinds, law["DC-17.cases"]["kinds"], strict=True):
        for organisation in ("school", "department", "centre", "ntc", "ministry"):
            assert rule.judge_filing(kind.code, organisation).allowed is (organisation in stated["filed_by"])
            assert rule.judge_decider(kind, organisation).allowed is (organisation in stated["decided_by"])
        assert not set(kind.filed_by) & set(kind.decided_by), "nobody decides what they handed in"
    assert rule.judge_filing("holiday", "school").code == "case_kind_unknown"


def test_dc_17_cases_which_files_are_taken(law: Any) -> None:
    rule = law.get("DC-17.cases", CaseProcedureRule)
    kind, stated = rule.kinds[0], law["DC-17.cases"]
    most = stated["file_max_mb"]
    paper, media = kind.papers[0], stated["file_types"][0]
    assert rule.judge_file(kind, paper, media, most, stated["files_max"] - 1).allowed
    assert rule.judge_file(kind, paper, media, most + 1, 0).code == "case_file_size"
    assert rule.judge_file(kind, paper, media, 0, 0).code == "case_file_size"
    assert rule.judge_file(kind, paper, "text/html", 1, 0).code == "case_file_type"
    assert rule.judge_file(kind, "advice", media, 1, 0).code == "case_paper_unknown"
    assert rule.judge_file(kind, paper, media, 1, stated["files_max"]).code == "case_files_many"


def test_dc_17_cases_by_when_a_case_is_decided(law: Any) -> None:
    rule = law.get("DC-17.cases", CaseProcedureRule)
    submitted = law.local(2030, 4, 26, 15)  # a Friday; 1 May is a holiday of one, 5 May that of the other
    last = law.by(law.local(2030, 5, 6, 23, 59, 59), law.local(2030, 5, 5, 23, 59, 59))
    assert rule.last(rule.kinds[0], submitted) == last


def test_dc_12_accommodations_within_their_limits(law: Any) -> None:
    rule = law.get("DC-12.accommodations", rules.AccommodationRule)
    for kind in law["DC-12.accommodations"]["kinds"]:
        most = kind.get("most", 0)
        assert rule.judge(kind["code"], most, "12-к", "a certificate").allowed
        assert rule.judge(kind["code"], most + 1, "12-к", "a certificate").code == "accommodation_extent"
        assert rule.judge(kind["code"], -1, "12-к", "a certificate").code == "accommodation_extent"
        assert rule.judge(kind["code"], most, " ", "a certificate").code == "order_missing"
        assert rule.judge(kind["code"], most, "12-к", "").allowed is law.by(False, True)
    assert rule.judge("calculator", 1, "12-к", "a certificate").code == "accommodation_unknown"


def test_dc_12_accommodations_a_room_of_ones_own_is_not_shared(law: Any) -> None:
    rule = law.get("DC-12.accommodations", rules.AccommodationRule)
    assert rule.judge_room(1, 1).allowed
    assert rule.judge_room(0, 30).allowed
    assert rule.judge_room(1, 2).code == "separate_room_shared"
