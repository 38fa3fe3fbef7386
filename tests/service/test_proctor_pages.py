"""The pages and addresses of rooms, console and heartbeats, each for whom it is meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.rooms.models import Room, RoomSitting
from server import candidates, delivery
from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import service as sessions
from tests.factories.accounts import PIN
from tests.factories.proctor import Day, a_check, a_day, a_proctor, a_removal

ClientAs = Callable[..., FlaskClient]
PHOTO = b"\xff\xd8\xff\xe0" + b"\0" * 64


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A planned room ten minutes before the hour."""
    day = a_day(platform, clock)
    day.at(-600)
    return day


@pytest.fixture
def proctor(day: Day, client_as: ClientAs) -> FlaskClient:
    """The browser of the proctor on duty."""
    return english(client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre))


@pytest.fixture
def manager(day: Day, client_as: ClientAs) -> FlaskClient:
    """The browser of the centre's manager, who reads pages."""
    client = english(client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre))
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def english(client: FlaskClient) -> FlaskClient:
    """A browser whose reader reads English."""
    client.set_cookie("synak_lang", "en")
    return client


def post(client: FlaskClient, day: Day, path: str, **body: Any) -> Any:
    reply = client.post(f"/proctor/rooms/{day.scene.room}/{path}", json=body)
    return reply.status_code, reply.get_json()


def test_a_day_at_the_console(day: Day, proctor: FlaskClient) -> None:
    one, other, _ = day.scene.sessions
    assert post(proctor, day, "open") == (200, {"clause": "VS-1", "note": None})
    wrong = a_check(day.scene, one, document_number="ID0000000").model_dump()
    assert post(proctor, day, f"sessions/{one}/identity", **wrong) == (
        200, {"clause": "DC-9", "note": "Not confirmed; wanting: Document number."},
    )  # fmt: skip
    for each in (one, other):
        post(proctor, day, f"sessions/{each}/identity", **a_check(day.scene, each).model_dump())
        status, said = post(proctor, day, f"sessions/{each}/admit")
        assert (status, said) == (200, {"clause": "DC-16", "note": "Admitted on time."})
    status, said = post(proctor, day, "start")
    assert (status, said["error"]["code"], said["error"]["clause"]) == (403, "start_early", "DC-11")
    assert "09:00" in said["error"]["message"]
    day.at(0)
    assert post(proctor, day, "start")[0] == 200
    assert post(proctor, day, "start")[0] == 409
    assert post(proctor, day, f"sessions/{one}/pause", reason="ill") == (200, {"clause": None, "note": None})
    assert post(proctor, day, "pause", reason="alarm")[1]["note"] == "1 candidate is paused."
    assert post(proctor, day, "message", text="Stay calm")[1]["note"] == "Sent to 3 candidates."
    assert post(proctor, day, f"sessions/{one}/message", text="Stay calm")[0] == 200
    assert post(proctor, day, f"sessions/{one}/warn", violation="disorder", narrative="") == (
        200, {"clause": "DC-15", "note": None},
    )  # fmt: skip
    assert post(proctor, day, f"sessions/{one}/remove", **a_removal().model_dump())[1]["clause"] == "DC-15"
    snapshot = proctor.get(f"/proctor/rooms/{day.scene.room}/snapshot").get_json()
    desk = next(
        seat["session"]["desk"]
        for seat in snapshot["seats"]
        if seat["session"] and seat["session"]["who"]["session_id"] == one
    )
    assert (desk["identity"], desk["warnings"], desk["is_removed"]) == ("confirmed", 1, True)
    assert post(proctor, day, "close", pin=PIN)[1]["error"]["code"] == "pin_not_set"
    with open_work(day.platform, SYSTEM) as work:
        signing.set_pin(work, day.scene.proctor.id or 0, PIN)
    status, said = post(proctor, day, "close", pin=PIN)
    assert (status, said["error"]["code"]) == (403, "sessions_unfinished")


