"""A break meets the proctor's pause, an alarm, a removal: nobody gains a second by it, and nobody is called back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest
from sqlalchemy import select

from proctor.irregularities import service as irregularities
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import WarnAsk
from proctor.rooms import service
from proctor.rooms.service.bulk import hold_one
from server.core.clock import FrozenClock
from server.core.errors import Denied, Stale
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import expire_due_sessions
from server.delivery.models import ExamSession, Section
from server.delivery.service import breaks
from tests.factories.proctor import Day, a_day, a_decision, a_removal

WHY = "a fire alarm"


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """Two candidates at work, the first with ten minutes of breaks, on a break since the second minute."""
    made = a_day(platform, clock, 2)
    with open_work(platform, made.scene.proctor) as work:
        a_decision(work, made.scene.sessions[0], "breaks", 10)
    made.run(*made.scene.sessions)
    made.at(120)
    own(made, breaks.take_break)
    made.at(180)
    return made


def own(day: Day, act: Callable[[Work], None]) -> None:
    """The candidate with breaks does it at their own page."""
    one = day.scene.sessions[0]
    with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), one)) as work:
        act(work)


def at(day: Day) -> tuple[str, bool, int]:
    """The state, whether it is a break, and the seconds used of breaks."""
    with day.platform.database.reading() as db:
        row = db.get_one(ExamSession, day.scene.sessions[0])
        return row.state, row.break_until is not None, row.break_used_s


def ends(day: Day) -> list[datetime | None]:
    with day.platform.database.reading() as db:
        return list(db.execute(select(Section.ends_at).where(Section.session_id.in_(day.scene.sessions))
                               .order_by(Section.session_id)).scalars())  # fmt: skip


@pytest.mark.parametrize("how", ["the room", "the seat", "several seats", "a warning"])
def test_DC_12_the_proctors_pause_holds_up_a_break_and_the_candidate_cannot_end_it(day: Day, how: str) -> None:
    one = day.scene.sessions[0]
    rule = day.scene.edition.get("DC-15", ViolationsRule)
    grave = next(each.code for each in rule.violations if each.consequence == "pause")
    {
        "the room": lambda: day.do(service.pause, WHY),
        "the seat": lambda: day.do(service.pause, WHY, one),
        "several seats": lambda: day.do(hold_one, one, "pause", WHY),
        "a warning": lambda: day.do(irregularities.warn, one, WarnAsk(violation=grave)),
    }[how]()
    assert at(day) == ("paused", False, 60)
    with pytest.raises(Denied, match="break_is_a_pause"):
        own(day, breaks.end_break)
    day.at(3000)
    expire_due_sessions(day.platform)
    assert at(day) == ("paused", False, 60), "an alarm may last longer than the break had left"
    day.do(service.resume, WHY, one)
    assert at(day)[0] == "running"
    own(day, breaks.take_break)
    assert at(day) == ("paused", True, 60)


def test_DC_12_after_an_alarm_who_was_on_a_break_has_lost_no_second(day: Day) -> None:
    before = ends(day)
    day.do(service.pause, WHY)
    day.at(600)
    assert day.do(service.resume, WHY) == 2
    moved = [(now - then).total_seconds() for now, then in zip(ends(day), before, strict=True) if now and then]
    assert moved == [60 + 420, 420]


def test_DC_12_who_is_on_a_break_is_not_called_back_with_all_others(day: Day) -> None:
    one, two = day.scene.sessions
    day.do(service.pause, "the lamp", two)
    assert day.do(service.resume, "the lamp is back") == 1
    assert at(day) == ("paused", True, 0)
    assert day.do(hold_one, one, "resume", "all go on") == "not_now"
    with pytest.raises(Stale):
        day.do(service.resume, "nobody is paused")
    assert day.do(service.resume, "come back, please", one) == 1
    assert at(day) == ("running", False, 60)


@pytest.mark.parametrize("order", [("pause", "remove"), ("remove", "pause"), ("resume", "remove"), ("pause", "resume")])
def test_DC_15_no_order_of_break_pause_and_removal_leaves_a_session_stuck(day: Day, order: tuple[str, str]) -> None:
    one = day.scene.sessions[0]
    acts = {
        "pause": lambda: day.do(service.pause, WHY, one), "resume": lambda: day.do(service.resume, WHY, one),
        "remove": lambda: day.do(irregularities.remove, one, a_removal()),
    }  # fmt: skip
    for each in order:
        with suppress(Stale):  # what is over is over
            acts[each]()
    assert at(day)[:2] == ("removed" if "remove" in order else "running", False)
