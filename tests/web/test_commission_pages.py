"""The commission's pages: from the agenda to signed minutes on paper; strangers to a session read nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from itembank.authoring import service
from itembank.authoring.models import CommissionSession, Manuscript
from itembank.blueprints.drafts.commission import name_commission
from server.accounts import signing
from server.accounts.models import Staff
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from tests.factories import accounts
from tests.factories import itembank as factory
from tests.web.conftest import HTML

ClientAs = Callable[..., FlaskClient]
SECRET = "Zymyran shashka"


@dataclass
class Hall:
    """Three members (the first is the chair), and one who holds the role but does not sit; two items wait."""

    platform: Platform
    client_as: ClientAs
    place: int
    members: list[int]
    outsider: int
    items: list[int]

    def client(self, id_: int) -> FlaskClient:
        client = self.client_as(Role.COMMISSION, id=id_, organisation_id=self.place)
        client.set_cookie("synak_lang", "en")
        client.environ_base["HTTP_ACCEPT"] = HTML
        return client

    def post(self, id_: int, path: str, **form: object) -> TestResponse:
        return self.client(id_).post(path, data=form)

    def opened(self) -> str:
        """The address of a session with both items on its agenda."""
        form = {"subject": "geography", "held_on": "12.05.2026", "order_no": "417", "members": self.members}
        reply = self.post(self.members[0], "/bank/commission", **form)
        assert reply.status_code == 303, reply.text
        return reply.headers["Location"]

    def seated(self) -> str:
        """The same, with another member present."""
        path = self.opened()
        assert self.post(self.members[1], f"{path}/presence").status_code == 303
        return path

    def revision(self) -> int:
        with self.platform.database.reading() as db:
            return db.scalars(select(CommissionSession)).one().revision

    def states(self) -> list[str]:
        with self.platform.database.reading() as db:
            return [db.get_one(Manuscript, id_).state for id_ in self.items]

    def closed(self) -> tuple[str, str]:
        """The address of a session that approved the first item, and the digest of its minutes."""
        path, chair = self.seated(), self.members[0]
        self.post(chair, f"{path}/notes", item=self.items[0], body=SECRET)
        self.post(chair, f"{path}/decide", items=[self.items[0]], verdict="approve", reason="")
        assert self.post(chair, f"{path}/close", revision=self.revision()).status_code == 303
        text = self.client(chair).get(path).text
        return path, text.split('name="digest" value="')[1][:64]


@pytest.fixture
def hall(platform: Platform, client_as: ClientAs) -> Hall:
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        people = [accounts.a_staff_member(work, Role.COMMISSION, organisation_id=place) for _n in range(4)]
        for n, id_ in enumerate(people):
            work.db.get_one(Staff, id_).name = f"Member {n}"
            signing.set_pin(work, id_, accounts.PIN)
        for n in (1, 2):
            service.admit(work, factory.new_item(f"GEO-{n}"), "calibrated")
        factory.blueprint(work)
        items = [row.id for row in work.db.scalars(select(Manuscript).order_by(Manuscript.id))]
    with open_work(platform, Actor(frozenset({Role.OFFICE}), people[0], "office", place)) as work:
        name_commission(work, 2026, "417", people[:3], people[0])
    return Hall(platform, client_as, place, people[:3], people[3], items)


def test_a_session_is_opened_with_what_waits(hall: Hall) -> None:
    assert "2 items wait for a decision" in hall.client(hall.outsider).get("/bank/commission").text
    path = hall.opened()
    text = hall.client(hall.members[1]).get(path).text
    assert "GEO-1" in text
    assert "GEO-2" in text
    assert "Stem of" not in text
    assert "No item waits for a decision." in hall.client(hall.outsider).get("/bank/commission").text


@pytest.mark.parametrize("form", [
    {"held_on": "31.31.2026"}, {"held_on": "12.05.2019"}, {"order_no": " "}, {"members": []}, {"subject": ""},
    {"subject": "nowhere" * 50},
])  # fmt: skip
def test_a_session_that_is_not_whole_is_not_opened(hall: Hall, form: dict[str, object]) -> None:
    whole = {"subject": "geography", "held_on": "12.05.2026", "order_no": "417", "members": hall.members}
    reply = hall.post(hall.members[0], "/bank/commission", **{**whole, **form})
    assert reply.status_code == 422
    assert "The session was not opened" in reply.text


def test_the_page_says_who_is_awaited_and_opens_nothing_before(hall: Hall) -> None:
    path, [chair, second, absent] = hall.opened(), hall.members
    reading = f"/bank/manuscripts/{hall.items[0]}/reading"
    text = hall.client(chair).get(path).text
    assert "Awaited at their own sign-in: one of Member 1, Member 2." in text
    assert "GEO-1" in text
    assert reading not in text
    assert 'name="verdict"' not in text
    assert "I am here and know the agenda" in hall.client(second).get(path).text
    told = hall.post(chair, f"{path}/decide", items=hall.items, verdict="approve")
    assert told.status_code == 422
    assert 'href="#present"' in told.text
    assert "open once its chair and another member have confirmed" in told.text
    assert hall.post(second, f"{path}/presence").status_code == 303
    text = hall.client(chair).get(path).text
    assert "Awaited" not in text
    assert reading in text
    assert 'name="verdict"' in text
    assert hall.client(chair).get(reading).status_code == 200
    assert hall.client(absent).get(reading).status_code == 404
    assert reading not in hall.client(absent).get(path).text
    with hall.platform.database.reading() as db:
        opened = select(JournalEntry.actor).where(JournalEntry.act == "item_opened")
        assert db.scalars(opened).all() == [f"staff:{chair}"]


def test_one_who_left_the_commission_is_not_offered_to_sign(hall: Hall) -> None:
    path, digest = hall.closed()
    with open_work(hall.platform, SYSTEM) as work:
        work.db.get_one(Staff, hall.members[2]).is_active = False
    text = hall.client(hall.members[0]).get(path).text
    assert "no longer of the commission" in text
    assert f'<option value="{hall.members[2]}"' not in text
    reply = hall.post(hall.members[0], f"{path}/sign", staff_id=hall.members[2], pin=accounts.PIN, digest=digest)
    assert reply.status_code == 422
    assert "no longer belongs to the commission" in reply.text


def test_decisions_take_effect_with_the_third_signature(hall: Hall) -> None:
    path, digest = hall.closed()
    for n, member in enumerate(hall.members):
        assert hall.states() == ["calibrated", "calibrated"], n
        assert hall.post(member, f"{path}/sign", staff_id=member, pin=accounts.PIN, digest=digest).status_code == 303
    assert hall.states() == ["approved", "calibrated"]
    text = hall.client(hall.members[0]).get(path).text
    assert "in force" in text
    assert "put off" in text


def test_a_session_waits_on_the_desk_of_its_members_until_it_is_in_force(hall: Hall) -> None:
    path, digest = hall.closed()
    for member in (hall.members[1], hall.outsider):
        text = hall.client(member).get("/bank/my-work").text
        assert ("waits for your signature" in text) == (member != hall.outsider)
    for member in hall.members:
        hall.post(member, f"{path}/sign", staff_id=member, pin=accounts.PIN, digest=digest)
    assert path not in hall.client(hall.members[1]).get("/bank/my-work").text


def test_a_wrong_pin_is_told_and_counted(hall: Hall) -> None:
    path, digest = hall.closed()
    wrong = hall.post(hall.members[1], f"{path}/sign", staff_id=hall.members[1], pin="999111", digest=digest)
    assert wrong.status_code == 422
    assert 'href="#signatures"' in wrong.text
    with hall.platform.database.reading() as db:
        assert "pin_failed" in db.scalars(select(JournalEntry.act)).all()


def test_one_who_does_not_sit_sees_the_agenda_and_nothing_that_was_said(hall: Hall) -> None:
    path, digest = hall.closed()
    text = hall.client(hall.outsider).get(path).text
    assert "GEO-1" in text
    assert SECRET not in text
    assert SECRET in hall.client(hall.members[2]).get(path).text
    assert hall.client(hall.outsider).get(f"{path}/minutes").status_code == 403
    refused = hall.post(hall.outsider, f"{path}/sign", staff_id=hall.outsider, pin=accounts.PIN, digest=digest)
    assert refused.status_code == 422
    for act, form in (("annul", {"revision": hall.revision(), "reason": "x"}), ("close", {}), ("notes", {"body": "x"}),
                      ("presence", {}), ("decide", {"items": hall.items, "verdict": "approve"})):
        assert hall.post(hall.outsider, f"{path}/{act}", **form).status_code == 403


def test_what_is_missing_in_a_decision_is_said_and_nothing_typed_is_lost(hall: Hall) -> None:
    path = hall.seated()
    chair = hall.members[0]
    assert hall.post(chair, f"{path}/close", revision=hall.revision()).status_code == 422
    none = hall.post(chair, f"{path}/decide", verdict="approve", reason="")
    assert none.status_code == 422
    why = hall.post(chair, f"{path}/decide", items=[hall.items[1]], verdict="retire", reason="  ")
    assert why.status_code == 422
    assert "Say why." in why.text
    assert 'value="retire" checked' in why.text
    assert hall.post(chair, f"{path}/notes", item="", body=" ").status_code == 422
    assert hall.post(chair, f"{path}/agenda", items=[hall.items[0]]).status_code == 422


@pytest.mark.parametrize("tongue", ["ky", "ru", "en"])
def test_minutes_are_printed_and_found_again_by_their_digest(hall: Hall, tongue: str) -> None:
    path, _digest = hall.closed()
    reply = hall.client(hall.members[0]).get(f"{path}/minutes?lang={tongue}")
    assert reply.status_code == 200
    assert reply.data.startswith(b"%PDF")
    paper = reply.headers["Content-Disposition"].split("-")[1][:16]
    auditor = hall.client_as(Role.AUDITOR, id=hall.outsider, organisation_id=hall.place)
    auditor.environ_base["HTTP_ACCEPT"] = HTML
    found = auditor.get(f"/papers?digest={paper}")
    assert found.status_code == 200
    assert SECRET not in found.text


def test_the_database_holds_no_word_of_what_was_said(hall: Hall) -> None:
    hall.closed()
    with hall.platform.database.reading() as db:
        raw = db.connection().exec_driver_sql("SELECT body_sealed FROM commission_note").scalars().all()
        assert raw
        assert all(SECRET.encode() not in bytes(each) for each in raw)
        facts = "".join(db.scalars(select(JournalEntry.facts)).all())
    assert SECRET not in facts