def test_a_refusal_says_what_to_do_in_words(day: Day, proctor: FlaskClient) -> None:
    one = day.scene.sessions[0]
    post(proctor, day, "open")
    day.at(0)
    post(proctor, day, "start")
    day.at(1801)
    post(proctor, day, f"sessions/{one}/identity", **a_check(day.scene, one).model_dump())
    _, said = post(proctor, day, f"sessions/{one}/admit")
    assert said["error"]["message"].startswith("The candidate came 30:01 min after the start.")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sessions/{s}/identity", {"document_kind": "passport"}),
        ("sessions/{s}/pause", {"reason": " "}),
        ("sessions/{s}/remove", {"narrative": "a phone"}),
        ("close", {}),
        ("message", {"text": ""}),
        ("pause", {"reason": "alarm", "extra": 1}),
    ],
)
def test_a_payload_that_does_not_fit_is_422(
    day: Day, proctor: FlaskClient, path: str, body: dict[str, Any]
) -> None:
    assert post(proctor, day, path.format(s=day.scene.sessions[0]), **body)[0] == 422


def test_a_move_shows_the_code_once(day: Day, proctor: FlaskClient) -> None:
    post(proctor, day, "open")
    one = day.scene.sessions[0]
    snapshot = proctor.get(f"/proctor/rooms/{day.scene.room}/snapshot").get_json()
    free = next(seat["seat_id"] for seat in snapshot["seats"] if seat["session"] is None)
    status, said = post(proctor, day, f"sessions/{one}/move", seat_id=free, reason="a broken chair")
    assert (status, sorted(said)) == (200, ["code", "registration_no", "seat"])


def test_photos_are_seen_by_the_desk_alone(day: Day, proctor: FlaskClient, client_as: ClientAs) -> None:
    one = day.scene.sessions[0]
    address = f"/proctor/rooms/{day.scene.room}/sessions/{one}/photo"
    assert proctor.get(address).status_code == 404
    with open_work(day.platform, SYSTEM) as work:
        registration = delivery.session_ref(work, one).registration_id
    monkey = pytest.MonkeyPatch()
    monkey.setattr(candidates, "photo", lambda _work, asked: ("image/jpeg", PHOTO) if asked == registration else None)
    reply = proctor.get(address)
    assert (reply.status_code, reply.mimetype, reply.data) == (200, "image/jpeg", PHOTO)
    with open_work(day.platform, SYSTEM) as work:
        stranger = a_proctor(work, day.scene.centre)
    assert client_as(Role.PROCTOR, id=stranger.id).get(address).status_code == 403
    monkey.undo()


def test_only_the_roles_meant_get_in(day: Day, client_as: ClientAs) -> None:
    for role in (Role.CENTRE, Role.OFFICE, Role.AUDITOR, Role.CANDIDATE):
        client = client_as(role, id=day.scene.proctor.id)
        assert client.get(f"/proctor/rooms/{day.scene.room}/snapshot").status_code == 403
        assert client.post(f"/proctor/rooms/{day.scene.room}/open", json={}).status_code == 403
    assert client_as(Role.PROCTOR, id=day.scene.proctor.id).get("/centre").status_code == 403


def test_the_proctors_pages(day: Day, proctor: FlaskClient) -> None:
    proctor.environ_base["HTTP_ACCEPT"] = "text/html"
    rooms = proctor.get("/proctor").get_data(as_text=True)
    assert f"/proctor/rooms/{day.scene.room}" in rooms
    console = proctor.get(f"/proctor/rooms/{day.scene.room}").get_data(as_text=True)
    assert f'id="console" data-room="{day.scene.room}" data-lang=' in console
    assert proctor.get("/proctor/rooms/999999").status_code == 404


def test_the_centre_plans_a_room_and_nothing_typed_is_lost(day: Day, manager: FlaskClient) -> None:
    asked = {"name": "Room <12>", "rows": "3", "cols": "4", "across_m": "0,9", "along_m": "1.5"}
    refused = manager.post("/centre/rooms/new", data=asked)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert 'value="Room &lt;12&gt;"' in page
    assert 'value="0,9"' in page
    assert "nearer than 1000 mm" in page.replace("\u202f", "").replace("\xa0", "").replace("1,000", "1000")
    made = manager.post("/centre/rooms/new", data={**asked, "across_m": "1,25"})
    assert made.status_code == 303
    plan = manager.get(made.headers["Location"]).get_data(as_text=True)
    assert plan.count("<rect") == 2 + 12
    assert len(re.findall(r'<th scope="row"', plan)) == 12
    assert "style=" not in plan
    for wrong in ({"rows": "x"}, {"rows": "0"}, {"cols": "21"}, {"across_m": "nan"}, {"name": ""}):
        assert manager.post("/centre/rooms/new", data={**asked, **wrong}).status_code == 422


