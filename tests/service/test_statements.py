"""After the appeals: approval, statements and their codes, who was told, attestation (DC-29 to DC-34)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from server import accounts, delivery
from server.accounts.models import Signature
from server.appeals.ended import ended
from server.core.errors import Denied, Invalid, NotFound, Refused, Stale
from server.core.paper.blocks import Facts
from server.core.roles import SYSTEM, Role
from server.core.vault import Vault, digest
from server.core.work import Platform, Work, open_work
from server.delivery.models import ExamSession
from server.grading import lists
from server.grading.lists.models import ResultRow
from server.statements import checking, codes, issuing, queries, said, service, views
from server.statements.deadlines import deadlines
from server.statements.models import AttestationCase, FinalNotice, ResultApproval, Statement, StatementEnd
from server.statements.papers import paper_of, print_statement
from tests.conftest import MASTER, SECRET
from tests.factories.grading import alter_rows
from tests.factories.results import a_department_over, an_office, corrected
from tests.factories.statements import ORDER, SUBJECT, WEEK, After, after_release

ORIGIN = "https://synak.test"


@pytest.fixture
def after(work: Work) -> After:
    """Eight days after the receipt: the time to appeal is over, nobody appealed."""
    return after_release(work).later()


def own_report(client_as: Any, session_id: int) -> str:
    """The candidate's page with their report."""
    client = client_as(Role.CANDIDATE, id=session_id, lease=3)
    client.set_cookie("synak_lang", "en")
    reply = client.get("/exam/score-report", headers={"Accept": "text/html"})
    assert reply.status_code == 200
    return str(reply.text)


def code_of(after: After) -> str:
    (found,) = queries.in_force(after.work, [after.confirmed]).values()
    return codes.code_for(after.work.vault, found.serial)


def test_dc_29_appeals_end_with_their_window(work: Work) -> None:
    after = after_release(work)
    assert (ended(after.work, after.sitting.id).waits_for, ended(after.work, after.sitting.id).at) == ("window", None)
    with pytest.raises(Stale, match="appeals_not_over"):
        after.approve()
    over = ended(after.later().work, after.sitting.id)
    assert over.at == over.until
    assert over.at is not None
    assert work.now < over.at <= work.now + WEEK


def test_dc_29_the_ministry_alone_approves_by_an_order_and_its_own_pin(after: After) -> None:
    with pytest.raises(Refused, match="not_approver"):
        after.approve(by=after.office)
    with pytest.raises(Invalid, match="approval_without_order"):
        after.approve(order="  ")
    wrong = after.approve(pin="111222")
    assert wrong is not None
    assert queries.approval_of(after.work, after.sitting.id) is None
    given = after.approved()
    assert (given.order_no, given.list_id, given.approved_by) == (ORDER, after.list_id, after.ministry.actor.id)
    assert given.told_by_at - given.appeals_ended_at >= timedelta(days=13)
    with pytest.raises(Stale, match="approved_already"):
        after.approve()
    signed = after.work.db.execute(select(Signature).where(Signature.subject == f"result_approval:{after.list_id}"))
    assert signed.scalar_one().role == "ministry"


def test_a_list_that_is_not_released_is_not_approved(after: After) -> None:
    corrected(after.work, after.other, "80", "excellent")
    made = lists.freeze(after.office, after.sitting.id, because="A correction was applied.")
    with pytest.raises(Stale, match="list_not_released"):
        after.approve()
    assert made != after.list_id


def test_dc_30_statements_are_for_the_confirmed_once(after: After) -> None:
    with pytest.raises(Stale, match="not_approved"):
        issuing.issue(after.office, after.sitting.id)
    after.approved()
    with pytest.raises(Denied):
        issuing.issue(after.department, after.sitting.id)
    assert issuing.issue(after.office, after.sitting.id) == (1, 0)
    assert issuing.issue(after.office2, after.sitting.id) == (0, 0)
    found = queries.in_force(after.work, [after.confirmed, after.other])
    assert set(found) == {after.confirmed}
    assert said.is_genuine(after.work, said.said_of(after.work, found[after.confirmed]))


