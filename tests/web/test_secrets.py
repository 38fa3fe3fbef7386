"""A whole sitting seen from outside: no key, password, code, answer key or parameter in a log or an answer."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import delivery
from server.accounts.cookie import BROWSER_COOKIE, STAFF_COOKIE
from server.accounts.second_factor import codes
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery import service, wire
from server.delivery.bench import BENCHES
from server.delivery.cookie import CANDIDATE_COOKIE
from server.delivery.rules import LatenessRule
from server.delivery.service import seeding
from server.web.config import Config
from tests.conftest import MASTER, SECRET
from tests.factories.accounts import PASSWORD
from tests.factories.delivery import a_plan, a_session, a_sitting
from tests.web.conftest import JSON, Browser

WRONG = "eight angry desert foxes"
SUBJECTS = ("history", "kyrgyz")


def spellings(key: bytes) -> list[str]:
    """A key as it might be printed."""
    return [key.hex(), key.hex().upper(), base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode(),
            repr(key)[2:-1], str(list(key))[1:-1]]


class Watched:
    """A browser whose every answer is kept."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.answers = client, list[TestResponse]()

    def __call__(self, method: str, path: str, **sent: Any) -> TestResponse:
        self.answers.append(self.client.open(path, method=method, **sent))
        return self.answers[-1]

    def bodies(self) -> str:
        return "\n".join(f"{answer.text}\n{headers(answer)}" for answer in self.answers)


def headers(answer: TestResponse) -> str:
    """All but the cookies, which are meant to be kept by the browser alone."""
    return "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")


@dataclass(frozen=True)
class Sat:
    """What a sitting left behind: both browsers with their answers, the session, its code, and the log."""

    candidate: Watched
    staff: Watched
    session_id: int
    number: str
    name: str
    code: str
    log: str
    second: list[str]


@pytest.fixture
def sat(
    app: Flask, platform: Platform, browser: Browser, someone: tuple[int, int], caplog: pytest.LogCaptureFixture
) -> Sat:
    """A candidate and a staff member who did all they can, mistakes included."""
    caplog.set_level(logging.DEBUG)
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=SUBJECTS)
        pool_id = delivery.sitting_ref(work, sitting.id).pool_ids[0]
        seeding.take_plan(work, sitting.id, a_plan(work, pool_id), is_taken=True)
        session_id = a_session(work, sitting)
        code = service.issue_code(work, session_id)
        who = delivery.session_ref(work, session_id)
        lateness = sitting.edition.get("DC-16", LatenessRule).judge(work.now, work.now)
        service.admit_session(work, session_id, lateness, None)
        service.begin_sessions(work, [session_id], work.now)
    staff = Watched(browser("staff"))
    for password in (WRONG, PASSWORD):
        staff("POST", "/sign-in", data={"login": "someone", "password": password})
    second = proves_twice(staff, platform)
    for path in ("/staff", "/journal", "/office", f"/office/sittings/{sitting.id}", f"/office/sessions/{session_id}",
                 "/bank", "/nowhere"):
        staff("GET", path)
    staff("POST", "/staff/password", data={"present": WRONG, "wanted": "x"})
    candidate = Watched(browser("candidate", accept=JSON))
    for typed in ("0000-0000", code, code):
        candidate("POST", "/exam/sign-in", json={"registration_no": who.registration_no, "code": typed})
        candidate("GET", "/exam/state")
    answer_everything(candidate)
    app.view_functions["front.health"] = lambda: platform.vault.unwrap(b"x" * 60, "item_version:1")
    for each in (staff, candidate):
        assert each("GET", "/health").status_code == 500
    lines = logging.Formatter("%(name)s %(message)s")
    log = "\n".join(lines.format(each) for each in caplog.records)  # with the tracebacks
    return Sat(candidate, staff, session_id, who.registration_no, who.name, code, log, second)


def proves_twice(staff: Watched, platform: Platform) -> list[str]:
    """A second factor is bound and proved, mistakes included; what was typed and shown for it."""
    page = "/staff/second-factor"
    asked = re.search(r"<code>([A-Z2-7 ]+)</code>", staff("GET", page).text)
    assert asked is not None
    raw, step = base64.b32decode(asked[1].replace(" ", "")), codes.step_at(platform.clock.now())
    bound, proved = codes.code_of(raw, step), codes.code_of(raw, step + 1)
    for password in (WRONG, PASSWORD):
        shown = staff("POST", page, data={"present": password, "code": bound})
    paper = re.findall(r"<code>([A-Z2-7-]{19})</code>", shown.text)
    assert len(paper) == codes.PAPER_CODES
    staff("POST", "/staff/password", data={"present": PASSWORD, "wanted": "x"})  # too short: the login goes on
    for typed in (bound, "no code", paper[0], proved):
        staff("POST", f"{page}/prove", data={"code": typed})
    assert staff("GET", "/journal").status_code == 200
    return [base64.b32encode(raw).decode(), codes.shown_secret(raw), bound, proved, *paper, codes.plain(paper[0])]


