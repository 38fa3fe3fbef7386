"""What is tried out looks like every other task: in each payload, in the order of ids, on the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from server import delivery
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession
from server.delivery.service import seeding
from tests.factories import delivery as make
from tests.factories.itembank import AREAS, PLACES
from tests.web.owned_world import ClientAs

PLAN = {"length": 12, "tiers": dict.fromkeys(PLACES, (4, 4)), "areas": dict.fromkeys(AREAS, (1, 12))}
TRIED = 3
Json = dict[str, Any]


def shape(body: Any) -> Any:
    """The names and kinds in a payload, whatever the values."""
    if isinstance(body, dict):
        return {name: shape(value) for name, value in sorted(body.items())}
    if isinstance(body, list):
        return [shape(each) for each in body]
    return type(body).__name__


def words(body: Any) -> Iterator[str]:
    """Every name and every text of a payload."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield name
            yield from words(value)
    elif isinstance(body, list):
        for each in body:
            yield from words(each)
    elif isinstance(body, str):
        yield body


@pytest.fixture
def taken(platform: Platform, client_as: ClientAs) -> tuple[int, list[Json], list[Json]]:
    """A session, and what its page was told: the state before each answer, and the reply to it."""
    with open_work(platform, SYSTEM) as work:
        edition = load_edition("kg-distinction", "2013")
        pool_id = make.a_pool(work, edition, "history", plan=PLAN)
        sitting = make.a_sitting(work, edition=edition, pools={"history": pool_id})
        seeding.take_plan(work, sitting.id, make.a_plan(work, pool_id, per_candidate=TRIED), is_taken=True)
        session_id = make.a_running_session(work, sitting)
        row = work.db.get_one(ExamSession, session_id)
        row.topic = "room:1"
    client = client_as(Role.CANDIDATE, id=session_id)
    client.set_cookie("synak_lang", "en")
    return session_id, *_all_of_it(client)


def _all_of_it(client: FlaskClient) -> tuple[list[Json], list[Json]]:
    states, replies = [], []
    while (state := client.get("/exam/state").get_json())["step"] is not None:
        step = state["step"]
        given = {"kind": "option", "option": step["item"]["options"][0]["id"]}
        body = {"section_id": step["section_id"], "seq": step["seq"], "key": str(uuid4()), "given": given,
                "spent_ms": 20_000}
        states.append(state)
        replies.append(client.post("/exam/answers", json=body).get_json())
    return states, replies


def test_no_field_number_or_order_tells_it_apart(
    platform: Platform, taken: tuple[int, list[Json], list[Json]]
) -> None:
    session_id, states, replies = taken
    with open_work(platform, SYSTEM) as work:
        (section,) = delivery.evidence(work, session_id)
        bench = BENCHES.of(work, section)
        codes = [*bench.pool.codes, *(bench.tryout.plan.codes if bench.tryout else ())]
    tried = {step.seq for step in section.steps if step.is_pretest}
    assert len(tried) == TRIED
    steps = [state["step"] for state in states]
    assert [(step["seq"], step["length"]) for step in steps] == [(n, 15) for n in range(1, 16)]
    assert len({str(shape(step)) for step in steps}) == 1
    assert len({str(shape(state)) for state in states}) == 1
    assert len({str(shape(reply)) for reply in replies[:-1]}) == 1
    assert {option["id"] for step in steps for option in step["item"]["options"]} == {
        option["id"] for step in steps if step["seq"] in tried for option in step["item"]["options"]
    }
    said = set(words([*states, *replies]))
    assert not {word for word in said if any(code == word for code in codes)}
    assert not [word for word in said if "pretest" in word.lower()]
    assert all(state["conditions"] == states[0]["conditions"] for state in states)


def test_the_console_counts_every_task_alike(platform: Platform, taken: tuple[int, list[Json], list[Json]]) -> None:
    with open_work(platform, SYSTEM) as work:
        progress = delivery.progress(work, [taken[0]])[taken[0]]
    assert (progress.answered, progress.length, progress.state) == (15, 15, "submitted")
    assert "pretest" not in progress.model_dump_json()


def test_candidates_are_told_that_there_are_some_and_not_which(taken: tuple[int, list[Json], list[Json]]) -> None:
    (told,) = taken[1][0]["conditions"]
    assert told["words"].startswith("Some questions of the test are being tried out")
    assert told["words"].endswith("Nobody is told which.")
