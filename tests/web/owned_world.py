"""A world of neighbours: the ids of every route that has one, who acts there, and what strangers must not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from itembank import load_pool
from itembank.authoring.service import begin
from itembank.exports.service import ask
from itembank.recipes.service import keep
from itembank.recipes.starting import EXAMPLES
from proctor import assign_duty, plan_room_sitting, seat_candidates
from proctor.cameras.queries import cameras_of
from proctor.incidents.models import Incident
from proctor.observers.service import Invitation, invite
from proctor.observers.timetables import propose
from proctor.rooms.models import Room, Seat
from server import candidates, delivery
from server.accounts.models import Organisation
from server.candidates import accommodating
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.roles import Actor, Role
from server.core.work import Platform, Work
from server.delivery import service as sessions
from server.delivery.claims.models import DeviceClaim
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.authoring import a_commission_session, a_review
from tests.factories.blueprints import a_rehearsed_draft
from tests.factories.calibrating import a_report
from tests.factories.candidates import a_file, a_line, a_list
from tests.factories.delivery import a_plan
from tests.factories.itembank import an_import, new_item, published_pool
from tests.factories.outlines import an_imported_test
from tests.factories.proctor import (
    Scene,
    a_check,
    a_decision,
    a_proctor,
    a_recording,
    a_room,
)
from tests.web.owned_bank import MANUSCRIPT, REVIEWERS, TEXT, WRITERS
from tests.web.owned_rooms import HERE

ClientAs = Callable[..., FlaskClient]


@dataclass(frozen=True)
class World:
    """A scene with neighbours: what its ids are, who acts, and the words that strangers must not read."""

    platform: Platform
    scene: Scene
    other_room: int
    other_session: int
    rivals_room: int
    rivals_session: int
    rivals_proctor: int
    ids: dict[str, int]
    actors: dict[str, Actor]
    secrets: tuple[str, ...]

    def path(self, rule: str, **ids: int) -> str:
        """The address with the scene's ids, unless others are given."""
        # The console's address names a room in a sitting, the centre's a room.
        own = {"room_id": self.scene.room_id} if rule.startswith("/centre/rooms/") else {}
        rule = rule.replace("<kind>", "attendance").replace("<name>", "0" * 64)
        for name, value in {**self.ids, **own, **ids}.items():
            rule = rule.replace(f"<int:{name}>", str(value))
        assert "<" not in rule
        return rule

    def body(self, rule: str, body: dict[str, Any]) -> dict[str, Any]:
        """What is sent, with ids of the scene."""
        real = {"room_id": self.scene.room_id, "seat_id": self.ids["seat_id"], "session": self.ids["session_id"],
                "staff_id": self.ids["staff_id"], "camera_id": self.ids["camera_id"]}
        if rule.endswith("/identity"):
            return a_check(self.scene, self.ids["session_id"]).model_dump()
        return {name: real.get(name, value) if value == 0 else value for name, value in body.items()}

    def marks(self) -> tuple[int, int]:
        """How many lines the journal has, and how many moves of states there were."""
        with self.platform.database.reading() as db:
            lines = db.execute(select(func.count()).select_from(JournalEntry)).scalar_one()
            return lines, db.execute(select(func.count()).select_from(Transition)).scalar_one()


def a_world(work: Work, platform: Platform, scene: Scene) -> World:
    programme = delivery.sitting_ref(work, scene.sitting).programme_id
    (own_list,) = candidates.queries.admission_lists(work, scene.centre)
    rivals = a_list(work, a_line(family_name="Сыдыков"), programme_id=programme)
    rivals_room_id = a_room(work, rivals.centre_id, scene.edition)
    rivals_room = plan_room_sitting(work, rivals_room_id, scene.sitting)
    (theirs,) = candidates.registrations_of(work, programme, rivals.id)
    rivals_session = sessions.prepare_session(work, scene.sitting, theirs.id, rivals.centre_id)
    seat_candidates(work, rivals_room, [rivals_session])
    next_door, other_room, other_session = _next_door(work, scene, programme)
    seats = work.db.execute(select(Seat.id).where(Seat.room_id == scene.room_id)).scalars().all()
    actors = {
        "on duty": scene.proctor, "manager": scene.manager, "next door": next_door,
        "idle": a_proctor(work, scene.centre), "rivals proctor": a_proctor(work, rivals.centre_id),
        "rival": _staff(work, Role.CENTRE, rivals.centre_id), **_offices(work, scene),
        "outsider": _staff(work, Role.CENTRE, an_organisation(work).id),
        "commission": _staff(work, Role.COMMISSION, an_organisation(work, "ntc").id),
        **{each: _staff(work, Role.WRITER, an_organisation(work, "ntc").id) for each in WRITERS},
        **{each: _staff(work, Role.REVIEWER, an_organisation(work, "ntc").id) for each in REVIEWERS},
        "other member": _staff(work, Role.COMMISSION, an_organisation(work, "ntc").id),
        "psychometrician": _staff(work, Role.PSYCHOMETRICIAN, an_organisation(work, "ntc").id),
        "officer": _staff(work, Role.SECURITY, an_organisation(work, "ntc").id),
    }  # fmt: skip
    ids = {"room_id": scene.room, "session_id": scene.sessions[0], "room_sitting_id": scene.room,
           "sitting_id": scene.sitting, "staff_id": scene.proctor.id or 0, "list_id": own_list.id,
           "pool_id": (pool_id := published_pool(work)), "plan_id": a_plan(work, pool_id),
           **a_report(work, pool_id), "seat_id": seats[-1],
           "recipe_id": keep(replace(work, actor=actors["writer"]), EXAMPLES["equation"]),
           "import_id": an_import(replace(work, actor=actors["writer"])),
           "camera_id": cameras_of(work, scene.room_id)[0].id,
           "manuscript_id": begin(replace(work, actor=actors["author"]), new_item(MANUSCRIPT), "ky"),
           "request_id": ask(replace(work, actor=actors["commission"]), [an_item_of(work, pool_id)], "qti", "booklet"),
           "meeting_id": a_commission_session(work, actors["commission"].id or 0),
           **a_recording(work, scene), **_decided(work, scene), **_observed(work, scene, other_room, actors)}
    ids |= a_rehearsed_draft(platform, pool_id) | {"test_id": an_imported_test(platform, actors["writer"])}
    ids["review_id"] = a_review(work, ids["manuscript_id"], actors["reviewer"].id or 0)
    return World(platform, scene, other_room, other_session, rivals_room, rivals_session,
                 actors["rivals proctor"].id or 0, ids, actors,
                 (*_secrets(work, scene), f"Stem of {MANUSCRIPT}", f"key {MANUSCRIPT}"))


