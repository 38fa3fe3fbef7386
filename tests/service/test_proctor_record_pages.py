"""The page of a protocol and that of a handover: what was typed stays, a PIN is never shown again, readers read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from proctor.irregularities import service
from proctor.irregularities.protocols import protocol_of, removal_of
from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from tests.factories.accounts import PIN
from tests.factories.proctor import Day, a_day, a_proctor, a_removal

ClientAs = Callable[..., FlaskClient]
FIELDS = {
    "narrative": "A phone rang.  #Апам", "name_0": "Бекова Айсулуу", "position_0": "мугалим", "name_1": "Ким Виктор",
    "is_statement_asked": "yes",
}  # fmt: skip


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A room that runs, its first candidate removed, its proctor with a PIN."""
    day = a_day(platform, clock)
    with open_work(platform, SYSTEM) as work:
        signing.set_pin(work, day.scene.proctor.id or 0, PIN)
    day.run(*day.scene.sessions)
    day.do(service.remove, day.scene.sessions[0], a_removal())
    return day


@pytest.fixture
def desk(day: Day, client_as: ClientAs) -> FlaskClient:
    """The browser of the proctor on duty."""
    client = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    client.set_cookie("synak_lang", "en")
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def digest(day: Day) -> str:
    """Of the text that the page shows now."""
    with open_reading(day.platform, SYSTEM) as work:
        act = removal_of(work, day.scene.sessions[0])
        stands = protocol_of(work, act.id) if act else None
    return stands.digest if stands else ""


def record(day: Day) -> str:
    return f"/proctor/rooms/{day.scene.room}/sessions/{day.scene.sessions[0]}/record"


def test_DC_15_a_protocol_is_written_signed_and_corrected_on_its_page(day: Day, desk: FlaskClient) -> None:
    page = desk.get(record(day)).text
    assert "the room cannot be closed before the protocol is signed" in page
    assert a_removal().narrative.replace("'", "&#39;") in page
    lacking = desk.post(record(day), data={**FIELDS, "name_1": ""})
    assert lacking.status_code == 422
    assert "Missing: Witnesses" in lacking.text
    assert "Бекова Айсулуу" in lacking.text
    assert desk.post(record(day), data=FIELDS).status_code == 303
    shown = {"digest": digest(day)}
    assert desk.get(record(day)).text.count(shown["digest"]) >= 3
    wrong = desk.post(record(day) + "/sign", data={**shown, "staff_id": day.scene.proctor.id, "pin": "111222"})
    assert (wrong.status_code, "nothing was signed" in wrong.text, "111222" in wrong.text) == (422, True, False)
    signed = desk.post(record(day) + "/sign", data={**shown, "staff_id": day.scene.proctor.id, "pin": PIN})
    assert signed.status_code == 303
    assert desk.post(record(day) + "/hand", data={**shown, "n": 0, "name": "Ким"}).status_code == 422
    for n, name in enumerate(("Бекова Айсулуу", "ким виктор")):
        assert desk.post(record(day) + "/hand", data={**shown, "n": n, "name": name}).status_code == 303
    page = desk.get(record(day)).text
    assert "Signed by all" in page
    assert page.count("signed by hand") == 2
    form = desk.get(record(day) + "?correct=1").text
    assert "A phone rang.  #Апам" in form
    corrected = {**FIELDS, "after": "1", "correct": "1", "reason": "the seat was wrong", "narrative": "It was seat 2."}
    assert desk.post(record(day), data=corrected).status_code == 303
    page = desk.get(record(day)).text
    assert ("Signed by all" in page, "Earlier versions" in page, page.count("not signed yet")) == (False, True, 3)
    # Who had the first text before them signs nothing: the page shows the new one, and the PIN was not even asked.
    late = desk.post(record(day) + "/sign", data={**shown, "staff_id": day.scene.proctor.id, "pin": PIN})
    assert (late.status_code, late.text.count("not signed yet"), "It was seat 2." in late.text) == (422, 3, True)


@pytest.mark.parametrize("huge", ["9" * 30, "-1", "²", "2147483648"])
def test_a_forged_number_of_a_person_is_nobody(day: Day, desk: FlaskClient, huge: str) -> None:
    assert desk.post(record(day), data={**FIELDS, "staff_0": huge, "after": huge}).status_code in (303, 422)
    for path, fields in (("/sign", {"staff_id": huge, "pin": PIN}), ("/hand", {"n": huge, "name": "x"})):
        assert desk.post(record(day) + path, data={**fields, "digest": digest(day)}).status_code == 422
    handover = f"/proctor/rooms/{day.scene.room}/handover"
    fields = {"taker_id": huge, "kind": "final", "giver_pin": PIN, "taker_pin": "111222"}
    assert desk.post(handover, data=fields).status_code == 422


def test_who_only_watches_reads_the_protocol_and_finds_no_form(day: Day, desk: FlaskClient) -> None:
    with open_work(day.platform, SYSTEM) as work:
        other = a_proctor(work, day.scene.centre)
        signing.set_pin(work, other.id or 0, "5913370")
    assert desk.post(record(day), data=FIELDS).status_code == 303
    handover = f"/proctor/rooms/{day.scene.room}/handover"
    fields = {"taker_id": str(other.id), "kind": "final", "giver_pin": PIN, "taker_pin": "111222"}
    wrong = desk.post(handover, data=fields)
    assert (wrong.status_code, PIN in wrong.text, "nothing was signed" in wrong.text) == (422, False, True)
    assert desk.post(handover, data={**fields, "taker_pin": "5913370"}).status_code == 303
    page = desk.get(handover).text
    assert "You see it and change nothing in it." in page
    assert 'name="giver_pin"' not in page
    page = desk.get(record(day)).text
    assert "not signed yet" in page
    assert 'name="pin"' not in page
    fields = {"n": "0", "name": "Бекова Айсулуу", "digest": digest(day)}
    assert desk.post(record(day) + "/hand", data=fields).status_code == 422