def test_the_centre_seats_its_candidates(platform: Platform, clock: FrozenClock, client_as: ClientAs) -> None:
    day = a_day(platform, clock, 4, is_seated=False)
    scene = day.scene
    client = english(client_as(Role.CENTRE, id=scene.manager.id, organisation_id=scene.centre))
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    here = f"/centre/room-sittings/{scene.room}"
    assert "Candidates: 4, of whom 0" in client.get("/centre").get_data(as_text=True)
    assert client.get(here).get_data(as_text=True).count('type="checkbox"') == 4
    nobody = client.post(here + "/seat", data={})
    assert (nobody.status_code, "Mark at least one" in nobody.get_data(as_text=True)) == (422, True)
    assert client.post(here + "/seat", data={"session": [str(each) for each in scene.sessions[:3]]}).status_code == 303
    assert client.get(here).get_data(as_text=True).count('type="checkbox"') == 1
    slips = client.get(here + "/slips").get_data(as_text=True)
    with open_work(platform, SYSTEM) as work:
        codes = [sessions.issue_code(work, each) for each in scene.sessions]
    assert [code in slips for code in codes if code] == [True, True, True, False]


def test_the_centre_assigns_duties_and_rooms(day: Day, manager: FlaskClient) -> None:
    here = f"/centre/room-sittings/{day.scene.room}"
    with open_work(day.platform, SYSTEM) as work:
        second = a_proctor(work, day.scene.centre).id
    assert manager.post(here + "/duties", data={"staff_id": second}).status_code == 303
    assert f"{here}/duties/{second}/relieve" in manager.get(here).get_data(as_text=True)
    assert manager.post(f"{here}/duties/{second}/relieve").status_code == 303
    assert manager.post(here + "/duties", data={"staff_id": 0}).status_code == 422
    made = manager.post(
        "/centre/rooms/new",
        data={"name": "R 2", "rows": "2", "cols": "2", "across_m": "1.2", "along_m": "1.2"},
    )
    room_id = int(made.headers["Location"].rsplit("/", 1)[1])
    used = manager.post(f"/centre/sittings/{day.scene.sitting}/rooms", data={"room_id": room_id})
    assert used.status_code == 303
    with open_reading(day.platform, SYSTEM) as work:
        found = work.db.execute(select(RoomSitting).where(RoomSitting.room_id == room_id)).scalar_one()
        assert work.db.get_one(Room, room_id).centre_id == day.scene.centre
    assert (found.sitting_id, found.state) == (day.scene.sitting, "planned")


def test_another_centre_finds_nothing_here(day: Day, client_as: ClientAs) -> None:
    client = client_as(Role.CENTRE, id=1, organisation_id=day.scene.centre + 1000)
    here = f"/centre/room-sittings/{day.scene.room}"
    for path in (f"/centre/rooms/{day.scene.room_id}", here, here + "/slips"):
        assert client.get(path).status_code == 404
    assert client.post(here + "/seat", data={"session": [str(day.scene.sessions[0])]}).status_code in (404, 422)


def test_a_heartbeat_is_answered_and_shown(
    day: Day, app: Flask, client_as: ClientAs, proctor: FlaskClient
) -> None:
    sent: list[tuple[str, str, dict[str, Any]]] = []
    app.extensions["synak_emit"] = lambda *message: sent.append(message)
    post(proctor, day, "open")
    one = day.scene.sessions[0]
    post(proctor, day, f"sessions/{one}/message", text="Put the phone away")
    candidate = client_as(Role.CANDIDATE, id=one, lease=0)
    left = {"key": str(uuid4()), "kind": "window", "ago_ms": 900}
    said = candidate.post("/exam/heartbeat", json={"leavings": [left], "is_away": True, "unsent": 1}).get_json()
    assert (said["clock"]["phase"], said["is_admitted"]) == ("waiting", False)
    assert said["message"]["text"] == "Put the phone away"
    (name, topic, body) = sent[-1]
    assert (name, topic, body["session_id"]) == ("seen", f"room:{day.scene.room}", one)
    assert (body["presence"]["lost_focus"], body["presence"]["unsent"]) == (1, 1)
    read = {"unsent": 1, "read_message_id": said["message"]["id"]}
    assert candidate.post("/exam/heartbeat", json=read).get_json()["message"] is None
    old = client_as(Role.CANDIDATE, id=one, lease=7).post("/exam/heartbeat", json={})
    assert old.get_json()["error"]["code"] == "other_device"
