"""Pages of cases: what each office sees and may do, what is kept of it, what is due and overdue."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server import delivery
from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from tests.factories import delivery as tests_of
from tests.factories.accounts import PIN, an_organisation
from tests.factories.cases import PDF, Offices, office, offices_of

ClientAs = Callable[..., FlaskClient]


@dataclass
class World:
    """An absent candidate, the offices above, and somebody of another department."""

    platform: Platform
    number: str
    name: str
    sitting: int
    by: Offices
    abroad: Actor
    client_as: ClientAs

    def as_(self, who: Actor) -> FlaskClient:
        client = self.client_as(Role.OFFICE, id=who.id, organisation_id=who.organisation_id)
        client.set_cookie("synak_lang", "en")
        return client

    def acts(self) -> list[tuple[str, str]]:
        with self.platform.database.reading() as db:
            return [(row.act, row.actor) for row in db.execute(select(JournalEntry)).scalars()]


@pytest.fixture
def world(platform: Platform, client_as: ClientAs) -> World:
    with open_work(platform, SYSTEM) as work:
        session_id = tests_of.absent_session(work, tests_of.a_sitting(work, subjects=["history"]))
        by = offices_of(work, session_id)
        signing.set_pin(work, by.ministry.id or 0, PIN)
        abroad = office(work, an_organisation(work, "department").id)
        ref = delivery.session_ref(work, session_id)
    return World(platform, ref.registration_no, ref.name, ref.sitting_id, by, abroad, client_as)


def begun(world: World) -> str:
    """A case with its paper, handed in; its address."""
    client = world.as_(world.by.department)
    reply = client.post("/office/cases", data={"kind": "make_up", "registration_no": world.number, "ground": "illness"})
    assert reply.status_code == 303, reply.text
    case = reply.location
    early = client.post(f"{case}/submit")
    assert early.status_code == 422
    assert "no paper that proves the reason" in early.text
    upload = {"kind": "hospital_certificate", "file": (io.BytesIO(PDF), "Asanov, diagnosis.pdf")}
    assert client.post(f"{case}/papers", data=upload).status_code == 303
    assert client.post(f"{case}/submit").status_code == 303
    return case


def decide(world: World, case: str, who: Actor, **said: str) -> tuple[int, str]:
    whole = {"outcome": "granted", "order_number": "318/1", "decided_on": "01.05.2020", "words": "", "pin": PIN}
    reply = world.as_(who).post(f"{case}/decide", data={**whole, **said})
    return reply.status_code, reply.text


def test_the_way_of_a_case_over_its_pages(world: World) -> None:
    case = begun(world)
    page = world.as_(world.by.ministry).get(case).text
    assert world.name in page
    assert "diagnosis" not in page, "what a file is called names people"
    status, text = decide(world, case, world.by.ministry, outcome="refused")
    assert (status, "a refusal needs its reason" in text) == (422, True)
    status, text = decide(world, case, world.by.ministry, pin="000111")
    assert (status, "Nothing was recorded" in text) == (422, True)
    assert decide(world, case, world.by.ministry)[0] == 303
    assert decide(world, case, world.by.ministry)[0] == 422, "decided once"
    assert "318/1" in world.as_(world.by.department).get(case).text


def test_a_grant_is_taken_back_on_its_page_by_who_may_grant(world: World) -> None:
    case = begun(world)
    assert decide(world, case, world.by.ministry)[0] == 303
    said = {"order_number": "12/min", "decided_on": "12.05.2026", "words": "Another candidate was meant", "pin": PIN}
    assert "Take the decision back" not in world.as_(world.by.department).get(case).text
    refused = world.as_(world.by.department).post(f"{case}/take-back", data={**said, "pin": "1"})
    assert refused.status_code == 422
    ministry = world.as_(world.by.ministry)
    assert "Take the decision back" in ministry.get(case).text
    for wrong, told in (({"words": " "}, "the reason"), ({"decided_on": "01.01.2020"}, "of the day of the grant"),
                        ({"decided_on": "soon"}, "Write the day"), ({"pin": "000111"}, "Nothing was recorded")):
        reply = ministry.post(f"{case}/take-back", data={**said, **wrong})
        assert (reply.status_code, told in reply.text) == (422, True), reply.text
        assert said["order_number"] in reply.text, "what was typed stays"
    assert ministry.post(f"{case}/take-back", data=said).status_code == 303
    page = world.as_(world.by.department).get(case).text
    for words in ("Taken back", "12/min", "Another candidate was meant", "318/1"):
        assert words in page
    assert "12/min" in world.as_(world.by.department).get("/office/cases").text
    assert world.as_(world.abroad).get(case).status_code == 404
    assert ("case:taken-back", f"staff:{world.by.ministry.id}") in world.acts()
    assert world.as_(world.by.ministry).post(f"{case}/take-back", data=said).status_code == 422, "once"


def test_a_paper_is_a_download_and_its_opening_is_journalled_first(world: World) -> None:
    case = begun(world)
    (paper,) = set(re.findall(rf"{case}/papers/\d+", world.as_(world.by.department).get(case).text))
    reply = world.as_(world.by.ministry).get(paper)
    assert reply.data == PDF
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert ("case:paper-opened", f"staff:{world.by.ministry.id}") in world.acts()
    assert ("case:read", f"staff:{world.by.ministry.id}") not in world.acts()
    world.as_(world.by.ministry).get(case)
    assert ("case:read", f"staff:{world.by.ministry.id}") in world.acts()
    assert world.as_(world.abroad).get(paper).status_code == 404


def test_another_department_reads_nothing_of_it_anywhere(world: World) -> None:
    case = begun(world)
    stranger = world.as_(world.abroad)
    for path in ("/office/cases", "/office/deadlines", "/office/additional"):
        reply = stranger.get(path)
        assert reply.status_code == 200, path
        assert world.name not in reply.text
        assert world.number not in reply.text
    assert stranger.get(case).status_code == 404
    said = {"kind": "make_up", "ground": "illness"}
    refused = stranger.post("/office/cases", data={**said, "registration_no": world.number})
    unknown = stranger.post("/office/cases", data={**said, "registration_no": "26-999-00001-0"})
    assert refused.status_code == unknown.status_code == 422
    assert refused.text.replace(world.number, "") == unknown.text.replace("26-999-00001-0", ""), "as if there were none"


def test_DC_17_an_undecided_case_is_overdue_after_five_working_days(world: World, clock: FrozenClock) -> None:
    begun(world)  # on Tuesday, 12 May: five working days are over with Tuesday, 19 May
    department = world.as_(world.by.department)
    clock.advance(timedelta(days=6).total_seconds())
    assert "Due soon" in department.get("/office/deadlines").text
    clock.advance(timedelta(days=2).total_seconds())
    page = department.get("/office/deadlines").text
    assert "Overdue: 1" in page
    assert "19 May 2026" in page
    assert "Overdue" in department.get("/office/cases").text


def test_DC_19_a_place_is_given_on_the_page_of_the_sitting(world: World) -> None:
    case = begun(world)
    assert decide(world, case, world.by.ministry)[0] == 303
    with open_work(world.platform, SYSTEM) as work:
        ref = delivery.sitting_ref(work, world.sitting)
    said = {"kind": "additional", "programme": str(ref.programme_id), "held_on": "28.05.2026", "order_no": "402/1",
            "ordered_on": "11.05.2026", "centre": "0", "pool_history": str(ref.pool_ids[0])}
    assert world.as_(world.by.department).post("/office/additional", data=said).status_code == 403
    ntc = world.as_(world.by.ntc)
    assert ntc.post("/office/additional", data={**said, "held_on": "soon"}).status_code == 422
    assert ntc.post("/office/additional", data={**said, "pool_history": "99999"}).status_code == 422
    made = ntc.post("/office/additional", data=said)
    assert made.status_code == 303, made.text
    sitting = made.location.split("?")[0]
    case_id = case.rsplit("/", 1)[1]
    assert world.as_(world.by.department).post(sitting, data={"case_id": case_id}).status_code == 403
    ntc = world.as_(world.by.ntc)
    assert ntc.post(sitting, data={"case_id": case_id}).status_code == 303
    assert ntc.post(sitting, data={"case_id": case_id}).status_code == 422, "once"
    for who in (world.by.ntc, world.by.department):
        assert world.name in world.as_(who).get(sitting).text
    assert world.name not in world.as_(world.abroad).get(sitting).text
    assert "Additional test to be made known" in world.as_(world.by.ntc).get("/office/deadlines").text
