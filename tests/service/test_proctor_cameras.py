"""Cameras of a room and the order that stands in for them (VS-1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from proctor.cameras import queries
from proctor.cameras import service as cameras
from proctor.cameras.models import CameraWaiver
from proctor.rooms import service
from proctor.rooms.models import RoomSitting
from proctor.rooms.rules import CamerasRule
from server.core.clock import FrozenClock
from server.core.errors import CatError, Invalid, NotFound, Refused, Stale
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.roles import Actor, Role
from server.core.work import Platform, open_work
from tests.factories.proctor import EDITIONS, Day, a_day, the_edition

ORDER = {"order_number": "12-к", "reason": "Электр жок, эки проктор турат", "granted_by": "Директор Осмонова А."}


@pytest.fixture
def bare(platform: Platform, clock: FrozenClock) -> Day:
    """A planned room without cameras."""
    return a_day(platform, clock, 2, has_cameras=False)


def state_of(day: Day) -> str:
    with day.platform.database.reading() as db:
        return db.execute(select(RoomSitting.state).where(RoomSitting.id == day.scene.room)).scalar_one()


def journal(day: Day, act: str) -> list[JournalEntry]:
    with day.platform.database.reading() as db:
        return list(db.execute(select(JournalEntry).where(JournalEntry.act == act)).scalars())


@pytest.mark.parametrize(("code", "version"), EDITIONS)
def test_VS_1_a_room_without_its_cameras_is_opened_by_an_order_only(
    platform: Platform, clock: FrozenClock, code: str, version: str
) -> None:
    edition = the_edition(code, version)
    day = a_day(platform, clock, 2, edition=edition, has_cameras=False)
    wanted = edition.get("VS-1", CamerasRule).cameras_min
    for n in range(wanted - 1):
        with open_work(platform, day.scene.manager) as work:
            cameras.add_camera(work, day.scene.room_id, f"C{n}", "by the window")
    with pytest.raises(Refused) as refused:
        day.do(service.open_room)
    assert (refused.value.code, refused.value.ruling.clause) == ("camera_missing", "VS-1")
    assert refused.value.facts["working_cameras"] == wanted - 1
    assert (state_of(day), journal(day, "room:opened")) == ("planned", [])

    day.do(cameras.record_waiver, actor=day.scene.manager, **ORDER)
    assert day.do(service.open_room).code == "room_waived"
    assert state_of(day) == "open"
    (line,) = journal(day, "camera:waived")
    assert (line.clause, line.actor) == ("VS-1", day.scene.manager.label)
    with platform.database.reading() as db:
        move = db.execute(select(Transition).where(Transition.verb == "open")).scalars().one()
    assert move.ruling is not None
    assert move.ruling["facts"]["waiver"]["order_number"] == "12-к"


def test_VS_1_the_last_camera_that_fails_shuts_the_doors_and_one_that_works_opens_them(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock, 2)
    scene = day.scene
    with open_work(platform, scene.manager) as work:
        (camera,) = queries.cameras_of(work, scene.room_id)
    clock.advance(60)
    for _twice in range(2):
        with open_work(platform, scene.manager) as work:
            assert cameras.set_working(work, camera.id, False) == scene.room_id
    with open_work(platform, scene.manager) as work:
        (now,) = queries.cameras_of(work, scene.room_id)
    assert (now.is_working, (now.state_since - camera.state_since).total_seconds()) == (False, 60)
    assert len(journal(day, "camera:failed")) == 1
    with pytest.raises(Refused, match="camera_missing"):
        day.do(service.open_room)
    with open_work(platform, scene.manager) as work:
        cameras.set_working(work, camera.id, True)
    assert day.do(service.open_room).code == "room_watched"
    with pytest.raises(Stale):
        day.do(service.open_room)


@pytest.mark.parametrize("field", ["order_number", "reason", "granted_by"])
@pytest.mark.parametrize(("said", "code"), [("  ", "waiver_field_missing"), ("x" * 501, "waiver_field_long")])
def test_an_order_says_who_by_which_number_and_why(bare: Day, field: str, said: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        bare.do(cameras.record_waiver, actor=bare.scene.manager, **{**ORDER, field: said})
    with bare.platform.database.reading() as db:
        assert db.execute(select(func.count()).select_from(CameraWaiver)).scalar_one() == 0


def test_an_order_comes_before_the_doors_and_from_the_rooms_own_centre(bare: Day) -> None:
    stranger = Actor(frozenset({Role.CENTRE}), bare.scene.manager.id, "Stranger", bare.scene.centre + 1)
    with pytest.raises(NotFound):
        bare.do(cameras.record_waiver, actor=stranger, **ORDER)
    for order in ("12-к", "13-к"):
        bare.do(cameras.record_waiver, actor=bare.scene.manager, **{**ORDER, "order_number": order})
    with open_work(bare.platform, bare.scene.manager) as work:
        stands = queries.waiver_of(work, bare.scene.room)
    assert stands is not None
    assert stands.order_number == "13-к"
    bare.do(service.open_room)
    with pytest.raises(Stale):
        bare.do(cameras.record_waiver, actor=bare.scene.manager, **ORDER)


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [("", "door", "camera_malformed"), ("C1", " ", "camera_malformed"), ("x" * 41, "door", "camera_malformed"),
     ("C1", "y" * 121, "camera_malformed"), (" K1 ", "door", "camera_name_taken")],
)  # fmt: skip
def test_a_camera_has_a_name_of_its_own_and_a_place(bare: Day, name: str, place: str, code: str) -> None:
    with open_work(bare.platform, bare.scene.manager) as work:
        cameras.add_camera(work, bare.scene.room_id, "K1", "door")
        with pytest.raises(CatError, match=code):
            cameras.add_camera(work, bare.scene.room_id, name, place)


def test_the_centre_registers_waives_and_the_proctor_is_told_the_clause(
    bare: Day, client_as: Callable[..., FlaskClient]
) -> None:
    scene = bare.scene
    console = f"/proctor/rooms/{scene.room}"
    here = f"/centre/room-sittings/{scene.room}/cameras"

    def proctor() -> FlaskClient:
        client = client_as(Role.PROCTOR, id=scene.proctor.id, organisation_id=scene.centre)
        client.set_cookie("synak_lang", "en")
        return client

    def manager() -> FlaskClient:
        client = client_as(Role.CENTRE, id=scene.manager.id, organisation_id=scene.centre)
        client.set_cookie("synak_lang", "en")
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        return client

    assert "VS-1" in proctor().get(console + "/snapshot").get_json()["clauses"]
    refused = proctor().post(console + "/open", json={})
    error = refused.get_json()["error"]
    assert (refused.status_code, error["code"]) == (403, "camera_missing")
    assert error["clause"].startswith("VS-1")
    assert "the centre record the order" in error["message"]
    assert "The room cannot be opened" in manager().get(here).text
    assert "No camera of this room is registered yet." in manager().get(f"/centre/rooms/{scene.room_id}/cameras").text
    typed = manager().post(here + "/waiver", data={"order_number": "12-к", "reason": "", "granted_by": "Head"})
    assert typed.status_code == 422
    assert 'value="12-к"' in typed.text
    assert manager().post(here + "/waiver", data=ORDER).status_code == 303
    page = manager().get(here).text
    assert "May be opened by an order" in page
    assert ORDER["granted_by"] in page
    done = proctor().post(console + "/open", json={})
    assert (done.status_code, done.get_json()["clause"]) == (200, "VS-1")
    rooms = f"/centre/rooms/{scene.room_id}/cameras"
    assert manager().post(rooms, data={"name": "K1", "place": ""}).status_code == 422
    assert manager().post(rooms, data={"name": "K1", "place": "door"}).status_code == 303
    assert "It has failed" in manager().get(rooms).text
