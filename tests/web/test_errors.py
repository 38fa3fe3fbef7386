"""What goes wrong is said in the reader's language, with the right status, and tells nothing of the inside."""

from __future__ import annotations

import io
import json
import logging
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.test import TestResponse

from server.accounts.models import StaffRole
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.web import identity
from server.web.app import create_app
from server.web.config import Config
from tests.factories.candidates import a_programme
from tests.factories.delivery import a_running_session, a_sitting
from tests.web.conftest import HTML, JSON, Browser
from tests.web.owned_world import ClientAs

LANGUAGES = ("ky", "ru", "en")
SAID = {
    404: {"ky": "Бул жерде эч нерсе жок", "ru": "Здесь ничего нет", "en": "There is nothing here"},
    405: {"ky": "даректи мындай колдонууга", "ru": "адрес так использовать нельзя", "en": "cannot be used in this way"},
    413: {"ky": "кабыл алгандан чоң", "ru": "больше, чем принимает", "en": "larger than the server takes"},
    422: {"ky": "окууга болбоду", "ru": "не удалось прочитать", "en": "could not be read"},
    500: {"ky": "", "ru": "", "en": "Something went wrong on the server"},
    503: {"ky": "", "ru": "", "en": "The server is busy"},
}
INSIDE = ("Traceback", "File &#34;", "File \"", ".py", "Error", "Exception", "sqlalchemy", "sqlite", "psycopg",
          "SELECT", "INSERT", "werkzeug", "flask", "pydantic", "Not Found", "Not Allowed", "Entity", "Bad Request",
          "Unprocessable", "None", "Werkzeug", "%(", "MASTER", "column", "constraint")


def said(reply: TestResponse) -> str:
    """The sentence, alone."""
    if reply.mimetype == "application/json":
        return str(reply.get_json()["error"]["message"])
    (found,) = re.findall(r'<p class="govuk-body-l">(.*?)</p>', reply.text, re.DOTALL)
    return str(found)


def check(reply: TestResponse, status: int, language: str) -> None:
    """It has the status, its sentence in that language, and nothing else about it."""
    assert reply.status_code == status, reply.text[:300]
    assert SAID[status][language] in said(reply)
    assert [word for word in INSIDE if word in said(reply)] == []
    page = re.sub(r"<head>.*?</head>", "", reply.text, flags=re.DOTALL)
    assert [word for word in ("Traceback", "sqlalchemy", "psycopg", "File \"") if word in page] == []
    if reply.mimetype == "application/json":
        assert set(reply.get_json()) == {"error"}
        assert set(reply.get_json()["error"]) == {"code", "message", "clause"}
    else:
        assert f'<html lang="{language}"' in reply.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("accept", [HTML, JSON], ids=["html", "json"])
def test_errors_speak_the_readers_language(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture, language: str, accept: str
) -> None:
    client = browser(language=language, accept=accept)
    app.view_functions["front.health"] = _broken
    check(client.get("/nowhere"), 404, language)
    check(client.get("/static/nothing.js"), 404, language)
    wrong = client.post("/health")
    check(wrong, 405, language)
    assert {"GET", "HEAD", "OPTIONS"} == set(wrong.allow)
    check(client.post("/exam/sign-in", data=b"x" * (9 << 20), content_type=JSON), 413, language)
    check(client.post("/exam/sign-in", data=b"{", content_type=JSON), 422, language)
    check(client.get("/health"), 500, language)
    texts = {said(client.get("/nowhere")) for client in (browser(language=each) for each in LANGUAGES)}
    assert len(texts) == len(LANGUAGES)


def _broken() -> str:
    raise ValueError("the key is SECRET-WORD")


