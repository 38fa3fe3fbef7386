"""The pages of accounts: sign-in with its cookie, the way back, the home page, the password."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.accounts.cookie import STAFF_COOKIE
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.edge import csrf
from tests.factories.accounts import PASSWORD, a_staff_member, an_organisation


@pytest.fixture
def staff(platform: Platform) -> int:
    """A centre's manager who reads Russian."""
    with open_work(platform, SYSTEM) as work:
        centre = an_organisation(work, code="osh-1")
        return a_staff_member(work, Role.CENTRE, organisation_id=centre.id, login="one", language="ru")


@pytest.fixture
def browser(app: Flask, staff: int) -> FlaskClient:
    """A browser that has opened one of our pages."""
    client = app.test_client()
    client.set_cookie(csrf.COOKIE, "browser")
    with app.app_context():
        client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("browser")
    return client


def sign_in(browser: FlaskClient, **fields: str) -> tuple[int, str, str]:
    reply = browser.post("/sign-in", data={"login": "one", "password": PASSWORD, **fields})
    return reply.status_code, reply.headers.get("Location", ""), reply.text


def test_signing_in_leads_home_with_a_guarded_cookie(browser: FlaskClient) -> None:
    reply = browser.post("/sign-in", data={"login": "one", "password": PASSWORD})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/staff")
    cookie = next(each for each in reply.headers.getlist("Set-Cookie") if each.startswith(STAFF_COOKIE))
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    home = browser.get("/staff")
    assert home.status_code == 200
    assert "osh-1 ru" in home.text  # the staff member's language was taken over
    assert 'href="/centre/lists"' in home.text
    assert 'href="/journal"' not in home.text


def test_a_wrong_password_keeps_the_login_and_tells_nothing(browser: FlaskClient) -> None:
    known = sign_in(browser, password="wrong", login="one")
    unknown = sign_in(browser, password="wrong", login="two")
    assert known[0] == unknown[0] == 422
    assert 'value="one"' in known[2]
    assert known[2].replace('value="one"', 'value="two"') == unknown[2]
    assert "wrong" not in known[2].replace("What is wrong", "")


@pytest.mark.parametrize(("wanted", "given"), [
    ("/centre/lists?page=2", "/centre/lists?page=2"), ("//evil.example", "/staff"),
    ("https://evil.example", "/staff"), ("/\\evil.example", "/staff"), ("/\t/evil.example", "/staff"),
    ("javascript:alert(1)", "/staff"), ("", "/staff"),
])
def test_only_paths_of_this_site_are_gone_back_to(browser: FlaskClient, wanted: str, given: str) -> None:
    assert sign_in(browser, next=wanted)[1] == given


def test_the_page_asked_for_comes_after_signing_in(browser: FlaskClient) -> None:
    asked = browser.get("/staff", headers={"Accept": "text/html"})
    assert asked.headers["Location"] == "/sign-in?next=/staff"
    assert 'name="next" value="/staff"' in browser.get("/sign-in?next=/staff").text


def test_signing_out_ends_it_for_the_copied_cookie_too(browser: FlaskClient, app: Flask) -> None:
    sign_in(browser)
    copied = browser.get_cookie(STAFF_COOKIE)
    assert copied is not None
    assert browser.get("/sign-in").status_code == 303
    assert browser.post("/sign-out").headers["Location"] == "/sign-in"
    assert browser.get_cookie(STAFF_COOKIE) is None
    thief = app.test_client()
    thief.set_cookie(STAFF_COOKIE, copied.value)
    assert thief.get("/staff").status_code in (302, 401)


def test_the_language_is_remembered(browser: FlaskClient) -> None:
    reply = browser.post("/language", data={"language": "en", "next": "/sign-in"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/sign-in")
    assert "Staff sign-in" in browser.get("/sign-in").text
    assert "Set-Cookie" not in browser.post("/language", data={"language": "xx"}).headers
    sign_in(browser)
    cookie = browser.get_cookie("synak_lang")
    assert cookie is not None
    assert cookie.value == "en"


def test_the_password_is_changed_by_who_knows_it(browser: FlaskClient) -> None:
    browser.set_cookie("synak_lang", "en")
    sign_in(browser)
    wanted = "nine quiet mountain lakes"
    wrong = browser.post("/staff/password", data={"present": "x", "wanted": wanted})
    assert (wrong.status_code, "present password is not right" in wrong.text) == (422, True)
    weak = browser.post("/staff/password", data={"present": PASSWORD, "wanted": "short"})
    assert (weak.status_code, "at least 12 characters" in weak.text) == (422, True)
    done = browser.post("/staff/password", data={"present": PASSWORD, "wanted": wanted})
    assert done.headers["Location"] == "/sign-in?changed=1"
    assert sign_in(browser)[0] == 422
    assert sign_in(browser, password=wanted)[0] == 303


def test_without_the_pages_token_nothing_is_done(app: Flask, staff: int) -> None:
    reply = app.test_client().post("/sign-in", data={"login": "one", "password": PASSWORD})
    assert reply.status_code == 403