def answer_everything(candidate: Watched) -> None:
    """Both subjects, with a repeated, a malformed and a foreign answer among them."""
    state = candidate("GET", "/exam/state").get_json()
    for _ in SUBJECTS:
        for section in state["sections"]:
            if section["state"] == "pending" and state["step"] is None:
                candidate("POST", "/exam/begin-section", json={"section_id": section["section_id"]})
                state = candidate("GET", "/exam/state").get_json()
        step = state["step"]
        while step is not None:
            body = {"section_id": step["section_id"], "seq": step["seq"], "key": str(uuid4()),
                    "given": {"kind": "option", "option": step["item"]["options"][0]["id"]}, "spent_ms": 9000}
            candidate("POST", "/exam/answers", json={**body, "section_id": 999_999})
            reply = candidate("POST", "/exam/answers", json=body)
            assert reply.status_code == 200
            candidate("POST", "/exam/answers", json=body)
            candidate("POST", "/exam/answers", json={**body, "given": {"kind": "option", "option": "?"}})
            candidate("POST", "/exam/heartbeat", json={})
            step = reply.get_json()["step"]
        state = candidate("GET", "/exam/state").get_json()
    assert state["clock"]["phase"] == "submitted"


def test_no_secret_is_logged_or_sent(sat: Sat, config: Config) -> None:
    held = (sat.staff.client.get_cookie(STAFF_COOKIE), sat.candidate.client.get_cookie(CANDIDATE_COOKIE, path="/exam"))
    tokens = [cookie.value for cookie in held if cookie is not None]
    assert len(tokens) == 2
    plain = sat.code.replace("-", "")
    secrets = [*spellings(MASTER), *spellings(SECRET), PASSWORD, WRONG, sat.code, plain, *tokens]
    assert sat.log.count("bug ") == 2  # those that were provoked, with their tracebacks
    seen = {"log": sat.log, "candidate": sat.candidate.bodies(), "staff": sat.staff.bodies(), "config": repr(config)}
    assert [(where, secret) for secret in secrets for where, text in seen.items() if secret in text] == []
    browser = [each.value for each in sat.staff.client._cookies.values() if each.key.startswith(BROWSER_COOKIE)]
    assert len(browser) == 1
    assert [secret for secret in (*sat.second, *browser) if re.search(rf"\b{re.escape(secret)}\b", sat.log)] == []
    assert sat.name not in sat.log
    assert sat.number not in sat.log


def values(body: Any) -> Iterator[Any]:
    """Every plain value in JSON."""
    if isinstance(body, dict | list):
        for each in body.values() if isinstance(body, dict) else body:
            yield from values(each)
    else:
        yield body


def names(body: Any) -> Iterator[str]:
    """Every name of a field in JSON."""
    if isinstance(body, dict):
        yield from body
    if isinstance(body, dict | list):
        for each in body.values() if isinstance(body, dict) else body:
            yield from names(each)


SHOWN = (wire.RunnerState, wire.OwnTimes, wire.AnswerReply, wire.HeartbeatReply, wire.ClockView, wire.SectionView,
         wire.StepView, wire.ConditionView, wire.ItemView, wire.OptionView, wire.RichElement, wire.MessageView)
HIDDEN = {"theta", "se", "b", "difficulty", "discrimination", "correct", "score", "trace", "item_code", "tier", "seed"}


def test_candidates_get_no_key_and_no_parameter(sat: Sat, platform: Platform) -> None:
    bodies = [answer.get_json() for answer in sat.candidate.answers if answer.mimetype == JSON]
    assert len(bodies) > 40
    allowed = {"error", "code", "message", "clause"}.union(*(model.model_fields for model in SHOWN))
    assert {name for body in bodies for name in names(body)} <= allowed
    assert allowed & HIDDEN == set()
    assert not [value for body in bodies for value in values(body) if isinstance(value, float)]
    with open_work(platform, SYSTEM) as work:
        sections = delivery.evidence(work, sat.session_id)
        benches = {each.pool_id: BENCHES.of(work, each) for each in sections}
    keys = [benches[section.pool_id].key(step.item_index)["correct"]
            for section in sections for step in section.steps]
    orders = [step.option_order for section in sections for step in section.steps]
    # Neither the id of the key nor its place among the options is always the same.
    assert len(set(keys)) > 1
    assert len({order.index(key) for order, key in zip(orders, keys, strict=True)}) > 1