def test_a_bug_has_a_number_by_which_it_is_found(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    app.view_functions["front.health"] = _broken
    for accept in (HTML, JSON):
        caplog.clear()
        reply = browser(accept=accept).get("/health?x=%0aforged")
        (number,) = re.findall(r"number ([0-9a-f]{8})", said(reply))
        (line,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert number in line.getMessage()
        assert "/health" in line.getMessage()
        assert line.exc_info is not None
        assert "SECRET-WORD" not in reply.text
        assert "ValueError" not in reply.text


def test_a_log_line_cannot_be_forged_by_an_address(
    browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "actor_of", lambda _request: _broken())
    assert browser().get("/x%0aERROR%20forged").status_code == 500
    (line,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert "\n" not in line.getMessage()


def test_a_database_that_is_away_is_said_to_be_busy(
    app: Flask, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> str:
        raise OperationalError("SELECT secret FROM staff", {"login": "someone"}, ConnectionError("host db.internal"))

    app.view_functions["front.health"] = away
    reply = browser(accept=JSON).get("/health")
    check(reply, 503, "en")
    assert "secret" not in caplog.text
    assert "someone" not in caplog.text


def test_what_a_statement_carried_is_not_in_its_error(platform: Platform) -> None:
    nobodys = insert(StaffRole).values(id=1, staff_id=None, role="SECRET-WORD")
    with pytest.raises(IntegrityError) as error, platform.database.writing() as db:
        db.execute(nobodys)
    assert "SECRET-WORD" not in str(error.value).split("[SQL")[-1]


HOSTILE_BODIES: dict[str, bytes] = {
    "nothing but a brace": b"{",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "text": b"registration_no=1",
    "not utf-8": b'{"registration_no":"\xff\xfe","code":"1"}',
    "half a pair": b'{"registration_no":"\\ud800","code":"1"}',
    "an escaped NUL": b'{"registration_no":"A\\u0000B","code":"1"}',
    "a raw NUL": b'{"registration_no":"A\x00B","code":"1"}',
    "a nest": b'{"registration_no":' + b"[" * 100_000,
    "a nest that closes": b'{"registration_no":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "wrong types": b'{"registration_no":1,"code":[]}',
    "an unknown field": b'{"registration_no":"1","code":"1","is_admin":true}',
    "a long unknown field": b'{"registration_no":"1","code":"1","' + b"x" * 100_000 + b'":1}',
    "markup as a field": b'{"registration_no":"1","code":"1","<script>alert(1)</script>":1}',
    "a huge number": b'{"registration_no":' + b"9" * 5000 + b',"code":"1"}',
    "not a number": b'{"registration_no":NaN,"code":"1"}',
    "missing fields": b"{}",
    "too long": b'{"registration_no":"' + b"1" * 41 + b'","code":"1"}',
}


@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_a_payload_that_cannot_be_is_422(browser: Browser, body: bytes, language: str) -> None:
    for accept in (JSON, HTML):
        reply = browser(language=language, accept=accept).post("/exam/sign-in", data=body, content_type=JSON)
        check(reply, 422, language)
        assert len(reply.text) < 5000
        if reply.mimetype != "application/json":
            assert "<script>" not in reply.text


def test_the_text_of_an_escape_is_no_nul(browser: Browser) -> None:
    body = {"registration_no": "A\\u0000", "code": "1"}
    assert browser(accept=JSON).post("/exam/sign-in", json=body).get_json()["error"]["code"] == "code_wrong"


HUGE = ("2147483648", "9" * 19, "9" * 30, "9" * 5000, "-1", "1.5", "1e3", "0x10", "%00", "1%00", "١", "٩" * 30, "NaN",
        "1;DROP")


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.COMMISSION])
def test_an_id_that_cannot_be_is_not_there(
    app: Flask, client_as: ClientAs, someone: tuple[int, int], role: Role
) -> None:
    client = client_as(role, id=someone[0], organisation_id=someone[1])
    client.set_cookie("synak_lang", "ru")
    prefix = {Role.PROCTOR: "/proctor", Role.CENTRE: "/centre", Role.OFFICE: "/office", Role.COMMISSION: "/bank"}[role]
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix) and "<int:" in rule.rule]
    assert rules
    for rule in rules:
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        for huge in HUGE:
            reply = client.open(re.sub(r"<int:\w+>", huge, rule.rule), method=method)
            assert reply.status_code in (404, 405), (rule.rule, huge)
        largest = client.open(re.sub(r"<int:\w+>", "2147483647", rule.rule), method=method,
                              json={"reason": "fire alarm", "text": "x", "seat_id": 1})  # fmt: skip
        assert largest.status_code < 500, rule.rule


