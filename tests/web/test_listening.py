"""Recordings over HTTP: whole, once, for whoever has the step open; kept by nobody, known to nobody else."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession
from tests.factories.delivery import a_running_session, a_sitting
from tests.service.test_listening import NOTICE, audible
from tests.web.owned_world import ClientAs

LEASE = 3


@pytest.fixture
def two(platform: Platform) -> tuple[int, int]:
    """Two candidates at work in one subject with recordings, each on a third device."""
    with open_work(platform, SYSTEM) as work, mock.patch("tests.factories.delivery.new_item", audible):
        sitting = a_sitting(work, subjects=["kyrgyz"])
        ids = a_running_session(work, sitting), a_running_session(work, sitting, family_name="Бекова")
        for each in ids:
            work.db.get_one(ExamSession, each).lease = LEASE
    return ids


@pytest.fixture
def mine(two: tuple[int, int], client_as: ClientAs) -> FlaskClient:
    return client_as(Role.CANDIDATE, id=two[0], lease=LEASE)


def ask(client: FlaskClient, **more: Any) -> dict[str, Any]:
    step = client.get("/exam/state").get_json()["step"]
    return {"section_id": step["section_id"], "seq": step["seq"], "key": str(uuid4()), **more}


def test_a_play_is_the_whole_file_that_nobody_keeps(mine: FlaskClient) -> None:
    body = ask(mine)
    reply = mine.post("/exam/media/play", json=body, headers={"Range": "bytes=0-9"})
    assert (reply.status_code, reply.mimetype, reply.data) == (200, "audio/wav", NOTICE.data)
    kept = {name: reply.headers[name] for name in ("Cache-Control", "Accept-Ranges", "Play-Number")}
    assert kept == {"Cache-Control": "no-store", "Accept-Ranges": "none", "Play-Number": "1"}
    again = mine.post("/exam/media/play", json=body)
    assert (again.data, again.headers["Play-Number"]) == (reply.data, "1")
    assert mine.post("/exam/media/play", json=ask(mine)).headers["Play-Number"] == "2"
    refused = mine.post("/exam/media/play", json=ask(mine))
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "plays_used_up")
    assert mine.get("/exam/state").get_json()["step"]["recording"]["used"] == 2


def test_the_state_names_neither_the_file_nor_its_words(mine: FlaskClient) -> None:
    step = mine.get("/exam/state").get_json()["step"]
    assert step["recording"] == {
        "title": "A notice", "duration_ms": 2000, "plays": 2, "used": 0, "may_pause": False, "transcript": None
    }  # fmt: skip
    assert "noon" not in json.dumps(step)
    assert "digest" not in json.dumps(step)
    assert mine.get("/exam/media/play").status_code == 404


def test_no_other_candidate_device_or_step_gets_it(
    two: tuple[int, int], mine: FlaskClient, client_as: ClientAs
) -> None:
    body = ask(mine)
    for session_id, lease, wanted in ((two[1], LEASE, 409), (two[0], LEASE - 1, 403)):
        stranger = client_as(Role.CANDIDATE, id=session_id, lease=lease)
        assert stranger.post("/exam/media/play", json=body).status_code == wanted
    mine = client_as(Role.CANDIDATE, id=two[0], lease=LEASE)
    assert mine.post("/exam/media/play", json={**body, "seq": 2}).status_code == 409
    assert mine.post("/exam/media/play", json={**body, "key": "1"}).status_code == 422
    assert mine.get("/exam/state").get_json()["step"]["recording"]["used"] == 0
