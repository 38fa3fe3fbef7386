"""Accounts on a real database: seals, passwords, throttling, tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from server import accounts
from server.accounts import logins, passwords, queries, service
from server.accounts.models import Staff, StaffLogin
from server.core.clock import FrozenClock
from server.core.errors import Invalid, NotFound
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.vault import digest, verify_signature
from server.core.work import Platform, Work, open_work
from tests.factories.accounts import PASSWORD, a_staff_member, an_organisation


def later(work: Work, **much: float) -> Work:
    return replace(work, now=work.now + timedelta(**much))


def test_DC_14_a_centre_seals_and_anybody_can_check(work: Work) -> None:
    centre = an_organisation(work, "centre")
    signature, public_key = accounts.sealing(work, centre.id, b"message")
    assert verify_signature(public_key, signature, b"message")
    assert not verify_signature(public_key, signature, b"another")
    assert accounts.organisation_of(work, centre.id).seal_key == public_key


def test_a_school_has_no_seal(work: Work) -> None:
    with pytest.raises(Invalid, match="organisation_has_no_seal"):
        accounts.sealing(work, an_organisation(work, "school").id, b"")


def test_organisations_are_found_by_code_and_named_in_a_language(work: Work) -> None:
    made = accounts.create_organisation(work, "department", "osh", {"ru": "Ош", "de": "x", "en": " "})
    assert queries.find_organisation(work, "osh") == made
    assert (made.name("ru"), made.name("ky")) == ("Ош", "Ош")
    with pytest.raises(NotFound):
        queries.find_organisation(work, "nowhere")
    with pytest.raises(Invalid, match="organisation_code_taken"):
        an_organisation(work, code="osh")
    with pytest.raises(ValueError, match="kind"):
        an_organisation(work, "shop")


def test_a_staff_member_signs_in_and_is_known_by_roles(work: Work) -> None:
    staff = a_staff_member(work, Role.CENTRE, Role.PROCTOR, login="Gulnara@osh")
    token = accounts.sign_in(work, "  gulnara@OSH ", PASSWORD)
    assert token is not None
    actor = accounts.who_is(work, token)
    assert actor is not None
    assert (actor.id, actor.roles) == (staff, frozenset({Role.STAFF, Role.CENTRE, Role.PROCTOR}))
    assert actor.name == accounts.staff_names(work, [staff, 0])[staff]


def test_the_database_holds_only_digests(work: Work) -> None:
    staff = a_staff_member(work, login="one")
    token = accounts.sign_in(work, "one", PASSWORD)
    assert token is not None
    row = work.db.execute(select(StaffLogin).where(StaffLogin.staff_id == staff)).scalar_one()
    assert row.token_digest == digest(token.encode())
    person = work.db.get(Staff, staff)
    assert person is not None
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(("login", "password"), [
    ("one", "wrong"), ("nobody", PASSWORD), ("", ""), ("one\0", PASSWORD), ("x" * 5000, "y" * 5000),
    ("\ud800", "\ud800"),
])
def test_a_wrong_login_or_password_is_simply_refused(work: Work, login: str, password: str) -> None:
    a_staff_member(work, login="one")
    assert accounts.sign_in(work, login, password) is None


def test_an_unknown_login_costs_as_much_as_a_known_one(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = passwords._hasher
    a_staff_member(work, login="one")

    class Watching:
        memory_cost, time_cost, parallelism = real.memory_cost, real.time_cost, real.parallelism
        check_needs_rehash = staticmethod(real.check_needs_rehash)

        def verify(self, stored: str, password: bytes) -> bool:
            checked.append(stored.rsplit("$", 2)[0])
            return real.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    for login, password in (("one", "wrong"), ("nobody", "wrong"), ("one", "x" * 5000)):
        assert accounts.sign_in(work, login, password) is None
    assert len(checked) == 3
    assert len(set(checked)) == 1


def test_the_sixth_attempt_waits_and_each_lock_is_longer(work: Work) -> None:
    a_staff_member(work, login="one")
    for _ in range(5):
        assert accounts.sign_in(work, "one", "wrong") is None
    assert accounts.sign_in(later(work, seconds=29), "one", PASSWORD) is None
    assert accounts.sign_in(later(work, seconds=31), "one", "wrong") is None
    assert accounts.sign_in(later(work, seconds=31 + 59), "one", PASSWORD) is None
    assert accounts.sign_in(later(work, seconds=31 + 61), "one", PASSWORD)
    assert accounts.sign_in(later(work, seconds=31 + 61), "one", "wrong") is None
    assert accounts.sign_in(later(work, seconds=31 + 61), "one", PASSWORD)


def test_locks_grow_up_to_a_quarter_of_an_hour(work: Work) -> None:
    waits = [logins.lock_until(failed, work.now) for failed in (4, 5, 6, 7, 10, 10_000)]
    assert waits[0] is None
    assert [until - work.now for until in waits[1:] if until] == [
        timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120),
        timedelta(minutes=15), timedelta(minutes=15)]


def test_guesses_checked_side_by_side_are_all_counted(work: Work) -> None:
    a_staff_member(work, login="one")
    guesses = [logins.check_password(work, "one", "wrong") for _ in range(5)]
    right = logins.check_password(work, "one", PASSWORD)
    for guess in guesses:
        assert logins.open_login(work, guess) is None
    assert logins.open_login(work, right) is None


def test_a_login_ends_when_idle_or_old_or_signed_out(work: Work) -> None:
    a_staff_member(work, login="one")
    token = accounts.sign_in(work, "one", PASSWORD)
    assert token is not None
    assert accounts.who_is(later(work, minutes=29, seconds=59), token)
    assert accounts.who_is(later(work, minutes=59), token)
    assert accounts.who_is(later(work, minutes=89), token) is None
    for minutes in range(60, 12 * 60, 20):
        assert accounts.who_is(later(work, minutes=minutes), token)
    assert accounts.who_is(later(work, hours=12), token) is None
    second = accounts.sign_in(work, "one", PASSWORD)
    assert second is not None
    accounts.sign_out(work, second)
    accounts.sign_out(work, second)
    assert accounts.who_is(work, second) is None
    assert accounts.who_is(work, "\ud800") is None


def test_who_is_no_longer_active_is_out_at_once(work: Work) -> None:
    staff = a_staff_member(work, login="one")
    token = accounts.sign_in(work, "one", PASSWORD)
    person = work.db.get(Staff, staff)
    assert person is not None
    assert token is not None
    person.is_active = False
    work.db.flush()
    assert accounts.who_is(work, token) is None
    assert accounts.sign_in(work, "one", PASSWORD) is None


def test_a_weaker_hash_is_renewed_at_sign_in(work: Work) -> None:
    staff = a_staff_member(work, login="one")
    person = work.db.get(Staff, staff)
    assert person is not None
    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    assert accounts.sign_in(work, "one", PASSWORD)
    assert "m=19456,t=2" in person.password_hash
    assert accounts.sign_in(work, "one", PASSWORD)


@pytest.mark.parametrize(("password", "code"), [
    ("short", "password_too_short"), ("a" * 129, "password_too_long"),
    ("PasswordPassword", "password_common"), ("йцукенгшщзхъ", "password_common"),
    ("abcabcabcabcab", "password_common"), ("0987654321098", "password_common"),
    ("gulnara is great", "password_has_login"),
])
def test_bad_passwords_are_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        passwords.require_good(password, "gulnara")


@pytest.mark.parametrize("password", [PASSWORD, "ак калпак жайлоо", "          12", "correcthorsebattery"])
def test_length_is_enough(password: str) -> None:
    passwords.require_good(password, "gulnara")


def test_a_new_password_ends_every_login_and_lock(work: Work) -> None:
    staff = a_staff_member(work, login="one")
    token = accounts.sign_in(work, "one", PASSWORD)
    assert token is not None
    for _ in range(6):
        accounts.sign_in(work, "one", "wrong")
    service.set_password(work, staff, "nine quiet mountain lakes")
    work.db.expire_all()
    assert accounts.who_is(work, token) is None
    assert accounts.sign_in(work, "one", PASSWORD) is None
    assert accounts.sign_in(work, "one", "nine quiet mountain lakes")


def test_a_login_is_one_persons(work: Work) -> None:
    a_staff_member(work, login="one")
    with pytest.raises(Invalid, match="login_taken"):
        a_staff_member(work, login="ONE")
    with pytest.raises(Invalid, match="login_malformed"):
        a_staff_member(work, login="o ne")


def test_the_journal_tells_of_success_and_failure_without_passwords(
    platform: Platform, clock: FrozenClock
) -> None:
    with open_work(platform, SYSTEM) as work:
        staff = a_staff_member(work, login="one")
        accounts.sign_in(work, "one", "my secret by mistake")
        accounts.sign_in(work, "my secret by mistake", "one")
        token = accounts.sign_in(work, "one", PASSWORD)
        accounts.sign_out(work, token or "")
    with open_work(platform, SYSTEM) as work:
        entries = list(work.db.execute(select(JournalEntry).order_by(JournalEntry.seq)).scalars())
    acts = [(entry.act, entry.subject) for entry in entries]
    assert acts[-4:] == [
        ("sign_in_failed", f"staff:{staff}"), ("sign_in_failed", "staff:unknown"),
        ("sign_in", f"staff:{staff}"), ("sign_out", f"staff:{staff}")]
    everything = " ".join(entry.facts for entry in entries)
    assert "secret" not in everything
    assert PASSWORD not in everything
