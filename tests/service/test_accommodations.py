"""Conditions by recorded decision (DC-12): recorded, replaced, withdrawn; on clocks, seats, pages and papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.rooms import service, views
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.service.seating import draw_again
from server import delivery
from server.candidates import accommodating
from server.candidates.accommodating import NewDecision, record_accommodation
from server.candidates.models import Accommodation
from server.core.clock import FrozenClock
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import expire_due_sessions
from server.delivery.conditions.service import withdraw
from server.delivery.models import ExamSession, Section
from server.delivery.queries import runner_state
from server.delivery.service import breaks
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.proctor import Day, a_day, a_decision

LIMIT_S = 2700


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A planned room with three candidates."""
    return a_day(platform, clock)


def number_of(day: Day, session: int) -> str:
    with open_reading(day.platform, SYSTEM) as work:
        return delivery.session_ref(work, session).registration_no


def decide(day: Day, session: int, kind: str = "extra_time", extent: int = 25, **changes: Any) -> None:
    with open_work(day.platform, SYSTEM) as work:
        a_decision(work, session, kind, extent, **changes)


def held(day: Day, session: int) -> list[tuple[str, int]]:
    with open_reading(day.platform, SYSTEM) as work:
        registration = delivery.session_ref(work, session).registration_id
        return [(each.kind, each.extent) for each in accommodating.accommodations(work, [registration])[registration]]


def row(day: Day, session: int) -> ExamSession:
    with day.platform.database.reading() as db:
        return db.get_one(ExamSession, session)


def section(day: Day, session: int) -> Section:
    with day.platform.database.reading() as db:
        return db.execute(select(Section).where(Section.session_id == session)).scalar_one()


def as_candidate(day: Day, session: int) -> Actor:
    return Actor(frozenset({Role.CANDIDATE}), session, lease=row(day, session).lease)


def test_DC_12_a_decision_is_judged_by_the_edition(day: Day) -> None:
    edition, one = day.scene.edition, day.scene.sessions[0]
    for kind in edition.clauses["DC-12.accommodations"].fields["kinds"]:
        with pytest.raises(Refused) as refused:
            decide(day, one, kind["code"], kind.get("most", 0) + 1)
        assert (refused.value.code, refused.value.ruling.clause) == ("accommodation_extent", "DC-12.accommodations")
        decide(day, one, kind["code"], kind.get("most", 0))
    assert len(held(day, one)) == len(edition.clauses["DC-12.accommodations"].fields["kinds"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_number": " "}, "order_missing"),
        ({"evidence": ""}, "accommodation_evidence_missing"),
        ({"decided_by": ""}, "accommodation_malformed"),
        ({"evidence": "x" * 301}, "accommodation_malformed"),
        ({"decided_on": date(2999, 1, 1)}, "accommodation_in_future"),
        ({"registration_no": "26-00000000-X"}, "registration_unknown"),
    ],
)
def test_DC_12_no_decision_without_order_evidence_and_day(day: Day, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CatError) as refused:
        decide(day, day.scene.sessions[0], **changes)
    assert refused.value.code == code
    assert held(day, day.scene.sessions[0]) == []


def test_DC_12_a_later_decision_supersedes_and_a_withdrawal_stays_on_record(day: Day) -> None:
    one = day.scene.sessions[0]
    decide(day, one, extent=25)
    decide(day, one, extent=50, order_number="13-к")
    decide(day, one, "large_print", 150)
    assert held(day, one) == [("extra_time", 50), ("large_print", 150)]
    with day.platform.database.reading() as db:
        ids = list(db.execute(select(Accommodation.id).order_by(Accommodation.id)).scalars())
    with open_work(day.platform, SYSTEM) as work:
        withdraw(work, ids[1], "14-к", "Meant for another")
    assert held(day, one) == [("large_print", 150)]
    with day.platform.database.reading() as db:
        rows = db.execute(select(Accommodation).order_by(Accommodation.id)).scalars().all()
    assert [(each.supersedes_id, each.is_withdrawn) for each in rows] == [
        (None, False), (ids[0], False), (None, False), (ids[1], True),
    ]  # fmt: skip
    assert (rows[-1].order_number, rows[-1].evidence) == ("14-к", "Meant for another")
    with pytest.raises(Stale), open_work(day.platform, SYSTEM) as work:
        withdraw(work, ids[1], "15-к", "Meant for another")


