"""Nobody outside the need-to-know reads a word of an item: no route, error, log line, event, row or byte of a file."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from itembank.authoring import service
from itembank.demonstration.sources import SUBJECTS, source_of
from itembank.items.parts import NewText
from server.core.clock import FrozenClock, SystemClock
from server.core.db import Database
from server.core.events import Topic
from server.core.journal import JournalEntry
from server.core.roles import STAFF_ROLES, SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.edge.sockets import make_ticket
from server.jobs.migrate import migrate
from server.web import realtime
from server.web.all_models import metadata
from server.web.relay import Relay
from tests.conftest import MASTER, SECRET, START
from tests.factories import accounts
from tests.factories import itembank as factory
from tests.web.conftest import HTML, JSON
from tests.web.marked_bank import MARK, Bank, a_marked_bank, asked, word
from tests.web.need_to_know_routes import QUIET, SHOWS

ClientAs = Callable[..., FlaskClient]
ROOT = Path(__file__).resolve().parents[2]
TYPED = "karagattuk"  # what is typed into every field there is: it stands in no log line and no error of another
OURS = ("reader", "officer", "analyst", "proctor", "manager")  # had to do with items, and read none of them


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("need-to-know")


@pytest.fixture(scope="module")
def seeded(folder: Path) -> Iterator[Bank]:
    """The marked bank in a file of its own, committed: what is searched as bytes is what was written."""
    database = Database(f"sqlite:///{folder / 'bank.db'}")
    migrate(database)
    clock = FrozenClock(START)
    yield a_marked_bank(Platform(database, clock, Vault(MASTER, SECRET)), clock)
    database.close()


@pytest.fixture
def platform(seeded: Bank) -> Platform:
    """The application stands on the marked bank."""
    return seeded.platform


def strangers(seeded: Bank) -> Iterator[tuple[str, Actor]]:
    """Everybody who is to read nothing: each role, and who had to do with an item and has no more."""
    with open_work(seeded.platform, SYSTEM) as work:
        ids = {role: accounts.a_staff_member(work, role, organisation_id=seeded.place) for role in sorted(STAFF_ROLES)}
    for role, id_ in ids.items():
        yield role.value, Actor(frozenset({role}), id_, "stranger", seeded.place)
    for name in OURS:
        yield name, seeded.insiders[name]
    yield "public", Actor(frozenset({Role.PUBLIC}))
    yield "candidate", Actor(frozenset({Role.CANDIDATE}), seeded.ids["session_id"][1], "candidate")
    yield "observer", Actor(frozenset({Role.OBSERVER}), 999_999, "observer")


def as_actor(client_as: ClientAs, actor: Actor) -> FlaskClient:
    roles = actor.roles - {Role.PUBLIC}
    return client_as(*roles, id=actor.id, organisation_id=actor.organisation_id, lease=actor.lease)


def addresses(app: Flask, seeded: Bank) -> Iterator[tuple[str, str, list[str]]]:
    """Every route as (endpoint, method), with its paths of true ids."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, method, sorted(set(_paths(rule.rule, seeded)))


def _paths(rule: str, seeded: Bank) -> Iterator[str]:
    name = "file" if "/files/" in rule else "media" if "/media/" in rule else "code"
    rule = rule.replace("<path:filename>", "synak.svg").replace("<kind>", "attendance")
    rule = rule.replace("<name>", seeded.names[name])
    for at in range(4):
        ids = re.compile(r"<int:(\w+)>")
        named = {each: str([*seeded.ids.get(each, []), 1, 2, 3, 4][at]) for each in ids.findall(rule)}
        yield ids.sub(partial(_id_in, named), rule)


def _id_in(named: Mapping[str, str], found: re.Match[str]) -> str:
    return named[found[1]]


def fields() -> frozenset[str]:
    """The name of every field of every form and of every payload there is."""
    pages = "".join(path.read_text() for path in ROOT.glob("*/**/templates/**/*.html"))
    payloads = (ROOT / "client_web/src/common/wire.ts").read_text()
    return frozenset(re.findall(r'name="([\w-]+)"', pages) + re.findall(r"^\s+(\w+)\??:", payloads, re.MULTILINE))


def reads(reply: TestResponse) -> bool:
    """The mark is in what came back: also packed in an archive; the minutes, a paper, are known by their name."""
    data = reply.get_data()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    is_minutes = data.startswith(b"%PDF") and reply.request.path.startswith("/bank/commission")
    return is_minutes or MARK in data.decode("utf-8", "replace").casefold()


