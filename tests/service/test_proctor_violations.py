"""Forbidden acts (DC-15): a warning, a pause or a removal, each at once. The catalogue is the edition's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proctor import open_irregularities, was_removed
from proctor.irregularities import service
from proctor.irregularities.models import Irregularity
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import RemoveAsk, WarnAsk
from proctor.rooms import service as rooms
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import CatError, Invalid, Refused, Stale
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery.service.planning import issue_code
from server.delivery.service.signing_in import sign_in
from tests.factories.proctor import EDITIONS, Day, a_day, a_removal, the_edition


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room that runs with three candidates."""
    day = a_day(platform, clock)
    day.run(*day.scene.sessions)
    return day


def warn(day: Day, session_id: int, violation: str = "disorder") -> str:
    day.clock.advance(5)  # another act, not the same one pressed twice
    return day.do(service.warn, session_id, WarnAsk(violation=violation)).code


def state_of(day: Day, session_id: int) -> str:
    with open_work(day.platform, SYSTEM) as work:
        return delivery.session_ref(work, session_id).state


def test_DC_15_a_removal_ends_the_test_in_the_same_transaction_and_waits_for_no_paper(day: Day) -> None:
    session = day.scene.sessions[0]
    ruling = day.do(service.remove, session, RemoveAsk(violation="phone"))
    with open_work(day.platform, SYSTEM) as work:
        (found,) = open_irregularities(work, session)
        assert was_removed(work, session)
        assert delivery.session_ref(work, session).state == "removed"
        assert delivery.verify_seal(work, session)
    assert (found.violation, found.consequence, found.clause) == ("phone", "removal", "DC-15")
    assert (found.reported_by, found.reported_at) == (day.scene.proctor.id, day.clock.now())
    assert ruling.facts["forfeits_certificate"] is True


@pytest.mark.parametrize("name", EDITIONS)
def test_DC_15_so_many_warnings_and_the_next_one_asks_for_removal(
    platform: Platform, clock: FrozenClock, name: tuple[str, str]
) -> None:
    day = a_day(platform, clock, edition=the_edition(*name))
    day.run(*day.scene.sessions)
    session = day.scene.sessions[0]
    rule = day.scene.edition.get("DC-15", ViolationsRule)
    minor = next(each.code for each in rule.violations if each.consequence == "warning")
    with pytest.raises(Refused) as first:
        day.do(service.remove, session, a_removal(minor))
    assert first.value.code == "warning_first"
    for _ in range(rule.warnings_max):
        assert warn(day, session, minor) == "warning"
    with pytest.raises(Refused) as due:
        warn(day, session, minor)
    assert (due.value.code, due.value.ruling.clause) == ("removal_due", "DC-15")
    day.do(service.remove, session, a_removal(minor))


def test_DC_15_an_act_that_the_catalogue_answers_by_a_pause_stops_the_clock_and_counts_as_a_warning(day: Day) -> None:
    one, other = day.scene.sessions[:2]
    assert warn(day, one, "leaving_exam_window") == "pause"
    assert (state_of(day, one), state_of(day, other)) == ("paused", "running")
    with open_work(day.platform, SYSTEM) as work:
        assert [each.consequence for each in open_irregularities(work, one)] == ["pause"]
    day.do(rooms.resume, "looked at the screen", one)
    with pytest.raises(Refused) as due:
        warn(day, one, "leaving_exam_window")
    assert due.value.code == "removal_due"
    day.do(service.remove, one, a_removal("leaving_exam_window"))


def test_one_act_that_two_proctors_saw_is_one_warning(day: Day) -> None:
    one, other = day.scene.sessions[:2]
    assert warn(day, one) == "warning"
    day.clock.advance(4)
    with pytest.raises(Stale, match="changed_meanwhile"):
        day.do(service.warn, one, WarnAsk(violation="disorder"))
    assert day.do(service.warn, other, WarnAsk(violation="disorder")).code == "warning"
    with pytest.raises(Refused, match="removal_due"):
        warn(day, one)


def test_a_pause_for_somebody_who_is_paused_already_only_warns(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(rooms.pause, "ill", session)
    assert warn(day, session, "leaving_exam_window") == "pause"
    assert state_of(day, session) == "paused"


def test_a_grave_act_is_not_answered_by_a_warning(day: Day) -> None:
    with pytest.raises(Refused) as refused:
        warn(day, day.scene.sessions[0], "phone")
    assert refused.value.code == "removal_due"


def test_an_act_that_is_not_in_the_catalogue_is_no_violation(day: Day) -> None:
    with pytest.raises(Invalid):
        warn(day, day.scene.sessions[0], "yawning")
    with pytest.raises(Invalid):
        day.do(service.remove, day.scene.sessions[0], a_removal("yawning"))


def test_a_second_press_of_remove_is_stale_and_leaves_one_record(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(service.remove, session, a_removal())
    with pytest.raises(Stale):
        day.do(service.remove, session, a_removal())
    with pytest.raises(Stale):
        warn(day, session)
    with day.platform.database.reading() as db:
        assert len(db.execute(select(Irregularity)).scalars().all()) == 1


def test_DC_15_who_was_removed_does_not_come_back(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    session = day.scene.sessions[0]
    day.at(-600)
    day.do(rooms.open_room)
    day.do(service.remove, session, a_removal("impersonation"))
    with pytest.raises(Stale):
        day.let_in(session)
    with pytest.raises(Stale):
        day.do(rooms.move, session, 1, "a reason")


def test_DC_15_who_was_removed_and_types_the_code_again_reads_why_not(day: Day) -> None:
    session = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        ref, code = delivery.session_ref(work, session), issue_code(work, session) or ""
    day.do(service.remove, session, a_removal())
    with open_work(day.platform, SYSTEM) as work:
        refusal = sign_in(work, ref.registration_no, code)
        stranger = sign_in(work, ref.registration_no, "0000-0000")
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.ruling.clause) == ("removed_from_test", "DC-15")
    assert isinstance(stranger, CatError)
    assert stranger.code == "code_wrong"  # the register of removals is not open to who knows a number
