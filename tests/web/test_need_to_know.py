"""Nobody outside the need-to-know reads a word of an item: no route, error, log line, event, journal line or row."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from itembank import add_item
from itembank.authoring import access, reviewing, service
from itembank.authoring.models import Manuscript, Review
from itembank.exports import service as exports
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from itembank.withdrawals import service as withdrawals
from server.core.journal import JournalEntry
from server.core.roles import STAFF_ROLES, SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.web.all_models import metadata
from tests.factories import accounts
from tests.factories import itembank as bank
from tests.unit.test_sound import wav
from tests.web.conftest import HTML, JSON

ClientAs = Callable[..., FlaskClient]
MARK = "qamchybel"  # in every word of every part of the items below, and nowhere else
PICTURE = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{MARK}</text></svg>'.encode()
PARTS = (
    "stem", "option", "wrong", "passage", "alternative", "description", "title", "transcript", "rubric", "accepted",
    "comment", "reason",
)  # fmt: skip


@dataclass
class Bank:
    platform: Platform
    place: int
    author: int
    reader: int
    manuscript_id: int
    ids: dict[str, list[int]]
    codes: tuple[str, ...]


def word(part: str) -> str:
    assert part in PARTS
    return f"{MARK}{part}"


def marked(code: str, **changes: Any) -> NewItem:
    """A choice whose stem, options, passage, picture and recording all bear the mark."""
    figure = NewFigure(PICTURE, word("alternative"), word("description"))
    sound = NewRecording(wav(), word("title"), word("transcript"), 2)
    one = NewText(
        f"{word('stem')}?\n\n![map]", (word("option"), word("wrong")), passage=word("passage"), figures={"map": figure},
        recording=sound,
    )  # fmt: skip
    return bank.new_item(code, texts={"ky": one, "ru": one}, passage="text", **changes)


def plain(code: str, kind: str) -> NewItem:
    """A short answer or a written task with the mark where its key is."""
    text = NewText(word("stem"), accepted=(word("accepted"),))
    if kind == "extended_text":
        text = NewText(word("stem"), rubric=word("rubric"))
    return bank.new_item(code, type=kind, texts={"ky": text, "ru": text})


@pytest.fixture
def seeded(platform: Platform) -> Bank:
    """Frozen items, one that is being read, with a comment, and one that came back with a reason."""
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        author, reader = (accounts.a_staff_member(work, r, organisation_id=place) for r in (Role.WRITER, Role.REVIEWER))
        versions = [add_item(work, new) for new in (
            marked("GEO-1"), plain("GEO-2", "text_entry"), plain("GEO-3", "extended_text"))]  # fmt: skip
        bank.published_pool(work)
        exports.ask(replace(work, actor=_actor(Role.COMMISSION, reader, place)), ["GEO-1"], "qti", "a booklet")
        withdrawals.withdraw(work, ["GEO-2"], "a picture", leaked_at=None, is_in_running=True)
    made = []
    for code in ("GEO-4", "GEO-5"):
        with open_work(platform, _actor(Role.WRITER, author, place)) as work:
            id_ = service.begin(work, marked(code), "ky")
            service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
            made.append(id_)
    with open_work(platform, _actor(Role.REVIEWER, reader, place)) as work:
        first, second = work.db.execute(select(Review).order_by(Review.id)).scalars().all()
        access.opened(work, made[0])
        reviewing.comment(work, made[0], "ky.options.1", word("comment"))
        reviewing.pass_review(work, first.id, first.revision)
        reviewing.return_review(work, second.id, second.revision, word("reason"))
    ids = {"item_version_id": versions, "manuscript_id": made}
    return Bank(platform, place, author, reader, made[0], ids, ("GEO-1", "GEO-4"))


def _actor(role: Role, id_: int, place: int) -> Actor:
    return Actor(frozenset({role}), id_, "x", place)


def readers(seeded: Bank) -> Iterator[tuple[Role, int]]:
    """Everybody who has nothing to do with the items: each role, and who had to do with one and has no more."""
    with open_work(seeded.platform, SYSTEM) as work:
        for role in sorted(STAFF_ROLES):
            yield role, accounts.a_staff_member(work, role, organisation_id=seeded.place)
    yield Role.REVIEWER, seeded.reader
    yield Role.PUBLIC, 0
    yield Role.CANDIDATE, 999_999
    yield Role.OBSERVER, 999_999


def addresses(app: Flask, seeded: Bank) -> Iterator[tuple[str, str, str]]:
    """Every route with true ids: (method, rule, path)."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for path in sorted(set(_paths(rule.rule, seeded))):
                yield method, rule.rule, path