def test_dc_33_whoever_has_the_code_learns_that_it_is_in_force_and_no_name(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    code = code_of(after)
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "O").replace("1", "l")):
        verdict = checking.check(after.work, typed)
        assert (verdict.state, verdict.order_no) == ("in_force", ORDER)
    name = delivery.session_ref(after.work, after.confirmed).name
    assert not any(part in repr(verdict) for part in name.split())
    assert verdict.initials == " ".join(f"{part[0]}." for part in name.split())


def test_dc_33_a_clerk_compares_the_last_four_digits_of_the_number_where_they_stand_on_the_paper(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    verdict = checking.check(after.work, code_of(after))
    number = delivery.session_ref(after.work, after.confirmed).registration_no
    assert verdict.number_end == number[-5:]
    assert re.fullmatch(r"••-•{3,}-••", verdict.number_hidden)
    assert len(verdict.number_hidden + verdict.number_end) == len(number)


@pytest.mark.parametrize(("typed", "fault"), [
    ("", "statement_code_incomplete"), ("ABC", "statement_code_incomplete"), ("0" * 26, "statement_unknown"),
    ("0" * 200, "statement_code_incomplete"), ("ӨҮҢ" * 9, "statement_code_incomplete"),
])  # fmt: skip
def test_another_code_tells_nothing(after: After, typed: str, fault: str) -> None:
    with pytest.raises((Invalid, NotFound), match=fault):
        checking.check(after.work, typed)


def test_the_code_stands_nowhere_in_the_database(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    code = code_of(after)
    row = after.work.db.execute(select(Statement)).scalar_one()
    assert row.code_digest == digest(code.replace("-", "").encode())
    assert code not in repr(vars(row))
    acts = repr(after.office._acts)
    assert "statements:issued" in acts
    assert code not in acts
    assert row.serial not in acts


@given(st.text("0123456789abcdef", min_size=32, max_size=32), st.integers(0, 25), st.integers(1, 31))
def test_codes_have_128_bits_and_one_letter_makes_another(serial: str, at: int, by: int) -> None:
    code = codes.code_for(Vault(MASTER, SECRET), serial)
    plain = code.replace("-", "")
    assert len(plain) == codes.LENGTH
    assert code == codes.code_for(Vault(MASTER, SECRET), serial)
    other = codes.ALPHABET[(codes.ALPHABET.index(plain[at]) + by) % 32]
    assert codes.digest_of(plain[:at] + other + plain[at + 1 :]) != codes.digest_of(code)


def test_a_changed_result_replaces_the_statement_and_a_lost_right_ends_it(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    first = code_of(after)
    corrected(after.work, after.confirmed, "95", "excellent")
    again = after.anew().later(2 * WEEK)
    assert again.approve("712/2") is None
    assert issuing.issue(again.office, again.sitting.id) == (1, 1)
    assert checking.check(again.work, first).state == "revised"
    second = code_of(again)
    assert checking.check(again.work, second).state == "in_force"
    corrected(again.work, again.confirmed, "60", "good")
    lost = again.anew().later(4 * WEEK)
    assert lost.approve("712/3") is None
    assert issuing.issue(lost.office, lost.sitting.id) == (0, 1)
    assert checking.check(lost.work, second).state == "revoked"
    assert checking.check(lost.work, first).state == "revised"


def test_what_was_revoked_by_hand_is_not_issued_again(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    code = code_of(after)
    (made,) = queries.in_force(after.work, [after.confirmed]).values()
    with pytest.raises(Invalid, match="revocation_without_reason"):
        after.revoke(made.id, "no")
    assert after.revoke(made.id) is None
    with pytest.raises(Stale, match="statement_ended"):
        after.revoke(made.id)
    assert checking.check(after.work, code).state == "revoked"
    assert issuing.issue(after.office, after.sitting.id) == (0, 0)
    corrected(after.work, after.other, "80", "excellent")  # another candidate's correction changes nothing here
    again = after.anew().later(2 * WEEK)
    assert again.approve("712/2") is None
    assert issuing.issue(again.office, again.sitting.id) == (1, 0)
    assert checking.check(again.work, code).state == "revoked"


def test_a_statement_whose_row_was_altered_cannot_be_confirmed(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    code = code_of(after)
    alter_rows(after.work, ResultRow, name="Somebody Else")
    assert checking.check(after.work, code).state == "broken"


def test_an_address_asks_so_often_a_minute_and_no_more(after: After) -> None:
    asked, now = checking.Asked(), after.work.now
    assert [asked.counts("10.0.0.9", now) for _ in range(checking.A_MINUTE + 1)] == [True] * checking.A_MINUTE + [False]
    assert asked.counts("10.0.0.8", now)
    assert asked.counts("10.0.0.9", now + timedelta(minutes=1))


def test_of_the_approved_results_a_page_is_read_and_all_are_counted(
    after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, day = after.approved(), after.work.now.date()
    assert service.tell(after.department, given.id, [after.confirmed], "school", "letter", day) == 1
    everybody = {each.row.session_id: each for each in views.final(after.department, after.sitting.id).people}
    monkeypatch.setattr("server.grading.lists.views.PAGE", 1)
    pages = [views.final(after.department, after.sitting.id, n) for n in range(1, len(everybody) + 1)]
    assert [len(each.people) for each in pages] == [1] * len(everybody)
    assert {each.row.session_id: each for page in pages for each in page.people} == everybody
    assert {each.totals.n for each in pages} == {len(everybody)}
    assert all(each.told["school"] == 1 and each.all_told_on is None for each in pages)
    assert {each.totals.awaited for each in pages} == {sum(bool(each.row.is_eligible) for each in everybody.values())}


def test_dc_29_who_was_told_is_recorded_once_within_the_circle(after: After) -> None:
    given, day = after.approved(), after.work.now.date()
    both = [after.confirmed, after.other]
    assert service.tell(after.department, given.id, both, "parents", "meeting", day) == 2
    assert service.tell(after.department, given.id, both, "parents", "letter", day) == 0
    assert queries.told(after.work, given.id, both) == {each: {"parents": day} for each in both}
    stranger = a_department_over(after.work)
    with pytest.raises(NotFound):
        service.tell(stranger, given.id, both, "school", "letter", day)
    for recipient, way, when in (("neighbours", "letter", day), ("school", "rumour", day),
                                 ("school", "letter", day - WEEK), ("school", "letter", day + timedelta(days=2))):
        with pytest.raises(Invalid):
            service.tell(after.department, given.id, both, recipient, way, when)


def test_dc_29_the_page_says_who_is_told_and_whether_in_time(after: After) -> None:
    given = after.approved()
    seen = views.final(after.office, after.sitting.id)
    assert seen.notice is not None
    assert (seen.notice.code, seen.told) == ("notice_due", {"school": 0, "candidate": 0, "parents": 0})
    for recipient in seen.recipients:
        service.tell(after.office, given.id, [after.confirmed, after.other], recipient, "letter", after.work.now.date())
    done = views.final(after.office, after.sitting.id).notice
    assert done is not None
    assert done.code == "notice_given"
    late = after.later(10 * WEEK)
    unsaid = views.final(late.office, after.sitting.id).notice
    assert unsaid is not None
    assert unsaid.allowed
    stranger = a_department_over(after.work)
    with pytest.raises(NotFound):
        views.final(stranger, after.sitting.id)


def test_dc_31_the_subject_of_choice_is_recorded(after: After) -> None:
    after.approved()
    with pytest.raises(Refused, match="choice_count"):
        service.choose(after.department, after.confirmed, [])
    with pytest.raises(Refused, match="choice_is_exempt"):
        service.choose(after.department, after.confirmed, [SUBJECT])
    first = service.choose(after.department, after.confirmed, ["physics"])
    second = service.choose(after.department, after.confirmed, ["biology"])
    rows = after.work.db.execute(select(AttestationCase).order_by(AttestationCase.id)).scalars().all()
    assert [(row.id, row.supersedes_id, row.chosen) for row in rows] == [(first, None, ["physics"]),
                                                                        (second, first, ["biology"])]  # fmt: skip
    with pytest.raises(Stale, match="right_not_confirmed"):
        service.choose(after.department, after.other, ["physics"])


def test_dc_32_admission_on_application_and_council_decision(after: After) -> None:
    after.approved()
    with pytest.raises(Refused, match="attestation_papers_missing"):
        service.admit(after.department, after.other, {"personal_application": "No. 4", "council_decision": "  "})
    service.admit(after.department, after.other, {"personal_application": "No. 4", "council_decision": "No. 11"})
    cases = queries.cases(after.work, after.approved().id, [after.other])
    assert cases[after.other].papers["council_decision"] == "No. 11"
    with pytest.raises(Stale, match="right_confirmed"):
        service.admit(after.department, after.confirmed, {"personal_application": "1", "council_decision": "2"})
    stranger = a_department_over(after.work)
    with pytest.raises(NotFound):
        service.admit(stranger, after.other, {"personal_application": "1", "council_decision": "2"})


def test_the_paper_is_the_same_for_the_same_statement_and_bears_its_code(after: After) -> None:
    after.approved()
    issuing.issue(after.office, after.sitting.id)
    (ref,) = queries.in_force(after.work, [after.confirmed]).values()
    found = said.said_of(after.work, ref)
    one, two = (print_statement(after.office, found, "ky", ORIGIN) for _ in range(2))
    assert one == two
    assert one.pdf.startswith(b"%PDF")
    assert one.digest != print_statement(after.office, found, "ru", ORIGIN).digest
    paper = paper_of(after.work, found, ORIGIN)
    assert paper.foot.address == f"{ORIGIN}/check#{code_of(after)}"
    assert "algebra" in repr(paper.blocks).lower()
    facts = dict(next(each for each in paper.blocks if isinstance(each, Facts)).rows)
    for key, office in (("Issued by", ref.organisation_id), ("Results approved by", found.approval.organisation_id)):
        assert facts[key] == accounts.organisation_of(after.work, office).name("en")
    assert sum(each.act == "paper:printed" for each in after.office._acts) == 3


def test_a_code_that_was_mistyped_is_there_to_be_mended(client_as: Any) -> None:
    client = client_as(Role.OFFICE, id=7)
    client.environ_base["REMOTE_ADDR"] = "192.0.2.71"  # whose minute no other test has used up
    reply = client.post("/check", data={"code": "ab-\"12"}, headers={"Accept": "text/html"})
    assert reply.status_code == 422
    assert 'value="ab-&#34;12"' in reply.text


@pytest.mark.parametrize("model", [ResultApproval, Statement, StatementEnd, FinalNotice, AttestationCase])
def test_nothing_of_it_is_overwritten(after: After, model: type[Statement]) -> None:
    given = after.approved()
    issuing.issue(after.office, after.sitting.id)
    (made,) = queries.in_force(after.work, [after.confirmed]).values()
    after.revoke(made.id)
    service.tell(after.office, given.id, [after.confirmed], "school", "letter", after.work.now.date())
    service.choose(after.department, after.confirmed, ["physics"])
    after.work.db.flush()
    for change in (delete(model), update(model).values(id=999)):
        with pytest.raises(DBAPIError), after.work.db.begin_nested():
            after.work.db.execute(change)


def test_an_office_of_another_kind_approves_nothing(after: After) -> None:
    for kind in ("department", "school", "ntc"):
        with pytest.raises(Refused):
            after.approve(by=an_office(after.work, kind))


def test_dc_29_a_deadline_is_done_once_everybody_was_told(after: After) -> None:
    over = ended(after.work, after.sitting.id)
    assert over.at is not None
    (due,) = deadlines(after.office)
    assert (due.kind, due.done_at, due.state(after.work.now)) == ("final_notice", None, "open")
    assert due.due_at - over.at == timedelta(days=14), "it runs from the end of the appeals, not from the approval"
    late = after.later(3 * WEEK)
    (overdue,) = deadlines(late.office)
    assert overdue.state(late.work.now) == "overdue"
    seen = views.final(late.office, after.sitting.id)
    assert seen.notice is not None
    assert (seen.approval, seen.notice.code) == (None, "notice_late")
    given = after.approved()
    for office in (after.office, after.department):
        (due,) = deadlines(office)
        assert (due.kind, due.clause, due.due_at, due.done_at) == ("final_notice", "DC-29", given.told_by_at, None)
    for recipient in views.final(after.office, after.sitting.id).recipients:
        service.tell(after.office, given.id, [after.confirmed, after.other], recipient, "letter", after.work.now.date())
    (due,) = deadlines(after.office)
    assert due.state(after.work.now) == "done"
    assert deadlines(a_department_over(after.work)) == []


def test_dc_29_the_day_of_telling_is_typed_as_people_write_it_and_stays_with_the_choice_when_it_is_none(
    platform: Platform, client_as: Any
) -> None:
    with open_work(platform, SYSTEM) as work:
        after = after_release(work).later()
        after.approved()
    client = client_as(Role.OFFICE, id=after.office.actor.id, organisation_id=after.office.actor.organisation_id)
    client.set_cookie("synak_lang", "en")
    path, form = f"/office/sittings/{after.sitting.id}/told", {"recipient": "school", "way": "letter"}
    form["session"] = str(after.confirmed)
    for wrong, why in (("soon", "Write the day"), ("31.12.2099", "The results were told on a day from")):
        reply = client.post(path, data=form | {"day": wrong}, headers={"Accept": "text/html"})
        assert (reply.status_code, 'href="#day"' in reply.text, 'id="day-error"' in reply.text) == (422, True, True)
        assert why in reply.text
        assert f'value="{wrong}"' in reply.text
        assert f'value="{after.confirmed}" checked' in reply.text


def test_dc_29_nothing_is_due_while_appeals_may_come(work: Work) -> None:
    assert deadlines(after_release(work).office) == []


def test_a_department_sees_what_is_awaited_before_the_approval(work: Work) -> None:
    after = after_release(work)
    seen = views.final(after.department, after.sitting.id)
    assert (seen.approval, seen.people, seen.over.waits_for, seen.may_approve) == (None, (), "window", False)
    with pytest.raises(NotFound):
        views.final(a_department_over(work), after.sitting.id)


def test_dc_30_the_candidate_finds_the_statement_on_their_page_once_approved_and_issued(
    platform: Platform, client_as: Any
) -> None:
    with open_work(platform, SYSTEM) as work:
        after = after_release(work).later()
        after.work.db.get_one(ExamSession, after.confirmed).lease = 3
        after.work.db.get_one(ExamSession, after.other).lease = 3
    assert "After the appeals" not in own_report(client_as, after.confirmed)
    with open_work(platform, SYSTEM) as work:
        after = after.anew_in(work)
        after.approved()
    assert "by order 712/1" in own_report(client_as, after.confirmed)
    assert "not issued yet" in own_report(client_as, after.confirmed)
    with open_work(platform, SYSTEM) as work:
        issuing.issue(after.anew_in(work).office, after.sitting.id)
    text = own_report(client_as, after.confirmed)
    assert "/exam/result/statement?lang=ky" in text
    candidate = client_as(Role.CANDIDATE, id=after.confirmed, lease=3)
    assert candidate.get("/exam/result/statement?lang=ky").data.startswith(b"%PDF")
    text = own_report(client_as, after.other)
    assert "Decision of the teachers&#39; council" in text
    assert "/exam/result/statement" not in text
    with open_work(platform, SYSTEM) as work:
        after = after.anew_in(work)
        corrected(work, after.other, "80", "excellent")
        after.anew()
    assert "After the appeals" not in own_report(client_as, after.confirmed), "what is told now is not approved"
