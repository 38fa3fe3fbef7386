"""Requests from elsewhere change nothing; every answer carries its headers, every cookie its guards."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.accounts.cookie import BROWSER_COOKIE, STAFF_COOKIE
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery.cookie import CANDIDATE_COOKIE
from server.delivery.routes import DEVICE_COOKIE
from server.delivery.service import issue_code
from server.edge import csrf
from server.web.app import SECURITY_HEADERS, create_app
from server.web.config import Config
from tests.factories.accounts import PASSWORD
from tests.factories.delivery import a_session, a_sitting
from tests.web.conftest import HTML, JSON, Browser

LANGUAGE_COOKIE = "synak_lang"


def changing(app: Flask) -> list[tuple[str, str]]:
    """Every route that changes something, with dummy ids."""
    found = []
    for rule in app.url_map.iter_rules():
        path = "/".join("999999" if part.startswith("<") else part for part in rule.rule.split("/"))
        found += [(method, path) for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})]
    return found


@pytest.mark.parametrize("accept", [JSON, HTML], ids=["json", "html"])
def test_without_the_pages_token_every_change_is_refused(app: Flask, browser: Browser, accept: str) -> None:
    mine, other = browser("mine", accept=accept), browser("other", accept=accept)
    token = mine.environ_base.pop("HTTP_X_CSRF_TOKEN")
    theirs = other.environ_base["HTTP_X_CSRF_TOKEN"]
    bare = app.test_client()  # as a page elsewhere would send it: SameSite keeps the cookie at home
    assert token != theirs
    assert len(changing(app)) > 25
    for method, path in changing(app):
        page_is_old = [
            mine.open(path, method=method),
            mine.open(path, method=method, headers={csrf.HEADER: theirs}),
            mine.open(path, method=method, data={csrf.FIELD: theirs}),
            mine.open(path, method=method, headers={csrf.HEADER: token[:-1]}),
            mine.open(path, method=method, headers={csrf.HEADER: "ё"}),
            mine.open(path, method=method, query_string={csrf.FIELD: token}),
            bare.open(path, method=method, headers={csrf.HEADER: token, "Accept-Language": "en"}),
        ]
        for n, reply in enumerate(page_is_old):
            assert reply.status_code == 403, (path, n)
        assert "too old to be trusted" in page_is_old[0].text
        for site in ("cross-site", "same-site", "nonsense"):
            headers = {csrf.HEADER: token, "Sec-Fetch-Site": site}
            reply = mine.open(path, method=method, headers=headers)
            assert (reply.status_code, "from another site" in reply.text) == (403, True), (path, site)
        assert csrf_passes(mine.open(path, method=method, headers={csrf.HEADER: token})), path
        fetched = {csrf.HEADER: token, "Sec-Fetch-Site": "same-origin"}
        assert csrf_passes(mine.open(path, method=method, headers=fetched)), path


def csrf_passes(reply: TestResponse) -> bool:
    return "too old to be trusted" not in reply.text and "from another site" not in reply.text


def test_a_page_hands_out_the_token_of_its_browser(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in").text
    token = page.split('name="csrf" content="')[1].split('"')[0]
    form = {"login": "nobody", "password": "x"}
    assert client.post("/sign-in", data=form).status_code == 403
    assert client.post("/sign-in", data={**form, csrf.FIELD: token}).status_code == 422
    assert client.get("/").text.split('name="csrf" content="')[1].split('"')[0] == token


def answers(browser: Browser) -> dict[str, TestResponse]:
    """One answer of every kind."""
    person, script = browser(accept=HTML), browser(accept=JSON)
    return {
        "page": person.get("/sign-in"),
        "runner": person.get("/exam"),
        "redirect": person.get("/staff"),
        "json": script.get("/health"),
        "json error": script.get("/exam/state"),
        "html error": person.get("/nowhere"),
        "wrong method": person.post("/health"),
        "refused": script.post("/exam/answers", headers={csrf.HEADER: "x"}),
        "too large": script.post("/exam/answers", data=b"x" * (9 << 20), content_type=JSON),
        "options": person.options("/staff"),
        "static": person.get("/static/synak.svg", buffered=True),
        "no static": person.get("/static/nothing.js"),
        "path out": person.get("/static/../app.py"),
    }


def test_every_answer_carries_the_security_headers(browser: Browser) -> None:
    for kind, reply in answers(browser).items():
        for name, value in SECURITY_HEADERS.items():
            assert reply.headers.get(name) == value, (kind, name)
        policy = reply.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" not in reply.headers  # plain http in tests
        assert "Access-Control-Allow-Origin" not in reply.headers
        if kind == "static":
            assert "max-age" in reply.headers["Cache-Control"]
        else:
            assert reply.headers["Cache-Control"] == "no-store", kind


def test_a_bug_carries_them_too(app: Flask, browser: Browser) -> None:
    app.view_functions["front.health"] = _broken
    reply = browser().get("/health")
    assert reply.status_code == 500
    assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert reply.headers["Cache-Control"] == "no-store"


def _broken() -> str:
    raise ValueError("a bug")


@pytest.fixture
def secure_app(config: Config, platform: Platform) -> Flask:
    """The application as browsers reach it by https."""
    app = create_app(replace(config, public_origin="https://synak.test"), platform)
    app.testing = True
    return app


def test_by_https_it_stays_by_https(secure_app: Flask) -> None:
    for path in ("/", "/nowhere", "/static/synak.svg", "/health"):
        reply = secure_app.test_client().get(path, buffered=True)
        assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("is_secure", [True, False], ids=["https", "http"])
def test_cookies_are_guarded(
    request: pytest.FixtureRequest, platform: Platform, someone: tuple[int, int], is_secure: bool
) -> None:
    app: Flask = request.getfixturevalue("secure_app" if is_secure else "app")
    with open_work(platform, SYSTEM) as work:
        session_id = a_session(work, a_sitting(work, subjects=["history"]))
        code = issue_code(work, session_id)
    number = _number(platform, session_id)
    client = app.test_client()
    origin = "https://synak.test" if is_secure else "http://localhost"
    page = client.get("/sign-in", base_url=origin)
    token = {csrf.HEADER: page.text.split('name="csrf" content="')[1].split('"')[0]}
    form = {"login": "someone", "password": PASSWORD}
    replies = [
        page,
        client.post("/sign-in", data=form, headers=token, base_url=origin),
        client.post("/exam/sign-in", json={"registration_no": number, "code": code}, headers=token, base_url=origin),
        client.post("/exam/sign-out", headers=token, base_url=origin),
        client.post("/sign-out", headers=token, base_url=origin),
    ]
    cookies = [cookie for reply in replies for cookie in reply.headers.getlist("Set-Cookie")]
    names = [cookie.split("=")[0] for cookie in cookies]
    twice = [STAFF_COOKIE, CANDIDATE_COOKIE] * 2
    told = [BROWSER_COOKIE if name.startswith(BROWSER_COOKIE) else name for name in names]
    assert sorted(told) == sorted([csrf.COOKIE, LANGUAGE_COOKIE, DEVICE_COOKIE, BROWSER_COOKIE, *twice])
    for name, cookie in zip(names, cookies, strict=True):
        parts = cookie.split("; ")
        assert ("Secure" in parts) == is_secure, cookie
        assert not any(part.startswith("Domain") for part in parts)
        if name != LANGUAGE_COOKIE:  # which says nothing but a language, and is changed by script
            assert {"HttpOnly", "SameSite=Strict"} <= set(parts), cookie
        if name == CANDIDATE_COOKIE:
            assert "Path=/exam" in parts
            assert {"Max-Age=43200", "Max-Age=0"} & set(parts), "a power cut must not cost the sign-in"


def _number(platform: Platform, session_id: int) -> str:
    from server import delivery

    with open_work(platform, SYSTEM) as work:
        return delivery.session_ref(work, session_id).registration_no


WAYS_OUT = (
    "//evil.example", "///evil.example", "https://evil.example", "http:evil.example", "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example", "\t//evil.example", " //evil.example", "/\n/evil.example", "javascript:alert(1)",
    "data:text/html,x", "evil.example", "/%09/evil.example\r\nSet-Cookie: a=b", "/ /evil.example", "/\x00/evil.example",
)


@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_redirect_leads_out(browser: Browser, someone: tuple[int, int], way: str) -> None:
    client = browser()
    replies = [client.post("/language", data={"language": "ru", "next": way})]
    replies.append(client.post("/sign-in", data={"login": "someone", "password": PASSWORD, "next": way}))
    replies.append(client.get("/sign-in", query_string={"next": way}))
    for reply in replies:
        assert is_home(reply), reply.headers
        assert "evil.example" not in reply.headers.get("Location", "")
        assert "Set-Cookie: a=b" not in str(reply.headers)


def is_home(reply: TestResponse) -> bool:
    place = reply.headers.get("Location", "/")
    return reply.status_code == 422 or (place.startswith("/") and place[1:2] not in ("/", "\\"))


@pytest.mark.parametrize("path", ["//evil.example/%2e", "//evil.example", "/\\evil.example", "//evil.example//staff"])
def test_an_odd_address_does_not_lead_out_either(browser: Browser, path: str) -> None:
    client: FlaskClient = browser()
    reply = client.get("/", environ_overrides={"PATH_INFO": path, "REQUEST_URI": path, "RAW_URI": path})
    place = reply.headers.get("Location", "")
    assert not place.startswith(("//", "/\\"))
    assert place == "" or place.startswith(("/", "http://localhost/"))


def test_a_picture_or_an_error_that_answers_late_sets_no_cookie(app: Flask) -> None:
    asked = [("/favicon.ico", {"Sec-Fetch-Dest": "image"}), ("/nowhere", {}), ("/sign-in", {"Sec-Fetch-Dest": "empty"})]
    for path, headers in asked:
        reply = app.test_client().get(path, headers={"Accept": "text/html", **headers})
        assert csrf.COOKIE not in reply.headers.get("Set-Cookie", ""), path
    page = app.test_client().get("/sign-in", headers={"Sec-Fetch-Dest": "document"})
    assert csrf.COOKIE in page.headers["Set-Cookie"]
