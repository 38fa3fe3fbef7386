"""The desk: documents (DC-9), latecomers (DC-16), other seats and devices."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from proctor.rooms import service
from proctor.rooms.models import Admission, IdentityCheck, SeatAssignment
from proctor.rooms.notes import identity_note
from proctor.rooms.queries import seats_of_room
from proctor.rooms.rules import IdentityRule
from server import delivery
from server.candidates.models import Candidate
from server.core.clock import FrozenClock
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.delivery.rules import LatenessRule, SectionTimeRule
from server.delivery.service.signing_in import sign_in
from tests.factories.proctor import EDITIONS, Day, a_check, a_day, a_proctor, the_edition

CERTIFICATE = {"document_kind": "birth_certificate"}


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """An open room, ten minutes before the hour."""
    day = a_day(platform, clock)
    day.at(-600)
    day.do(service.open_room)
    return day


def rows(day: Day, model: Any) -> list[Any]:
    with day.platform.database.reading() as db:
        return list(db.execute(select(model).order_by(model.id)).scalars())


def state_of(day: Day, session_id: int) -> str:
    return read(day, delivery.session_ref, session_id).state


def read(day: Day, query: Any, *args: Any) -> Any:
    with open_reading(day.platform, SYSTEM) as work:
        return query(work, *args)


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        ({}, None),
        ({"document_number": " {number} "}, None),
        ({"document_number": "ID0000000"}, ["number"]),
        ({"is_photo_like": False}, ["photo"]),
        ({"document_number": "ID0000000", "is_photo_like": False}, ["number", "photo"]),
        ({**CERTIFICATE, "has_seal": True, "has_signature": True}, ["number"]),
        ({**CERTIFICATE, "has_seal": True}, ["number", "head_signature"]),
        ({**CERTIFICATE}, ["number", "photo_reference", "school_seal", "head_signature"]),
    ],
)
def test_DC_9_the_desk_confirms_or_refuses_and_says_what_is_wanting(
    day: Day, seen: dict[str, Any], missing: list[str] | None
) -> None:
    session = day.scene.sessions[0]
    if "document_number" in seen:
        number = seen["document_number"].format(number=day.scene.documents[session])
        seen = {**seen, "document_number": number}
    ruling = day.do(service.check_identity, session, a_check(day.scene, session, **seen))
    (check,) = rows(day, IdentityCheck)
    assert (ruling.clause, ruling.allowed, ruling.facts.get("missing")) == ("DC-9", missing is None, missing)
    assert (check.verdict, check.ruling) == ("confirmed" if missing is None else "refused", ruling.to_json())


def test_DC_9_a_document_of_no_listed_kind_is_refused(day: Day) -> None:
    session = day.scene.sessions[0]
    shown = a_check(day.scene, session, document_kind="library_card")
    ruling = day.do(service.check_identity, session, shown)
    assert (ruling.allowed, ruling.code) == (False, "document_not_accepted")


def test_DC_9_no_number_of_a_document_is_stored_in_clear(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(service.check_identity, session, a_check(day.scene, session))
    (check,) = rows(day, IdentityCheck)
    number = day.scene.documents[session]
    assert number.encode() not in check.document_mac
    with day.platform.database.reading() as db:
        assert not [e for e in db.execute(select(JournalEntry)).scalars() if number in e.facts]


def test_DC_9_every_check_is_a_row_of_its_own_and_the_last_one_counts(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(service.check_identity, session, a_check(day.scene, session, is_photo_like=False))
    with pytest.raises(Refused) as refused:
        day.do(service.admit, session)
    assert (refused.value.code, refused.value.ruling.clause) == ("identity_refused", "DC-9")
    day.do(service.check_identity, session, a_check(day.scene, session))
    day.do(service.admit, session)
    assert [check.verdict for check in rows(day, IdentityCheck)] == ["refused", "confirmed"]
    (admission,) = rows(day, Admission)
    assert admission.identity_check_id == rows(day, IdentityCheck)[1].id


def test_DC_9_nobody_is_confirmed_by_a_list_that_is_not_what_was_certified(day: Day) -> None:
    with open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(Candidate).values(given_name="Башка"))
    ruling = day.do(service.check_identity, day.scene.sessions[0], a_check(day.scene, day.scene.sessions[0]))
    assert (ruling.clause, ruling.allowed, ruling.code) == ("DC-9", False, "list_not_sealed")
    rule = day.scene.edition.get("DC-9", IdentityRule)
    assert "not what was certified" in identity_note(ruling, rule)


def test_DC_9_nobody_is_admitted_unchecked(day: Day) -> None:
    with pytest.raises(Refused) as refused:
        day.do(service.admit, day.scene.sessions[0])
    assert (refused.value.code, refused.value.ruling.clause) == ("identity_unchecked", "DC-9")
    assert rows(day, Admission) == []


def test_checks_and_admissions_cannot_be_rewritten(day: Day) -> None:
    day.let_in(day.scene.sessions[0])
    for model in (IdentityCheck, Admission):
        with pytest.raises(DBAPIError, match="append-only"), open_work(day.platform, SYSTEM) as work:
            work.db.execute(delete(model))


def test_who_is_admitted_before_the_start_waits_and_is_on_time(day: Day) -> None:
    session = day.scene.sessions[0]
    day.let_in(session)
    (admission,) = rows(day, Admission)
    assert (state_of(day, session), admission.late_s, admission.ruling["code"]) == ("admitted", 0, "on_time")


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize(("after_limit", "is_let_in"), [(-1, True), (0, True), (1, False), (60, False)])
def test_DC_16_a_latecomer_is_admitted_to_the_second(
    platform: Platform, clock: FrozenClock, name: tuple[str, str], after_limit: int, is_let_in: bool
) -> None:
    day = a_day(platform, clock, 2, edition=the_edition(*name))
    punctual, late = day.scene.sessions
    limit = day.scene.edition.get("DC-16", LatenessRule).limit_s
    day.run(punctual)
    day.at(limit + after_limit)
    day.do(service.check_identity, late, a_check(day.scene, late))
    if not is_let_in:
        with pytest.raises(Refused) as refused:
            day.do(service.admit, late)
        assert (refused.value.code, refused.value.ruling.clause) == ("late_arrival", "DC-16")
        assert state_of(day, late) == "expected"
        return
    day.do(service.admit, late)
    admission = rows(day, Admission)[-1]
    assert (admission.late_s, admission.ruling["clause"]) == (limit + after_limit, "DC-16")
    assert state_of(day, late) == "running"


@pytest.mark.parametrize("name", EDITIONS)
def test_DC_16_the_end_moves_for_a_latecomer_only_where_the_edition_says_so(
    platform: Platform, clock: FrozenClock, name: tuple[str, str]
) -> None:
    day = a_day(platform, clock, 2, edition=the_edition(*name))
    punctual, late = day.scene.sessions
    day.run(punctual)
    day.at(480)
    day.let_in(late)
    ends = [read(day, delivery.session_ref, each).ends_at for each in (punctual, late)]
    extra = 480 if day.scene.edition.get("DC-16", LatenessRule).extra_time else 0
    assert (ends[1] - ends[0]).total_seconds() == extra
    assert (ends[0] - day.scene.starts_at).total_seconds() == (
        day.scene.edition.get("DC-12", SectionTimeRule).total_min_s
    )


def test_lateness_counts_from_the_rooms_own_start(day: Day) -> None:
    day.at(900)
    day.do(service.start_room)
    day.at(900 + 1800)
    day.let_in(day.scene.sessions[0])
    assert rows(day, Admission)[0].late_s == 1800


@pytest.mark.parametrize(
    ("command", "args"),
    [(service.check_identity, ("check",)), (service.admit, ()), (service.move, (1, "a reason"))],
)
def test_the_desk_is_closed_while_the_room_is(
    platform: Platform, clock: FrozenClock, command: Any, args: tuple[Any, ...]
) -> None:
    day = a_day(platform, clock)
    session = day.scene.sessions[0]
    args = tuple(a_check(day.scene, session) if arg == "check" else arg for arg in args)
    with pytest.raises(Stale):
        day.do(command, session, *args)


def test_a_second_press_of_admit_is_stale_and_leaves_one_admission(day: Day) -> None:
    session = day.scene.sessions[0]
    day.let_in(session)
    with pytest.raises(Stale):
        day.do(service.admit, session)
    with pytest.raises(Stale):
        day.do(service.check_identity, session, a_check(day.scene, session))
    assert len(rows(day, Admission)) == len(rows(day, IdentityCheck)) == 1


def test_nobody_acts_where_they_are_not_on_duty(day: Day) -> None:
    session = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        stranger = a_proctor(work, day.scene.centre)
    for command, args in (
        (service.check_identity, (session, a_check(day.scene, session))),
        (service.admit, (session,)),
        (service.move, (session, 1, "a reason")),
        (service.start_room, ()),
        (service.pause, ("a reason",)),
        (service.message, ("a text",)),
        (service.close_room, ()),
    ):
        for actor in (stranger, day.scene.manager, SYSTEM):
            with pytest.raises(Denied) as denied:
                day.do(command, *args, actor=actor)
            assert denied.value.code == "no_duty"


def test_a_candidate_of_another_room_is_not_found_here(day: Day) -> None:
    other = a_day(day.platform, day.clock)
    with pytest.raises(NotFound):
        day.do(service.admit, other.scene.sessions[0])


def free_seat(day: Day) -> int:
    taken = {row.seat_id for row in rows(day, SeatAssignment)}
    return next(s.id for s in read(day, seats_of_room, day.scene.room_id) if s.id not in taken)


def test_a_move_gives_another_seat_and_a_new_code(day: Day) -> None:
    session = day.scene.sessions[0]
    before = read(day, delivery.session_ref, session)
    code = day.do(service.move, session, free_seat(day), "the screen flickers")
    after = read(day, delivery.session_ref, session)
    assert after.seat == code.seat != before.seat
    with open_work(day.platform, SYSTEM) as work:
        assert not isinstance(sign_in(work, after.registration_no, code.code), CatError)


def test_signing_in_again_at_the_same_seat_shuts_the_old_device_out(day: Day) -> None:
    session = day.scene.sessions[0]
    first = day.do(service.move, session, seat_of(day, session), "first")
    with open_work(day.platform, SYSTEM) as work:
        held = sign_in(work, first.registration_no, first.code)
    second = day.do(service.move, session, seat_of(day, session), "the computer broke")
    assert (second.seat, second.code != first.code) == (first.seat, True)
    with open_work(day.platform, SYSTEM) as work:
        assert isinstance(sign_in(work, first.registration_no, first.code), CatError)
        again = sign_in(work, first.registration_no, second.code)
    assert not isinstance(held, CatError)
    assert not isinstance(again, CatError)
    assert again.lease > held.lease


def seat_of(day: Day, session_id: int) -> int:
    return next(row.seat_id for row in rows(day, SeatAssignment) if row.session_id == session_id)


def test_nobody_is_moved_onto_somebody_or_out_of_the_room(day: Day) -> None:
    one, other = day.scene.sessions[:2]
    with pytest.raises(Invalid) as taken:
        day.do(service.move, one, seat_of(day, other), "a reason")
    assert taken.value.code == "seat_taken"
    with pytest.raises(NotFound):
        day.do(service.move, one, 999_999, "a reason")
