"""A written text over HTTP: what is taken, what is refused, and that it reaches the office's page; no rubric leaves."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from server import delivery, grading
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession
from tests.factories import delivery as make
from tests.factories.accounts import an_organisation
from tests.web.owned_world import ClientAs

SEQ = 7
Ready = tuple[int, int]


@pytest.fixture
def ready(platform: Platform) -> Ready:
    """A session of history before its one written task, and its section."""
    with open_work(platform, SYSTEM) as work:
        edition = load_edition("kg-distinction", "2013")
        pool_id = make.a_pool(work, edition, "history", n_written=1)
        sitting = make.a_sitting(work, edition=edition, pools={"history": pool_id})
        session_id = make.a_running_session(work, sitting)
        section = work.db.get_one(ExamSession, session_id).sections[0]
        section_id = section.id
    return session_id, section_id


@pytest.fixture
def mine(platform: Platform, ready: Ready, client_as: ClientAs) -> FlaskClient:
    client = client_as(Role.CANDIDATE, id=ready[0])
    for seq in range(1, SEQ):
        assert client.post("/exam/answers", json=answer(ready[1], seq, None)).status_code == 200
    return client


def answer(section_id: int, seq: int, given: dict[str, Any] | None) -> dict[str, Any]:
    return {"section_id": section_id, "seq": seq, "key": str(uuid4()), "given": given, "spent_ms": 60_000}


def said(text: str) -> dict[str, Any]:
    return {"kind": "extended", "extended": text}


def test_the_task_comes_without_its_rubric_and_the_text_is_kept_composed(
    platform: Platform, ready: Ready, mine: FlaskClient
) -> None:
    session_id, section_id = ready
    state = mine.get("/exam/state")
    assert state.get_json()["step"]["item"]["type"] == "extended_text"
    assert (state.get_json()["step"]["seq"], state.get_json()["step"]["length"]) == (SEQ, SEQ)
    assert "rubric" not in state.text.lower()
    typed = unicodedata.normalize("NFD", "Ёлка жана\nйод\tсуу")
    assert typed != unicodedata.normalize("NFC", typed)
    reply = mine.post("/exam/answers", json=answer(section_id, SEQ, said(typed)))
    assert (reply.status_code, reply.get_json()["step"]) == (200, None)
    with open_work(platform, SYSTEM) as work:
        step = delivery.evidence(work, session_id)[0].steps[-1]
        assert (step.given, step.score) == (said("Ёлка жана\nйод\tсуу"), None)


@pytest.mark.parametrize("text", ["а\u0000б", "а\rб", "а\u0085б", "\u001b[0m", "x" * 20_001], ids=repr)
def test_what_no_keyboard_writes_is_refused_and_costs_nothing(ready: Ready, mine: FlaskClient, text: str) -> None:
    refused = mine.post("/exam/answers", json=answer(ready[1], SEQ, said(text)))
    assert refused.status_code == 422
    assert mine.get("/exam/state").get_json()["step"]["seq"] == SEQ
    assert mine.post("/exam/answers", json=answer(ready[1], SEQ, said("x" * 20_000))).status_code == 200


def test_the_office_reads_the_text_and_why_there_is_no_grade(
    platform: Platform, ready: Ready, mine: FlaskClient, client_as: ClientAs
) -> None:

    session_id, section_id = ready
    mine.post("/exam/answers", json=answer(section_id, SEQ, said("Менин <b>айылым</b>")))
    with open_work(platform, SYSTEM) as work:
        assert grading.grade_session(work, session_id).reason == "marks_awaited"
        centre_id = an_organisation(work, "ntc").id
    office = client_as(Role.OFFICE, id=1, organisation_id=centre_id)
    said_why = {"ky": "Жазуу тапшырмалары бар", "ru": "Есть письменные задания", "en": "There are written tasks"}
    for language, words in said_why.items():
        office.set_cookie("synak_lang", language)
        page = office.get(f"/office/sessions/{session_id}")
        assert page.status_code == 200
        assert words in page.text
        assert "14.2" in page.text
        assert "Менин &lt;b&gt;айылым&lt;/b&gt;" in page.text
