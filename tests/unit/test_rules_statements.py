"""What follows from the confirmed right: DC-30, DC-33, DC-34."""

from __future__ import annotations

from typing import Any

from server.statements import rules


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
