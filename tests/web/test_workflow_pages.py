"""The workflow's pages: what waits for whom, and that a page says no more than its reader may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from itembank.authoring import service
from itembank.authoring.models import Manuscript
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from tests.factories import accounts
from tests.factories import itembank as factory
from tests.web.conftest import HTML

ClientAs = Callable[..., FlaskClient]


@dataclass
class House:
    """The people of one testing centre and what they do through pages."""

    platform: Platform
    client_as: ClientAs
    place: int
    people: dict[Role, int]

    def client(self, role: Role) -> FlaskClient:
        client = self.client_as(role, id=self.people[role], organisation_id=self.place)
        client.set_cookie("synak_lang", "en")
        client.environ_base["HTTP_ACCEPT"] = HTML
        return client

    def page(self, role: Role, path: str) -> str:
        reply = self.client(role).get(path)
        assert reply.status_code == 200, reply.text
        return reply.text

    def actor(self, role: Role) -> Actor:
        return Actor(frozenset({role}), self.people[role], "somebody", self.place)

    def handed_in(self, code: str = "GEO-1") -> int:
        with open_work(self.platform, self.actor(Role.WRITER)) as work:
            id_ = service.begin(work, factory.new_item(code), "ky")
            service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
        return id_


@pytest.fixture
def house(platform: Platform, client_as: ClientAs) -> House:
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        roles = (Role.WRITER, Role.REVIEWER, Role.EDITOR, Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)
        people = {role: accounts.a_staff_member(work, role, organisation_id=place) for role in roles}
        factory.blueprint(work)
    return House(platform, client_as, place, people)


def test_an_empty_desk_says_what_to_do_next(house: House) -> None:
    assert "Begin an item" in house.page(Role.WRITER, "/bank/my-work")
    assert "No text waits for you." in house.page(Role.REVIEWER, "/bank/my-work")
    assert "Every text that was handed in has been read." in house.page(Role.COMMISSION, "/bank/my-work")
    assert "Nothing waits for you here." in house.page(Role.SECURITY, "/bank/my-work")


def test_what_is_handed_in_waits_for_its_reader_with_a_day(house: House) -> None:
    house.handed_in()
    for role in (Role.REVIEWER, Role.COMMISSION, Role.WRITER):
        assert "GEO-1" in house.page(role, "/bank/my-work")
    assert "19.05.2026" in house.page(Role.REVIEWER, "/bank/my-work")
    assert "GEO-1" not in house.page(Role.EDITOR, "/bank/my-work")
    house.platform.clock.advance(8 * 86_400)  # type: ignore[attr-defined]
    assert "overdue" in house.page(Role.REVIEWER, "/bank/my-work")


def test_my_work_holds_no_word_of_any_text(house: House) -> None:
    house.handed_in()
    for role in house.people:
        text = house.page(role, "/bank/my-work")
        assert "Stem of" not in text
        assert "wrong1" not in text


def test_an_item_is_begun_in_two_steps(house: House) -> None:
    client = house.client(Role.WRITER)
    assert "subject=geography" in client.get("/bank/manuscripts/new").text
    assert "North" in client.get("/bank/manuscripts/new?subject=geography").text
    chosen = {"subject": "geography", "area": "north", "tier": "basic", "type": "choice", "languages": ["ky", "ru"]}
    refused = client.post("/bank/manuscripts/new", data=chosen)
    assert refused.status_code == 422
    assert 'href="#origin"' in refused.text
    begun = client.post("/bank/manuscripts/new", data={**chosen, "origin": "ky"})
    assert begun.status_code == 303
    assert "GEO-0" in house.page(Role.WRITER, "/bank/my-work")


def test_the_navigation_offers_only_what_may_be_opened(house: House) -> None:
    assert "Overview" not in house.page(Role.WRITER, "/bank/my-work")
    page = house.page(Role.COMMISSION, "/bank/my-work")
    assert "Overview" in page
    assert 'href="/bank/my-work" aria-current="page"' in page
