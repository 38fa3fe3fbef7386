"""Who sat the test comes back to the result from anywhere, with the code on the notice, when the slip's is used up."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import delivery, grading
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession, Sitting
from server.delivery.returning import result_codes
from server.delivery.service import issue_code
from server.grading.lists import papers, queries, views
from tests.factories.delivery import a_running_session, a_sitting, absent_session, finished_session
from tests.factories.results import released

ORIGIN = "https://synak.test"
Browser = Callable[..., FlaskClient]


def enter(client: FlaskClient, number: str, code: str) -> TestResponse:
    return client.post("/exam/sign-in", json={"registration_no": number, "code": code})


@pytest.fixture
def over(platform: Platform) -> tuple[int, str, str]:
    """A released result of a test that needed Safe Exam Browser: session, number, and the slip's code, used."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        id_ = finished_session(work, sitting)
        slip = issue_code(work, id_)
        assert slip is not None
        work.db.get_one(ExamSession, id_).code_used_at = work.now
        grading.grade_session(work, id_)
        released(work, sitting.id)
        work.db.get_one(Sitting, sitting.id).seb_policy = "required"
        return id_, delivery.session_ref(work, id_).registration_no, slip


def notice(platform: Platform, session_id: int) -> str:
    """What can be read on the notice to that candidate."""
    with open_work(platform, SYSTEM) as work:
        ref = queries.newest_released(work, delivery.session_ref(work, session_id).sitting_id)
        assert ref is not None
        (row,) = queries.rows_with(work, ref.id, [session_id])
        printed = papers.print_notices(work, views.seen_by_candidate(work, ref), [(row, None)], "en", ORIGIN)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.pdf)).pages)


def test_DC_25_the_code_on_the_notice_opens_result_and_appeal_at_home_and_again(
    platform: Platform, browser: Browser, over: tuple[int, str, str]
) -> None:
    session_id, number, slip = over
    paper = notice(platform, session_id)
    (code,) = set(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", paper))
    assert f"{ORIGIN}/exam" in paper
    assert code != slip
    both = browser("phone"), browser("computer")
    assert [enter(each, number, code.lower()).status_code for each in both] == [200, 200]
    for at_home in both:
        for path in ("/exam/score-report", "/exam/appeal", "/exam/state"):
            assert at_home.get(path).status_code == 200, path
        assert at_home.post("/exam/heartbeat", json={}).status_code == 200
    with platform.database.reading() as db:
        opened = select(JournalEntry).where(JournalEntry.act == "session:result-opened")
        assert [line.subject for line in db.execute(opened).scalars()] == [f"session:{session_id}"] * 2


def test_CS_5_the_code_of_the_slip_opens_no_result_once_it_was_used(
    browser: Browser, over: tuple[int, str, str]
) -> None:
    _session_id, number, slip = over
    refused = enter(browser("elsewhere"), number, slip)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "code_of_result")
    assert enter(browser("elsewhere"), number, "0000-0000").get_json()["error"]["code"] == "code_wrong"


def test_nobody_who_still_works_or_never_came_has_such_a_code(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        assert result_codes(work, [a_running_session(work, sitting), absent_session(work, sitting)]) == {}
