"""PINs and signatures on a real database: who may sign, what a signature binds, how a guesser is slowed down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from server.accounts import signing
from server.accounts.models import Signature, StaffPin
from server.core.errors import CatError, Invalid
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from tests.factories.accounts import PASSWORD, PIN, a_staff_member

ClientAs = Callable[..., FlaskClient]

MINUTES = signing.Document("minutes:1", {"decided": "the appeal is granted", "members": ["Asanova", "Ким"]})


def a_signer(work: Work, pin: str = PIN) -> int:
    staff = a_staff_member(work)
    signing.set_pin(work, staff, pin)
    work.db.flush()
    return staff


def sign(work: Work, staff: int, pin: str = PIN, document: signing.Document = MINUTES) -> CatError | None:
    return signing.sign(work, document, "member", signing.check_pin(work, staff, pin))


def code(refusal: CatError | None) -> str | None:
    return refusal and refusal.code


def test_a_signature_by_pin_binds_the_text_as_it_stood(work: Work) -> None:
    staff = a_signer(work)
    assert sign(work, staff, " 830 926 ") is None
    (found,) = signing.signatures_under(work, MINUTES)
    assert (found.role, found.staff_id, found.is_by_pin, found.is_valid) == ("member", staff, True, True)
    assert (found.digest, found.signed_at) == (MINUTES.digest, work.now)
    changed = replace(MINUTES, content={**MINUTES.content, "decided": "the appeal is refused"})
    assert [each.is_valid for each in signing.signatures_under(work, changed)] == [False]
    assert signing.signatures_under(work, replace(MINUTES, subject="minutes:2")) == ()


def test_the_order_in_which_a_text_was_put_together_does_not_matter() -> None:
    turned = dict(reversed(MINUTES.content.items()))
    assert replace(MINUTES, content=turned).digest == MINUTES.digest
    assert replace(MINUTES, subject="minutes:2").digest != MINUTES.digest


def test_a_name_by_hand_is_told_apart_from_a_pin(work: Work) -> None:
    signing.sign_by_hand(work, MINUTES, "witness", "  Токтогулова   Бермет ", "school teacher")
    work.db.flush()
    (found,) = signing.signatures_under(work, MINUTES)
    assert (found.name, found.position) == ("Токтогулова Бермет", "school teacher")
    assert (found.is_by_pin, found.is_valid) == (False, True)
    with pytest.raises(Invalid, match="signer_malformed"):
        signing.sign_by_hand(work, MINUTES, "witness", "x" * 121, "")
    with pytest.raises(Invalid, match="signer_malformed"):
        signing.sign_by_hand(work, MINUTES, "witness", " B ", "")


def test_a_row_that_was_written_past_the_product_is_not_valid(work: Work) -> None:
    staff = a_signer(work)
    forged = Signature(
        subject=MINUTES.subject, digest=MINUTES.digest, role="chair", staff_id=staff, name="X", position="",
        signed_at=work.now, console_of="system", mac=b"\0" * 32,
    )  # fmt: skip
    work.db.add(forged)
    work.db.flush()
    assert [each.is_valid for each in signing.signatures_under(work, MINUTES)] == [False]


def test_nobody_signs_one_text_twice_nor_without_a_pin(work: Work) -> None:
    staff = a_signer(work)
    assert sign(work, staff) is None
    work.db.flush()
    assert code(sign(work, staff)) == "signed_already"
    assert code(sign(work, a_staff_member(work))) == "pin_not_set"
    assert len(signing.signatures_under(work, MINUTES)) == 1


def test_a_guesser_waits_and_the_right_pin_waits_with_them(work: Work) -> None:
    staff = a_signer(work)
    for _ in range(5):
        assert code(sign(work, staff, "111222")) == "pin_wrong"
    assert code(sign(work, staff)) == "pin_locked"
    assert code(sign(work, a_signer(work))) is None  # by person, not by console
    later = replace(work, now=work.now + timedelta(seconds=30))
    assert code(sign(later, staff, "111222")) == "pin_wrong"
    later = replace(work, now=later.now + timedelta(seconds=59))
    assert code(sign(later, staff)) == "pin_locked"
    later = replace(work, now=later.now + timedelta(seconds=1))
    assert sign(later, staff) is None
    assert work.db.get_one(StaffPin, staff).failed == 0


def test_who_has_left_signs_nothing(work: Work) -> None:
    staff = a_signer(work)
    work.db.execute(text("UPDATE staff SET is_active = :no WHERE id = :id"), {"no": False, "id": staff})
    work.db.expire_all()
    assert code(sign(work, staff)) == "pin_not_set"


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "83092a", "", "٣٤٥٦٧٨-1"])
def test_a_pin_is_six_to_twelve_digits(work: Work, pin: str) -> None:
    with pytest.raises(Invalid, match="pin_malformed"):
        signing.set_pin(work, a_staff_member(work), pin)


@pytest.mark.parametrize("pin", ["123456", "987654", "901234", "000000", "121212", "123123", "456456456"])
def test_a_pin_that_strangers_try_first_is_refused(work: Work, pin: str) -> None:
    with pytest.raises(Invalid, match="pin_common"):
        signing.set_pin(work, a_staff_member(work), pin)


def test_the_pin_is_kept_as_a_hash_and_stands_in_no_journal(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        staff = a_signer(work)
        sign(work, staff, "830927")
    with platform.database.reading() as db:
        stored = db.execute(select(StaffPin.pin_hash).where(StaffPin.staff_id == staff)).scalar_one()
        facts = " ".join(db.execute(select(JournalEntry.facts)).scalars())
    assert stored.startswith("$argon2id$")
    assert "830926" not in facts + stored
    assert "830927" not in facts
    assert "830926" not in repr(signing.PinAttempt(1, True, stored))


def test_the_page_sets_a_pin_for_who_knows_the_password(client_as: ClientAs, platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        staff = a_staff_member(work)
    client = client_as(Role.PROCTOR, id=staff)
    client.set_cookie("synak_lang", "en")
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    assert "You have no PIN yet" in client.get("/staff/pin").text
    for fields, said in (
        ({"present": "wrong"}, "present password is not right"),
        ({"pin": "1234"}, "A PIN has 6 to 12 digits"),
        ({"again": "830927"}, "not the same"),
    ):
        reply = send(client, **fields)
        assert (reply[0], said in reply[1]) == (422, True), said
        assert "830926" not in reply[1]
    assert send(client)[0] == 303
    assert "You have a PIN." in client.get("/staff/pin").text
    with open_work(platform, SYSTEM) as work:
        assert sign(work, staff) is None


def send(client: FlaskClient, **fields: str) -> tuple[int, str]:
    whole = {"present": PASSWORD, "pin": PIN, "again": fields.get("pin", PIN), **fields}
    reply = client.post("/staff/pin", data=whole)
    return reply.status_code, reply.text
