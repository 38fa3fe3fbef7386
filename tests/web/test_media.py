"""The figures of an item over HTTP: for whoever has it open, and for nobody else; still pictures and nothing more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, text

from itembank import NewItem
from itembank.items.figures import NewFigure
from itembank.items.models import ItemMedia
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery import service
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession
from tests.factories.delivery import a_running_session, a_sitting
from tests.factories.itembank import new_item
from tests.web.owned_world import ClientAs

LEASE = 3


def figured(code: str, languages: tuple[str, ...], **changes: Any) -> NewItem:
    """An item whose figure in each language is its own."""
    plain = new_item(code, languages, **changes)
    texts = {}
    for language, one in plain.texts.items():
        data = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{code} {language}</text></svg>'
        figures = {"map": NewFigure(data.encode(), f"a map of {code}")}
        texts[language] = replace(one, stem=f"{one.stem}\n\n![map]", figures=figures)
    return replace(plain, texts=texts)


@pytest.fixture
def two(platform: Platform) -> tuple[int, int]:
    """Two candidates at work in one subject, each on a third device."""
    with open_work(platform, SYSTEM) as work, mock.patch("tests.factories.delivery.new_item", figured):
        sitting = a_sitting(work, subjects=["history"])
        ids = a_running_session(work, sitting), a_running_session(work, sitting, family_name="Бекова")
        for each in ids:
            work.db.get_one(ExamSession, each).lease = LEASE
    return ids


@pytest.fixture
def mine(two: tuple[int, int], client_as: ClientAs) -> FlaskClient:
    return client_as(Role.CANDIDATE, id=two[0], lease=LEASE)


def open_figure(client: FlaskClient) -> str:
    """Where the figure of the open item is."""
    item = client.get("/exam/state").get_json()["step"]["item"]
    return f"/exam/media/{item['figures']['map']['digest']}"


def test_the_open_figure_is_a_picture_that_nobody_keeps_and_that_runs_nothing(mine: FlaskClient) -> None:
    reply = mine.get(open_figure(mine))
    assert (reply.status_code, reply.mimetype, reply.headers["Cache-Control"]) == (200, "image/svg+xml", "no-store")
    assert reply.data.startswith(b"<svg")
    policies = reply.headers.get_all("Content-Security-Policy")
    assert any("default-src 'none'" in each and "sandbox" in each for each in policies)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_the_figures_of_every_other_item_and_language_are_not_to_be_had(
    platform: Platform, two: tuple[int, int], mine: FlaskClient
) -> None:
    here = open_figure(mine)
    with open_work(platform, SYSTEM) as work:
        section = work.db.get_one(ExamSession, two[0]).sections[0]
        contents = BENCHES.get(work, section.pool_id).pool.contents
    digests = {f["digest"] for each in contents for t in each.data["texts"].values() for f in t["figures"].values()}
    others = [f"/exam/media/{each}" for each in digests if not here.endswith(each)]
    assert len(others) >= 2 * 18 - 1
    assert {mine.get(each).status_code for each in [*others, "/exam/media/x", "/exam/media/" + "0" * 64]} == {404}


def test_it_goes_with_the_step_the_pause_and_the_device(
    platform: Platform, two: tuple[int, int], mine: FlaskClient, client_as: ClientAs
) -> None:
    here = open_figure(mine)
    with open_work(platform, SYSTEM) as work:
        service.pause_session(work, two[0], "a fire alarm")
    assert mine.get(here).status_code == 404
    with open_work(platform, SYSTEM) as work:
        service.resume_session(work, two[0], "over")
    assert mine.get(here).status_code == 200
    step = mine.get("/exam/state").get_json()["step"]
    body = {"section_id": step["section_id"], "seq": 1, "key": "6f9619ff-8b86-4d01-b42d-00c04fc964ff", "spent_ms": 900}
    assert mine.post("/exam/answers", json=body).status_code == 200
    assert mine.get(here).status_code == 404
    here = open_figure(mine)
    assert mine.get(here).status_code == 200
    assert client_as(Role.CANDIDATE, id=two[0], lease=LEASE - 1).get(here).status_code == 403


def test_a_file_that_is_gone_is_a_fault_and_not_a_picture(platform: Platform, mine: FlaskClient) -> None:
    here = open_figure(mine)
    with open_work(platform, SYSTEM) as work:
        lift = {"sqlite": "DROP TRIGGER item_media_no_delete"}
        postgres = "DROP TRIGGER item_media_append_only ON item_media"
        work.db.execute(text(lift.get(work.db.get_bind().dialect.name, postgres)))
        work.db.execute(delete(ItemMedia))
    assert mine.get(here).status_code == 500
