"""Protocols of removals (DC-15): complete, signed by those present, corrected by a new version; the room waits."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text, update

from proctor.irregularities import service
from proctor.irregularities.models import Protocol
from proctor.irregularities.protocols import ProtocolRef, protocol_of, removal_of
from proctor.irregularities.service import Witness
from proctor.rooms import service as rooms
from server.accounts import signing
from server.accounts.models import Staff
from server.core.clock import FrozenClock
from server.core.db import append_only_ddl
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from tests.factories.accounts import PIN, a_staff_member
from tests.factories.proctor import Day, a_day, a_protocol, a_removal, the_edition, write_and_sign


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room that runs with three candidates, the first removed, the others done."""
    return after_a_removal(a_day(platform, clock))


def after_a_removal(day: Day, violation: str = "phone") -> Day:
    day.run(*day.scene.sessions)
    day.do(service.remove, day.scene.sessions[0], a_removal(violation))
    return day


def written(day: Day) -> ProtocolRef | None:
    with open_reading(day.platform, SYSTEM) as work:
        act = removal_of(work, day.scene.sessions[0])
        assert act is not None
        return protocol_of(work, act.id)


def shown(day: Day) -> str:
    found = written(day)
    return found.digest if found else ""


def sign(day: Day, staff: int, pin: str = PIN, text: str | None = None) -> CatError | None:
    text = shown(day) if text is None else text
    with open_work(day.platform, day.scene.proctor) as work:
        attempt = signing.check_pin(work, staff, pin)
        return service.sign_protocol(work, day.scene.room, day.scene.sessions[0], attempt, shown=text)


def sign_by_hand(day: Day, n: int, name: str) -> None:
    day.do(service.sign_protocol_by_hand, day.scene.sessions[0], n, name, shown=shown(day))


def a_colleague(day: Day, name: str, *, centre: int | None = None) -> int:
    """Somebody of the centre with a PIN."""
    with open_work(day.platform, SYSTEM) as work:
        staff = a_staff_member(work, Role.CENTRE, organisation_id=centre or day.scene.centre)
        work.db.execute(update(Staff).where(Staff.id == staff).values(name=name))
        signing.set_pin(work, staff, PIN)
        return staff


def test_DC_15_a_protocol_is_signed_by_the_reporter_and_each_witness(day: Day) -> None:
    one, proctor = day.scene.sessions[0], day.scene.proctor.id or 0
    colleague = a_colleague(day, "Ким Виктор")
    with open_work(day.platform, SYSTEM) as work:
        signing.set_pin(work, proctor, "739 201")
    draft = a_protocol(witnesses=[Witness("", staff_id=colleague), Witness("Бекова Айсулуу", "ата-эне")])
    assert day.do(service.write_protocol, one, draft).clause == "DC-15"
    assert sign(day, proctor, "739201") is None
    assert sign(day, colleague) is None
    half = written(day)
    assert half is not None
    assert not half.is_signed
    sign_by_hand(day, 1, "бекова  айсулуу")
    found = written(day)
    assert found is not None
    assert found.is_signed
    assert [(each.role, each.name, each.signature and each.signature.is_by_pin) for each in found.signers] == [
        ("reporter", "Асанова Гүлнара", True), ("witness", "Ким Виктор", True), ("witness", "Бекова Айсулуу", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"witnesses": [Witness("Бекова Айсулуу")]}, "witnesses"),
        ({"witnesses": []}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness(" бекова  айсулуу ")]}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness("Мамытова Жаркын")]}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness("АСАНОВА  гүлнара")]}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness("Бeкoвa Айcyлуу")]}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness("Беко\u200bва Аи\u0306сулуу")]}, "witnesses"),
        ({"witnesses": [Witness("Бекова Айсулуу"), Witness("ACAHOBA Гүлнара")]}, "witnesses"),
        ({"is_statement_asked": False}, "statement_asked"),
    ],
)
def test_DC_15_a_protocol_that_lacks_something_is_not_written(day: Day, changes: dict[str, Any], missing: str) -> None:
    with pytest.raises(Refused) as refused:
        day.do(service.write_protocol, day.scene.sessions[0], a_protocol(**changes))
    assert (refused.value.code, refused.value.ruling.clause) == ("protocol_incomplete", "DC-15")
    assert refused.value.facts["missing"] == [missing]
    assert written(day) is None


def test_the_reporter_is_no_witness_by_account_either(day: Day) -> None:
    witnesses = [Witness("Бекова Айсулуу"), Witness("", staff_id=day.scene.proctor.id)]
    with pytest.raises(Refused, match="protocol_incomplete"):
        day.do(service.write_protocol, day.scene.sessions[0], a_protocol(witnesses=witnesses))


def test_another_edition_lets_the_reporter_witness_and_the_room_close_unsigned(
    platform: Platform, clock: FrozenClock
) -> None:
    day = after_a_removal(a_day(platform, clock, 1, edition=the_edition("zz-trial", "2030")))
    witnesses = [Witness(day.scene.proctor.name)]
    day.do(service.write_protocol, day.scene.sessions[0], a_protocol(witnesses=witnesses))
    day.at(1801)
    assert day.do(rooms.close_room) == 0


def test_a_statement_that_was_given_was_asked_for(day: Day) -> None:
    draft = a_protocol(is_statement_asked=False, statement="#Апам чалды")
    day.do(service.write_protocol, day.scene.sessions[0], draft)
    found = written(day)
    assert found is not None
    assert (found.is_statement_asked, found.statement) == (True, "#Апам чалды")


