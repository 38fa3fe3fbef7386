"""Nobody sees an item before the start (DC-11), whichever address is asked; the hour opens it to the second."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from proctor.rooms import service
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading
from server.delivery.models import ExamSession, Section, Step
from server.delivery.queries import runner_state
from tests.factories.proctor import Day, a_day
from tests.web.owned_world import ClientAs

# Every item of the tests says what it is in each of its texts (tests.factories.itembank.new_item).
ITEM_WORDS = ("Stem of", "wrong1", "key HIS")
OPEN = frozenset({"running", "paused", "between"})


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """Ten minutes before the hour: one candidate admitted, two expected."""
    made = a_day(platform, clock)
    made.at(-600)
    made.do(service.open_room)
    made.let_in(made.scene.sessions[0])
    return made


def bodies(day: Day, session: int) -> dict[str, Any]:
    with day.platform.database.reading() as db:
        section = db.execute(select(Section.id).where(Section.session_id == session)).scalars().first()
    step = {"section_id": section, "seq": 1, "key": str(uuid4())}
    return {
        "/exam/begin-section": {"section_id": section},
        "/exam/answers": {**step, "given": {"kind": "option", "option": "A"}, "spent_ms": 5},
        "/exam/working": {**step, "version": 1, "text": "x", "strokes": []},
    }


def routes_of_candidates(app: Flask) -> list[tuple[str, str]]:
    return [(method, rule.rule.replace("<name>", "0" * 64 + ".svg"))
            for rule in app.url_map.iter_rules() if rule.rule.startswith("/exam")
            for method in sorted((rule.methods or set()) & {"GET", "POST"}) if rule.rule != "/exam/sign-out"]


def ask_all(app: Flask, client: FlaskClient, known: dict[str, Any]) -> str:
    replies = [client.open(path, method=method, **({"json": known.get(path, {})} if method == "POST" else {}))
               for method, path in routes_of_candidates(app)]
    assert len(replies) > 8
    assert all(reply.status_code < 500 for reply in replies)
    return "\n".join(reply.get_data().decode(errors="replace") for reply in replies)


@pytest.mark.parametrize("who", [0, 1])
def test_DC_11_no_address_gives_an_item_before_the_start(
    day: Day, app: Flask, client_as: ClientAs, who: int
) -> None:
    session = day.scene.sessions[who]
    client = client_as(Role.CANDIDATE, id=session)
    for seconds in (-600, -1, 0):  # at the hour too, until the proctor starts
        day.at(seconds)
        said = ask_all(app, client, bodies(day, session))
        assert [word for word in ITEM_WORDS if word in said] == []
    with day.platform.database.reading() as db:
        assert db.execute(select(func.count()).select_from(Step)).scalar_one() == 0
        assert db.get_one(ExamSession, session).state not in OPEN


def test_DC_11_the_same_addresses_give_the_item_once_the_room_has_started(
    day: Day, app: Flask, client_as: ClientAs
) -> None:
    one, two = day.scene.sessions[:2]
    day.at(0)
    day.do(service.start_room)
    assert "Stem of" in client_as(Role.CANDIDATE, id=one).get("/exam/state").text
    assert "Stem of" not in ask_all(app, client_as(Role.CANDIDATE, id=two), bodies(day, two))


def test_DC_11_the_page_counts_to_the_start_and_knows_how_long_the_briefing_is(day: Day) -> None:
    with open_reading(day.platform, SYSTEM) as work:
        state = runner_state(work, work.db.get_one(ExamSession, day.scene.sessions[0]))
    assert (state.starts_in_ms, state.briefing_s, state.step) == (600_000, 1800, None)
