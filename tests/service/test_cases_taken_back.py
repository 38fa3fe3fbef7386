"""What was granted in a case is taken back: by whom, until when, and with all that had followed (DC-16 to CS-18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from server import candidates, delivery
from server.accounts import signing
from server.candidates.cases.machine import CASE
from server.candidates.cases.models import CaseDecision, CaseTakingBack
from server.candidates.cases.queries import case_ref
from server.candidates.cases.service import TakingBack
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.machine import moves_of
from server.core.regulation import Edition
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery import service as sessions
from server.delivery.absences.queries import reasons
from server.delivery.additional.planning import assign
from server.delivery.models import ExamSession
from server.delivery.rolls import roll_of
from server.delivery.rules import LatenessRule
from server.delivery.service import absences
from server.delivery.service.planning import issue_code
from server.delivery.service.signing_in import sign_in
from server.grading import lists
from server.grading.access import circle_of
from server.grading.cases import pages, service, taking_back
from server.grading.policy import Policy
from server.grading.queries import eligibility_of
from server.grading.service import grade_session
from server.jobs.verify import verify
from server.reports.candidate import session_page
from server.reports.sittings import Counts, sitting_row
from server.reports.told import results_for
from server.reports.waiting import sessions_to_grade
from tests.factories import cases as make
from tests.factories import delivery as tests_of
from tests.factories.accounts import PIN, an_organisation
from tests.factories.cases import Offices
from tests.factories.results import released
from tests.service.test_cases import ILL, acting, an_absence, an_additional, filed, ministry_decides
from tests.service.test_verify_results import change, first, take_away


def said(work: Work, **changes: object) -> TakingBack:
    whole: dict[str, object] = {"order_number": "12/min", "decided_on": work.now.date(), "words": "meant for another"}
    return TakingBack(**{**whole, **changes})  # type: ignore[arg-type]


def taken(work: Work, by: Offices, case_id: int, pin: str = PIN) -> CatError | None:
    signing.set_pin(work, by.ministry.id or 0, PIN)
    attempt = signing.check_pin(work, by.ministry.id or 0, pin)
    return taking_back.take_back(acting(work, by.ministry), case_id, said(work), attempt)


def granted(work: Work, by: Offices, session_id: int, kind: str = "make_up", until: date | None = None) -> int:
    case_id = filed(work, by.department, session_id, kind, until)
    service.submit(acting(work, by.department), case_id)
    assert ministry_decides(work, by, case_id) is None
    return case_id


def lost_by(work: Work, session_id: int) -> set[str]:
    decided = eligibility_of(work, session_id)
    assert decided is not None
    return {each["reason"] for each in decided.ruling["facts"]["reasons"]}


def a_place(work: Work, by: Offices, session_id: int) -> tuple[int, int]:
    """A granted case and the session that was given for it."""
    case_id = granted(work, by, session_id)
    ntc = acting(work, by.ntc)
    return case_id, assign(ntc, an_additional(ntc, session_id), case_id)


def test_DC_18_the_absence_counts_again_and_the_grant_stays_on_record(work: Work) -> None:
    session_id, by = an_absence(work)
    grade_session(work, session_id)
    case_id = granted(work, by, session_id)
    before = eligibility_of(work, session_id)
    assert lost_by(work, session_id) == {"excused"}
    assert taken(work, by, case_id) is None
    after = eligibility_of(work, session_id)
    assert before is not None
    assert after is not None
    assert (after.supersedes_id, "absence" in lost_by(work, session_id)) == (before.id, True)
    assert session_id not in reasons(work, [session_id])
    case = case_ref(acting(work, by.department), case_id)
    assert case.decision is not None
    assert case.taken_back is not None
    assert (case.state, case.decision.outcome, case.decision.order_number) == ("taken_back", "granted", "318/1")
    assert (case.taken_back.order_number, case.taken_back.words) == ("12/min", "meant for another")
    assert [each.verb for each in moves_of(work.db, CASE.name, [case_id])] == ["submit", "grant", "take_back"]
    assert all(each.is_valid for each in (*pages.signatures(work, case), *pages.signatures_after(work, case)))
    assert b"another" not in work.db.execute(text("SELECT words_sealed FROM case_taking_back")).scalar_one()
    with pytest.raises(Stale, match="not_in_state"):
        taken(work, by, case_id)
    assert granted(work, by, session_id) != case_id, "another case may be granted"
    assert "absence" not in lost_by(work, session_id)


def test_a_reason_that_the_office_had_recorded_itself_stays(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    service.submit(acting(work, by.department), case_id)
    absences.record_reason(work, session_id, ILL)
    assert ministry_decides(work, by, case_id) is None
    assert taken(work, by, case_id) is None
    assert reasons(work, [session_id])[session_id].said.decision == ILL.decision


def test_DC_18_a_place_that_was_not_begun_is_nobodys_and_on_no_list(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id, place = a_place(work, by, session_id)
    row = work.db.get_one(ExamSession, place)
    assert taken(work, by, case_id) is None
    assert (row.state, roll_of(work, row.sitting_id)) == ("absent", [])
    ref = delivery.session_ref(work, place)
    assert session_page(acting(work, by.ntc), ref).state == "called_off"
    assert sitting_row(acting(work, by.ntc), row.sitting_id).counts == Counts()
    assert delivery.sessions_of_sitting(work, row.sitting_id) == []
    office = acting(work, by.ntc)
    circle = circle_of(office, edition_of(work, place))
    assert results_for(office, row.sitting_id, Policy.of(edition_of(work, place)), circle).entries() == []
    assert place not in sessions_to_grade(work.db)
    with pytest.raises(Stale, match="session_not_finished"):
        grade_session(work, place)
    with pytest.raises(Invalid, match="place_taken_back"):
        sessions.prepare_session(work, tests_of.a_sitting(work, subjects=["history"]).id, row.registration_id,
                                 row.centre_id)  # fmt: skip
    with pytest.raises(Stale, match="place_taken_back"):
        absences.record_reason(work, place, ILL)
    with pytest.raises(Invalid, match="case_about_nothing"):
        filed(work, by.department, place)
    again, other = a_place(work, by, session_id)
    assert again != case_id
    (attempt,) = candidates.registrations(work, [work.db.get_one(ExamSession, other).registration_id])
    assert attempt.registration_no != row.registration_no


def test_DC_18_who_was_let_in_and_has_not_begun_begins_no_more(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id, place = a_place(work, by, session_id)
    admitted(work, place)
    assert taken(work, by, case_id) is None
    assert sessions.begin_sessions(work, [place], work.now) == 0


def test_who_comes_with_the_code_of_a_place_that_was_taken_back_is_told(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id, place = a_place(work, by, session_id)
    row = work.db.get_one(ExamSession, place)
    code = issue_code(work, place)
    assert code is not None
    assert taken(work, by, case_id) is None
    for typed, told in ((code, "place_taken_back"), ("XXXX-XXXX", "code_wrong")):
        refused = sign_in(work, row.registration_no, typed)
        assert isinstance(refused, CatError)
        assert refused.code == told


def admitted(work: Work, place: int) -> None:
    ruling = edition_of(work, place).get("DC-16", LatenessRule).judge(work.now, work.now)
    sessions.admit_session(work, place, ruling, None)


def begun(work: Work, place: int) -> None:
    admitted(work, place)
    assert sessions.begin_sessions(work, [place], work.now) == 1


def edition_of(work: Work, session_id: int) -> Edition:
    return delivery.sitting_ref(work, delivery.session_ref(work, session_id).sitting_id).edition


def missed(work: Work, place: int) -> None:
    ruling = edition_of(work, place).rule("DC-16").judge_absence(has_valid_reason=False)
    assert sessions.close_absent(work, [place], ruling) == 1


@pytest.mark.parametrize("how", [begun, missed])
def test_DC_18_what_has_begun_or_is_over_is_not_taken_back(work: Work, how: Callable[[Work, int], None]) -> None:
    session_id, by = an_absence(work)
    case_id, place = a_place(work, by, session_id)
    how(work, place)
    with pytest.raises(Stale) as caught:
        taken(work, by, case_id)
    assert (caught.value.code, caught.value.facts["clause"]) == ("granted_test_begun", "DC-18")
    assert case_ref(acting(work, by.ntc), case_id).state == "assigned"
    assert session_id in reasons(work, [session_id])


@pytest.fixture
def exempted(work: Work) -> tuple[tests_of.Planned, int, Offices, int]:
    """A candidate who was expected, exempted three weeks before the test; the sitting and the case."""
    sitting = tests_of.a_sitting(work, subjects=["history"])
    early = replace(work, now=sitting.starts_at - timedelta(days=20))
    session_id = tests_of.a_session(early, sitting)
    by = make.offices_of(work, session_id)
    return sitting, session_id, by, granted(early, by, session_id, "exemption")


def away(work: Work, session_id: int) -> None:
    """The room is closed, and the candidate had not come."""
    spared = absences.spared_by(work, session_id)
    ruling = edition_of(work, session_id).rule("DC-16").judge_absence(has_valid_reason=spared is not None)
    assert sessions.close_absent(work, [session_id], ruling) == 1


def test_DC_17_who_was_exempted_by_mistake_is_expected_and_absent_without_a_reason(
    work: Work, exempted: tuple[tests_of.Planned, int, Offices, int]
) -> None:
    _sitting, session_id, by, case_id = exempted
    row = work.db.get_one(ExamSession, session_id)
    assert taken(work, by, case_id) is None
    assert (row.state, candidates.cases.exempt(work, [row.registration_id])) == ("expected", frozenset())
    other = tests_of.a_sitting(work, subjects=["history"])
    assert sessions.prepare_session(work, other.id, row.registration_id, row.centre_id)
    away(work, session_id)
    grade_session(work, session_id)
    assert "absence" in lost_by(work, session_id)


def test_DC_17_after_the_test_the_decision_is_made_anew_and_a_released_list_stays(
    work: Work, exempted: tuple[tests_of.Planned, int, Offices, int]
) -> None:
    sitting, session_id, by, case_id = exempted
    away(work, session_id)
    grade_session(work, session_id)
    list_id = released(work, sitting.id)
    (told,) = lists.rows_of(work, list_id)
    assert {each["reason"] for each in told.reasons} == {"exempt"}
    assert taken(work, by, case_id) is None
    assert lists.rows_of(work, list_id) == [told]
    later = replace(work, now=work.now + timedelta(hours=1))
    next_id = released(later, sitting.id, because="An exemption was taken back.")
    (row,) = lists.rows_of(work, next_id)
    assert (lists.list_ref(work, next_id).version, row.state, row.is_eligible) == (2, "absent", False)
    assert {each["reason"] for each in row.reasons} == {"absence", "not_graded"}


def test_DC_17_a_frozen_list_is_not_released_over_what_was_taken_back(
    work: Work, exempted: tuple[tests_of.Planned, int, Offices, int]
) -> None:
    sitting, session_id, by, case_id = exempted
    away(work, session_id)
    grade_session(work, session_id)
    ntc = acting(work, by.ntc)
    list_id = lists.freeze(ntc, sitting.id, because="The sitting is over.")
    assert taken(work, by, case_id) is None
    before = lists.rows_of(work, list_id)
    later = replace(ntc, now=work.now + timedelta(hours=1))
    assert lists.freeze(later, sitting.id, because="An exemption was taken back.") != list_id
    assert lists.rows_of(work, list_id) == before
    with pytest.raises(Stale, match="list_superseded"):
        lists.release(later, list_id)


def test_whoever_may_grant_may_take_back_and_nobody_else(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = granted(work, by, session_id)
    for actor in (by.department, by.ntc):
        with pytest.raises(Refused) as caught:
            taking_back.undo(acting(work, actor), case_id, said(work))
        assert (caught.value.code, caught.value.ruling.clause) == ("case_not_decided_by", "DC-17.cases")
    stranger = make.office(work, an_organisation(work, "department").id)
    with pytest.raises(NotFound):
        taking_back.undo(acting(work, stranger), case_id, said(work))
    attempt = signing.check_pin(work, by.ministry.id or 0, PIN)
    with pytest.raises(Denied):
        taking_back.take_back(acting(work, by.department), case_id, said(work), attempt)
    refusal = taken(work, by, case_id, pin="000111")
    assert refusal is not None
    assert (refusal.code, case_ref(acting(work, by.ntc), case_id).state) == ("pin_wrong", "granted")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_number": " "}, "case_taking_back_malformed"),
        ({"order_number": "x" * 61}, "case_taking_back_malformed"),
        ({"words": " "}, "case_taking_back_malformed"),
        ({"words": "x" * 1001}, "case_taking_back_malformed"),
        ({"decided_on": date(2020, 1, 1)}, "case_taking_back_day"),
        ({"decided_on": date(2999, 1, 1)}, "case_taking_back_day"),
    ],
)
def test_nothing_is_taken_back_without_a_number_a_reason_and_a_day_after_the_grant(
    work: Work, changes: dict[str, object], code: str
) -> None:
    session_id, by = an_absence(work)
    case_id = granted(work, by, session_id)
    with pytest.raises(Invalid, match=code):
        taking_back.undo(acting(work, by.ministry), case_id, said(work, **changes))
    assert case_ref(acting(work, by.ntc), case_id).state == "granted"


def test_a_case_that_was_not_granted_is_not_taken_back(work: Work) -> None:
    session_id, by = an_absence(work)
    case_id = filed(work, by.department, session_id)
    with pytest.raises(Stale, match="not_in_state"):
        taking_back.undo(acting(work, by.ministry), case_id, said(work))
    service.submit(acting(work, by.department), case_id)
    assert ministry_decides(work, by, case_id, "refused") is None
    with pytest.raises(Stale, match="not_in_state"):
        taking_back.undo(acting(work, by.ministry), case_id, said(work))


def test_verify_proves_what_was_taken_back_and_names_what_was_changed_since(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        session_id, by = an_absence(work)
        case_id, place = a_place(work, by, session_id)
    with open_work(platform, SYSTEM) as work:
        assert taken(work, by, case_id) is None
    assert verify(platform, replays=True).faults == []
    name = f"candidate_case:{case_id}"
    changed: list[tuple[str, Callable[[Work], None]]] = [
        (f"its place was taken back, and somebody sat the test in session:{place}",
         lambda work: change(work, ExamSession, place, state="expected")),
        ("it was not taken back as the journal says",
         lambda work: change(work, CaseTakingBack, first(work, CaseTakingBack), order_number="9")),
        ("it was taken back, and nobody's signature under that fits",
         lambda work: change(work, CaseDecision, first(work, CaseDecision), order_number="9")),
        ("it was taken back, and the decision on that is missing",
         lambda work: take_away(work, CaseTakingBack, first(work, CaseTakingBack))),
    ]  # fmt: skip
    for fault, act in changed:
        with open_work(platform, SYSTEM) as work:
            act(work)
        assert f"{name}: {fault}" in verify(platform).faults
