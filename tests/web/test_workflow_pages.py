"""The workflow's pages: what waits for whom, and that a page says no more than its reader may know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from itembank.authoring import safe, service
from itembank.authoring.four_eyes import CHECKS
from itembank.authoring.models import Manuscript, Review
from server.core.journal import entries_on
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


def read(house: House, role: Role, id_: int) -> str:
    return house.page(role, f"/bank/manuscripts/{id_}/reading")


def test_a_reader_sees_every_place_and_the_key_and_the_opening_is_on_record(house: House) -> None:
    id_ = house.handed_in()
    text = read(house, Role.REVIEWER, id_)
    assert "Stem of GEO-1 in ky" in text
    assert "wrong3 GEO-1 ru" in text
    assert text.count("govuk-tag--green") == 2  # the key of each language
    with house.platform.database.reading() as db:
        opened = [each for each in entries_on(db, "item:GEO-1") if each.act == "item_opened"]
    assert [each.actor for each in opened] == [f"staff:{house.people[Role.REVIEWER]}"]
    assert opened[0].facts["mark"] in text


@pytest.mark.parametrize("path", ["reading", "differences"])
def test_whom_it_does_not_concern_gets_nothing(house: House, path: str) -> None:
    id_ = house.handed_in()
    for role in (Role.EDITOR, Role.COMMISSION):
        reply = house.client(role).get(f"/bank/manuscripts/{id_}/{path}")
        assert reply.status_code == 404
        assert "Stem of" not in reply.text
    assert house.client(Role.PSYCHOMETRICIAN).get(f"/bank/manuscripts/{id_}/{path}").status_code == 403


def the_review(house: House, id_: int, language: str | None = None) -> tuple[int, int]:
    with house.platform.database.reading() as db:
        query = select(Review).where(Review.manuscript_id == id_, Review.language == language, Review.verdict.is_(None))
        row = db.execute(query).scalar_one()
        return row.id, row.revision


def judge(house: House, role: Role, id_: int, language: str | None = None, **form: object) -> TestResponse:
    review_id, revision = the_review(house, id_, language)
    return house.client(role).post(
        f"/bank/manuscripts/{id_}/reviews/{review_id}", data={"revision": revision, **form}
    )


def test_a_text_passes_only_with_its_whole_list(house: House) -> None:
    id_ = house.handed_in()
    some = judge(house, Role.REVIEWER, id_, verdict="pass", checked=["one_right", "tier"])
    assert some.status_code == 422
    assert 'value="tier" checked' in some.text
    done = judge(house, Role.REVIEWER, id_, verdict="pass", checked=[*CHECKS["content"]])
    assert done.status_code == 303
    for language in ("ky", "ru"):
        read_by_editor = judge(house, Role.EDITOR, id_, language, verdict="pass", checked=[*CHECKS["language"]])
        assert read_by_editor.status_code == 303
    with house.platform.database.reading() as db:
        assert db.get_one(Manuscript, id_).state == "pretest"
        kept = db.execute(select(Review.checked).where(Review.kind == "content")).scalar_one()
    assert kept == list(CHECKS["content"])


def test_a_text_goes_back_with_its_reason(house: House) -> None:
    id_ = house.handed_in()
    assert judge(house, Role.REVIEWER, id_, verdict="return", reason=" ").status_code == 422
    assert judge(house, Role.REVIEWER, id_, verdict="return", reason="Two answers are right").status_code == 303
    assert "returned" in house.page(Role.WRITER, "/bank/my-work")
    assert "Two answers are right" in read(house, Role.WRITER, id_)
    assert house.client(Role.REVIEWER).get(f"/bank/manuscripts/{id_}/reading").status_code == 404


def test_a_verdict_on_a_review_that_changed_is_told_so(house: House) -> None:
    id_ = house.handed_in()
    review_id, revision = the_review(house, id_)
    old = {"revision": revision + 1, "verdict": "pass", "checked": [*CHECKS["content"]]}
    assert house.client(Role.REVIEWER).post(f"/bank/manuscripts/{id_}/reviews/{review_id}", data=old).status_code == 409


def test_comments_stand_at_their_places_and_are_settled(house: House) -> None:
    id_ = house.handed_in()
    path = f"/bank/manuscripts/{id_}/comments"
    first = house.client(Role.REVIEWER).post(path, data={"anchor": "ky.options.2", "body": "<b>Too near</b>"})
    assert first.status_code == 303
    said = int(first.headers["Location"].rsplit("-", 1)[1])
    text = read(house, Role.WRITER, id_)
    assert "&lt;b&gt;Too near&lt;/b&gt;" in text
    assert text.index('id="at-ky.options.2"') < text.index("Too near") < text.index('id="at-ky.options.3"')
    answer = {"answers_id": said, "body": "Changed", "settles": "yes"}
    assert house.client(Role.WRITER).post(path, data=answer).status_code == 303
    assert "settled" in read(house, Role.WRITER, id_)
    assert house.client(Role.EDITOR).post(path, data={"anchor": "", "body": "?"}).status_code == 404


def test_the_commission_names_another_reader_without_a_word_of_the_text(house: House) -> None:
    with open_work(house.platform, SYSTEM) as work:
        other = accounts.a_staff_member(work, Role.REVIEWER, organisation_id=house.place)
    id_ = house.handed_in()
    review_id, revision = the_review(house, id_)
    page = house.page(Role.COMMISSION, "/bank/readings")
    assert "GEO-1" in page
    assert "Stem of" not in page
    client, path = house.client(Role.COMMISSION), f"/bank/readings/{review_id}/assign"
    for wrong in ("12.05.2020", "31.31.2026", "01.01.2030"):
        assert client.post(path, data={"revision": revision, "reviewer": other, "due_on": wrong}).status_code == 422
    assert client.post(path, data={"revision": revision, "reviewer": other, "due_on": "20.05.2026"}).status_code == 303
    with house.platform.database.reading() as db:
        row = db.get_one(Review, review_id)
        assert (row.reviewer_id, row.due_on.isoformat()) == (other, "2026-05-20")


def test_what_was_changed_stands_word_by_word(house: House) -> None:
    id_ = house.handed_in()
    judge(house, Role.REVIEWER, id_, verdict="return", reason="Say it otherwise")
    with open_work(house.platform, house.actor(Role.WRITER)) as work:
        row = work.db.get_one(Manuscript, id_)
        item = safe.open_document(work, row).item
        texts = {**item["texts"], "ky": {**item["texts"]["ky"], "stem": "Core of GEO-1 in ky"}}
        service.save(work, id_, row.revision, {**item, "texts": texts}, ["ru"])
        service.submit(work, id_, row.revision)
    text = house.page(Role.WRITER, f"/bank/manuscripts/{id_}/differences?before=1.1&after=1.2")
    assert "<del>Stem</del><ins>Core</ins> of GEO-1 in ky" in text
    assert "1 place reads otherwise" in text
    assert house.client(Role.WRITER).get(f"/bank/manuscripts/{id_}/differences?before=9.9").status_code == 404


def test_the_page_of_an_item_tells_its_life_and_not_a_word_of_it(house: House) -> None:
    id_ = house.handed_in()
    judge(house, Role.REVIEWER, id_, verdict="pass", checked=[*CHECKS["content"]])
    for role in house.people:
        text = house.page(role, "/bank/items/GEO-1")
        assert "content passed" in text
        assert "Stem of" not in text
        assert "key GEO-1" not in text
        assert ("Read the text" in text) == (role in (Role.WRITER, Role.EDITOR))
    assert house.client(Role.WRITER).get("/bank/items/GEO-99").status_code == 404


def test_figures_are_shown_to_those_who_work_with_them(house: House) -> None:
    with open_work(house.platform, SYSTEM) as work:
        pool_id = factory.published_pool(work, subject="history", prefix="HIS")
    for role in house.people:
        text = house.page(role, "/bank/items/HIS-basic-north-0")
        is_shown = role in (Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY)
        assert ("Difficulty (b)" in text) == is_shown
        assert (f"Pool {pool_id}" in text) == is_shown


def test_the_officer_sees_who_opened_it(house: House) -> None:
    id_ = house.handed_in()
    read(house, Role.REVIEWER, id_)
    text = house.page(Role.SECURITY, "/bank/items/GEO-1")
    assert "Who opened it" in text
    assert "to review it" in text
    assert "Who opened it" not in house.page(Role.COMMISSION, "/bank/items/GEO-1")
