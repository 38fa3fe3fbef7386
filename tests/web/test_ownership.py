"""Whose is it: an id of somebody else's opens nothing, changes nothing and says nothing, on every route with an id."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import delivery
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories.candidates import a_file, a_line
from tests.factories.proctor import a_room, a_scene
from tests.web.owned_appeals import APPEALS
from tests.web.owned_bank import (
    BANK,
    BLUEPRINT,
    EXPORT,
    FORMS,
    IMPORT,
    JOB,
    OUTLINE,
    PLAN,
    RECIPE,
    RUN,
    TASK,
    TEXT,
)
from tests.web.owned_rooms import HERE, LIST, ROOM, ROOMS, SESSION
from tests.web.owned_world import ClientAs, World, a_world, leaks, send

TABLE = ROOMS | BANK | APPEALS
OWNERS = {"/observe": "observer", "/proctor": "on duty", "/centre": "manager", PLAN: "psychometrician",
          JOB: "psychometrician", TASK: "psychometrician", RUN: "psychometrician",
          BLUEPRINT + "/pool": "psychometrician", FORMS: "psychometrician",
          EXPORT + "/decide": "officer", IMPORT: "writer", RECIPE: "writer",
          TEXT + "/reviews": "reviewer", TEXT: "author", "/bank": "commission",
          LIST + "/receipt": "department", "/office": "testing centre", "/appeals": "appeals", "/exam": "appellant"}


THERE_IS_NONE = ("/photo", "/picture", "/protocol", "/minutes", "/<name>", "/recording", "/extract", "/notice",
                 "/attestation", ".pdf", "/<int:batch_id>", "/<int:asked_id>/confirm",
                 "/office/appeals/<int:appeal_id>/withdraw")


@pytest.fixture
def world(platform: Platform, clock: FrozenClock) -> World:
    with open_work(platform, SYSTEM) as work:
        scene = a_scene(work, 3, shape=(2, 3))
        made = a_world(work, platform, scene)
    clock.advance((scene.starts_at - clock.now()).total_seconds() - 600)
    return made


@pytest.fixture
def as_actor(client_as: ClientAs, world: World) -> Callable[[str], FlaskClient]:
    def make(name: str) -> FlaskClient:
        actor = world.actors[name]
        client = client_as(*actor.roles, id=actor.id, organisation_id=actor.organisation_id)
        client.set_cookie("synak_lang", "en")
        return client

    return make


def test_the_table_has_every_route_with_an_id(app: Flask) -> None:
    there = {(method, rule.rule) for rule in app.url_map.iter_rules() if "<int:" in rule.rule
             for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert there == set(TABLE)


def test_strangers_get_nothing_and_owners_do(world: World, as_actor: Callable[[str], FlaskClient]) -> None:
    for (method, rule), (body, strangers) in TABLE.items():
        for who, status in strangers.items():
            before = world.marks()
            reply = send(as_actor(who), world, method, rule, body)
            what = f"{who} {method} {rule}: {reply.status_code} {reply.text[:400]}"
            assert reply.status_code == status, what
            assert leaks(reply, world) == [], what
            if status != 200:
                assert world.marks() == before, what
    for (method, rule), (body, _strangers) in TABLE.items():
        owner = next(name for prefix, name in OWNERS.items() if rule.startswith(prefix))
        reply = send(as_actor(owner), world, method, rule, body)
        text = reply.get_data().decode(errors="replace")  # some are PDF
        assert reply.status_code < 500, (rule, text[:400])
        is_absent = rule.endswith(THERE_IS_NONE)
        assert reply.status_code != 404 or is_absent, rule
        assert "no_duty" not in text, (method, rule)
        assert "not_allowed" not in text


def test_other_roles_with_true_ids_read_nothing(world: World, client_as: ClientAs) -> None:
    roles = {"/observe": Role.OBSERVER, "/proctor": Role.PROCTOR, "/centre": Role.CENTRE,
             IMPORT: Role.WRITER, RECIPE: Role.WRITER,
             TEXT + "/reviews": Role.REVIEWER, TEXT: Role.WRITER,
             EXPORT + "/decide": Role.SECURITY, "/bank": Role.COMMISSION, "/tasks": Role.COMMISSION,
             "/office": Role.OFFICE, "/appeals": Role.APPEALS, "/exam": Role.CANDIDATE}
    for (method, rule), (body, _strangers) in TABLE.items():
        own = next(role for prefix, role in roles.items() if rule.startswith(prefix))
        for role in {Role.PUBLIC, Role.CANDIDATE, *roles.values(), Role.AUDITOR, Role.ADMIN} - {own}:
            before = world.marks()
            client = client_as(role, id=world.scene.proctor.id, organisation_id=world.scene.centre)
            reply = send(client, world, method, rule, body)
            unknown = {403, 404} if rule.startswith((TEXT, TASK, OUTLINE, EXPORT)) else {403}
            refused = {401} if role is Role.PUBLIC else unknown
            assert reply.status_code in refused, (role, rule)
            assert leaks(reply, world) == []
            assert world.marks() == before


def console_sessions() -> Iterator[tuple[str, str, dict[str, Any]]]:
    return ((method, rule, body) for (method, rule), (body, _) in TABLE.items() if rule.startswith(SESSION))


@pytest.mark.parametrize("whose", ["other_session", "rivals_session"])
def test_a_proctor_reaches_nobody_of_another_room(
    world: World, as_actor: Callable[[str], FlaskClient], clock: FrozenClock, whose: str
) -> None:
    proctor = as_actor("on duty")
    assert proctor.post(world.path(ROOM + "/open"), json={}).status_code == 200
    clock.advance(600)
    assert proctor.post(world.path(ROOM + "/start"), json={}).status_code == 200
    for method, rule, body in console_sessions():
        before = world.marks()
        reply = send(proctor, world, method, rule, body, session_id=getattr(world, whose))
        assert (reply.status_code, rule) == (404, rule)
        assert world.marks() == before


def test_who_was_relieved_is_a_stranger(world: World, as_actor: Callable[[str], FlaskClient]) -> None:
    assert as_actor("on duty").get(world.path(ROOM + "/snapshot")).status_code == 200
    path = world.path(HERE + "/duties/<int:staff_id>/relieve")
    assert as_actor("manager").post(path).status_code == 303
    proctor = as_actor("on duty")
    for (method, rule), (body, strangers) in TABLE.items():
        if "idle" in strangers and rule.startswith(ROOM):
            assert send(proctor, world, method, rule, body).status_code == 403, rule


def test_a_manager_uses_only_what_is_the_centres(world: World, as_actor: Callable[[str], FlaskClient]) -> None:
    rival = as_actor("rival")
    with open_work(world.platform, SYSTEM) as work:
        own = a_room(work, world.actors["rival"].organisation_id or 0, world.scene.edition)
    use = world.path("/centre/sittings/<int:sitting_id>/rooms")
    assert rival.post(use, data={"room_id": own}).status_code == 303
    duties = world.path(HERE + "/duties", room_sitting_id=world.rivals_room)
    assert rival.post(duties, data={"staff_id": world.rivals_proctor}).status_code == 303
    before = world.marks()
    assert rival.post(duties, data={"staff_id": world.scene.proctor.id}).status_code == 422
    seats = world.path(HERE + "/seat", room_sitting_id=world.rivals_room)
    reply = rival.post(seats, data={"session": world.scene.sessions[0]})
    assert reply.status_code == 422
    assert leaks(reply, world) == []
    assert world.marks() == before


def test_a_list_held_for_one_manager_is_of_no_use_to_another(
    world: World, as_actor: Callable[[str], FlaskClient]
) -> None:
    with open_work(world.platform, SYSTEM) as work:
        programme = delivery.sitting_ref(work, world.scene.sitting).programme_id
    upload = {"programme": programme, "list": (io.BytesIO(a_file(a_line())), "list.csv")}
    preview = as_actor("manager").post("/centre/lists", data=upload)
    (held,) = re.findall(r'name="held" value="([^"]+)"', preview.text)
    form = {"programme": programme, "file_name": "list.csv", "held": held, "is_checked": "yes"}
    before = world.marks()
    assert as_actor("rival").post("/centre/lists/certify", data=form).status_code == 422
    assert world.marks() == before
    assert as_actor("manager").post("/centre/lists/certify", data=form).status_code == 303


def test_an_office_reads_the_candidates_of_its_own_centres(
    world: World, as_actor: Callable[[str], FlaskClient]
) -> None:
    names = {}
    for who in ("testing centre", "department", "abroad"):
        client = as_actor(who)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        page = client.get(world.path("/office/sittings/<int:sitting_id>")).text
        names[who] = sum(f"/office/sessions/{each}" in page
                         for each in (*world.scene.sessions, world.other_session, world.rivals_session))
        theirs = client.get(f"/office/sessions/{world.rivals_session}")
        assert theirs.status_code == (200 if who == "testing centre" else 404), who
    assert names == {"testing centre": 5, "department": 4, "abroad": 0}
    assert "/office/sessions/" not in as_actor("third party").get("/office").text