@pytest.mark.parametrize("said", [("", "why"), ("14-к", " "), ("x" * 61, "why"), ("14-к", "x" * 301)])
def test_DC_12_nothing_is_withdrawn_without_a_number_and_a_reason(day: Day, said: tuple[str, str]) -> None:
    decide(day, day.scene.sessions[0])
    with pytest.raises(Invalid, match="condition_withdrawal_malformed"), open_work(day.platform, SYSTEM) as work:
        withdraw(work, only_one(day), *said)
    assert held(day, day.scene.sessions[0]) == [("extra_time", 25)]


def test_DC_12_a_condition_is_withdrawn_until_the_test_begins_and_what_was_given_stays(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    decide(day, one, extent=50)
    kept = only_one(day)
    decide(day, two, extent=50)
    with open_work(day.platform, SYSTEM) as work:
        withdraw(work, only_one(day), "14-к", "Meant for another")
    day.run(one, two)
    with pytest.raises(Stale) as caught, open_work(day.platform, SYSTEM) as work:
        withdraw(work, kept, "15-к", "Meant for another")
    assert (caught.value.code, caught.value.facts["clause"]) == ("condition_in_use", "DC-12.accommodations")
    assert (held(day, one), held(day, two)) == ([("extra_time", 50)], [])
    assert (section(day, one).extra_s, section(day, two).extra_s) == (LIMIT_S // 2, 0)


def test_DC_12_the_page_keeps_what_was_typed_and_says_why_nothing_was_withdrawn(
    day: Day, client_as: Callable[..., FlaskClient]
) -> None:
    decide(day, day.scene.sessions[0])
    with open_work(day.platform, SYSTEM) as work:
        ntc = office(work, "ntc")
    client = client_as(Role.OFFICE, id=ntc.id, organisation_id=ntc.organisation_id)
    client.set_cookie("synak_lang", "en")
    path = f"/office/accommodations/{only_one(day)}/withdraw"
    refused = client.post(path, data={"order_number": "14-k", "reason": " "})
    assert refused.status_code == 422
    assert "Enter the number of the order that withdraws it" in refused.text
    assert 'value="14-k"' in refused.text
    assert client.post(path, data={"order_number": "14-k", "reason": "Meant for another"}).status_code == 303
    gone = client.post(path, data={"order_number": "14-k", "reason": "Meant for another"})
    assert gone.status_code == 422


def only_one(day: Day) -> int:
    """The newest decision on a condition."""
    with day.platform.database.reading() as db:
        return db.execute(select(Accommodation.id).order_by(Accommodation.id.desc()).limit(1)).scalar_one()


def test_DC_12_extra_time_enters_the_clock_and_the_end_of_the_test(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    decide(day, one, extent=50)
    day.run(one, two)
    more, plain = section(day, one), section(day, two)
    assert (more.extra_s, plain.extra_s) == (LIMIT_S // 2, 0)
    assert more.ends_at is not None
    assert plain.ends_at is not None
    assert (more.ends_at - plain.ends_at).total_seconds() == LIMIT_S // 2
    day.at(LIMIT_S + 2)
    expire_due_sessions(day.platform)
    assert [row(day, each).state for each in (one, two)] == ["running", "submitted"]
    with open_reading(day.platform, as_candidate(day, one)) as work:
        state = runner_state(work, work.db.get_one(ExamSession, one))
    assert state.sections[0].extra_s == LIMIT_S // 2
    assert state.clock.remaining_ms == (LIMIT_S // 2 - 2) * 1000


def test_DC_12_a_started_second_of_extra_time_counts_whole() -> None:
    assert accommodating.Needs(extra_percent=33).extra_s(100) == 33
    assert accommodating.Needs(extra_percent=33).extra_s(101) == 34
    assert accommodating.Needs().extra_s(2700) == 0


def test_DC_16_a_latecomer_with_extra_time_has_it_from_the_start_of_the_room(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    for each in (one, two):
        decide(day, each, extent=50)
    day.run(one)
    day.at(900)
    day.let_in(two)
    assert section(day, one).ends_at == section(day, two).ends_at


def test_DC_12_a_break_stops_the_clock_for_the_minutes_decided_and_no_longer(day: Day) -> None:
    one = day.scene.sessions[0]
    decide(day, one, "breaks", 10)
    day.run(one)
    end = section(day, one).ends_at
    assert end is not None
    day.at(100)
    with open_work(day.platform, as_candidate(day, one)) as work:
        breaks.take_break(work)
        breaks.take_break(work)  # pressed twice
    day.at(340)
    with open_work(day.platform, as_candidate(day, one)) as work:
        breaks.end_break(work)
    assert (section(day, one).ends_at - end).total_seconds() == 240  # type: ignore[operator]
    day.at(400)
    with open_work(day.platform, as_candidate(day, one)) as work:
        breaks.take_break(work)
    day.at(2000)
    expire_due_sessions(day.platform)
    assert row(day, one).state == "running"
    assert row(day, one).break_used_s == 600
    assert (section(day, one).ends_at - end).total_seconds() == 600  # type: ignore[operator]
    with pytest.raises(Denied) as refused, open_work(day.platform, as_candidate(day, one)) as work:
        breaks.take_break(work)
    assert refused.value.code == "no_break_left"


def test_DC_12_who_has_no_breaks_gets_none_and_nobody_ends_the_proctors_pause(day: Day) -> None:
    one = day.scene.sessions[0]
    day.run(one)
    with pytest.raises(Denied) as refused, open_work(day.platform, as_candidate(day, one)) as work:
        breaks.take_break(work)
    assert refused.value.code == "no_break_left"
    day.do(service.pause, "the lamp", one)
    with pytest.raises(Denied) as refused, open_work(day.platform, as_candidate(day, one)) as work:
        breaks.end_break(work)
    assert refused.value.code == "break_is_a_pause"
    assert row(day, one).state == "paused"


def test_DC_12_large_print_and_breaks_reach_the_candidates_page(day: Day) -> None:
    one = day.scene.sessions[0]
    decide(day, one, "large_print", 175)
    decide(day, one, "breaks", 10)
    day.run(one)
    with open_reading(day.platform, as_candidate(day, one)) as work:
        state = runner_state(work, work.db.get_one(ExamSession, one))
    assert (state.text_percent, state.times.break_left_s) == (175, 600)
    assert [each.effect for each in state.conditions] == ["text_percent", "break_minutes"]


def test_DC_12_a_room_of_ones_own_is_not_shared_by_a_draw(day: Day) -> None:
    decide(day, day.scene.sessions[0], "separate_room", 0)
    with pytest.raises(Refused) as refused:
        day.do(draw_again, actor=day.scene.manager)
    assert refused.value.code == "separate_room_shared"


def test_DC_12_the_slip_and_the_seat_bear_the_conditions(day: Day) -> None:
    one = day.scene.sessions[0]
    decide(day, one, extent=50)
    with open_work(day.platform, day.scene.manager) as work:
        slips = views.slips(work, *own_room_sitting(work, day.scene.room))
    assert [each.conditions for each in slips if each.registration_no == number_of(day, one)] == [("Extra time +50 %",)]
    assert sum(bool(each.conditions) for each in slips) == 1


def office(work: Any, kind: str) -> Actor:
    organisation = an_organisation(work, kind).id
    staff = a_staff_member(work, Role.OFFICE, organisation_id=organisation)
    return Actor(frozenset({Role.OFFICE}), staff, "Office", organisation)


def test_DC_12_only_an_office_over_the_centre_decides(day: Day) -> None:
    number = number_of(day, day.scene.sessions[0])
    new = NewDecision(number, "extra_time", 25, "12-к", "certificate 4", "Осмонова А.", date(2020, 5, 1))
    with open_work(day.platform, SYSTEM) as work:
        ntc, abroad = office(work, "ntc"), office(work, "department")
    with pytest.raises(NotFound), open_work(day.platform, abroad) as work:
        record_accommodation(work, new)
    with open_work(day.platform, ntc) as work:
        record_accommodation(work, new)
    assert held(day, day.scene.sessions[0]) == [("extra_time", 25)]
