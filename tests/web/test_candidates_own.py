"""A candidate reaches one session and holds it on one device; staff and candidates do not pass for each other."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from server.accounts.cookie import STAFF_COOKIE
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery import service
from server.delivery.cookie import CANDIDATE_COOKIE, make_token
from server.delivery.models import CandidateMessage, ExamSession, LateAnswer, Response, Section
from tests.factories.accounts import PASSWORD
from tests.factories.delivery import a_running_session, a_sitting
from tests.web.conftest import HTML, JSON, Browser
from tests.web.owned_world import ClientAs

LEASE = 3


@pytest.fixture
def two(platform: Platform) -> tuple[int, int]:
    """Two candidates at work in one sitting, each on a third device."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history", "kyrgyz"])
        ids = (a_running_session(work, sitting, family_name="Асанова"),
               a_running_session(work, sitting, family_name="Бекова"))  # fmt: skip
        for each in ids:
            work.db.get_one(ExamSession, each).lease = LEASE
    return ids


def answer_to(section_id: int) -> dict[str, Any]:
    given = {"kind": "option", "option": "A"}
    return {"section_id": section_id, "seq": 1, "key": str(uuid4()), "given": given, "spent_ms": 9000}


def sections_of(platform: Platform, session_id: int) -> list[tuple[int, str, int]]:
    query = select(Section.id, Section.state, Section.answered).where(Section.session_id == session_id)
    with platform.database.reading() as db:
        return [tuple(row) for row in db.execute(query.order_by(Section.id))]


def test_anothers_section_and_message_are_out_of_reach(
    platform: Platform, two: tuple[int, int], client_as: ClientAs
) -> None:
    mine, theirs = two
    with open_work(platform, SYSTEM) as work:
        service.send_message(work, theirs, "Бекова, this is for you")
    before = sections_of(platform, theirs)
    client = client_as(Role.CANDIDATE, id=mine, lease=LEASE)
    with platform.database.reading() as db:
        message = db.execute(select(CandidateMessage.id)).scalar_one()
    replies = [client.post("/exam/answers", json=answer_to(each[0])) for each in before]
    replies += [client.post("/exam/begin-section", json={"section_id": each[0]}) for each in before]
    assert [reply.status_code for reply in replies] == [409, 409, 403, 403]
    replies.append(client.post("/exam/heartbeat", json={"read_message_id": message}))
    replies.append(client.get("/exam/state"))
    assert not [reply for reply in replies if "Бекова" in reply.text]
    assert sections_of(platform, theirs) == before
    assert [each[1:] for each in sections_of(platform, mine)] == [("running", 0), ("pending", 0)]
    with platform.database.reading() as db:
        assert db.execute(select(CandidateMessage.read_at)).scalar_one() is None
        for table in (Response, LateAnswer):
            assert db.execute(select(func.count()).select_from(table)).scalar_one() == 0


@pytest.mark.parametrize("lease", [0, LEASE - 1, LEASE + 1])
def test_a_device_that_was_left_does_nothing(
    platform: Platform, two: tuple[int, int], client_as: ClientAs, lease: int
) -> None:
    mine, _ = two
    before = sections_of(platform, mine)
    client = client_as(Role.CANDIDATE, id=mine, lease=lease)
    replies = [
        client.get("/exam/state"),
        client.post("/exam/answers", json=answer_to(before[0][0])),
        client.post("/exam/begin-section", json={"section_id": before[1][0]}),
        client.post("/exam/heartbeat", json={"unsent": 1}),
    ]
    for reply in replies:
        assert (reply.status_code, reply.get_json()["error"]["code"]) == (403, "other_device")
        assert "Асанова" not in reply.text
    assert sections_of(platform, mine) == before


def test_a_cookie_opens_its_own_half_of_the_site_alone(
    platform: Platform, two: tuple[int, int], browser: Browser, someone: tuple[int, int]
) -> None:
    staff, candidate = browser("staff", accept=JSON), browser("candidate", accept=JSON)
    assert staff.post("/sign-in", data={"login": "someone", "password": PASSWORD}).status_code == 303
    cookie = staff.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    token = make_token(platform.vault, two[0], LEASE)
    candidate.set_cookie(CANDIDATE_COOKIE, token)  # on every path, as a browser of ours never would
    assert candidate.get("/exam/state").status_code == 200
    assert staff.get("/staff", headers={"Accept": HTML}).status_code == 200
    for path in ("/staff", "/proctor", "/centre", "/office", "/bank", "/journal"):
        assert candidate.get(path).status_code == 401, path
    for method, path in (("GET", "/exam/state"), ("POST", "/exam/answers"), ("POST", "/exam/heartbeat")):
        assert staff.open(path, method=method).status_code == 401, path
    swapped = browser("swapped", accept=JSON)
    swapped.set_cookie(STAFF_COOKIE, token)
    swapped.set_cookie(CANDIDATE_COOKIE, cookie.value)
    assert {swapped.get(path).status_code for path in ("/staff", "/exam/state")} == {401}


def forged(platform: Platform, mine: int, theirs: int) -> list[str]:
    token = make_token(platform.vault, mine, LEASE)
    mac = token.rpartition(".")[2]
    return [f"{theirs}.{LEASE}.{mac}", f"{mine}.{LEASE + 1}.{mac}", f"{mine}.{LEASE}.", f"{mine}.{LEASE}",
            f"{mine}.{LEASE}.{mac[:-1]}", f"{token}0", f" {token}", token.upper(), token.replace(".", "..", 1)]


def test_a_forged_cookie_is_nobodys(platform: Platform, two: tuple[int, int], browser: Browser) -> None:
    for n, token in enumerate(forged(platform, *two)):
        client: FlaskClient = browser(accept=JSON)
        client.set_cookie(CANDIDATE_COOKIE, token, path="/exam")
        reply = client.get("/exam/state")
        assert reply.status_code == 401, n
        assert "Асанова" not in reply.text + reply.headers.get("Location", "")