def _paths(rule: str, seeded: Bank) -> Iterator[str]:
    rule = rule.replace("<path:filename>", "synak.svg").replace("<kind>", "attendance")
    for code in seeded.codes if "<name>" in rule else ("",):
        for at in range(3):
            ids = re.compile(r"<int:(\w+)>")
            named = {name: str([*seeded.ids.get(name, []), 1, 2, 3][at]) for name in ids.findall(rule)}
            yield ids.sub(partial(_id_in, named), rule.replace("<name>", code))


def _id_in(named: Mapping[str, str], found: re.Match[str]) -> str:
    return named[found[1]]


def reads(reply: TestResponse) -> bool:
    return MARK in reply.get_data().decode("utf-8", "replace").casefold()


def test_nobody_else_reads_a_word_by_any_route(
    app: Flask, seeded: Bank, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = 0
    every = list(addresses(app, seeded))
    for role, id_ in readers(seeded):
        client = client_as(*([role] if role is not Role.PUBLIC else []), id=id_ or None, organisation_id=seeded.place)
        for method, rule, path in every:
            body = {} if method == "GET" else {"json": {}}
            asked += 1
            accept = {"Accept": (HTML, JSON)[asked % 2]}
            reply = client.open(path, method=method, headers=accept, buffered=True, **body)
            assert not reads(reply), (role, method, path)
            if not rule.startswith("/static"):
                assert reply.headers["Cache-Control"] == "no-store", (role, method, path)
    assert asked > 5000
    assert MARK not in caplog.text.casefold()
    assert found_in_clear(seeded.platform) == []





def test_the_walk_would_find_a_word(app: Flask, seeded: Bank, client_as: ClientAs) -> None:
    """Its author reads the manuscript at one of the addresses that the walk knows."""
    client = client_as(Role.WRITER, id=seeded.author, organisation_id=seeded.place)
    gets = [path for method, _rule, path in addresses(app, seeded) if method == "GET"]
    seen = [path for path in gets if reads(client.get(path, buffered=True))]
    assert f"/bank/manuscripts/{seeded.manuscript_id}/text" in seen
    with seeded.platform.database.reading() as db:
        opened = db.execute(select(JournalEntry.actor).where(JournalEntry.act == "item_opened")).scalars().all()
    assert f"staff:{seeded.author}" in opened
    for path in seen:
        assert client.get(path, buffered=True).headers["Cache-Control"] == "no-store", path


def test_what_is_refused_to_its_author_leaves_no_word_behind(
    seeded: Bank, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_as(Role.WRITER, id=seeded.author, organisation_id=seeded.place)
    path = f"/bank/manuscripts/{seeded.ids['manuscript_id'][1]}"
    text = client.get(path + "/text").get_json()
    for broken in ({**text, "item": {"stem": f"$\\{MARK}{{$"}}, {"item": MARK}, {"revision": MARK}, [MARK]):
        assert client.post(path + "/text", json=broken).status_code < 500
    assert client.post(path + "/formula", json={"source": f"\\{MARK}{{"}).status_code < 500
    assert MARK not in caplog.text.casefold()
    assert found_in_clear(seeded.platform) == []


def found_in_clear(platform: Platform) -> list[str]:
    """The columns of any table in which the mark can be read: journal and outbox are two of them."""
    found = []
    with open_work(platform, SYSTEM) as work:
        work.db.flush()
        for table in metadata.sorted_tables:
            for row in work.db.execute(select(table)).mappings():
                found += [f"{table.name}.{name}" for name, value in row.items() if MARK in said(value)]
    return found


def said(value: object) -> str:
    """A value of a column as somebody with the file could read it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").casefold()
    return json.dumps(value, ensure_ascii=False, default=str).casefold()


def test_the_search_in_the_tables_would_find_a_word(work: Work) -> None:
    work.record("tested", "thing:1", note=MARK.upper())
    work.close()
    work.db.flush()
    rows = work.db.execute(select(JournalEntry.facts)).scalars()
    assert any(MARK in said(facts) for facts in rows)
    assert MARK in said(b"\xff" + MARK.encode())
    assert MARK not in said(b"\xff")