def _next_door(work: Work, scene: Scene, programme: int) -> tuple[Actor, int, int]:
    """Another room of the same centre and sitting, with a proctor and a candidate of its own."""
    manager = replace(work, actor=scene.manager)
    made = candidates.certify_admission_list(
        manager, programme_id=programme, file_name="b.csv", content=a_file(a_line(family_name="Токтогулов")),
    )
    (who,) = candidates.registrations_of(work, programme, made.id)
    session = sessions.prepare_session(work, scene.sitting, who.id, scene.centre)
    room = plan_room_sitting(work, a_room(work, scene.centre, scene.edition), scene.sitting)
    proctor = a_proctor(work, scene.centre)
    assign_duty(work, room, proctor.id or 0)
    seat_candidates(work, room, [session])
    return proctor, room, session


def _observed(work: Work, scene: Scene, other_room: int, actors: dict[str, Actor]) -> dict[str, int]:
    """An observer of the scene's room, one of the room next door, and a timetable that waits for its approval."""
    manager = replace(work, actor=scene.manager)
    asked = Invitation(name="Observer", kind="parent", body="11-A", mandate="7")
    for name, room in (("observer", scene.room), ("observer next door", other_room)):
        made = invite(manager, room, asked)
        actors[name] = Actor(frozenset({Role.OBSERVER}), made, name, scene.centre)
    return {"observer_id": actors["observer"].id or 0, "timetable_id": propose(manager, scene.centre)}


def _decided(work: Work, scene: Scene) -> dict[str, int]:
    """An incident of the scene's room; a condition of its first candidate, and another computer that waits."""
    a_decision(work, scene.sessions[0])
    found = Incident(room_sitting_id=scene.room, kind="technical", text="No power", began_at=work.now, n_affected=3,
                     written_by="system", written_at=work.now)  # fmt: skip
    work.db.add(found)
    work.db.flush()
    registration = delivery.session_ref(work, scene.sessions[0]).registration_id
    ((made,),) = accommodating.accommodations(work, [registration]).values()
    claim = DeviceClaim(session_id=scene.sessions[0], key="k", token_mac="m", address="10.0.0.9", browser="x",
                        asked_at=work.now)  # fmt: skip
    work.db.add(claim)
    work.db.flush()
    return {"incident_id": found.id, "accommodation_id": made.id, "claim_id": claim.id}


def _offices(work: Work, scene: Scene) -> dict[str, Actor]:
    """The testing centre's office, a department with the centre, one with another centre, and a third party's."""
    near, far = an_organisation(work, "department"), an_organisation(work, "department")
    work.db.get_one(Organisation, scene.centre).parent_id = near.id
    work.db.get_one(Organisation, an_organisation(work).id).parent_id = far.id
    places = {"testing centre": an_organisation(work, "ntc").id, "department": near.id, "abroad": far.id,
              "third party": an_organisation(work, "centre").id}
    return {name: _staff(work, Role.OFFICE, place) for name, place in places.items()}


def _staff(work: Work, role: Role, place: int) -> Actor:
    return Actor(frozenset({role}), a_staff_member(work, role, organisation_id=place), role.value, place)


def _secrets(work: Work, scene: Scene) -> tuple[str, ...]:
    refs = delivery.session_refs(work, scene.sessions)
    codes = [sessions.issue_code(work, each) for each in scene.sessions]
    room = work.db.get_one(Room, scene.room_id).name
    return (*(ref.name for ref in refs), *(ref.registration_no for ref in refs), *scene.documents.values(), *codes,
            f">{room}<")


def an_item_of(work: Work, pool_id: int) -> str:
    return load_pool(work, pool_id).codes[0]


def send(client: FlaskClient, world: World, method: str, rule: str, body: dict[str, Any], **ids: int) -> TestResponse:
    """The request, as a script for the console and as a form for the other pages."""
    body = world.body(rule, body)
    is_script = rule.startswith(("/proctor", "/observe", TEXT)) or rule == HERE + "/recordings"
    fields = {"json": body} if is_script else {"data": body}
    return client.open(world.path(rule, **ids), method=method, **(fields if method == "POST" else {}))


def leaks(reply: TestResponse, world: World) -> list[str]:
    return [each for each in world.secrets if each in reply.get_data(as_text=True)]