ODD_TEXTS = ("\0", "a\0b", "9" * 40, "-1", "2147483648", "'; DROP TABLE staff; --", "\ud7ff", "%s%n{0}",
             "x" * 100_000, "")


def test_odd_forms_and_queries_break_nothing(client_as: ClientAs, someone: tuple[int, int]) -> None:
    def client(role: Role) -> FlaskClient:
        made = client_as(role, id=someone[0], organisation_id=someone[1])
        made.environ_base["HTTP_ACCEPT"] = HTML
        return made

    posts = {
        Role.PUBLIC: {"/sign-in": ("login", "password", "next"), "/language": ("language", "next")},
        Role.CENTRE: {
            "/centre/rooms/new": ("name", "rows", "cols", "across_m", "along_m"),
            "/centre/rooms/draw": ("name", "width", "depth", "board", "door", "door_at", "door_width", "seats",
                                   "pitch", "kind1", "x1", "y1", "width1", "depth1", "act"),
            "/centre/room-sittings/1/seating/move": ("session", "seat_id"),
            "/centre/room-sittings/1/seating/keep": ("session", "reason"),
            "/centre/sittings/1/rooms": ("room_id",), "/centre/room-sittings/1/seat": ("session",),
            "/centre/room-sittings/1/duties": ("staff_id",), "/centre/lists": ("programme",),
            "/centre/lists/certify": ("programme", "file_name", "held", "is_checked"),
        },
        Role.ADMIN: {"/staff/password": ("present", "wanted")},
    }  # fmt: skip
    gets = {Role.AUDITOR: ("/journal", ("before", "subject", "act", "person", "since", "until")),
            Role.PUBLIC: ("/sign-in", ("next", "changed")),
            Role.OFFICE: ("/office/sittings/1", ("q", "state", "grade", "decision", "sort", "order", "page")),
            Role.CENTRE: ("/centre/lists/1", ("page", "certified"))}
    for role, forms in posts.items():
        browser = client(role)
        for path, names in forms.items():
            for text in ODD_TEXTS:
                reply = browser.post(path, data=dict.fromkeys(names, text))
                assert reply.status_code < 500, (path, text[:50])
                assert reply.status_code == 422 or "\0" not in text
                if "\0" in text:
                    assert "окууга болбоду" in reply.text
    for role, (path, names) in gets.items():
        browser = client(role)
        for text in ODD_TEXTS:
            reply = browser.get(path, query_string=dict.fromkeys(names, text[:2000]))
            assert reply.status_code < 500, (path, text[:50])


@pytest.mark.parametrize("content", [
    b"", b"\0", b"\0" * 5000, b"\xff\xfe", b"a;b\n\"", b'"' * 10_000, b"PK\x03\x04", "\ufeff".encode(),
    ("family_name;given_name\n" + "A\0;B\n" * 3).encode(), b";" * 200_000, ("x;" * 5000 + "\n").encode() * 5,
], ids=range(11))  # fmt: skip
def test_odd_files_are_refused_in_words(
    client_as: ClientAs, someone: tuple[int, int], platform: Platform, content: bytes
) -> None:
    with open_work(platform, SYSTEM) as work:
        programme = a_programme(work)
    client = client_as(Role.CENTRE, id=someone[0], organisation_id=someone[1])
    client.environ_base["HTTP_ACCEPT"] = HTML
    for name in ("list.csv", "a\0b.csv", "../../etc/passwd", "x" * 5000, "<b>.csv"):
        form = {"programme": programme, "list": (io.BytesIO(content), name)}
        reply = client.post("/centre/lists", data=form)
        assert reply.status_code == 422, name[:50]
        assert "<b>.csv" not in reply.text


