"""Whose results: no route shows an office another's rows by any parameter, nor who wrote it to anybody who judges."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, open_work
from server.delivery.queries import work_code_of
from server.jobs.migrate import migrate
from tests.conftest import MASTER, SECRET, START
from tests.factories.accounts import PIN
from tests.web.conftest import HTML, JSON
from tests.web.marked_results import Country, a_country

ClientAs = Callable[..., FlaskClient]
JUDGES = (
    "marker 0",
    "member 0",
    "member 2",
    "member 5",
    "no member",
)  # the secretary, and one who stands aside


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    """Committed to a file of its own, and asked by every test of this module."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('results') / 'results.db'}")
    migrate(database)
    clock = FrozenClock(START)
    yield a_country(Platform(database, clock, Vault(MASTER, SECRET)), clock)
    database.close()


@pytest.fixture
def platform(country: Country) -> Platform:
    """The application stands on the marked results."""
    return country.platform


def as_actor(client_as: ClientAs, actor: Actor) -> FlaskClient:
    client = client_as(*actor.roles, id=actor.id, organisation_id=actor.organisation_id, lease=actor.lease)
    client.environ_base["HTTP_ACCEPT"] = HTML
    client.set_cookie("synak_lang", "ky")
    return client


def addresses(app: Flask, country: Country, method: str) -> Iterator[tuple[str, list[str]]]:
    """Every route of a method, with its paths of all the ids there are."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if method in (rule.methods or set()):
            yield rule.endpoint, sorted(_paths(rule.rule, country))


def _paths(rule: str, country: Country) -> Iterator[str]:
    path = rule.replace("<path:filename>", "synak.svg").replace("<kind>", "attendance")
    path = path.replace("<name>", "0" * 64).replace("<act>", "0" * 32)
    names = re.findall(r"<int:(\w+)>", path)
    for ids in product(*(country.ids.get(each, [1, 2]) for each in names)):
        one = path
        for name, id_ in zip(names, ids, strict=True):
            one = one.replace(f"<int:{name}>", str(id_))
        yield from {one.replace("<ref>", ref) for ref in country.refs}


def text_of(reply: TestResponse) -> str:
    """All that came back, in small letters: headers, page, what stands on a paper, in a workbook, in an archive."""
    return f"{reply.headers}\n{said(reply.get_data())}".casefold()


def said(data: bytes) -> str:
    if data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF"):  # the papers of cases are no true ones
        reader = PdfReader(io.BytesIO(data))
        return f"{reader.metadata}\n" + "\n".join(page.extract_text() for page in reader.pages)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{name}\n{said(archive.read(name))}" for name in archive.namelist())
    return data.decode("utf-8", "replace")


def told(
    app: Flask, country: Country, client: FlaskClient, words: set[str], method: str = "GET", **sent: Any
) -> tuple[dict[str, list[str]], set[str]]:
    """The endpoints that tell that reader one of the words, with the addresses; and those that let them in."""
    found: dict[str, list[str]] = {}
    entered: set[str] = set()
    for endpoint, paths in addresses(app, country, method):
        for path in paths:
            reply = client.open(path, method=method, buffered=True, **sent)
            assert reply.status_code < 500, (path, reply.text)
            told = text_of(reply)
            if seen := sorted(each for each in words if each in told):
                found.setdefault(endpoint, []).append(f"{path}: {seen}")
            if reply.status_code in (401, 403) and "next=" not in reply.headers.get("Location", ""):
                if "role does not allow" in told or "ролуңуз" in told:
                    break  # whatever is asked for there, they are refused
            elif reply.status_code == 200:
                entered.add(endpoint)
    return found, entered


def typed(country: Country, side: str) -> dict[str, object]:
    """What somebody who looks for people of that side would put into the address or a form, of every name there is."""
    other = country.sides[side]
    number, name = min(each for each in other.numbers if each.startswith("26-"))[:-3], other.mark[:5]
    return {
        "q": name, "name": name, "number": number, "registration_no": number, "numbers": number, "code": number,
        "person": name, "school": other.places["school"], "department": other.places["department"],
        "centre": other.places["centre"], "organisation": other.places["department"], "session": other.sessions,
        "case": country.ids["case_id"], "case_id": country.ids["case_id"][0], "subject": "history", "page": 1,
        "replay": 1, "lang": "ru", "language": "ru", "staff_id": other.people["department"].id, "kind": "exemption",
    }  # fmt: skip


def test_a_reader_who_may_finds_every_mark(app: Flask, country: Country, client_as: ClientAs) -> None:
    """What is looked for below is there, and is found by the same search."""
    office = as_actor(client_as, country.people["ntc"])
    for path in (
        "/office/sittings/1/results.xlsx",
        "/office/lists/1/paper",
        "/office/cases/1",
        "/office/lists/1",
    ):
        reply = office.get(path)
        assert reply.status_code == 200, path
        assert "айтберген" in text_of(reply), path
    department = as_actor(client_as, country.sides["north"].people["department"])
    archive = department.get(f"/office/statements/batches/{country.ids['batch_id'][0]}")
    assert "айтберген" in text_of(archive)


@pytest.mark.parametrize("who", JUDGES)
def test_cs_14_2_who_judges_is_told_nowhere_whose_work_it_is(
    app: Flask, country: Country, client_as: ClientAs, who: str
) -> None:
    client = as_actor(client_as, country.people[who])
    found, entered = told(app, country, client, country.words(), query_string=typed(country, "north"))
    assert found == {}
    wanted = {"marker 0": {"marking.sheet"}, "no member": {"appeals.overview"}}
    assert (
        wanted.get(who, {"appeals.hearing", "casefile.task", "appeals.case", "appeals.protocol"}) <= entered
    )


@pytest.mark.parametrize("who", ["department", "school", "centre", "candidate"])
def test_cs_5_one_side_is_told_nothing_of_the_other_whatever_it_asks(
    app: Flask, country: Country, client_as: ClientAs, who: str
) -> None:
    side = country.sides["south"]
    candidate = Actor(frozenset({Role.CANDIDATE}), side.sessions[0], lease=country.lease(side.sessions[0]))
    client = as_actor(client_as, side.people.get(who, candidate))
    entered: set[str] = set()
    for asked in ({}, typed(country, "north")):
        found, seen = told(app, country, client, country.words("north"), query_string=asked)
        assert found == {}, asked
        entered |= seen
    wanted = {
        "department": {"lists.page", "lists.paper", "statements.archive", "cases.paper", "analysis.as_workbook",
                       "appeals_office.overview", "outcome.as_paper", "statements.paper", "additional.show"},
        "school": {"lists.page", "lists.notices", "score.paper_of_candidate", "statements.final", "analysis.as_table"},
        "centre": {"candidates.lists"},
        "candidate": {"lists.own_extract", "statements.own", "score.own_paper", "own_appeals.page"},
    }  # fmt: skip
    assert wanted[who] <= entered


@pytest.mark.parametrize("who", ["department", "school", "centre", "member 2", "marker 0"])
def test_what_is_sent_for_others_is_answered_without_a_word_of_them(
    app: Flask, country: Country, client_as: ClientAs, who: str
) -> None:
    """Refusals and the pages that come back with them say nothing either."""
    side = country.sides["south"]
    actor = side.people[who] if who in side.people else country.people[who]
    words = country.words("north") if who in side.people else country.words()
    found, _entered = told(
        app, country, as_actor(client_as, actor), words, "POST", data=typed(country, "north")
    )
    assert found == {}


@pytest.mark.parametrize("who", ["department", "school"])
def test_how_far_a_task_of_the_whole_country_is_and_its_end_are_no_part_of_it(
    country: Country, client_as: ClientAs, who: str
) -> None:
    client = as_actor(client_as, country.sides["south"].people[who])
    own = country.private_tasks(country.sides["south"].people[who]) & {*country.ids["task_id"]}
    for task_id in country.ids["task_id"]:
        expected = 200 if task_id in own else 404
        assert client.get(f"/tasks/{task_id}").status_code == expected, task_id
        assert client.post(f"/tasks/{task_id}/stop").status_code in (
            {404} if expected == 404 else {303, 409}
        ), task_id
    assert len(own) == (who == "department")
    ntc = as_actor(client_as, country.people["ntc"])
    assert {ntc.get(f"/tasks/{task_id}").status_code for task_id in country.ids["task_id"]} == {200, 404}


ABSENT = 2**31 - 7


@pytest.mark.parametrize("who", ["department", "school"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_id_of_the_other_side_is_answered_as_one_that_is_not_there(
    app: Flask, country: Country, client_as: ClientAs, who: str, method: str
) -> None:
    """Neither status nor text tells that there is such a candidate, case, statement, finding or task."""
    client = as_actor(client_as, country.sides["south"].people[who])
    client.environ_base["HTTP_ACCEPT"] = JSON
    theirs, told, asked = country.of_the_north(), {}, 0
    for rule in app.url_map.iter_rules():
        names = re.findall(r"<int:(\w+)>", rule.rule)
        if method not in (rule.methods or set()) or names not in [[each] for each in theirs]:
            continue
        replies = []
        for id_ in (theirs[names[0]], ABSENT):
            path = rule.rule.replace(f"<int:{names[0]}>", str(id_))
            reply = client.open(
                path, method=method, data={"pin": PIN, "reason": "No longer true", "how": "by phone"}
            )
            replies.append((reply.status_code, reply.text))
        asked += 1
        if replies[0] != replies[1]:
            told[rule.rule] = replies
    assert told == {}
    assert asked > 10


def test_cs_14_2_a_code_of_the_other_side_is_answered_as_one_that_nobody_has(
    country: Country, client_as: ClientAs
) -> None:
    with open_work(country.platform, SYSTEM) as work:
        code = work_code_of(work, country.sides["north"].sessions[0])
    form = {"reason": "A complaint of the parents"}
    south = as_actor(client_as, country.sides["south"].people["department"])
    page = "/office/sittings/1/decode"
    replies = [south.post(page, data={**form, "code": each}) for each in (code, "W-0000-0000")]
    assert [each.status_code for each in replies] == [422, 422]
    assert replies[0].text.replace(code, "W-0000-0000") == replies[1].text
    north = as_actor(client_as, country.sides["north"].people["department"])
    assert north.post(page, data={**form, "code": code}).status_code == 303


def test_a_number_that_no_department_has_prints_an_empty_list(country: Country, client_as: ClientAs) -> None:
    office = as_actor(client_as, country.people["ntc"])
    for number in ("9" * 30, "-1", "x", str(ABSENT)):
        assert office.get(f"/office/lists/1/paper?department={number}").status_code in (200, 404), number
