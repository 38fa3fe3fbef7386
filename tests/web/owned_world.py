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
from server.candidates import accommodating, cases
from server.candidates.cases.queries import case_ref
from server.candidates.cases.service import Facts, NewCase
from server.core.journal import JournalEntry
from server.core.machine import Transition
from server.core.roles import Actor, Role
from server.core.work import Platform, Work
from server.delivery import service as sessions
from server.delivery.claims.models import DeviceClaim
from server.grading import grade_session
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.appeals import a_chamber
from tests.factories.authoring import a_commission_session, a_review
from tests.factories.blueprints import a_rehearsed_draft
from tests.factories.calibrating import a_report
from tests.factories.candidates import a_file, a_line, a_list
from tests.factories.cases import PDF, a_next_sitting
from tests.factories.delivery import a_plan, a_sitting, absent_session
from tests.factories.grading import a_finding
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
from tests.factories.rescoring import corrected_ids
from tests.factories.results import released
from tests.factories.statements import a_statement
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
                "staff_id": self.ids["staff_id"], "camera_id": self.ids["camera_id"],
                "case_id": self.ids["case_id"], "case": self.ids["appeal_id"], "sitting": self.ids["sitting_id"]}
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
           "seat_id": seats[-1], "camera_id": cameras_of(work, scene.room_id)[0].id,
           **_of_the_bank(work, platform, actors), **_cased(work, scene, actors), **a_recording(work, scene),
           **_decided(work, scene), **_observed(work, scene, other_room, actors)}
    ids |= corrected_ids(work, ids["pool_id"]) | _appealed(work, actors) | {
        "result_list_id": a_list_of_the_department(work, actors["department"]), "statement_id": a_statement(work),
        "batch_id": 1, "finding_id": a_finding(work, scene.sitting, scene.sessions[:2]),
    }  # fmt: skip
    return World(platform, scene, other_room, other_session, rivals_room, rivals_session,
                 actors["rivals proctor"].id or 0, ids, actors,
                 (*_secrets(work, scene), f"Stem of {MANUSCRIPT}", f"key {MANUSCRIPT}"))


def _of_the_bank(work: Work, platform: Platform, actors: dict[str, Actor]) -> dict[str, int]:
    """What lies in the bank: a pool with its calibration, a plan, a recipe, an import, a text with its reading."""
    pool_id, writer = published_pool(work), replace(work, actor=actors["writer"])
    commission = replace(work, actor=actors["commission"])
    ids = {
        "pool_id": pool_id, "plan_id": a_plan(work, pool_id), **a_report(work, pool_id),
        "recipe_id": keep(writer, EXAMPLES["equation"]), "import_id": an_import(writer),
        "manuscript_id": begin(replace(work, actor=actors["author"]), new_item(MANUSCRIPT), "ky"),
        "request_id": ask(commission, [an_item_of(work, pool_id)], "qti", "booklet"),
        "meeting_id": a_commission_session(work, actors["commission"].id or 0),
    }  # fmt: skip
    ids |= a_rehearsed_draft(platform, pool_id) | {"test_id": an_imported_test(platform, actors["writer"])}
    return ids | {"review_id": a_review(work, ids["manuscript_id"], actors["reviewer"].id or 0)}


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


def _appealed(work: Work, actors: dict[str, Actor]) -> dict[str, int]:
    """A case before its commission: a member of it, one who stands aside, and somebody of no commission."""
    chamber = a_chamber(work, 2, is_released_at_once=True)
    one, other = chamber.sessions
    appeal_id = chamber.admitted(one, 2)
    hearing_id = chamber.called(appeal_id)
    chamber.stand_aside(chamber.members[5], appeal_id)
    actors |= {"appeals": chamber.members[3].actor, "aside": chamber.members[5].actor,
               "appeals elsewhere": _staff(work, Role.APPEALS, an_organisation(work, "ntc").id)}
    actors |= {"appellant": chamber.candidate(one).actor, "other candidate": chamber.candidate(other).actor}
    return {"appeal_id": appeal_id, "seq": 2, "hearing_id": hearing_id}


def _observed(work: Work, scene: Scene, other_room: int, actors: dict[str, Actor]) -> dict[str, int]:
    """An observer of the scene's room, one of the room next door, and a timetable that waits for its approval."""
    manager = replace(work, actor=scene.manager)
    asked = Invitation(name="Observer", kind="parent", body="11-A", mandate="7")
    for name, room in (("observer", scene.room), ("observer next door", other_room)):
        made = invite(manager, room, asked)
        actors[name] = Actor(frozenset({Role.OBSERVER}), made, name, scene.centre)
    return {"observer_id": actors["observer"].id or 0, "timetable_id": propose(manager, scene.centre)}


def a_list_of_the_department(work: Work, department: Actor) -> int:
    """A released list of another sitting, with one candidate, of a centre of the department's."""
    sitting = a_sitting(work, subjects=["history"])
    session = absent_session(work, sitting)
    grade_session(work, session)
    centre = delivery.session_ref(work, session).centre_id
    work.db.get_one(Organisation, centre).parent_id = department.organisation_id
    return released(work, sitting.id)


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


def _cased(work: Work, scene: Scene, actors: dict[str, Actor]) -> dict[str, int]:
    """A case of the scene's last candidate with a paper, and an additional sitting that nobody has a place in."""
    department = replace(work, actor=actors["department"])
    who = delivery.session_ref(work, scene.sessions[-1]).registration_id
    case_id = cases.file_case(department, NewCase("exemption", who, "exchange"), Facts(None, None))
    cases.add_paper(department, case_id, "documents", PDF)
    (paper,) = case_ref(department, case_id).papers
    additional_id = a_next_sitting(replace(work, actor=actors["testing centre"]), "additional", scene.sitting)
    return {"case_id": case_id, "paper_id": paper.id, "additional_id": additional_id}


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