ODD_GIVEN: list[Any] = [
    "a", 1, [], {}, {"option": "a"}, {"kind": None, "option": "a"}, {"kind": "option"}, {"kind": "key", "key": "a"},
    {"kind": "option", "option": "x" * 9}, {"kind": "option", "option": 1}, {"kind": "option", "option": ["a"]},
    {"kind": "option", "option": "a", "text": "b"}, {"kind": "text", "text": "x" * 201},
    {"kind": "text", "text": "a\0b"}, {"kind": "options", "options": "ab"}, {"kind": "options", "options": ["a"] * 27},
    {"kind": "options", "options": [1]}, {"kind": "options", "options": {"a": "b"}},
    {"kind": "order", "order": [["a"]]}, {"kind": "order", "order": ["x" * 9]}, {"kind": "places", "places": ["a"]},
    {"kind": "places", "places": {"1": 1}},
    {"kind": "places", "places": {"1": "x" * 9}}, {"kind": "places", "places": {"x" * 9: "a"}},
    {"kind": "places", "places": {"a\0": "a"}}, {"kind": "places", "places": {str(n): "a" for n in range(27)}},
]  # fmt: skip
ODD_ANSWERS: list[dict[str, Any]] = [
    {"section_id": 2**31}, {"section_id": 10**30}, {"section_id": -1}, {"section_id": "1"}, {"section_id": 1.5},
    {"seq": 0}, {"seq": 1001}, {"seq": None}, {"key": "x"}, {"key": None}, *({"given": odd} for odd in ODD_GIVEN),
    {"choice": "a"}, {"spent_ms": -1}, {"spent_ms": 10**12}, {"spent_ms": "x"},
    {"score": 1}, {"theta": 4.0},
]  # fmt: skip


def test_odd_answers_and_signs_of_life_are_422(platform: Platform, client_as: ClientAs) -> None:
    with open_work(platform, SYSTEM) as work:
        session_id = a_running_session(work, a_sitting(work, subjects=["history"]))
    client = client_as(Role.CANDIDATE, id=session_id)
    state = client.get("/exam/state").get_json()
    good = {"section_id": state["step"]["section_id"], "seq": 1, "key": "0b1bd3a4-0000-4000-8000-000000000001",
            "given": None, "spent_ms": 1000}
    for odd in ODD_ANSWERS:
        body = json.dumps({**good, **odd})
        reply = client.post("/exam/answers", data=body, content_type=JSON)
        assert reply.status_code == 422, odd
        assert said(reply)
    for odd in ({"lost_focus": 1}, {"leavings": [{"key": "x"}]}, {"unsent": 10**9}, {"read_message_id": 10**30},
                {"x": 1}, {"battery": {"percent": 101, "is_charging": True}}):  # fmt: skip
        assert client.post("/exam/heartbeat", json=odd).status_code == 422, odd
    for odd in ({"section_id": 10**30}, {"section_id": None}, {}):
        assert client.post("/exam/begin-section", json=odd).status_code == 422, odd
    unknown = client.post("/exam/answers", json={**good, "given": {"kind": "option", "option": "Я" * 8}})
    assert unknown.status_code < 500
    assert client.get("/exam/state").get_json()["clock"]["phase"] == "running"


ODD_COOKIES = ("", "\x7f", "1.1", "1.1.", "..", "9" * 4000, "1.1." + "0" * 64, "x.y." + "0" * 64, "ё", "%00", '"',
               "1.1.ё", "\udcff")


@pytest.mark.parametrize("cookie", ODD_COOKIES, ids=range(len(ODD_COOKIES)))
def test_odd_cookies_speak_for_nobody(app: Flask, cookie: str) -> None:
    value = cookie.encode("utf-8", "surrogateescape").decode("latin-1")
    names = ("synak_staff", "synak_candidate", "synak_csrf", "synak_lang")
    headers = {"Accept": JSON}
    for path in ("/exam/state", "/staff", "/journal"):
        raw = "; ".join(f"{name}={value}" for name in names)
        reply = app.test_client().get(path, headers=headers, environ_overrides={"HTTP_COOKIE": raw})
        assert reply.status_code == 401, path
        assert app.test_client().get("/", environ_overrides={"HTTP_COOKIE": raw}).status_code == 200


def test_create_app_needs_its_keys(config: Config, platform: Platform) -> None:
    assert "0001020304" not in repr(config)
    assert repr(config.masters) not in repr(config)
    assert create_app(config, platform).debug is False
