"""Forbidden acts (DC-15): a warning, or removal on a complete protocol. The catalogue is the edition's."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from proctor import open_irregularities, was_removed
from proctor.irregularities import service
from proctor.irregularities.models import Irregularity
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import WarnAsk
from proctor.rooms import service as rooms
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import Invalid, Refused, Stale
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from tests.factories.proctor import EDITIONS, Day, a_day, a_protocol, the_edition


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room that runs with three candidates."""
    day = a_day(platform, clock)
    day.run(*day.scene.sessions)
    return day


def warn(day: Day, session_id: int, violation: str = "disorder") -> None:
    day.do(service.warn, session_id, WarnAsk(violation=violation))


def test_DC_15_a_removal_ends_the_test_with_its_protocol_in_one_transaction(day: Day) -> None:
    session = day.scene.sessions[0]
    ruling = day.do(service.remove, session, a_protocol(statement="It was my mother."))
    with open_work(day.platform, SYSTEM) as work:
        (found,) = open_irregularities(work, session)
        assert was_removed(work, session)
        assert delivery.session_ref(work, session).state == "removed"
        assert delivery.verify_seal(work, session)
    assert (found.violation, found.consequence, found.clause) == ("phone", "removal", "DC-15")
    assert found.witnesses == ("Бекова Айсулуу", "Ким Виктор")
    assert found.statement == "It was my mother."
    assert ruling.facts["forfeits_certificate"] is True


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"witnesses": ["Бекова Айсулуу"]}, "witnesses"),
        ({"witnesses": []}, "witnesses"),
        ({"witnesses": ["Бекова Айсулуу", " бекова  айсулуу "]}, "witnesses"),
        ({"witnesses": ["Бекова Айсулуу", "Мамытова Жаркын"]}, "witnesses"),
        ({"witnesses": ["Бекова Айсулуу", "МАМЫТОВА  жаркын"]}, "witnesses"),
        ({"is_statement_asked": False}, "statement_asked"),
    ],
)
def test_DC_15_a_protocol_that_lacks_something_removes_nobody(
    day: Day, changes: dict[str, Any], missing: str
) -> None:
    session = day.scene.sessions[0]
    with pytest.raises(Refused) as refused:
        day.do(service.remove, session, a_protocol(**changes))
    assert (refused.value.code, refused.value.ruling.clause) == ("protocol_incomplete", "DC-15")
    assert refused.value.facts["missing"] == [missing]
    with open_work(day.platform, SYSTEM) as work:
        assert not was_removed(work, session)
        assert delivery.session_ref(work, session).state == "running"


def test_a_statement_that_was_given_was_asked_for(day: Day) -> None:
    protocol = a_protocol(is_statement_asked=False, statement="I am sorry.")
    day.do(service.remove, day.scene.sessions[0], protocol)


def test_another_edition_lets_the_reporter_witness(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock, edition=the_edition("zz-trial", "2030"))
    day.run(*day.scene.sessions)
    rule = day.scene.edition.get("DC-15", ViolationsRule)
    violation = next(each.code for each in rule.violations if each.consequence == "removal")
    protocol = a_protocol(violation=violation, witnesses=[day.scene.proctor.name])
    day.do(service.remove, day.scene.sessions[0], protocol)
    with open_work(platform, SYSTEM) as work:
        assert was_removed(work, day.scene.sessions[0])


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
        day.do(service.remove, session, a_protocol(violation=minor))
    assert first.value.code == "warning_first"
    for _ in range(rule.warnings_max):
        warn(day, session, minor)
    with pytest.raises(Refused) as due:
        warn(day, session, minor)
    assert (due.value.code, due.value.ruling.clause) == ("removal_due", "DC-15")
    day.do(service.remove, session, a_protocol(violation=minor))


def test_a_grave_act_is_not_answered_by_a_warning(day: Day) -> None:
    with pytest.raises(Refused) as refused:
        warn(day, day.scene.sessions[0], "phone")
    assert refused.value.code == "removal_due"


def test_an_act_that_is_not_in_the_catalogue_is_no_violation(day: Day) -> None:
    with pytest.raises(Invalid):
        warn(day, day.scene.sessions[0], "yawning")
    with pytest.raises(Invalid):
        day.do(service.remove, day.scene.sessions[0], a_protocol(violation="yawning"))


def test_a_second_press_of_remove_is_stale_and_leaves_one_protocol(day: Day) -> None:
    session = day.scene.sessions[0]
    day.do(service.remove, session, a_protocol())
    with pytest.raises(Stale):
        day.do(service.remove, session, a_protocol())
    with pytest.raises(Stale):
        warn(day, session)
    with day.platform.database.reading() as db:
        assert len(db.execute(select(Irregularity)).scalars().all()) == 1


def test_DC_15_who_was_removed_does_not_come_back(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    session = day.scene.sessions[0]
    day.at(-600)
    day.do(rooms.open_room)
    day.do(service.remove, session, a_protocol(violation="impersonation"))
    with pytest.raises(Stale):
        day.let_in(session)
    with pytest.raises(Stale):
        day.do(rooms.move, session, 1, "a reason")
