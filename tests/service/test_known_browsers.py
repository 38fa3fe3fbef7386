"""Wrong passwords are counted by browser: strangers lock out strangers, and a known one waits for its own failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from server.accounts import devices, logins, service
from server.accounts.models import StaffDevice
from server.core.clock import FrozenClock
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.edge import csrf
from tests.factories.accounts import PASSWORD, a_staff_member

Stranger = Callable[[], FlaskClient]


@pytest.fixture
def new_browser(app: Flask, platform: Platform) -> Stranger:
    """A function that opens one more browser before the sign-in page; a proctor and another have accounts."""
    with open_work(platform, SYSTEM) as work:
        for login in ("proctor", "other"):
            a_staff_member(work, login=login, language="en")

    def make() -> FlaskClient:
        client = app.test_client()
        client.set_cookie(csrf.COOKIE, "browser")
        client.set_cookie("synak_lang", "en")
        with app.app_context():
            client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("browser")
        return client

    return make


def signs_in(browser: FlaskClient, password: str = PASSWORD, login: str = "proctor") -> bool:
    return browser.post("/sign-in", data={"login": login, "password": password}).status_code == 303


def test_a_stranger_keeps_nobody_from_a_browser_that_is_known(new_browser: Stranger) -> None:
    own, stranger, other = new_browser(), new_browser(), new_browser()
    assert signs_in(own)
    own.post("/sign-out")
    for _ in range(9):
        assert not signs_in(stranger, "wrong")
    assert not signs_in(stranger)
    assert not signs_in(other)  # whoever is not known waits with them
    assert signs_in(own)
    assert not signs_in(other)  # and gains nothing by it


def test_a_known_browser_waits_for_its_own_failures(new_browser: Stranger, clock: FrozenClock) -> None:
    own, other = new_browser(), new_browser()
    assert signs_in(own)
    for _ in range(5):
        assert not signs_in(own, "wrong")
    assert not signs_in(own)
    assert signs_in(other)  # which is not locked by them
    clock.advance(31)
    assert signs_in(own)


def test_the_password_said_again_is_counted_where_it_is_typed(new_browser: Stranger) -> None:
    own, stranger = new_browser(), new_browser()
    assert signs_in(own)
    for _ in range(6):
        assert not signs_in(stranger, "wrong")
    pin = {"present": PASSWORD, "pin": "830926", "again": "830926"}
    assert own.post("/staff/pin", data=pin).status_code == 303


def test_a_browser_is_known_for_one_login_alone(new_browser: Stranger) -> None:
    own = new_browser()
    assert signs_in(own, login="other")
    for _ in range(5):
        assert not signs_in(own, "wrong")
    assert not signs_in(own)
    assert signs_in(own, login="other")


def test_the_cookie_opens_nothing_and_tells_nobody_whose_it_is(new_browser: Stranger, platform: Platform) -> None:
    own = new_browser()
    assert signs_in(own)
    with open_work(platform, SYSTEM) as work:
        name = devices.cookie_name(work, "proctor")
    cookie = own.get_cookie(name)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    assert "proctor" not in name
    with platform.database.reading() as db:
        assert cookie.value not in str(db.execute(select(StaffDevice.token_digest)).all())
        assert cookie.value not in str(db.execute(select(JournalEntry.facts)).all())
    thief = new_browser()
    thief.set_cookie(name, cookie.value)
    assert thief.get("/staff").status_code == 401
    assert not signs_in(thief, "wrong")
    assert signs_in(own)
    kept = own.get_cookie(name)
    assert kept is not None
    assert kept.value == cookie.value  # the same browser is one row


@pytest.mark.parametrize("token", ["", "x", "\udcff", "a" * 9_000])
def test_a_token_that_is_none_is_a_strangers(work: Work, token: str) -> None:
    staff_id = a_staff_member(work, login="one")
    name = devices.cookie_name(work, "one")
    for _ in range(5):
        assert logins.open_login(work, logins.check_password(work, "one", "wrong", {name: token})) is None
    assert logins.open_login(work, logins.check_password(work, "one", PASSWORD)) is None
    assert devices.known(work, staff_id, token) is None


def test_a_browser_unused_for_a_year_is_forgotten(work: Work) -> None:
    staff_id = a_staff_member(work, login="one")
    token = devices.remember(work, staff_id, "")
    work.db.flush()
    later = Work(work.db, work.now + timedelta(days=366), work.actor, work.vault)
    assert devices.known(work, staff_id, token) is not None
    assert devices.known(later, staff_id, token) is None
    assert devices.remember(later, staff_id, token) != token
    assert work.db.execute(select(func.count()).select_from(StaffDevice)).scalar_one() == 1


def test_a_new_password_forgives_every_browser(work: Work) -> None:
    staff_id = a_staff_member(work, login="one")
    cookies = {devices.cookie_name(work, "one"): devices.remember(work, staff_id, "")}
    work.db.flush()
    for _ in range(5):
        logins.open_login(work, logins.check_password(work, "one", "wrong", cookies))
    assert logins.open_login(work, logins.check_password(work, "one", PASSWORD, cookies)) is None
    service.set_password(work, staff_id, "nine quiet mountain lakes")
    assert logins.open_login(work, logins.check_password(work, "one", "nine quiet mountain lakes", cookies))
