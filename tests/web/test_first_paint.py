"""The candidate's page brings along what it would ask for first, to its own device and to nobody else."""

from __future__ import annotations

import json
import re
from typing import Any

from flask.testing import FlaskClient

from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery import service
from server.delivery.models import ExamSession
from tests.factories.delivery import a_running_session, a_sitting
from tests.web.conftest import HTML, JSON, Browser


def brought(client: FlaskClient) -> dict[str, Any] | None:
    """The state within the page."""
    page = client.get("/exam", headers={"Accept": HTML}).text
    found = re.findall(r'<script type="application/json" id="state">(.*?)</script>', page, re.DOTALL)
    assert len(found) <= 1
    return json.loads(found[0]) if found else None


def seated(platform: Platform, client: FlaskClient) -> int:
    with open_work(platform, SYSTEM) as work:
        session = a_running_session(work, a_sitting(work, subjects=["history"]))
        number = work.db.get_one(ExamSession, session).registration_no
        code = service.issue_code(work, session)
    asked = {"registration_no": number, "code": code, "key": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
    reply = client.post("/exam/sign-in", json=asked, headers={"Accept": JSON})
    assert reply.status_code == 200, reply.text
    return session


def test_the_page_brings_the_open_item(platform: Platform, browser: Browser) -> None:
    client = browser()
    seated(platform, client)
    state = brought(client)
    assert state is not None
    asked = client.get("/exam/state", headers={"Accept": JSON}).get_json()
    assert state["step"]["item"] == asked["step"]["item"]
    assert (state["session_id"], state["name"]) == (asked["session_id"], asked["name"])


def test_it_brings_nothing_to_a_stranger_or_a_device_that_was_left(platform: Platform, browser: Browser) -> None:
    client = browser()
    assert brought(client) is None
    session = seated(platform, client)
    assert brought(client) is not None
    with open_work(platform, SYSTEM) as work:
        service.renew_code(work, session, "another computer")
    assert brought(client) is None


def test_staff_are_not_taken_for_a_session_of_their_number(platform: Platform, client_as: Any) -> None:
    with open_work(platform, SYSTEM) as work:
        session = a_running_session(work, a_sitting(work, subjects=["history"]))
        lease = work.db.get_one(ExamSession, session).lease
    assert brought(client_as(Role.PROCTOR, id=session, lease=lease)) is None
    assert brought(client_as(Role.CANDIDATE, id=session, lease=lease)) is not None
