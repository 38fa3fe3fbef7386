"""Whose is it: an id of somebody else's opens nothing, changes nothing and says nothing, on every route with an id."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
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
from server.core.clock import FrozenClock
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import service as sessions
from server.delivery.claims.models import DeviceClaim
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.authoring import a_commission_session, a_review
from tests.factories.blueprints import a_rehearsed_draft
from tests.factories.calibrating import a_report
from tests.factories.candidates import a_file, a_line, a_list
from tests.factories.delivery import a_plan
from tests.factories.itembank import an_import, new_item, published_pool
from tests.factories.proctor import (
    Scene,
    a_check,
    a_decision,
    a_proctor,
    a_recording,
    a_removal,
    a_room,
    a_scene,
)

ClientAs = Callable[..., FlaskClient]
ROOM = "/proctor/rooms/<int:room_id>"
SESSION = ROOM + "/sessions/<int:session_id>"
OBSERVE = "/observe/rooms/<int:room_id>"
JOB = "/bank/calibrations/jobs/<int:job_id>"
RUN = "/bank/calibrations/<int:run_id>"
PLAN = "/bank/pretests/<int:plan_id>"
IMPORT = "/bank/import/<int:import_id>"
WRITERS = ("author", "stranger", "writer", "other writer")
REVIEWERS = ("reviewer", "other reviewer")
RECIPE = "/bank/recipes/<int:recipe_id>"
TEXT = "/bank/manuscripts/<int:manuscript_id>"
MEETING = "/bank/commission/<int:meeting_id>"
EXPORT = "/bank/export/<int:request_id>"
DRAFT, BLUEPRINT = "/bank/blueprints/drafts/<int:draft_id>", "/bank/blueprints/<int:blueprint_id>"
REHEARSAL, FORMS = "/bank/rehearsals/<int:rehearsal_id>", "/bank/pools/<int:pool_id>/forms"
MANUSCRIPT = "GEO-900"
UNREAD = {"stranger": 404}  # a writer whom the manuscript does not concern: for them there is none
HERE = "/centre/room-sittings/<int:room_sitting_id>"
REASON = {"reason": "a fire alarm"}
# Each route with an id, what is sent there, who has nothing to do with what the ids name, and what they get.
# idle: a proctor without duty. next door: one on duty in another room. rival: the manager of another centre.
# outsider: the manager of a centre without a candidate in the sitting.
# abroad: the office of a department whose centre it is not. other roles are refused by the table of test_roles.
WATCH = {"idle": 403, "next door": 403}
TABLE: dict[tuple[str, str], tuple[dict[str, Any], dict[str, int]]] = {
    ("GET", ROOM): ({}, WATCH),
    ("GET", ROOM + "/snapshot"): ({}, WATCH),
    ("POST", ROOM + "/open"): ({}, WATCH),
    ("POST", ROOM + "/start"): ({}, WATCH),
    ("POST", ROOM + "/close"): ({"pin": "830926"}, WATCH),
    ("POST", ROOM + "/pause"): (REASON, WATCH),
    ("POST", ROOM + "/resume"): (REASON, WATCH),
    ("POST", ROOM + "/message"): ({"text": "Stay calm"}, WATCH),
    ("GET", SESSION + "/photo"): ({}, WATCH),
    ("GET", SESSION + "/picture"): ({}, WATCH),
    ("POST", "/office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture"): (
        REASON, {"abroad": 404, "third party": 403}),
    ("POST", SESSION + "/identity"): ({}, WATCH),
    ("POST", SESSION + "/admit"): ({}, WATCH),
    ("POST", SESSION + "/pause"): (REASON, WATCH),
    ("POST", SESSION + "/resume"): (REASON, WATCH),
    ("POST", SESSION + "/message"): ({"text": "Stay calm"}, WATCH),
    ("POST", SESSION + "/move"): ({"seat_id": 0, **REASON}, WATCH),
    ("POST", SESSION + "/call"): ({"verb": "take"}, WATCH),
    ("GET", SESSION + "/devices"): ({}, WATCH),
    ("POST", SESSION + "/devices/<int:claim_id>"): ({"lets_in": True, **REASON}, WATCH),
    ("POST", ROOM + "/seats/pause"): ({"session_ids": [1], **REASON}, WATCH),
    ("POST", ROOM + "/seats/resume"): ({"session_ids": [1], **REASON}, WATCH),
    ("POST", ROOM + "/seats/message"): ({"session_ids": [1], "text": "Stay calm"}, WATCH),
    ("POST", ROOM + "/give-time"): (REASON, WATCH),
    ("POST", SESSION + "/give-time"): (REASON, WATCH),
    ("POST", SESSION + "/let-go"): (REASON, WATCH),
    ("POST", SESSION + "/give-play"): (REASON, WATCH),
    ("POST", SESSION + "/break"): ({}, WATCH),
    ("POST", ROOM + "/incidents"): ({"kind": "technical", "text": "No power"}, WATCH),
    ("POST", ROOM + "/incidents/<int:incident_id>/end"): ({"gives_time": False}, WATCH),
    ("POST", SESSION + "/warn"): ({"violation": "disorder", "narrative": ""}, WATCH),
    ("POST", SESSION + "/remove"): (a_removal().model_dump(), WATCH),
    ("POST", SESSION + "/watch"): ({}, WATCH),
    ("GET", SESSION + "/record"): ({}, WATCH),
    ("POST", SESSION + "/record"): ({"narrative": "A phone rang.", "name_0": "Ким Виктор"}, WATCH),
    ("POST", SESSION + "/record/sign"): ({"staff_id": 0, "pin": "830926"}, WATCH),
    ("POST", SESSION + "/record/hand"): ({"n": "0", "name": "Ким Виктор"}, WATCH),
    ("GET", ROOM + "/handover"): ({}, WATCH),
    ("POST", ROOM + "/handover"): ({"taker_id": 0, "kind": "final"}, WATCH),
    ("GET", SESSION + "/protocol"): ({}, WATCH),
    ("GET", ROOM + "/papers"): ({}, WATCH),
    ("GET", ROOM + "/papers/<kind>"): ({}, WATCH),
    ("GET", "/centre/rooms/<int:room_id>"): ({}, {"rival": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/rooms"): ({"room_id": 0}, {"rival": 404}),
    ("GET", "/centre/sittings/<int:sitting_id>/seb"): ({}, {"outsider": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/seb"): ({}, {"outsider": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/seb/file"): ({}, {"outsider": 404}),
    ("GET", HERE): ({}, {"rival": 404}),
    ("POST", HERE + "/duties"): ({"staff_id": 0}, {"rival": 404}),
    ("POST", HERE + "/duties/<int:staff_id>/relieve"): ({}, {"rival": 404}),
    ("POST", HERE + "/seat"): ({"session": 0}, {"rival": 404}),
    ("GET", HERE + "/slips"): ({}, {"rival": 404}),
    ("GET", HERE + "/seating"): ({}, {"rival": 404}),
    ("POST", HERE + "/seating/move"): ({"session": 0, "seat_id": 0}, {"rival": 404}),
    ("POST", HERE + "/seating/draw"): ({}, {"rival": 404}),
    ("POST", HERE + "/seating/keep"): ({"session": 0, "reason": "near the door"}, {"rival": 404}),
    ("POST", HERE + "/seating/release"): ({"session": 0}, {"rival": 404}),
    ("GET", HERE + "/papers/<kind>"): ({}, {"rival": 404}),
    ("GET", HERE + "/sessions/<int:session_id>/protocol"): ({}, {"rival": 404}),
    ("GET", "/centre/rooms/<int:room_id>/cameras"): ({}, {"rival": 404}),
    ("POST", "/centre/rooms/<int:room_id>/cameras"): ({"name": "C9", "place": "by the window"}, {"rival": 404}),
    ("POST", "/centre/cameras/<int:camera_id>/working"): ({"is_working": "no"}, {"rival": 404}),
    ("GET", HERE + "/cameras"): ({}, {"rival": 404}),
    ("GET", HERE + "/recordings"): ({}, {"rival": 404}),
    ("POST", HERE + "/recordings/parts"): ({}, {"rival": 404}),
    ("POST", HERE + "/recordings"): (
        {"key": "ab" * 32, "camera_id": 0, "begins": "2026-05-12T09:00", "ends": "2026-05-12T10:00", "size": 4,
         "file_name": "a.mp4"}, {"rival": 404}),
    ("GET", "/centre/recordings/<int:recording_id>"): ({}, {"rival": 404}),
    ("GET", "/office/recordings/<int:recording_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/video"): ({}, {"abroad": 200, "third party": 403}),  # without a room
    ("POST", "/office/room-sittings/<int:room_sitting_id>/holds"): (
        {"reason": "an appeal"}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/holds/<int:hold_id>/lift"): ({"reason": "decided"}, {"abroad": 404, "third party": 403}),
    ("POST", HERE + "/cameras/waiver"): (
        {"order_number": "12-k", "reason": "No power", "granted_by": "The head"}, {"rival": 404}),
    ("GET", HERE + "/observers"): ({}, {"rival": 404}),
    ("POST", HERE + "/observers"): (
        {"name": "A. B.", "kind": "parent", "body": "11-A", "mandate": "7"}, {"rival": 404}),
    ("GET", HERE + "/observers/slips"): ({}, {"rival": 404}),
    ("GET", HERE + "/observers/slips/paper"): ({}, {"rival": 404}),
    ("POST", HERE + "/observers/<int:observer_id>/code"): ({}, {"rival": 404}),
    ("GET", OBSERVE): ({}, {"observer next door": 404}),
    ("GET", OBSERVE + "/view"): ({}, {"observer next door": 404}),
    ("POST", OBSERVE + "/remarks"): ({"text": "All is calm"}, {"observer next door": 404}),
    ("POST", HERE + "/observers/<int:observer_id>/withdraw"): ({}, {"rival": 404}),
    ("GET", "/office/sittings/<int:sitting_id>/observers"): ({}, {"abroad": 200, "third party": 403}),  # no observer
    ("POST", "/office/timetables/<int:timetable_id>/approve"): (
        {"order_no": "417/3"}, {"abroad": 404, "third party": 403}),
    ("GET", "/centre/lists/<int:list_id>"): ({}, {"rival": 404}),
    ("POST", "/centre/lists/<int:list_id>/photos"): ({}, {"rival": 404}),
    ("POST", "/office/accommodations/<int:accommodation_id>/withdraw"): (
        {"order_number": "14-k"}, {"abroad": 404, "third party": 403}),
    ("GET", PLAN): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("POST", PLAN + "/sittings"): ({"sitting": 1, "take": "1"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("POST", PLAN + "/stop"): ({"reason": "enough"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("GET", IMPORT): ({}, {"other writer": 404, "commission": 403}),
    ("GET", IMPORT + "/progress"): ({}, {"other writer": 404, "commission": 403}),
    ("POST", IMPORT + "/discard"): ({}, {"other writer": 404, "commission": 403}),
    ("GET", RECIPE): ({}, {"other writer": 404, "commission": 403}),
    ("POST", RECIPE): ({"tier": "basic", "type": "choice"}, {"other writer": 404, "commission": 403}),
    ("POST", RECIPE + "/items"): ({"n": "1"}, {"other writer": 404, "commission": 403}),
    ("GET", RUN): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", RUN + "/technical"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", RUN + "/items/<int:item_version_id>"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("POST", RUN + "/items/<int:item_version_id>/decision"): (
        {"verdict": "rejected", "reason": "unclear"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("GET", JOB): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", JOB + "/progress"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("POST", JOB + "/cancel"): ({}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("GET", TEXT): ({}, UNREAD),
    ("GET", TEXT + "/text"): ({}, UNREAD),
    ("POST", TEXT + "/text"): ({}, {"stranger": 422}),  # a true one is sent by test_editor_pages
    ("POST", TEXT + "/look"): ({"item": None, "language": "ky"}, UNREAD),
    ("POST", TEXT + "/formula"): ({"latex": "x", "language": "ky"}, UNREAD),
    ("POST", TEXT + "/files"): ({}, UNREAD),
    ("GET", TEXT + "/files/<name>"): ({}, UNREAD),
    ("POST", TEXT + "/withdraw"): ({"revision": 1}, UNREAD),
    ("POST", TEXT + "/submit"): ({"revision": 1}, UNREAD),
    ("POST", TEXT + "/abandon"): ({"revision": 1}, UNREAD),
    ("GET", TEXT + "/reading"): ({}, UNREAD),
    ("POST", TEXT + "/comments"): ({"anchor": "", "body": "?"}, UNREAD),
    ("GET", TEXT + "/differences"): ({}, UNREAD),
    ("POST", TEXT + "/reviews/<int:review_id>"): ({}, {"other reviewer": 404, "author": 403}),
    ("POST", "/bank/readings/<int:review_id>/assign"): ({}, {"rival": 403, "psychometrician": 403}),
    ("GET", MEETING): ({}, {"rival": 403, "psychometrician": 403}),
    ("POST", MEETING + "/agenda"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/notes"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/decide"): ({}, {"other member": 422, "psychometrician": 403}),
    ("POST", MEETING + "/close"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/sign"): ({}, {"other member": 422, "psychometrician": 403}),
    ("POST", MEETING + "/annul"): ({}, {"other member": 403, "psychometrician": 403}),
    ("GET", MEETING + "/minutes"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", EXPORT + "/decide"): (
        {"decision": "approve", "reason": "why not", "revision": 1, "code": "000000"},
        {"rival": 403, "commission": 403, "psychometrician": 403}),
    ("POST", EXPORT + "/file"): ({}, {"psychometrician": 404, "officer": 403, "rival": 403}),
    ("GET", "/bank/pools/<int:pool_id>"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", DRAFT): ({}, {"rival": 403, "idle": 403, "officer": 403}),
    ("POST", DRAFT): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/check"): ({}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/propose"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/recall"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/discard"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/sign"): ({}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/approve"): ({"revision": 1}, {"rival": 403, "psychometrician": 403}),
    ("GET", BLUEPRINT): ({}, {"rival": 403, "officer": 403}),
    ("GET", BLUEPRINT + "/pool"): ({}, {"rival": 403, "commission": 403}),
    ("POST", BLUEPRINT + "/pool"): ({}, {"rival": 403, "commission": 403}),
    ("GET", REHEARSAL): ({}, {"rival": 403, "officer": 403}),
    ("POST", REHEARSAL + "/repeat"): ({}, {"rival": 403, "officer": 403}),
    ("GET", "/bank/rehearsals/tasks/<int:task_id>"): ({}, {"rival": 403, "officer": 403}),
    ("POST", "/bank/rehearsals/tasks/<int:task_id>/stop"): ({}, {"rival": 403, "officer": 403}),
    ("GET", FORMS): ({}, {"rival": 403, "officer": 403}),
    ("POST", FORMS): ({}, {"rival": 403, "commission": 403}),
    ("GET", "/bank/forms/<int:form_set_id>"): ({}, {"rival": 403, "officer": 403}),
    ("GET", "/bank/forms/tasks/<int:task_id>"): ({}, {"rival": 403, "officer": 403}),
    ("GET", "/office/sittings/<int:sitting_id>"): ({}, {"abroad": 200, "third party": 403}),  # without a candidate
    ("GET", "/office/sittings/<int:sitting_id>/tools"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/tools"): ({}, {"abroad": 403, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/release"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/release"): ({}, {"abroad": 403, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/decode"): ({}, {"abroad": 200, "third party": 403}),  # an empty form
    ("POST", "/office/sittings/<int:sitting_id>/decode"): (
        {"code": "W-0000-0000", "reason": "an appeal"}, {"abroad": 422, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/grade"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>/absence"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/absence"): (
        {"reason": "illness", "evidence": "hospital_certificate", "paper": "No. 7", "decision": "12-k"},
        {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/absence/withdraw"): (
        {"decision": "13-k"}, {"abroad": 404, "third party": 403}),
}
OWNERS = {"/observe": "observer", "/proctor": "on duty", "/centre": "manager", PLAN: "psychometrician",
          JOB: "psychometrician", RUN: "psychometrician",
          BLUEPRINT + "/pool": "psychometrician", FORMS: "psychometrician",
          EXPORT + "/decide": "officer", IMPORT: "writer", RECIPE: "writer",
          TEXT + "/reviews": "reviewer", TEXT: "author", "/bank": "commission",
          "/office": "testing centre"}


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


@pytest.fixture
def world(platform: Platform, clock: FrozenClock) -> World:
    with open_work(platform, SYSTEM) as work:
        scene = a_scene(work, 3, shape=(2, 3))
        made = _world(work, platform, scene)
    clock.advance((scene.starts_at - clock.now()).total_seconds() - 600)
    return made


def _world(work: Work, platform: Platform, scene: Scene) -> World:
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
    ids |= a_rehearsed_draft(platform, pool_id)
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


@pytest.fixture
def as_actor(client_as: ClientAs, world: World) -> Callable[[str], FlaskClient]:
    def make(name: str) -> FlaskClient:
        actor = world.actors[name]
        client = client_as(*actor.roles, id=actor.id, organisation_id=actor.organisation_id)
        client.set_cookie("synak_lang", "en")
        return client

    return make


def send(client: FlaskClient, world: World, method: str, rule: str, body: dict[str, Any], **ids: int) -> TestResponse:
    """The request, as a script for the console and as a form for the other pages."""
    body = world.body(rule, body)
    is_script = rule.startswith(("/proctor", "/observe", TEXT)) or rule == HERE + "/recordings"
    fields = {"json": body} if is_script else {"data": body}
    return client.open(world.path(rule, **ids), method=method, **(fields if method == "POST" else {}))


def leaks(reply: TestResponse, world: World) -> list[str]:
    return [each for each in world.secrets if each in reply.get_data(as_text=True)]


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
        is_absent = rule.endswith(("/photo", "/picture", "/protocol", "/minutes", "/<name>"))  # there is none
        assert reply.status_code != 404 or is_absent, rule
        assert "no_duty" not in text, (method, rule)
        assert "not_allowed" not in text


def test_other_roles_with_true_ids_read_nothing(world: World, client_as: ClientAs) -> None:
    roles = {"/observe": Role.OBSERVER, "/proctor": Role.PROCTOR, "/centre": Role.CENTRE,
             IMPORT: Role.WRITER, RECIPE: Role.WRITER,
             TEXT + "/reviews": Role.REVIEWER, TEXT: Role.WRITER,
             EXPORT + "/decide": Role.SECURITY, "/bank": Role.COMMISSION,
             "/office": Role.OFFICE}
    for (method, rule), (body, _strangers) in TABLE.items():
        own = next(role for prefix, role in roles.items() if rule.startswith(prefix))
        for role in {Role.PUBLIC, Role.CANDIDATE, *roles.values(), Role.AUDITOR, Role.ADMIN} - {own}:
            before = world.marks()
            client = client_as(role, id=world.scene.proctor.id, organisation_id=world.scene.centre)
            reply = send(client, world, method, rule, body)
            refused = {401} if role is Role.PUBLIC else {403, 404} if rule.startswith(TEXT) else {403}
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
