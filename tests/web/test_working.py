"""The working area over HTTP (DC-13): whose it is, how much it takes, and in what words it refuses."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession, Section, Working
from tests.factories.delivery import a_running_session, a_sitting
from tests.web.owned_world import ClientAs

LEASE = 3


@pytest.fixture
def two(platform: Platform) -> tuple[int, int]:
    """Two candidates at work in mathematics, each on a third device."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["mathematics"])
        ids = (a_running_session(work, sitting, family_name="Асанова"),
               a_running_session(work, sitting, family_name="Бекова"))  # fmt: skip
        for each in ids:
            work.db.get_one(ExamSession, each).lease = LEASE
    return ids


@pytest.fixture
def mine(platform: Platform, two: tuple[int, int], client_as: ClientAs) -> FlaskClient:
    client = client_as(Role.CANDIDATE, id=two[0], lease=LEASE)
    client.set_cookie("synak_lang", "en")
    return client


def a_working(platform: Platform, session_id: int, **more: Any) -> dict[str, Any]:
    with platform.database.reading() as db:
        section_id = db.execute(select(Section.id).where(Section.session_id == session_id)).scalar_one()
    known = {"section_id": section_id, "seq": 1, "key": str(uuid4()), "version": 1, "text": "x", "strokes": []}
    return {**known, **more}


def count(platform: Platform) -> int:
    with platform.database.reading() as db:
        return db.execute(select(func.count()).select_from(Working)).scalar_one()


def test_dc_13_saved_and_given_back_on_another_device(
    platform: Platform, two: tuple[int, int], mine: FlaskClient, client_as: ClientAs
) -> None:
    body = a_working(platform, two[0], strokes=[[0, 0, 1000, 600]])
    assert [mine.post("/exam/working", json=body).get_json() for _ in range(2)] == [{"saved_version": 1}] * 2
    with open_work(platform, SYSTEM) as work:
        work.db.get_one(ExamSession, two[0]).lease = LEASE + 1
    other = client_as(Role.CANDIDATE, id=two[0], lease=LEASE + 1)
    assert other.get("/exam/state").get_json()["working"]["strokes"] == [[0, 0, 1000, 600]]
    left_one = client_as(Role.CANDIDATE, id=two[0], lease=LEASE)
    left = left_one.post("/exam/working", json={**body, "key": str(uuid4()), "version": 2})
    assert (left.status_code, left.get_json()["error"]["code"]) == (403, "other_device")
    assert count(platform) == 1


def test_dc_13_anothers_working_is_out_of_reach(
    platform: Platform, two: tuple[int, int], client_as: ClientAs
) -> None:
    body = a_working(platform, two[1], text="Бекова's own")
    theirs = client_as(Role.CANDIDATE, id=two[1], lease=LEASE)
    assert theirs.post("/exam/working", json=body).status_code == 200
    mine = client_as(Role.CANDIDATE, id=two[0], lease=LEASE)
    assert mine.post("/exam/working", json={**body, "key": str(uuid4()), "version": 2}).status_code == 409
    assert mine.get("/exam/state").get_json()["working"] is None
    theirs = client_as(Role.CANDIDATE, id=two[1], lease=LEASE)
    assert theirs.get("/exam/state").get_json()["working"]["text"] == "Бекова's own"


def test_dc_13_too_much_is_refused_in_a_clear_sentence(
    platform: Platform, two: tuple[int, int], mine: FlaskClient
) -> None:
    reply = mine.post("/exam/working", json=a_working(platform, two[0], text="я" * 20_000, strokes=[[999] * 4000] * 9))
    error = reply.get_json()["error"]
    assert (reply.status_code, error["code"], error["clause"]) == (422, "working_too_large", "DC-13")
    assert error["message"].startswith("There is no more room beside this question")
    assert count(platform) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"strokes": [[1, 2]]}, {"strokes": [[0, 0, 0, 1001]]}, {"strokes": [[0, 0, 0, -1]]}, {"text": "я" * 20_001},
     {"version": 0}, {"strokes": [[1] * 4001]}, {"strokes": [[0, 0, 1.5, 1]]}, {"svg": "<script/>"}],
    ids=str,
)  # fmt: skip
def test_dc_13_what_is_no_drawing_is_refused(
    platform: Platform, two: tuple[int, int], mine: FlaskClient, wrong: dict[str, Any]
) -> None:
    reply = mine.post("/exam/working", json=a_working(platform, two[0], **wrong))
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (422, "payload")
    assert count(platform) == 0
