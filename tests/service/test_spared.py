"""Whose right a sitting does not decide is told so, and is admitted on no papers (DC-17, DC-18, DC-32)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server import grading
from server.accounts.models import Organisation
from server.candidates.cases import service as cases
from server.candidates.cases.queries import cases as cases_of
from server.candidates.cases.service import Facts, TakingBack
from server.candidates.queries import centre_of
from server.core.errors import Stale
from server.core.i18n import speaking
from server.core.work import Work
from server.delivery import session_ref, sitting_ref
from server.delivery.absences.queries import Absence
from server.delivery.models import ExamSession
from server.delivery.service import absences
from server.grading.access import circle_of
from server.grading.cases.taking_back import undo
from server.grading.lists import queries as lists
from server.grading.lists.views import seen_by_candidate
from server.grading.policy import Policy
from server.reports.analysis.told import told_rows
from server.reports.outcome.lists import outcome
from server.statements import notices, service, views
from server.statements.ending import ending_of
from server.statements.spared import no_longer_spared, spared
from tests.factories.cases import a_decision, a_submitted_case
from tests.factories.delivery import absent_session
from tests.factories.results import received, released
from tests.factories.statements import After, after_release

ILL = Absence("illness", "hospital_certificate", "№ 7", "12-k")
PAPERS = {"personal_application": "No. 4", "council_decision": "No. 11"}


@pytest.fixture
def three(work: Work) -> tuple[After, int, int, int]:
    """Results approved of a sitting from which one was exempted, one ill, and one away without a reason."""
    after = after_release(work)
    exempt, ill, away = (absent_session(work, after.sitting) for _ in range(3))
    who = work.db.get_one(ExamSession, exempt).registration_id
    work.db.get_one(Organisation, centre_of(work, who)).parent_id = after.department.actor.organisation_id
    work.db.flush()  # the department hands in for its own
    facts = Facts(None, (work.now + timedelta(days=30)).date())
    case_id = a_submitted_case(work, "exemption", who, facts, after.department.actor)
    cases.decide(after.ministry, case_id, a_decision(work), facts)
    absences.record_reason(work, ill, ILL)
    for each in (exempt, ill, away):
        grading.grade_session(work, each)
    list_id = released(work, after.sitting.id, because="Three were absent.")
    assert received(after.department, list_id) is None
    after = replace(after, list_id=list_id).later(timedelta(days=20))
    assert after.approve() is None
    return after, exempt, ill, away


def test_DC_17_DC_18_the_page_and_the_notice_say_why_there_is_no_result(three: tuple[After, int, int, int]) -> None:
    after, exempt, ill, away = three
    with speaking("en"):
        said = {each: ending_of(after.work, session_ref(after.work, each)) for each in (exempt, ill, away)}
        rows = lists.rows_with(after.work, after.list_id, [exempt, ill, away])
        found = spared(after.work, sitting_ref(after.work, after.sitting.id), rows)
        seen = seen_by_candidate(after.work, lists.list_ref(after.work, after.list_id))
        papers = {row.session_id: repr(notices.notice_blocks(seen, after.approved(), row, found.get(row.session_id)))
                  for row in rows}  # fmt: skip
    for each, words in ((exempt, "takes the state attestation on general terms"), (ill, "by the additional test")):
        ending = said[each]
        assert ending is not None
        assert ending.spared is not None
        assert words in ending.spared.text
        assert words in papers[each]
        assert "Personal application" not in papers[each]
    assert said[away] is not None
    assert away not in found
    assert "Personal application" in papers[away]


def test_DC_32_no_papers_are_recorded_for_them(three: tuple[After, int, int, int]) -> None:
    after, exempt, ill, away = three
    for each in (exempt, ill):
        assert views.attestation(after.office, each).spared is not None
        with pytest.raises(Stale, match="not_decided_here"):
            service.admit(after.office, each, PAPERS)
    assert views.attestation(after.office, away).spared is None
    assert service.admit(after.office, away, PAPERS)


def test_CS_10_an_exempted_candidate_is_not_absent_without_a_reason(three: tuple[After, int, int, int]) -> None:
    after, exempt, ill, away = three
    ref = sitting_ref(after.work, after.sitting.id)
    told = told_rows(after.office, ref, circle_of(after.office, ref.edition))
    assert told is not None
    found = outcome(after.office, ref, Policy.of(ref.edition), told, after.office.actor.organisation_id or 0)
    assert {row.session_id: is_excused for row, is_excused in found.absent} == {exempt: True, ill: True, away: False}


def test_DC_17_who_is_no_longer_exempted_is_told_so_and_admitted_on_papers(three: tuple[After, int, int, int]) -> None:
    after, exempt, _ill, _away = three
    who = session_ref(after.work, exempt).registration_id
    (case,) = [each for each in cases_of(after.ministry) if each.who.id == who]
    undo(after.ministry, case.id, TakingBack("12/min", after.work.now.date(), "a false paper"))
    with speaking("en"):
        ending = ending_of(after.work, session_ref(after.work, exempt))
        rows = lists.rows_with(after.work, after.list_id, [exempt])
        before = no_longer_spared(after.work, sitting_ref(after.work, after.sitting.id), rows).get(exempt)
        seen = seen_by_candidate(after.work, lists.list_ref(after.work, after.list_id))
        paper = repr(notices.notice_blocks(seen, after.approved(), rows[0], None, before))
    assert ending is not None
    assert ending.taken_back is not None
    assert ending.spared is None
    assert "exempted the candidate from the test was taken back: 12/min" in ending.taken_back.text
    assert ending.taken_back.text in paper
    assert "Personal application" in paper
    assert service.admit(after.office, exempt, PAPERS)
