"""Appeals from filing to the decision: the window, interests, the hearing, votes, three signatures (DC-23 to DC-28)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import delivery, grading
from server.accounts import signing
from server.appeals import commission, filing, hearings, interests, protocols, telling, voting
from server.appeals.cases import decision_of, open_case
from server.appeals.commission import Seat
from server.appeals.correcting import corrections_of, open_corrections
from server.appeals.filing import Claim
from server.appeals.models import AppealTask
from server.appeals.queries import case_page, cases_of, words_of
from server.appeals.voting import Outcome
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.roles import Role
from server.core.work import Work
from server.grading import rescoring
from server.grading.rescoring import service
from tests.factories.appeals import SUBJECT, Chamber, a_chamber, name
from tests.factories.delivery import stop_after
from tests.factories.rescoring import compute_now
from tests.factories.results import an_office

DAY = timedelta(days=1)


@pytest.fixture
def chamber(work: Work) -> Chamber:
    return a_chamber(work)


def code_of(outcome: int | CatError) -> str:
    assert isinstance(outcome, CatError)
    return outcome.code


def test_dc_24_the_commission_is_complete_and_by_order(chamber: Chamber) -> None:
    found = commission.commission_of(chamber.work, chamber.sitting.programme_id)
    assert found is not None
    assert [seat.role for seat in found.seats][:3] == ["chair", "deputy_chair", "secretary"]
    ministry = an_office(chamber.work, "ministry")
    for stranger in (chamber.office, chamber.department):
        with pytest.raises(Refused, match="commission_not_approver"):
            commission.name_commission(stranger, chamber.sitting.programme_id, "18", found.ordered_on, found.seats)
    with pytest.raises(Refused, match="commission_incomplete"):
        commission.name_commission(
            ministry, chamber.sitting.programme_id, "18", found.ordered_on, found.seats[1:]
        )
    with pytest.raises(Refused, match="order_missing"):
        commission.name_commission(ministry, chamber.sitting.programme_id, " ", found.ordered_on, found.seats)
    foreign = Seat(chamber.office.actor.id or 0, "member", "ntc")
    with pytest.raises(Invalid, match="appeal_commission_unknown"):
        commission.name_commission(
            ministry, chamber.sitting.programme_id, "18", found.ordered_on, [*found.seats, foreign]
        )


def test_dc_25_a_candidate_files_within_the_window_and_once(chamber: Chamber) -> None:
    one, other = chamber.sessions
    appeal_id = chamber.filed(one, 3)
    assert chamber.row(appeal_id).state == "filed"
    assert code_of(chamber.file(one)) == "appeal_filed_already"
    late = chamber.later(9 * DAY)
    refused = late.file(other)
    assert code_of(refused) == "appeal_window_closed"
    assert isinstance(refused, Refused)
    assert refused.ruling.clause == "DC-25"


def test_dc_25_nobody_appeals_against_a_result_not_yet_received(work: Work) -> None:
    chamber = a_chamber(work, 1, is_released_at_once=False)
    assert code_of(chamber.file(chamber.sessions[0])) == "appeal_before_result"


def test_dc_25_a_department_files_for_its_own_by_number(chamber: Chamber) -> None:
    numbers = [chamber.number(each) for each in chamber.sessions]
    claim = Claim(SUBJECT, ("points_awarded",))
    filed = filing.file_list(chamber.department, [f"{numbers[0]} 2, 3", "", numbers[1], "12-3"], claim)
    assert [each.fault.code if each.fault else "" for each in filed] == ["", "", "appeal_number_malformed"]
    tasks = select(AppealTask.seq).where(AppealTask.appeal_id == filed[0].appeal_id)
    assert list(chamber.work.db.scalars(tasks)) == [2, 3]
    row = chamber.row(filed[1].appeal_id or 0)
    assert (row.filed_by, row.department_id) == ("department", chamber.department.actor.organisation_id)


def test_dc_25_another_departments_candidate_is_as_unknown_as_nobody(work: Work) -> None:
    chamber, other = a_chamber(work, 1), a_chamber(work, 1)
    claim = Claim(SUBJECT, ("points_awarded",))
    told = filing.file_for(other.department, chamber.number(chamber.sessions[0]), claim)
    assert code_of(told) == "appeal_number_unknown"
    assert code_of(filing.file_for(chamber.office, chamber.number(chamber.sessions[0]), claim)) == "appeal_not_by_you"


def test_dc_27_tasks_without_an_answer_are_not_reviewed(work: Work) -> None:
    chamber = a_chamber(work, 1, stop_after(4))
    (session_id,) = chamber.sessions
    last = max(step.seq for step in delivery.evidence(work, session_id)[0].steps if step.is_reached)
    assert code_of(chamber.file(session_id, last)) == "unanswered_not_reviewed"
    assert code_of(chamber.file(session_id, 900)) == "appeal_task_unknown"
    appeal_id = chamber.filed(session_id, 2, last)
    rulings = {row.seq: row.ruling["allowed"] for row in work.db.scalars(select(AppealTask))}
    assert rulings == {2: True, last: False}
    page = case_page(chamber.chair, appeal_id)
    assert {task.seq for task in page.tasks if task.is_disputed and not task.is_reviewed} == {last}


def test_a_candidate_withdraws_only_their_own_and_may_file_again(chamber: Chamber) -> None:
    one, other = chamber.sessions
    appeal_id = chamber.filed(one)
    with pytest.raises(NotFound):
        filing.withdraw_own(chamber.candidate(other), appeal_id)
    filing.withdraw_own(chamber.candidate(one), appeal_id)
    assert chamber.row(appeal_id).state == "withdrawn"
    assert chamber.filed(one) != appeal_id


def test_cs_14_2_what_the_commission_reads_names_nobody(chamber: Chamber) -> None:
    (session_id, _) = chamber.sessions
    ref = delivery.session_ref(chamber.work, session_id)
    said = f"I am {ref.name.split()[0].upper()}у, number {ref.registration_no}, my answer to task 3 is right"
    appeal_id = chamber.filed(session_id, 3, words=said)
    read = words_of(chamber.work, chamber.row(appeal_id))
    assert ref.registration_no not in read
    assert ref.name.split()[0].casefold() not in read.casefold()
    assert "my answer to task 3 is right" in read
    (row,) = cases_of(chamber.chair, commission.commissions_of_actor(chamber.chair))
    assert row.code.startswith("W-")


def test_dc_24_whoever_has_an_interest_neither_reads_votes_nor_signs(chamber: Chamber) -> None:
    appeal_id = chamber.admitted(chamber.sessions[0], 3)
    chamber.opened(appeal_id)
    chamber.carried(appeal_id, Outcome(3, "item_struck"))
    shown = chamber.drawn(appeal_id)
    aside = chamber.members[3]
    assert chamber.sign(appeal_id, aside, shown) is None
    chamber.stand_aside(aside, appeal_id)
    with pytest.raises(Refused, match="conflict_of_interest"):
        open_case(aside, appeal_id)
    with pytest.raises(Stale, match="document_changed"):
        chamber.sign(appeal_id, chamber.chair, shown)
    again = chamber.drawn(appeal_id)
    for member in (chamber.chair, chamber.members[4]):
        assert chamber.sign(appeal_id, member, again) is None
    assert chamber.row(appeal_id).state == "heard"
    assert chamber.sign(appeal_id, chamber.members[5], again) is None
    assert chamber.row(appeal_id).state == "decided"
    row = protocols.last_of(chamber.work, chamber.row(appeal_id))
    assert row is not None
    content = protocols.document_of(chamber.work, chamber.row(appeal_id), row).content
    assert str(aside.actor.id) not in str(content["votes"])
    assert str(aside.actor.id) in str(content["aside"])


def test_dc_24_a_declaration_beforehand_holds_for_the_case_to_come(chamber: Chamber) -> None:
    member, number = chamber.members[4], chamber.number(chamber.sessions[0])
    interests.declare_beforehand(member, "teacher", "number", number)
    (ref,) = [delivery.session_ref(chamber.work, each) for each in chamber.sessions[1:]]
    appeal_id, other = chamber.filed(chamber.sessions[0]), chamber.filed(ref.id)
    rows = cases_of(member, commission.commissions_of_actor(member))
    assert {row.id: row.aside for row in rows} == {appeal_id: ("teacher",), other: ()}
    with pytest.raises(Invalid, match="appeal_number_malformed"):
        interests.declare_beforehand(member, "teacher", "number", "17")


def test_a_vote_needs_presence_a_quorum_and_a_role(chamber: Chamber) -> None:
    appeal_id = chamber.admitted(chamber.sessions[0], 3)
    hearing_id = chamber.called(appeal_id)
    with pytest.raises(Stale, match="appeal_hearing_not_open"):
        chamber.moved(appeal_id, Outcome(3, "unchanged"))
    hearings.confirm_presence(chamber.secretary, hearing_id)
    hearings.confirm_presence(chamber.chair, hearing_id)
    with pytest.raises(Invalid, match="appeal_no_quorum"):
        chamber.moved(appeal_id, Outcome(3, "unchanged"))
    for member in chamber.members[3:5]:
        hearings.confirm_presence(member, hearing_id)
    motion_id = chamber.moved(appeal_id, Outcome(3, "unchanged"))
    with pytest.raises(Refused, match="not_a_voter"):
        voting.vote(chamber.secretary, appeal_id, motion_id, "for")
    with pytest.raises(Denied, match="appeal_not_present"):
        voting.vote(chamber.members[5], appeal_id, motion_id, "for")
    voting.vote(chamber.chair, appeal_id, motion_id, "for")
    with pytest.raises(Stale, match="appeal_voted_already"):
        voting.vote(chamber.chair, appeal_id, motion_id, "against")
    voting.vote(chamber.members[3], appeal_id, motion_id, "against")
    with pytest.raises(Refused, match="vote_without_quorum"):
        chamber.drawn(appeal_id)
    voting.vote(chamber.members[4], appeal_id, motion_id, "abstain")
    with pytest.raises(Refused, match="motion_not_carried"):
        chamber.drawn(appeal_id)


def test_a_motion_says_something_of_every_task_that_is_appealed(chamber: Chamber) -> None:
    appeal_id = chamber.admitted(chamber.sessions[0], 3, 5)
    chamber.opened(appeal_id)
    for outcomes in ([Outcome(3, "unchanged")], [Outcome(3, "unchanged")] * 2, [Outcome(900, "unchanged")]):
        with pytest.raises(Invalid, match="appeal_outcomes"):
            chamber.moved(appeal_id, *outcomes)
    with pytest.raises(Invalid, match="appeal_points"):
        chamber.moved(appeal_id, Outcome(3, "marks_changed", "2"), Outcome(5, "unchanged"))
    with pytest.raises(Invalid, match="appeal_key_missing"):
        chamber.moved(appeal_id, Outcome(3, "key_corrected"), Outcome(5, "unchanged"))


def test_dc_28_chair_and_two_members_decide_and_rescoring_is_proposed(chamber: Chamber) -> None:
    appeal_id = chamber.admitted(chamber.sessions[0], 3)
    chamber.opened(appeal_id)
    chamber.carried(appeal_id, Outcome(3, "item_struck"))
    shown = chamber.drawn(appeal_id)
    with pytest.raises(Denied, match="appeal_not_a_signer"):
        chamber.sign(appeal_id, chamber.secretary, shown)
    wrong = chamber.sign(appeal_id, chamber.chair, shown, "111222")
    assert code_of(wrong or 0) == "pin_wrong"
    assert chamber.sign(appeal_id, chamber.chair, shown) is None
    assert code_of(chamber.sign(appeal_id, chamber.chair, shown) or 0) == "signed_already"
    assert chamber.sign(appeal_id, chamber.members[3], shown) is None
    assert decision_of(chamber.work, appeal_id) is None
    assert chamber.sign(appeal_id, chamber.members[4], shown) is None
    decision = decision_of(chamber.work, appeal_id)
    assert decision is not None
    assert decision.ruling["code"] == "decision_signed"
    (run,) = corrections_of(chamber.work, appeal_id).values()
    assert open_corrections(chamber.work, appeal_id) == [run.run_id]
    with pytest.raises(Stale, match="not_in_state"):
        chamber.sign(appeal_id, chamber.members[5], shown)
    with pytest.raises(Stale, match="appeal_correction_open"):
        telling.tell(chamber.secretary, appeal_id)


def test_dc_28_told_listed_and_closed(chamber: Chamber) -> None:
    one, other = chamber.sessions
    appeal_id, refused_id = chamber.decided(one, Outcome(3, "unchanged")), chamber.filed(other)
    telling.tell(chamber.secretary, appeal_id)
    notice = telling.notice_of(chamber.work, appeal_id)
    assert notice is not None
    assert (notice.is_changed, notice.before) == (False, notice.after)
    with pytest.raises(Stale, match="appeals_open"):
        telling.issue_list(chamber.office, chamber.sitting.id)
    hearings.refuse(chamber.secretary, refused_id, chamber.row(refused_id).revision, "Nothing is named")
    with pytest.raises(Denied):
        telling.issue_list(chamber.department, chamber.sitting.id)
    telling.issue_list(chamber.office, chamber.sitting.id)
    row = telling.last_list(chamber.work, chamber.sitting.id)
    assert row is not None
    assert telling.is_genuine(chamber.work, row)
    assert {line["registration_no"]: line["state"] for line in row.rows} == {
        chamber.number(one): "decided", chamber.number(other): "refused",
    }  # fmt: skip
    assert (chamber.row(appeal_id).state, chamber.row(refused_id).state) == ("closed", "refused")
    telling.hand_over(chamber.department, appeal_id)
    assert [each.way for each in telling.notices_of(chamber.work, [appeal_id])[appeal_id]] == ["page", "paper"]
    with pytest.raises(Stale, match="appeal_list_issued_already"):
        telling.issue_list(chamber.office, chamber.sitting.id)


def test_another_commission_makes_the_protocol_old(chamber: Chamber) -> None:
    appeal_id = chamber.admitted(chamber.sessions[0], 3)
    chamber.opened(appeal_id)
    chamber.carried(appeal_id, Outcome(3, "unchanged"))
    shown = chamber.drawn(appeal_id)
    swapped = [*chamber.members[1:2], *chamber.members[:1], *chamber.members[2:]]
    name(chamber.office, chamber.sitting.programme_id, swapped, "18")
    with pytest.raises(Stale, match="document_changed"):
        chamber.sign(appeal_id, chamber.members[1], shown)


def test_who_lost_the_role_is_of_the_commission_no_more(chamber: Chamber) -> None:
    appeal_id = chamber.filed(chamber.sessions[0])
    left = replace(chamber.chair, actor=replace(chamber.chair.actor, roles=frozenset({Role.OFFICE})))
    with pytest.raises(Denied, match="appeal_not_member"):
        open_case(left, appeal_id)
    assert cases_of(left, commission.commissions_of_actor(left)) == []


def test_the_effect_of_what_was_decided_is_gradings(chamber: Chamber) -> None:
    appeal_id = chamber.decided(chamber.sessions[0], Outcome(3, "item_struck"))
    (run,) = corrections_of(chamber.work, appeal_id).values()
    assert rescoring.effect_of(chamber.work, run.run_id) is None


def test_dc_28_what_is_applied_is_told_with_the_result_before_and_after(chamber: Chamber) -> None:
    (one, _other) = chamber.sessions
    before = grading.grades_of(chamber.work, [one])[one][SUBJECT].exact_percent
    appeal_id = chamber.decided(one, Outcome(2, "item_struck"))
    (row,) = corrections_of(chamber.work, appeal_id).values()
    applied(chamber, row.run_id)
    assert open_corrections(chamber.work, appeal_id) == []
    telling.tell(chamber.secretary, appeal_id)
    notice = telling.notice_of(chamber.work, appeal_id)
    assert notice is not None
    assert notice.is_changed is (notice.before != notice.after)
    assert grading.grades_of(chamber.work, [one])[one][SUBJECT].exact_percent != before


def test_dc_28_what_was_decided_is_not_withdrawn_by_one_of_the_office(chamber: Chamber) -> None:
    appeal_id = chamber.decided(chamber.sessions[0], Outcome(3, "item_struck"))
    (row,) = corrections_of(chamber.work, appeal_id).values()
    with pytest.raises(Stale, match="rescoring_vouched"):
        service.withdraw(chamber.office, row.run_id, "struck by mistake")
    assert open_corrections(chamber.work, appeal_id) == [row.run_id]


def applied(chamber: Chamber, run_id: int) -> None:
    """Two of the office stand for the effect, and it is applied."""
    effect_id = compute_now(chamber.work, run_id)
    for member in (chamber.office, chamber.department):
        attempt = signing.check_pin(member, member.actor.id or 0, chamber.pin)
        assert service.sign(member, run_id, effect_id, attempt) is None
    rescoring.apply(chamber.work, run_id)
