"""The item editor's routes: what each role gets, what stands in the journal, what never leaves the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from itembank.authoring import reviewing, service
from itembank.authoring.models import Manuscript, Review
from server.core.journal import JournalEntry, entries_on
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from tests.factories import accounts
from tests.factories import itembank as factory

ClientAs = Callable[..., FlaskClient]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect x="1" y="1" width="5" height="4"/></svg>'
STEM = "Stem of GEO-1 in ky"


@dataclass
class Desk:
    """One manuscript and the people of its centre."""

    platform: Platform
    client_as: ClientAs
    place: int
    people: dict[str, Actor]
    path: str
    id: int

    def client(self, who: str) -> FlaskClient:
        actor = self.people[who]
        client = self.client_as(*actor.roles, id=actor.id, organisation_id=self.place)
        client.set_cookie("synak_lang", "en")
        return client

    def revision(self) -> int:
        with self.platform.database.reading() as db:
            return db.get_one(Manuscript, self.id).revision

    def submitted(self) -> None:
        reply = self.client("author").post(f"{self.path}/submit", json={"revision": self.revision()})
        assert told(reply)["state"] == "content_review"

    def in_language_review(self) -> None:
        self.submitted()
        with open_work(self.platform, self.people["reviewer"]) as work:
            review = work.db.execute(select(Review)).scalar_one()
            reviewing.pass_review(work, review.id, review.revision)


@pytest.fixture
def desk(platform: Platform, client_as: ClientAs) -> Desk:
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        roles = {"author": Role.WRITER, "stranger": Role.WRITER, "reviewer": Role.REVIEWER, "editor": Role.EDITOR,
                 "commission": Role.COMMISSION}
        people = {
            name: Actor(frozenset({role}), accounts.a_staff_member(work, role, organisation_id=place), name, place)
            for name, role in roles.items()
        }
    with open_work(platform, people["author"]) as work:
        id_ = service.begin(work, factory.new_item("GEO-1"), "ky")
    return Desk(platform, client_as, place, people, f"/bank/manuscripts/{id_}", id_)


def told(reply: TestResponse) -> Any:
    """What the server answered a script."""
    return reply.json


def opened(client: FlaskClient, desk: Desk) -> Any:
    reply = client.get(f"{desk.path}/text")
    assert reply.status_code == 200, reply.text
    return reply.json


def test_the_page_itself_holds_no_word_of_the_text(desk: Desk) -> None:
    page = desk.client("author").get(desk.path)
    assert page.status_code == 200
    assert STEM not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_an_opening_is_marked_and_journalled_and_a_look_is_not_another(desk: Desk) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    assert text["item"]["texts"]["ky"]["stem"] == STEM
    looks = author.post(f"{desk.path}/look", json={"item": text["item"], "language": "ky", "with_key": False})
    assert told(looks)["view"]["stem"][0]["c"] == [STEM]
    assert told(looks)["key"] is None
    with desk.platform.database.reading() as db:
        [entry] = [each for each in entries_on(db, "item:GEO-1") if each.act == "item_opened"]
    assert entry.facts["mark"] == text["mark"]


def test_a_look_at_the_kept_text_without_an_opening_is_one(desk: Desk) -> None:
    desk.submitted()
    reader = desk.client("reviewer")
    for _again in range(2):
        looks = reader.post(f"{desk.path}/look", json={"item": None, "language": "ky", "with_key": True})
        assert told(looks)["view"]["stem"][0]["c"] == [STEM]
    with desk.platform.database.reading() as db:
        acts = [each for each in entries_on(db, "item:GEO-1") if each.act == "item_opened"]
    assert [each.facts["purpose"] for each in acts] == ["review"]


def test_need_to_know_changes_with_the_state(desk: Desk) -> None:
    def status(who: str) -> int:
        return desk.client(who).get(f"{desk.path}/text").status_code

    assert [status(who) for who in ("author", "stranger", "reviewer", "editor", "commission")] == [200] + 4 * [404]
    desk.submitted()
    assert [status(who) for who in ("author", "stranger", "reviewer", "editor")] == [200, 404, 200, 404]


def test_a_refusal_tells_no_word_of_the_text(desk: Desk) -> None:
    for who in ("stranger", "reviewer", "editor", "commission"):
        for path in ("", "/text", f"/files/{'0' * 64}"):
            reply = desk.client(who).get(desk.path + path)
            assert reply.status_code == 404
            assert "GEO-1" not in reply.text


def test_what_is_saved_is_kept_and_an_older_text_overwrites_nothing(desk: Desk) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    item = text["item"]
    item["texts"]["ky"]["stem"] = "Жаңы суроо $x^2$?"
    saved = author.post(f"{desk.path}/text", json={"revision": text["revision"], "item": item, "confirmed": []})
    assert saved.status_code == 200, saved.text
    assert told(saved)["stale"] == ["ru"]
    again = author.post(f"{desk.path}/text", json={"revision": text["revision"], "item": item, "confirmed": []})
    assert (again.status_code, told(again)["error"]["code"]) == (409, "changed_meanwhile")
    assert opened(author, desk)["item"]["texts"]["ky"]["stem"] == "Жаңы суроо $x^2$?"


def test_a_text_of_a_stranger_is_not_saved_even_if_it_is_sound(desk: Desk) -> None:
    item = opened(desk.client("author"), desk)["item"]
    body = {"revision": desk.revision(), "item": item, "confirmed": []}
    assert desk.client("stranger").post(f"{desk.path}/text", json=body).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "essay"}, "item.type"), ({"n_right": 0}, "item.n_right"), ({"extra": 1}, "item.extra"),
        ({"words": [1]}, "item.words"), ({"texts": {"de": {}}}, "item.texts"),
    ],
)  # fmt: skip
def test_what_is_no_text_of_an_item_is_refused_by_its_field(desk: Desk, change: dict[str, Any], field: str) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    body = {"revision": text["revision"], "item": {**text["item"], **change}, "confirmed": []}
    reply = author.post(f"{desk.path}/text", json=body)
    assert reply.status_code == 422
    assert field in told(reply)["error"]["message"]


def test_a_figure_may_only_have_a_name_that_a_text_can_say(desk: Desk) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    figure = {"digest": "0" * 64, "alternative": "x", "description": None}
    text["item"]["texts"]["ky"]["figures"] = {"../map": figure}
    reply = author.post(f"{desk.path}/text", json={"revision": text["revision"], "item": text["item"], "confirmed": []})
    assert reply.status_code == 422


def test_an_editor_saves_their_language_alone_and_may_say_that_it_fits(desk: Desk) -> None:
    desk.in_language_review()
    with open_work(desk.platform, SYSTEM) as work:
        review = work.db.execute(select(Review).where(Review.language == "ky")).scalar_one()
        review.reviewer_id = None
    editor = desk.client("editor")
    text = opened(editor, desk)
    assert (text["writes"], text["may_classify"]) == (["ru"], False)
    text["item"]["texts"]["ru"]["stem"] = "Иначе?"
    body = {"revision": text["revision"], "item": text["item"], "confirmed": ["ru"]}
    saved = editor.post(f"{desk.path}/text", json=body)
    assert saved.status_code == 200, saved.text
    text["item"]["texts"]["ky"]["stem"] = "Башкача?"
    body = {"revision": told(saved)["revision"], "item": text["item"], "confirmed": []}
    assert told(editor.post(f"{desk.path}/text", json=body))["error"]["code"] == "manuscript_language_only"


def test_files_are_checked_kept_and_shown_to_those_it_concerns(desk: Desk) -> None:
    author = desk.client("author")
    kept = author.post(f"{desk.path}/files", data=SVG, content_type="application/octet-stream")
    assert (told(kept)["width"], told(kept)["height"]) == (20, 10)
    path = f"{desk.path}/files/{told(kept)['digest']}"
    shown = author.get(path)
    assert (shown.data, shown.mimetype) == (SVG, "image/svg+xml")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    for data in (SVG.replace(b"<rect", b"<script>alert(1)</script><rect"), b"#!/bin/sh", b"", b"x" * 300_000):
        refused = author.post(f"{desk.path}/files", data=data, content_type="application/octet-stream")
        assert (refused.status_code, told(refused)["error"]["code"]) == (422, "manuscript_file")
    assert desk.client("stranger").get(path).status_code == 404


def test_a_formula_is_drawn_and_said_or_told_what_is_wrong(desk: Desk) -> None:
    author = desk.client("author")
    sound = told(author.post(f"{desk.path}/formula", json={"latex": "x^2", "language": "ru"}))
    assert (sound["content"][0]["t"], sound["spoken"], sound["problem"]) == ("math", "икс в квадрате", None)
    broken = told(author.post(f"{desk.path}/formula", json={"latex": "x^{2", "language": "ru"}))
    assert broken["content"] is None
    assert broken["problem"]


def test_the_author_hands_in_takes_back_and_gives_up(desk: Desk) -> None:
    author = desk.client("author")
    desk.submitted()
    assert opened(author, desk)["writes"] == []
    back = author.post(f"{desk.path}/withdraw", json={"revision": desk.revision()})
    assert told(back)["state"] == "draft"
    assert author.post(f"{desk.path}/abandon", json={"revision": 1, "reason": "x"}).status_code == 409
    gone = author.post(f"{desk.path}/abandon", json={"revision": desk.revision(), "reason": "A twin of GEO-7"})
    assert told(gone)["state"] == "retired"


def test_what_is_not_whole_is_not_handed_in_and_the_refusal_says_what_is_missing(desk: Desk) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    text["item"]["texts"]["ru"]["options"][2] = ""
    author.post(f"{desk.path}/text", json={"revision": text["revision"], "item": text["item"], "confirmed": []})
    reply = author.post(f"{desk.path}/submit", json={"revision": desk.revision()})
    assert (reply.status_code, told(reply)["error"]["code"]) == (422, "item_incomplete")


def test_the_journal_names_what_was_opened_and_nothing_of_what_it_says(desk: Desk) -> None:
    author = desk.client("author")
    text = opened(author, desk)
    author.post(f"{desk.path}/text", json={"revision": text["revision"], "item": text["item"], "confirmed": []})
    desk.submitted()
    with desk.platform.database.reading() as db:
        lines = " ".join(f"{each.subject} {each.facts}" for each in db.execute(select(JournalEntry)).scalars())
    assert "GEO-1" in lines
    assert STEM not in lines
    assert "wrong1" not in lines
