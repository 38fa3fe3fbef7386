"""Cases of candidates: filed with papers, decided once by whom the law names, in time, with all that follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from server import candidates, delivery
from server.accounts import signing
from server.candidates import accommodating, cases
from server.candidates.cases import papers
from server.candidates.cases.models import CasePaper
from server.candidates.cases.queries import case_ref, own_case
from server.candidates.service import is_list_whole
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.roles import Actor
from server.core.work import Work
from server.delivery import service as sessions
from server.delivery.absences.queries import Absence, reasons
from server.delivery.additional.planning import assign
from server.delivery.additional.queries import additional_sittings
from server.delivery.models import ExamSession
from server.delivery.service import absences
from server.grading.cases import facts, pages, service
from server.grading.queries import eligibility_of
from server.grading.service import grade_session
from tests.factories import cases as make
from tests.factories import delivery as tests_of
from tests.factories.accounts import PIN, an_organisation
from tests.factories.cases import PDF, Offices
from tests.factories.proctor import a_decision

NO = "registration_unknown"
ILL = Absence("illness", "hospital_certificate", "No. 7", "11-к")


def number(work: Work, session_id: int) -> str:
    return delivery.session_ref(work, session_id).registration_no


def acting(work: Work, actor: Actor, **changes: object) -> Work:
    return replace(work, actor=actor, **changes)


def an_absence(work: Work) -> tuple[int, Offices]:
    session_id = tests_of.absent_session(work, tests_of.a_sitting(work, subjects=["history"]))
    return session_id, make.offices_of(work, session_id)


def ministry_decides(
    work: Work, by: Offices, case_id: int, outcome: str = "granted", pin: str = PIN
) -> CatError | None:
    signing.set_pin(work, by.ministry.id or 0, PIN)
    attempt = signing.check_pin(work, by.ministry.id or 0, pin)
    return service.decide(acting(work, by.ministry), case_id, make.a_decision(work, outcome), attempt)


def an_additional(work: Work, session_id: int, **changes: object) -> int:
    return make.a_next_sitting(work, "additional", delivery.session_ref(work, session_id).sitting_id, **changes)


def filed(work: Work, by: Actor, session_id: int, kind: str = "make_up", until: date | None = None) -> int:
    ground = {"make_up": "illness", "extension": "illness", "exemption": "exchange", "repeat": ""}[kind]
    case_id = service.file_case(acting(work, by), number(work, session_id), kind, ground, until)
    for n, paper in enumerate(make.PAPERS[kind]):
        cases.add_paper(acting(work, by), case_id, paper, PDF + bytes([n]))
    return case_id


def test_DC_18_a_granted_case_excuses_the_absence_and_its_candidate_sits_once_more(work: Work) -> None:
    session_id, by = an_absence(work)
    grade_session(work, session_id)
    before = eligibility_of(work, session_id)
    case_id = filed(work, by.department, session_id)
    service.submit(acting(work, by.department), case_id)
    assert ministry_decides(work, by, case_id) is None
    said = reasons(work, [session_id])[session_id].said
    assert (said.reason, said.evidence, said.decision) == ("illness", "hospital_certificate", "318/1")
    after = eligibility_of(work, session_id)
    assert before is not None
    assert after is not None
    assert after.supersedes_id == before.id, "the absence costs nothing any more"
    ntc = acting(work, by.ntc)
    again = assign(ntc, an_additional(ntc, session_id), case_id)
    case = case_ref(ntc, case_id)
    row = work.db.get_one(ExamSession, again)
    assert (case.state, case.next_registration_id) == ("assigned", row.registration_id)
    (next_try,) = candidates.registrations(work, [row.registration_id])
    assert next_try.registration_no != case.who.registration_no
    assert next_try.name == case.who.name
    assert [subject for subject, _ in next_try.subjects] == ["history"]
    assert is_list_whole(work, row.registration_id), "what the list never certified does not break its seal"
    (signed,) = pages.signatures(ntc, case)
    assert signed.is_valid


def test_a_reason_that_the_office_had_recorded_is_not_recorded_twice(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    service.submit(acting(work, by.department), case_id)
    absences.record_reason(work, session_id, ILL)
    assert ministry_decides(work, by, case_id) is None
    assert reasons(work, [session_id])[session_id].said.decision == "11-к"


def test_DC_17_an_exempted_candidate_loses_nothing_and_is_expected_nowhere(work: Work) -> None:
    sitting = tests_of.a_sitting(work, subjects=["history"])
    early = replace(work, now=sitting.starts_at - timedelta(days=20))
    session_id = tests_of.a_session(early, sitting)
    by = make.offices_of(work, session_id)
    case_id = filed(early, by.department, session_id, "exemption")
    service.submit(acting(early, by.department), case_id)
    assert ministry_decides(early, by, case_id) is None
    assert candidates.cases.exempt(work, [delivery.session_ref(work, session_id).registration_id])
    ruling = sitting.edition.rule("DC-16").judge_absence(has_valid_reason=False)
    sessions.close_absent(work, [session_id], ruling)
    grade_session(work, session_id)
    decided = eligibility_of(work, session_id)
    assert decided is not None
    assert "absence" not in {each["reason"] for each in decided.ruling["facts"]["reasons"]}
    row = work.db.get_one(ExamSession, session_id)
    other = tests_of.a_sitting(work, subjects=["history"])
    with pytest.raises(Invalid, match="registration_exempt"):
        sessions.prepare_session(work, other.id, row.registration_id, row.centre_id)


def test_DC_17_papers_and_the_week_are_asked_for_when_it_is_handed_in(work: Work) -> None:
    sitting = tests_of.a_sitting(work, subjects=["history"])
    session_id = tests_of.a_session(work, sitting)
    by = make.offices_of(work, session_id)
    last = facts.first_day(work, candidates.programme_ref(work, sitting.programme_id))
    assert last is not None
    zone = sitting.edition.zone
    late = datetime.combine(last - timedelta(days=6), datetime.min.time(), tzinfo=zone)
    early = acting(work, by.department, now=late - timedelta(seconds=1))
    case_id = service.file_case(early, number(work, session_id), "exemption", "exchange", None)
    with pytest.raises(Refused) as caught:
        service.submit(early, case_id)
    assert caught.value.code == "exemption_papers_missing"
    for n, paper in enumerate(make.PAPERS["exemption"]):
        cases.add_paper(early, case_id, paper, PDF + bytes([n]))
    with pytest.raises(Refused) as caught:
        service.submit(replace(early, now=late), case_id)
    assert (caught.value.code, caught.value.ruling.clause) == ("exemption_filed_late", "DC-17")
    service.submit(early, case_id)
    due = case_ref(early, case_id).due_at
    assert due is not None
    assert due == sitting.edition.rule("DC-17.cases").last(
        next(k for k in sitting.edition.rule("DC-17.cases").kinds if k.code == "exemption"), early.now)


def test_CS_12_a_place_after_the_extended_day_is_refused(work: Work) -> None:
    session_id, by = an_absence(work)
    ntc = acting(work, by.ntc)
    case_id = filed(work, by.department, session_id, "extension", work.now.date() + timedelta(days=8))
    case = case_ref(ntc, case_id)
    missed = facts.facts_about(ntc, case).test_on
    assert missed is not None
    service.submit(acting(work, by.department), case.id)
    assert ministry_decides(work, by, case.id) is None
    late = make.a_next_sitting(ntc, "additional", delivery.session_ref(work, session_id).sitting_id)
    with pytest.raises(Invalid, match="case_term_over"):
        assign(ntc, late, case.id)
    early = make.a_next_sitting(ntc, "additional", delivery.session_ref(work, session_id).sitting_id,
                                held_on=missed + timedelta(days=7))
    assert assign(ntc, early, case.id)


def test_CS_12_too_long_a_term_is_refused_when_it_is_handed_in(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id, "extension", work.now.date() + timedelta(days=60))
    with pytest.raises(Refused) as caught:
        service.submit(acting(work, by.department), case_id)
    assert (caught.value.code, caught.value.ruling.clause) == ("extension_too_long", "CS-12")


def test_CS_18_only_a_released_debt_is_repeated_and_only_its_subjects(work: Work) -> None:
    sitting = tests_of.a_sitting(work, subjects=["history", "kyrgyz"], is_released_at_once=True)
    session_id = tests_of.finished_session(work, sitting, lambda subject, _seq: subject == "kyrgyz")
    by = make.offices_of(work, session_id)
    with pytest.raises(Invalid, match="case_about_nothing"):
        filed(work, by.department, session_id, "repeat")
    grade_session(work, session_id)
    case_id = filed(work, by.department, session_id, "repeat")
    assert case_ref(acting(work, by.ntc), case_id).subjects == ("history",)
    never = tests_of.absent_session(work, sitting)
    with pytest.raises(NotFound, match=NO):
        filed(work, by.department, never, "repeat")


def test_conditions_of_a_candidate_hold_for_the_next_attempt(work: Work) -> None:
    session_id, by = an_absence(work)
    a_decision(work, session_id, "extra_time", 25)
    case_id = make.a_granted_case(work, "make_up", session_id, by)
    ntc = acting(work, by.ntc)
    again = assign(ntc, an_additional(ntc, session_id), case_id)
    assert accommodating.needs(work, work.db.get_one(ExamSession, again).registration_id).extra_percent == 25


def test_DC_19_a_late_notice_stands_and_is_flagged(work: Work) -> None:
    session_id, by = an_absence(work)
    sitting = delivery.session_ref(work, session_id).sitting_id
    june = acting(work, by.ntc, now=work.now.replace(month=6, day=1))
    with pytest.raises(Refused) as caught:
        make.a_next_sitting(june, "additional", sitting, late_because=" ")
    assert (caught.value.code, caught.value.ruling.clause) == ("published_late", "DC-19")
    make.a_next_sitting(june, "additional", sitting)
    make.a_next_sitting(acting(work, by.ntc), "additional", sitting)
    found = [(each.ruling.code, each.late_because) for each in additional_sittings(work)]
    assert found == [("published_in_time", ""), ("published_late", "a flood")]
    with pytest.raises(Denied):
        make.a_next_sitting(acting(work, by.department), "additional", sitting)
    with pytest.raises(Invalid, match="additional_day"):
        make.a_next_sitting(acting(work, by.ntc), "additional", sitting, held_on=work.now.date())


def test_a_wrong_pin_decides_nothing_and_nobody_decides_for_another(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    service.submit(acting(work, by.department), case_id)
    refusal = ministry_decides(work, by, case_id, pin="000111")
    assert refusal is not None
    assert refusal.code == "pin_wrong"
    assert case_ref(acting(work, by.ntc), case_id).state == "submitted"
    attempt = signing.check_pin(work, by.ministry.id or 0, PIN)
    with pytest.raises(Denied):
        service.decide(acting(work, by.department), case_id, make.a_decision(work), attempt)


def test_who_hands_in_does_not_decide_and_others_see_nothing(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    service.submit(acting(work, by.department), case_id)
    facts_now = facts.facts_about(acting(work, by.ntc), case_ref(acting(work, by.ntc), case_id))
    for actor in (by.department, by.ntc):
        with pytest.raises(Refused) as caught:
            cases.decide(acting(work, actor), case_id, make.a_decision(work), facts_now)
        assert caught.value.code == "case_not_decided_by"
    with pytest.raises(Refused) as caught:
        cases.withdraw(acting(work, by.ministry), case_id)
    assert caught.value.code == "case_not_filed_by"
    stranger = make.office(work, an_organisation(work, "department").id)
    for act in (lambda w: case_ref(w, case_id), lambda w: cases.add_paper(w, case_id, "hospital_certificate", PDF),
                lambda w: cases.withdraw(w, case_id), lambda w: papers.opened(w, own_case(w, case_id), 1)):
        with pytest.raises(NotFound):
            act(acting(work, stranger))
    assert cases.cases(acting(work, stranger)) == []
    with pytest.raises(NotFound, match=NO):
        filed(work, stranger, session_id)


def test_a_school_sees_its_own_pupils_alone(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    school, other = an_organisation(work, "school"), an_organisation(work, "school")
    row = work.db.get_one(candidates.models.Registration, delivery.session_ref(work, session_id).registration_id)
    row.school_id = school.id
    work.db.flush()
    assert [each.id for each in cases.cases(acting(work, make.office(work, school.id)))] == [case_id]
    assert cases.cases(acting(work, make.office(work, other.id))) == []


def test_papers_are_sealed_and_what_is_no_paper_is_refused(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    department = acting(work, by.department)
    stored = work.db.execute(select(CasePaper.content_sealed)).scalar_one()
    assert PDF not in stored
    (paper,) = case_ref(department, case_id).papers
    assert papers.opened(department, own_case(department, case_id), paper.id) == ("application/pdf", PDF + b"\x00")
    cases.add_paper(department, case_id, "hospital_certificate", PDF + b"\x00")
    assert len(case_ref(department, case_id).papers) == 1, "the same file once"
    for content, kind, code in (
        (b"<html><script>", "hospital_certificate", "case_file_type"), (b"", "hospital_certificate", "case_file_type"),
        (PDF + b"0" * (10 * 2**20), "hospital_certificate", "case_file_size"),
        (PDF + b"x", "advice", "case_paper_unknown"),
    ):
        with pytest.raises(Refused) as caught:
            cases.add_paper(department, case_id, kind, content)
        assert caught.value.code == code
    words = work.db.execute(text("SELECT count(*) FROM case_decision")).scalar_one()
    assert words == 0


def test_a_refusal_says_why_sealed_and_leaves_room_for_another_case(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    with pytest.raises(Stale, match="case_stands_already"):
        filed(work, by.department, session_id, "extension", work.now.date() + timedelta(days=5))
    service.submit(acting(work, by.department), case_id)
    assert ministry_decides(work, by, case_id, "refused") is None
    case = case_ref(acting(work, by.department), case_id)
    assert case.decision is not None
    assert (case.state, case.decision.words) == ("refused", "as the papers say")
    assert b"papers" not in work.db.execute(text("SELECT words_sealed FROM case_decision")).scalar_one()
    assert session_id not in reasons(work, [session_id])
    assert filed(work, by.department, session_id) != case_id
