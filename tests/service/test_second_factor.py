"""The second factor on a real database and on its pages: what it holds back, what proves it, how a guesser waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server import accounts
from server.accounts import second_factor, signing
from server.accounts.cookie import STAFF_COOKIE
from server.accounts.models import PaperCode, SecondFactor, StaffLogin
from server.accounts.second_factor import codes
from server.core.clock import FrozenClock
from server.core.errors import Invalid
from server.core.journal import JournalEntry
from server.core.roles import STRONG_ROLES, SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.edge import csrf
from server.jobs.second_factor import take_off
from tests.factories.accounts import PASSWORD, PIN, a_staff_member

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(("second", "code"), [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
    (20000000000, "353130"),
])
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    """RFC 6238, appendix B, the last six of its eight digits."""
    assert codes.code_of(RFC_SECRET, second // codes.STEP_S) == code


class Person:
    """A psychometrician with a signed-in browser, and their authenticator."""

    def __init__(self, work: Work) -> None:
        self.id = a_staff_member(work, Role.PSYCHOMETRICIAN, login="careful")
        self.token = accounts.sign_in(work, "careful", PASSWORD) or ""
        self.secret = second_factor.begin(work, self.id, self.token).raw

    def code(self, work: Work, steps: int = 0) -> str:
        return codes.code_of(self.secret, codes.step_at(work.now) + steps)

    def prove(self, work: Work, code: str) -> str | None:
        refusal = second_factor.prove(work, self.id, self.token, code)
        return refusal and refusal.code

    def bind(self, work: Work) -> tuple[str, ...]:
        return second_factor.confirm(work, self.id, self.token, self.code(work))

    def roles(self, work: Work) -> frozenset[Role]:
        actor = accounts.who_is(work, self.token)
        assert actor is not None
        assert actor.roles.isdisjoint(actor.withheld)
        return actor.roles


def later(work: Work, **parts: float) -> Work:
    return Work(work.db, work.now + timedelta(**parts), work.actor, work.vault)


def test_a_password_alone_opens_no_role_that_comes_near_the_bank(work: Work) -> None:
    person = Person(work)
    assert person.roles(work) == {Role.STAFF}
    assert person.prove(work, person.code(work)) == "second_not_set"  # begun is not bound
    paper = person.bind(work)
    assert len(set(paper)) == codes.PAPER_CODES
    assert person.roles(work) == {Role.STAFF, Role.PSYCHOMETRICIAN}
    other = accounts.sign_in(work, "careful", PASSWORD) or ""
    actor = accounts.who_is(work, other)
    assert actor is not None
    assert (actor.roles, actor.withheld) == ({Role.STAFF}, {Role.PSYCHOMETRICIAN})


def test_who_needs_no_second_factor_is_asked_for_none(work: Work) -> None:
    a_staff_member(work, Role.PROCTOR, Role.OFFICE, login="plain")
    actor = accounts.who_is(work, accounts.sign_in(work, "plain", PASSWORD) or "")
    assert actor is not None
    assert actor.withheld == frozenset()
    assert actor.may(Role.PROCTOR, Role.OFFICE)


def test_a_code_opens_once_and_older_ones_never_after_it(work: Work) -> None:
    person = Person(work)
    person.bind(work)
    assert person.prove(work, person.code(work)) == "second_wrong"  # it bound the authenticator already
    soon = later(work, seconds=60)
    assert person.prove(soon, person.code(soon)) is None
    assert person.prove(soon, person.code(soon)) == "second_wrong"
    assert person.prove(soon, person.code(soon, -1)) == "second_wrong"
    assert person.prove(soon, person.code(soon, 2)) == "second_wrong"
    assert person.prove(soon, person.code(soon, 1)) is None  # a telephone half a minute fast


def test_a_code_on_paper_opens_once_however_it_is_typed(work: Work) -> None:
    person = Person(work)
    paper = person.bind(work)
    assert second_factor.standing(work, person.id).paper_left == codes.PAPER_CODES
    assert person.prove(work, f" {paper[3].lower().replace('-', ' ')} ") is None
    assert person.prove(work, paper[3]) == "second_wrong"
    assert second_factor.standing(work, person.id).paper_left == codes.PAPER_CODES - 1
    stored = work.db.execute(select(PaperCode.mac)).scalars().all()
    assert all(codes.plain(code).encode() not in mac for code in paper for mac in stored)


def test_a_guesser_waits_and_the_right_code_waits_with_them(work: Work) -> None:
    person = Person(work)
    person.bind(work)
    soon = later(work, seconds=60)
    wrong = f"{(int(person.code(soon)) + 1) % 1_000_000:06d}"
    for _attempt in range(5):
        assert person.prove(soon, wrong) == "second_wrong"
    assert person.prove(soon, person.code(soon)) == "second_locked"
    after = later(work, seconds=120)
    assert person.prove(after, person.code(after)) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "１２３４５６", "abcdef", "A" * 16, "0" * 10_000, "\ud800"])
def test_what_is_no_code_opens_nothing(work: Work, typed: str) -> None:
    person = Person(work)
    person.bind(work)
    assert person.prove(later(work, seconds=60), typed) == "second_wrong"


def test_binding_needs_a_code_of_the_secret_that_was_shown(work: Work) -> None:
    person = Person(work)
    with pytest.raises(Invalid, match="second_unlike"):
        second_factor.confirm(work, person.id, person.token, f"{(int(person.code(work)) + 1) % 1_000_000:06d}")
    assert not second_factor.standing(work, person.id).is_set
    assert second_factor.begin(work, person.id, person.token).raw == person.secret  # a reload shows the same
    person.bind(work)
    with pytest.raises(Invalid, match="second_not_begun"):
        person.bind(work)


def test_who_looked_at_a_secret_before_keeps_no_copy_of_the_one_that_is_bound(work: Work) -> None:
    person = Person(work)
    thief = accounts.sign_in(work, "careful", PASSWORD) or ""
    copied = second_factor.begin(work, person.id, thief).raw
    with pytest.raises(Invalid, match="second_not_begun"):  # what the owner saw first is void, which they notice
        person.bind(work)
    person.secret = second_factor.begin(work, person.id, person.token).raw
    assert copied != person.secret
    person.bind(work)
    code = codes.code_of(copied, codes.step_at(work.now) + 1)
    assert second_factor.prove(later(work, seconds=30), person.id, thief, code) is not None


def test_another_authenticator_ends_the_proofs_and_the_paper_of_the_first(work: Work) -> None:
    person = Person(work)
    old = person.bind(work)
    other = accounts.sign_in(work, "careful", PASSWORD) or ""
    assert second_factor.prove(work, person.id, other, old[0]) is None
    person.secret = second_factor.begin(work, person.id, person.token).raw
    person.bind(work)
    elsewhere = accounts.who_is(work, other)
    assert elsewhere is not None
    assert Role.PSYCHOMETRICIAN in elsewhere.withheld
    assert person.prove(work, old[1]) == "second_wrong"
    assert Role.PSYCHOMETRICIAN in person.roles(work)


def test_somebody_elses_login_is_never_proved(work: Work) -> None:
    person = Person(work)
    paper = person.bind(work)
    a_staff_member(work, Role.AUDITOR, login="other")
    stranger = accounts.sign_in(work, "other", PASSWORD) or ""
    assert second_factor.prove(work, person.id, stranger, paper[0]) is None
    actor = accounts.who_is(work, stranger)
    assert actor is not None
    assert actor.withheld == {Role.AUDITOR}


def test_the_secret_is_not_in_the_database(work: Work) -> None:
    person = Person(work)
    person.bind(work)
    row = work.db.get_one(SecondFactor, person.id)
    assert row.secret is not None
    assert person.secret not in row.secret
    with pytest.raises(Exception, match="does not open"):
        work.vault.unwrap(row.secret, "staff:0/second_factor")


def test_neither_journal_nor_table_holds_what_was_typed(work: Work, platform: Platform) -> None:
    person = Person(work)
    bound_by = person.code(work)
    paper = person.bind(work)
    soon = later(work, seconds=60)
    typed = [person.code(soon), paper[0], "000000", "ABCDEFGH ABCDEFGH"]
    for each in typed:
        person.prove(soon, each)
    work.db.flush()
    entries = [str(act.facts) for each in (work, soon) for act in each._acts]
    assert len(entries) > len(typed)
    rows = [str(work.db.execute(select(table)).all()) for table in (SecondFactor.__table__, PaperCode.__table__)]
    for secret in (bound_by, *typed, *paper, codes.shown_secret(person.secret)):
        for text in (*entries, *rows):
            assert secret not in text
            assert codes.plain(secret) not in text


def test_one_who_lost_both_binds_anew_after_the_operator_took_it_off(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        person = Person(work)
        person.bind(work)
    assert "Careful" in take_off(platform, " Careful ", "came with her passport")
    with open_work(platform, SYSTEM) as work:
        assert person.roles(work) == {Role.STAFF}
        assert not second_factor.standing(work, person.id).is_set
        said = select(JournalEntry.facts).where(JournalEntry.act == "second_factor_removed")
        assert "came with her passport" in work.db.execute(said).scalar_one()
    for login in ("careful", "nobody"):
        with pytest.raises(LookupError):
            take_off(platform, login, "again")


@pytest.fixture
def browser(app: Flask, platform: Platform) -> FlaskClient:
    """A member of the commission has signed in with the password."""
    with open_work(platform, SYSTEM) as work:
        a_staff_member(work, Role.COMMISSION, login="one", language="en")
    client = app.test_client()
    client.set_cookie(csrf.COOKIE, "browser")
    client.set_cookie("synak_lang", "en")
    with app.app_context():
        client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("browser")
    assert client.post("/sign-in", data={"login": "one", "password": PASSWORD}).status_code == 303
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def shown_secret(platform: Platform, token: str = "") -> tuple[int, bytes]:
    with open_work(platform, SYSTEM) as work:
        staff_id = work.db.execute(select(StaffLogin.staff_id)).scalars().first() or 0
        return staff_id, second_factor.begin(work, staff_id, token).raw


def token_of(browser: FlaskClient) -> str:
    cookie = browser.get_cookie(STAFF_COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    return cookie.value


def is_another_token(browser: FlaskClient, before: str, app: Flask) -> bool:
    """Whoever copied the cookie before the proof has nothing of it (ASVS 5.0, 7.2.4)."""
    thief = app.test_client()
    thief.set_cookie(STAFF_COOKIE, before)
    return token_of(browser) != before and thief.get("/staff").status_code == 401


def test_the_bank_asks_for_the_second_factor_and_then_opens(
    browser: FlaskClient, platform: Platform, clock: FrozenClock, app: Flask
) -> None:
    assert "/bank" in browser.get("/staff").text
    reply = browser.get("/bank")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/staff/second-factor/prove?next=/bank")
    reply = browser.get(reply.headers["Location"])
    assert reply.headers["Location"] == "/staff/second-factor?next=/bank"
    page = browser.get(reply.headers["Location"])
    before = token_of(browser)
    _id, secret = shown_secret(platform, before)
    assert codes.shown_secret(secret) in page.text
    assert "<svg" in page.text
    code = codes.code_of(secret, codes.step_at(clock.now()))
    wrong = browser.post("/staff/second-factor", data={"present": "no", "code": code, "next": "/bank"})
    assert wrong.status_code == 422
    assert "password is not right" in wrong.text
    bound = browser.post("/staff/second-factor", data={"present": PASSWORD, "code": code, "next": "/bank"})
    assert bound.status_code == 200
    assert bound.headers["Cache-Control"] == "no-store"
    assert bound.text.count("<li>") >= codes.PAPER_CODES
    assert 'href="/bank"' in bound.text
    assert browser.get("/bank").status_code == 200
    assert is_another_token(browser, before, app)


def test_a_bound_authenticator_is_asked_for_and_not_shown(
    browser: FlaskClient, platform: Platform, clock: FrozenClock, app: Flask
) -> None:
    staff_id, secret = shown_secret(platform)
    with open_work(platform, SYSTEM) as work:
        second_factor.confirm(work, staff_id, "", codes.code_of(secret, codes.step_at(clock.now()) - 1))
    assert browser.get("/staff/second-factor?anew=1").headers["Location"].startswith("/staff/second-factor/prove")
    asked = browser.get("/staff/second-factor/prove?next=/bank").text
    code = codes.code_of(secret, codes.step_at(clock.now()))
    assert codes.shown_secret(secret) not in asked
    assert code not in asked  # shown in the demonstration alone
    refused = browser.post("/staff/second-factor/prove", data={"code": "000000", "next": "/bank"})
    assert refused.status_code == 422
    assert "opens nothing" in refused.text
    before = token_of(browser)
    opened = browser.post("/staff/second-factor/prove", data={"code": code, "next": "/bank"})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/bank")
    assert browser.get("/bank").status_code == 200
    assert is_another_token(browser, before, app)
    assert "codes on paper are left" in browser.get("/staff/second-factor").text


def test_a_script_without_the_second_factor_is_told_so(browser: FlaskClient) -> None:
    browser.environ_base["HTTP_ACCEPT"] = "application/json"
    reply = browser.get("/bank")
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (403, "second_needed")


def test_every_role_near_the_bank_is_strong() -> None:
    assert {Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.AUDITOR, Role.ADMIN} <= STRONG_ROLES


def test_a_password_alone_sets_no_pin_for_who_has_a_second_factor(
    browser: FlaskClient, platform: Platform, clock: FrozenClock, app: Flask
) -> None:
    staff_id, secret = shown_secret(platform)
    with open_work(platform, SYSTEM) as work:
        second_factor.confirm(work, staff_id, "", codes.code_of(secret, codes.step_at(clock.now()) - 1))
    assert "The code of your second factor" in browser.get("/staff/pin").text
    whole = {"present": PASSWORD, "pin": PIN, "again": PIN}
    for code in ("", "000000"):
        refused = browser.post("/staff/pin", data={**whole, "code": code})
        assert refused.status_code == 422
        assert 'href="#code"' in refused.text
    with open_work(platform, SYSTEM) as work:
        assert not signing.has_pin(work, staff_id)
    before = token_of(browser)
    right = {**whole, "code": codes.code_of(secret, codes.step_at(clock.now()))}
    assert browser.post("/staff/pin", data={**right, "pin": "123456", "again": "123456"}).status_code == 422
    assert browser.post("/staff/pin", data=right).status_code == 303  # a weak PIN has not used the code up
    assert is_another_token(browser, before, app)
    assert browser.post("/staff/pin", data=right).status_code == 422
    with open_work(platform, SYSTEM) as work:
        assert signing.has_pin(work, staff_id)
