"""The score report: what was told, its range, what areas tell; who reads it, and that every reading is noted (CS-5)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server import delivery, grading
from server.core.errors import Stale
from server.core.i18n import speaking
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession
from server.delivery.sheets import sheets_of
from server.grading.policy import policy_of
from server.reports.areas import area_lines, group_areas
from server.reports.rules import AreaStrengthsRule
from server.reports.score.paper import print_report, sheet
from server.reports.score.report import score_report
from tests.factories.delivery import Planned, a_sitting, every_second, finished_session, right
from tests.factories.results import a_department_over, an_office, corrected, released

HTML = {"Accept": "text/html"}


def of_sitting(platform: Platform, *, is_released: bool) -> tuple[Planned, int]:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history", "kyrgyz"])
        session_id = finished_session(work, sitting, every_second, family_name="Абдылдаев")
        grading.grade_session(work, session_id)
        if is_released:
            released(work, sitting.id)
    return sitting, session_id


@pytest.fixture
def told(platform: Platform) -> int:
    return of_sitting(platform, is_released=True)[1]


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    client.set_cookie("synak_lang", "en")
    reply = client.get(path, headers=HTML)
    assert reply.status_code == status, reply.text
    return reply.get_data().decode(errors="replace")


def test_the_report_gives_each_subject_its_range_and_says_what_areas_cannot_tell(platform: Platform, told: int) -> None:
    with open_work(platform, SYSTEM) as work, speaking("en"):
        report = score_report(work, delivery.session_ref(work, told))
        assert report is not None
        assert [each.code for each in report.subjects] == ["history", "kyrgyz"]
        for subject in report.subjects:
            assert subject.low < float(subject.grade.percent) < subject.high
            assert sum(each.n_tasks for each in subject.areas) == subject.grade.n_items == 6
            assert {each.ruling.code for each in subject.areas} == {"too_few_tasks"}
        assert "DC-21" in report.reasons[0]


def test_nothing_is_told_before_the_release_and_then_what_was_released(platform: Platform) -> None:
    sitting, session_id = of_sitting(platform, is_released=False)
    with open_work(platform, SYSTEM) as work:
        session = delivery.session_ref(work, session_id)
        assert score_report(work, session) is None
        with pytest.raises(Stale, match="results_not_told"):
            print_report(work, session, "ky", "https://example.test")
        released(work, sitting.id)
        first = score_report(work, session)
        corrected(work, session_id, "90", "excellent")
        assert score_report(work, session) == first, "a correction is told with the list that has it"


def test_an_area_all_right_beside_others_all_wrong_is_a_strength(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        sessions = [finished_session(work, sitting, right) for _ in range(2)]
        policy = policy_of(work, sitting.id)
        rule = policy.edition.get("DC-2.areas", AreaStrengthsRule)
        (of_one,) = sheets_of(work, sessions)[sessions[0]]
        bench = BENCHES.of(work, of_one)
        first, second = area_lines(bench, of_one.sheet, policy.times, rule)
        assert first.n_tasks + second.n_tasks == 6
        ahead = type(of_one.sheet).of(
            (int(item), int(bench.pool.areas[item] == bench.pool.areas[of_one.sheet.item_indices[0]]))
            for item in of_one.sheet.item_indices
        )
        by_area = area_lines(bench, ahead, policy.times, rule)
        assert sorted(each.ahead > 0 for each in by_area) == [False, True]
        group = group_areas(bench, [ahead] * 40, policy.times, rule)
        assert {each.ruling.code for each in group} == {"area_ahead", "area_behind"}
        assert all(each.difference.n_persons == 40 for each in group)
        nobody = group_areas(bench, [], policy.times, rule)
        assert {each.ruling.code for each in nobody} == {"no_clear_difference"}


def test_the_same_report_is_the_same_paper_in_each_language(platform: Platform, told: int) -> None:
    with open_work(platform, SYSTEM) as work:
        session = delivery.session_ref(work, told)
        first, again = (print_report(work, session, "ru", "https://example.test") for _ in range(2))
        assert first.pdf == again.pdf
        for tongue in ("ky", "ru", "en"):
            with speaking(tongue):
                report = score_report(work, session)
                assert report is not None
                assert sheet(report, tongue, "https://example.test").language == tongue


def test_the_candidate_reads_their_own_on_the_device_that_holds_the_session(
    platform: Platform, told: int, client_as: Any
) -> None:
    with open_work(platform, SYSTEM) as work:
        work.db.get_one(ExamSession, told).lease = 3
    text = page(client_as(Role.CANDIDATE, id=told, lease=3), "/exam/score-report")
    assert "Strengths by content area" in text
    assert "too few tasks to tell" in text
    assert page(client_as(Role.CANDIDATE, id=told, lease=3), "/exam/score-report.pdf").startswith("%PDF")
    page(client_as(Role.CANDIDATE, id=told, lease=2), "/exam/score-report", 403)


def test_an_office_reads_within_its_circle_and_the_journal_says_so(
    platform: Platform, told: int, client_as: Any
) -> None:
    with open_work(platform, SYSTEM) as work:
        own = a_department_over(work, delivery.session_ref(work, told).centre_id).actor.organisation_id
        other = an_office(work, "department").actor.organisation_id
    path = f"/office/sessions/{told}/score-report"
    text = page(client_as(Role.OFFICE, id=4, organisation_id=own), path)
    assert "Абдылдаев" in text
    assert len(re.findall(r"<svg", text)) == 3
    for each in (path, path + ".pdf"):
        page(client_as(Role.OFFICE, id=5, organisation_id=other), each, 404)
    assert page(client_as(Role.OFFICE, id=4, organisation_id=own), path + ".pdf?lang=ru").startswith("%PDF")
    with platform.database.reading() as db:
        acts = [row.act for row in db.execute(select(JournalEntry).where(JournalEntry.actor == "staff:4")).scalars()]
    assert acts == ["result:read", "paper:printed"]


def test_before_the_release_the_page_says_what_will_stand_there(platform: Platform, client_as: Any) -> None:
    _sitting, session_id = of_sitting(platform, is_released=False)
    with open_work(platform, SYSTEM) as work:
        own = an_office(work).actor.organisation_id
    office = client_as(Role.OFFICE, id=4, organisation_id=own)
    assert "once the results of the sitting are released" in page(office, f"/office/sessions/{session_id}/score-report")
    page(office, f"/office/sessions/{session_id}/score-report.pdf", 409)
    assert "Your report will stand here" in page(client_as(Role.CANDIDATE, id=session_id), "/exam/score-report")