def test_DC_15_the_room_does_not_close_while_a_protocol_is_missing_or_unsigned(
    platform: Platform, clock: FrozenClock
) -> None:
    day = after_a_removal(a_day(platform, clock, 1))
    day.at(1801)
    for step in (lambda: None, lambda: day.do(service.write_protocol, day.scene.sessions[0], a_protocol())):
        step()
        with pytest.raises(Refused) as refused:
            day.do(rooms.close_room)
        assert (refused.value.code, refused.value.ruling.clause) == ("protocols_unsigned", "DC-15")
    proctor = day.scene.proctor.id or 0
    with open_work(platform, SYSTEM) as work:
        signing.set_pin(work, proctor, PIN)
    assert sign(day, proctor) is None
    for n, each in enumerate(a_protocol().witnesses):
        sign_by_hand(day, n, each.name)
    assert day.do(rooms.close_room) == 0


def test_a_correction_is_a_new_version_to_be_signed_anew(day: Day) -> None:
    one = day.scene.sessions[0]
    write_and_sign(day, one)
    first = written(day)
    assert first is not None
    assert first.is_signed
    with pytest.raises(Invalid, match="correction_without_reason"):
        day.do(service.write_protocol, one, a_protocol(after=1))
    with pytest.raises(Stale):  # somebody else's form, opened before the first version
        day.do(service.write_protocol, one, a_protocol(reason="the hour was wrong"))
    day.do(service.write_protocol, one, a_protocol(after=1, reason="the hour was wrong", narrative="It was at 10:20."))
    last = written(day)
    assert last is not None
    assert (last.version, last.is_signed, last.narrative) == (2, False, "It was at 10:20.")
    with day.platform.database.reading() as db:
        rows = db.execute(select(Protocol).order_by(Protocol.id)).scalars().all()
        assert [(row.version, row.supersedes_id) for row in rows] == [(1, None), (2, rows[0].id)]


def test_a_protocol_that_was_changed_past_the_product_has_no_valid_signature(day: Day) -> None:
    write_and_sign(day, day.scene.sessions[0])
    database = day.platform.database
    with database.writing() as db:
        for statement in append_only_ddl("protocol", database.engine.dialect.name)[1]:
            db.execute(text(statement))
        db.execute(update(Protocol).values(narrative="Nothing happened at all."))
    found = written(day)
    assert found is not None
    assert (found.is_signed, len(found.broken)) == (False, 3)


def test_only_those_named_sign_and_each_under_their_own_name(day: Day) -> None:
    one = day.scene.sessions[0]
    stranger = a_colleague(day, "Токтогулова Бермет")
    with pytest.raises(Stale, match="protocol_not_written"):
        sign(day, stranger)
    day.do(service.write_protocol, one, a_protocol())
    with pytest.raises(Denied, match="not_a_signer"):
        sign(day, stranger)
    with pytest.raises(Invalid, match="hand_differs"):
        sign_by_hand(day, 0, "Ким Виктор")
    with pytest.raises(Denied, match="not_a_signer"):
        sign_by_hand(day, 2, "Ким Виктор")
    sign_by_hand(day, 1, "Ким Виктор")
    with pytest.raises(Invalid, match="signed_already"):
        sign_by_hand(day, 1, "Ким Виктор")


def test_DC_15_nobody_signs_a_text_that_was_corrected_while_they_read_the_one_before(day: Day) -> None:
    one, proctor = day.scene.sessions[0], day.scene.proctor.id or 0
    with open_work(day.platform, SYSTEM) as work:
        signing.set_pin(work, proctor, PIN)
    day.do(service.write_protocol, one, a_protocol())
    before = shown(day)
    day.do(service.write_protocol, one, a_protocol(narrative="It was another phone.", after=1, reason="a mistake"))
    with pytest.raises(Stale, match="changed_meanwhile"):
        sign(day, proctor, text=before)
    with pytest.raises(Stale, match="changed_meanwhile"):
        day.do(service.sign_protocol_by_hand, one, 0, "Бекова Айсулуу", shown=before)
    assert sign(day, proctor) is None


def test_a_witness_with_an_account_is_of_this_centre_and_never_signs_by_hand(day: Day) -> None:
    one = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        elsewhere = a_staff_member(work)
    with pytest.raises(Invalid, match="witness_unknown"):
        day.do(service.write_protocol, one, a_protocol(witnesses=[Witness("", staff_id=elsewhere)]))
    colleague = a_colleague(day, "Ким Виктор")
    draft = a_protocol(witnesses=[Witness("", staff_id=colleague), Witness("Бекова Айсулуу")])
    day.do(service.write_protocol, one, draft)
    with pytest.raises(Denied, match="not_a_signer"):
        sign_by_hand(day, 0, "Ким Виктор")


def test_nobody_writes_on_who_was_not_removed_or_sits_elsewhere(day: Day) -> None:
    with pytest.raises(NotFound):
        day.do(service.write_protocol, day.scene.sessions[1], a_protocol())
    other = after_a_removal(a_day(day.platform, day.clock))
    with pytest.raises(NotFound):
        day.do(service.write_protocol, other.scene.sessions[0], a_protocol())
    with pytest.raises(Denied):
        day.do(service.write_protocol, day.scene.sessions[0], a_protocol(), actor=other.scene.proctor)
