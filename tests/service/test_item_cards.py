"""Item cards on paper: what they say, whose copy it is, and that each printing is known."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from itembank import add_item
from itembank.authoring.models import Manuscript
from itembank.inventory import cards, queries
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories import accounts
from tests.factories import itembank as factory

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def ids(platform: Platform) -> list[int]:
    """Manuscripts of three items of the bank."""
    with open_work(platform, SYSTEM) as work:
        for n in (1, 2, 3):
            add_item(work, factory.new_item(f"GEO-{n}", family="rivers"))
        return list(work.db.scalars(select(Manuscript.id).order_by(Manuscript.id)))


@pytest.fixture
def client(client_as: ClientAs, platform: Platform) -> FlaskClient:
    """A member of the commission, in English."""
    with open_work(platform, SYSTEM) as work:
        member = accounts.a_staff_member(work, Role.COMMISSION)
    browser = client_as(Role.COMMISSION, id=member)
    browser.set_cookie("synak_lang", "en")
    return browser


def printed(client: FlaskClient, data: dict[str, object], query: str = "") -> list[str]:
    """The text of each page."""
    reply = client.post(f"/bank/cards{query}", data=data)
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(reply.data)).pages]


def lines(platform: Platform, act: str) -> list[JournalEntry]:
    with platform.database.reading() as db:
        return list(db.scalars(select(JournalEntry).where(JournalEntry.act == act).order_by(JournalEntry.seq)))


def test_each_item_has_a_page_and_none_says_what_it_asks(client: FlaskClient, ids: list[int]) -> None:
    pages = printed(client, {"id": ids[:2]})
    assert [re.findall(r"GEO-\d", page)[0] for page in pages] == ["GEO-1", "GEO-2"]
    assert all("Approved for tests" in page and "rivers" in page for page in pages)
    assert not any("Stem of" in page or "wrong1" in page for page in pages)


def test_a_card_is_marked_and_each_item_on_it_has_its_line(
    client: FlaskClient, platform: Platform, ids: list[int]
) -> None:
    [page] = printed(client, {"name": "GEO-3"})
    [line] = lines(platform, "card_printed")
    assert line.subject == "item:GEO-3"
    assert "".join(page.split()).count(json.loads(line.facts)["mark"]) > 20
    printed(client, {"id": ids})
    assert [each.subject for each in lines(platform, "card_printed")][1:] == ["item:GEO-1", "item:GEO-2", "item:GEO-3"]


def test_a_card_is_known_by_its_digest(client: FlaskClient, client_as: ClientAs, ids: list[int]) -> None:
    [page] = printed(client, {"name": "GEO-1"})
    digest = re.search(r"Digest of this paper: ([0-9a-f]{16})", page)
    assert digest
    checker = client_as(Role.PROCTOR)
    checker.set_cookie("synak_lang", "en")
    shown = checker.get(f"/papers?digest={digest[1]}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "Item cards" in shown
    assert "GEO-1" not in shown  # who checks a paper learns no more than that it is one


def test_all_that_answer_are_printed(
    client: FlaskClient, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    assert len(printed(client, {"whole": "yes"}, "?subject=geography")) == 3


@pytest.mark.parametrize("data", [{}, {"id": ["x"]}, {"whole": "yes"}])
def test_too_few_or_too_many_are_refused(
    client: FlaskClient, platform: Platform, ids: list[int], monkeypatch: pytest.MonkeyPatch, data: dict[str, object]
) -> None:
    monkeypatch.setattr(cards, "MOST", 2)
    reply = client.post("/bank/cards", data=data, headers={"Accept": "text/html"})
    assert reply.status_code == 422
    assert "2 items" in reply.get_data(as_text=True)
    assert lines(platform, "card_printed") == []


def test_there_is_no_card_of_no_item(client: FlaskClient, platform: Platform) -> None:
    assert client.post("/bank/cards", data={"name": "GEO-9"}).status_code == 404
    assert lines(platform, "card_printed") == []