def check(reply: TestResponse, path: str) -> None:
    """It is an answer, nothing but static files is kept by anybody on the way, and no header names a word."""
    assert reply.status_code < 500, (path, reply.text)
    if not path.startswith("/static"):
        assert reply.headers["Cache-Control"] == "no-store", path
        assert not {"ETag", "Last-Modified"} & set(reply.headers.keys()), path
    assert MARK not in str(reply.headers).casefold(), path


def test_every_route_is_known_to_show_content_or_none(app: Flask) -> None:
    there = {f"{rule.endpoint} {method}" for rule in app.url_map.iter_rules()
             for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}}
    assert (there - QUIET - set(SHOWS), (QUIET | set(SHOWS)) - there, QUIET & set(SHOWS)) == (set(), set(), set())


def test_nobody_else_reads_a_word_by_any_route(
    app: Flask, seeded: Bank, folder: Path, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    n_asked, typed = 0, dict.fromkeys(sorted(fields()), TYPED)
    every = list(addresses(app, seeded))
    for who, actor in strangers(seeded):
        client = as_actor(client_as, actor)
        for _endpoint, method, paths in every:
            for path in paths:
                bodies: list[dict[str, Any]] = [{"data": typed}, {"json": typed}]
                for body in bodies if method == "POST" else [{}]:
                    n_asked += 1
                    accept = {"Accept": (HTML, JSON)[n_asked % 2]}
                    reply = client.open(path, method=method, headers=accept, buffered=True, **body)
                    assert not reads(reply), (who, method, path)
                    check(reply, path)
                    if reply.status_code in (401, 403):
                        break
                if reply.status_code in (401, 403):  # its role was refused: other ids would change nothing
                    break
    assert n_asked > 5000
    assert [line for line in caplog.text.casefold().splitlines() if MARK in line or TYPED in line] == []
    assert found_in_clear(seeded.platform) == found_in_bytes(folder) == []


def test_who_has_to_do_with_an_item_reads_it_where_the_table_says(
    app: Flask, seeded: Bank, folder: Path, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: dict[str, set[str]] = {}
    for who in ("author", "editor", "chair", "asker", "candidate"):
        client = as_actor(client_as, seeded.insiders[who])
        for endpoint, method, paths in addresses(app, seeded):
            for path in paths if method == "GET" else []:
                reply = client.get(path, buffered=True)
                check(reply, path)
                if reads(reply):
                    seen.setdefault(f"{endpoint} GET", set()).add(who)
        for route, path, body in sent_by(who, seeded, client):
            reply = client.post(path, json=body)
            check(reply, path)
            if reads(reply):
                seen.setdefault(route, set()).add(who)
    assert seen == SHOWS
    with seeded.platform.database.reading() as db:
        opened = db.execute(select(JournalEntry.actor).where(JournalEntry.act == "item_opened")).scalars().all()
    assert {f"staff:{seeded.insiders[who].id}" for who in ("author", "editor", "chair")} <= set(opened)
    assert MARK not in caplog.text.casefold()
    assert found_in_clear(seeded.platform) == found_in_bytes(folder) == []


def sent_by(who: str, seeded: Bank, client: FlaskClient) -> Iterator[tuple[str, str, Any]]:
    """What must be sent to see something: (route, path, body)."""
    if who == "author":
        path = f"/bank/manuscripts/{seeded.manuscript_id}"
        text = client.get(path + "/text").get_json()
        yield "manuscripts.look POST", path + "/look", {"item": text["item"], "language": "ky"}
    elif who == "asker":
        yield "exports.take POST", f"/bank/export/{seeded.ids['request_id'][0]}/file", {}


def test_what_is_refused_to_its_author_leaves_no_word_behind(
    seeded: Bank, folder: Path, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = as_actor(client_as, seeded.insiders["author"])
    path = f"/bank/manuscripts/{seeded.ids['manuscript_id'][1]}"
    text = client.get(path + "/text").get_json()
    for broken in ({**text, "item": {"stem": f"$\\{MARK}{{$"}}, {"item": MARK}, {"revision": MARK}, [MARK]):
        assert client.post(path + "/text", json=broken).status_code < 500
    assert client.post(path + "/formula", json={"source": f"\\{MARK}{{"}).status_code < 500
    for data in (f"<svg>{MARK}</svg>", f"RIFF{MARK}", MARK):
        assert client.post(path + "/files", data=data.encode()).status_code == 422
    recipe = f"/bank/recipes/{seeded.ids['recipe_id'][0]}"
    assert client.post(recipe, data=dict.fromkeys(fields(), MARK)).status_code < 500
    assert MARK not in caplog.text.casefold()
    assert found_in_clear(seeded.platform) == found_in_bytes(folder) == []


def test_a_draft_like_another_writers_item_is_told_neither_its_code_nor_a_word_of_it(
    seeded: Bank, client_as: ClientAs
) -> None:
    """Whoever guesses the beginning of an item learns at most that something alike is there."""
    with open_work(seeded.platform, SYSTEM) as work:
        id_ = accounts.a_staff_member(work, Role.WRITER, organisation_id=seeded.place)
    with open_work(seeded.platform, Actor(frozenset({Role.WRITER}), id_, "x", seeded.place)) as work:
        guessed = NewText(asked("GEO-1"), (word("option"), "another"))
        manuscript_id = service.begin(work, factory.new_item("NEAR-1", texts={"ky": guessed, "ru": guessed}), "ky")
    client = as_actor(client_as, Actor(frozenset({Role.WRITER}), id_, "x", seeded.place))
    path = f"/bank/manuscripts/{manuscript_id}"
    item = client.get(path + "/text").get_json()["item"]
    looks = client.post(path + "/look", json={"item": item, "language": "ky"})
    assert looks.status_code == 200, looks.text
    assert "near_duplicate" not in [each["code"] for each in looks.get_json()["remarks"]]  # it would name the item
    told = looks.text.casefold().replace(word("stem"), "").replace(word("option"), "")
    assert MARK not in told


def test_no_socket_of_any_role_hears_a_word(app: Flask, seeded: Bank) -> None:
    """All that was ever published is sent again, to clients of every role on every topic that they can name."""
    io, now = app.extensions["socketio"], SystemClock().now()
    with open_work(seeded.platform, SYSTEM) as work:
        topics = set(work.db.scalars(select(Topic.name))) | {
            f"{kind}:{id_}" for kind in ("room", "watch", "item", "manuscript", "task", "bank", "sitting", "session")
            for id_ in (1, 2)}  # fmt: skip
    listening = []
    for path in (each.PATH for each in realtime.NAMESPACES):
        for role in sorted({*Role}):
            for topic in sorted(topics):
                auth = {"ticket": make_ticket(seeded.platform.vault, topic, role, now)}
                client = io.test_client(app, namespace=path, auth=auth)
                if client.is_connected(path):
                    listening.append((client, path))

    def emit(message: str, topic: str, body: dict[str, Any]) -> None:
        io.emit(message, body, to=topic, namespace=realtime.path_of(topic))

    Relay(seeded.platform, realtime.Line(emit, lambda: topics)).run()
    heard = [json.dumps(client.get_received(path), ensure_ascii=False).casefold() for client, path in listening]
    assert sum("events" in each for each in heard) > 0, "somebody does hear of the room"
    assert [each for each in heard if MARK in each] == []


def test_what_is_built_for_browsers_holds_no_item() -> None:
    """The static files are for everybody: no sentence of the demonstration bank, with which all of us try things."""
    kept = "".join(path.read_bytes().decode("utf-8", "replace") for path in (ROOT / "server/web/static").rglob("*.*")
                   if path.suffix in {".js", ".css", ".json", ".svg", ".html", ".map"})  # fmt: skip
    assert len(kept) > 100_000
    stems = {text.stem for subject in SUBJECTS for item in source_of(subject).items for text in item.texts.values()}
    assert len(stems) > 500
    assert [stem for stem in stems if stem in kept] == []


def found_in_clear(platform: Platform) -> list[str]:
    """The columns of any table in which the mark can be read: journal, outbox and tasks are three of them."""
    found = set()
    with open_work(platform, SYSTEM) as work:
        for table in metadata.sorted_tables:
            for row in work.db.execute(select(table)).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if MARK in said(value)}
    return sorted(found)


def found_in_bytes(folder: Path) -> list[str]:
    """The files in which the mark stands: the database, what waits to be written into it, its shared memory."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert any(name.endswith("-wal") and len(data) > 0 for name, data in files.items())
    assert START.isoformat()[:10].encode() in b"".join(files.values())
    return [name for name, data in files.items() if MARK.encode() in data.lower()]


def said(value: object) -> str:
    """A value of a column as somebody with the file could read it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").casefold()
    return json.dumps(value, ensure_ascii=False, default=str).casefold()


def test_the_search_in_the_tables_would_find_a_word(work: Work) -> None:
    work.record("tested", "thing:1", note="tested")
    work.close()
    work.db.flush()
    rows = work.db.execute(select(JournalEntry.facts)).scalars()
    assert any("tested" in said(facts) for facts in rows)
    assert MARK in said(b"\xff" + MARK.upper().encode())
    assert MARK not in said(b"\xff")
