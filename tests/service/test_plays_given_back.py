"""A play that a failure cut is given back by the proctor: counted by the server, on record, under the seal (DC-12)."""

from __future__ import annotations

from functools import partial
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from sqlalchemy import select

from proctor.incidents import service as incidents
from proctor.irregularities import service as irregularities
from proctor.rooms import service
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import Refused, Stale
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import queries, verify_seal
from server.delivery.media.models import PlayReturn
from server.delivery.media.rules import ListeningRule
from server.delivery.pulse import heartbeat_reply
from server.delivery.service.listening import Play, play
from server.delivery.wire import Play as Ask
from server.delivery.wire import StepView
from server.reports.candidate import session_page
from tests.factories.grading import alter_rows
from tests.factories.proctor import EDITIONS, Day, a_day, a_removal, the_edition
from tests.service.test_listening import audible

WHY = "The power was cut"


@pytest.fixture
def day(platform: Platform, clock: FrozenClock, request: pytest.FixtureRequest) -> Day:
    """Candidates at work beside a recording that is heard twice at most."""
    code, version = getattr(request, "param", EDITIONS[0])
    with mock.patch("tests.factories.itembank.new_item", partial(audible, languages=("ky", "ru"))):
        made = a_day(platform, clock, edition=the_edition(code, version))
    made.run(*made.scene.sessions[:2])
    return made


def candidate(session: int) -> Actor:
    return Actor(frozenset({Role.CANDIDATE}), session)


def step_of(day: Day, session: int) -> StepView:
    with open_reading(day.platform, candidate(session)) as work:
        step = queries.runner_state(work, queries.held(work)).step
    assert step is not None
    return step


def shown(day: Day, session: int) -> tuple[int, int]:
    """How often the recording was played, and how often it may be."""
    recording = step_of(day, session).recording
    assert recording is not None
    return recording.used, recording.plays


def ask(day: Day, session: int) -> Ask:
    step = step_of(day, session)
    return Ask(section_id=step.section_id, seq=step.seq, key=uuid4())


def hear(day: Day, session: int, what: Ask | None = None) -> Play:
    with open_work(day.platform, candidate(session)) as work:
        return play(work, what or ask(day, session))


def give(day: Day, session: int) -> Any:
    return day.do(incidents.give_play, session, WHY)


@pytest.mark.parametrize("day", EDITIONS, indirect=True, ids=lambda each: each[0])
def test_dc_12_a_play_that_a_failure_cut_is_given_back_once_and_within_the_limit(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    most = day.scene.edition.get("DC-12.listening", ListeningRule).returns_max
    with pytest.raises(Refused, match="no_play_to_return"):
        give(day, one)
    plays = shown(day, one)[1]
    for n in range(1, plays + 1):
        assert hear(day, one).number == n
    for _n in range(most):
        assert give(day, one).clause == "DC-12.listening"
        with pytest.raises(Refused, match="no_play_to_return"):
            give(day, one)
        assert shown(day, one) == (plays - 1, plays)
        assert hear(day, one).number == plays
        with pytest.raises(Refused, match="plays_used_up"):
            hear(day, one)
    with pytest.raises(Refused, match="plays_returned_up"):
        give(day, one)
    assert shown(day, two) == (0, plays)
    with day.platform.database.reading() as db:
        assert len(list(db.execute(select(PlayReturn)).scalars())) == most
        assert list(db.execute(select(JournalEntry.act)).scalars()).count("play:given-back") == most


def test_dc_12_what_was_given_back_is_not_heard_under_its_old_key_too(day: Day) -> None:
    one = day.scene.sessions[0]
    first = ask(day, one)
    hear(day, one, first)
    give(day, one)
    with pytest.raises(Stale):
        hear(day, one, first)
    assert shown(day, one)[0] == 0


def test_dc_12_a_sign_of_life_tells_the_page_of_it(day: Day) -> None:
    one = day.scene.sessions[0]
    hear(day, one)
    give(day, one)
    with open_reading(day.platform, candidate(one)) as work:
        assert heartbeat_reply(work).times.plays_given == 1


def test_dc_12_it_may_be_given_back_while_the_clock_stands(day: Day) -> None:
    one = day.scene.sessions[0]
    hear(day, one)
    day.do(service.pause, WHY, one)
    assert give(day, one).allowed


def test_DC_14_a_play_given_back_is_under_the_seal_and_before_the_office(day: Day) -> None:
    one = day.scene.sessions[0]
    hear(day, one)
    give(day, one)
    day.do(irregularities.remove, one, a_removal())
    with open_reading(day.platform, day.scene.manager) as work:
        assert verify_seal(work, one)
        page = session_page(work, delivery.session_ref(work, one))
        assert [reason for _at, reason in page.sections[0].steps[0].plays_back] == [WHY]
    with open_work(day.platform, SYSTEM) as work:
        alter_rows(work, PlayReturn, reason="another")
    with open_reading(day.platform, SYSTEM) as work:
        assert not verify_seal(work, one)
