"""What happens in a room while a test looks at its pages: by HTTP as its people, and by hands on its database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from proctor.archive.incoming import Stored
from proctor.archive.service import NewRecording, register
from proctor.cameras.queries import cameras_of
from proctor.rooms.models import RoomSitting
from server.accounts.models import Staff
from server.core.roles import SYSTEM, Actor, Role
from server.core.ruling import Ruling
from server.core.work import open_work
from server.delivery import expire_due_sessions, session_ref
from server.delivery.models import ExamSession
from server.delivery.service import close_absent
from server.grading import grade_session
from server.jobs.demonstration.centre import PASSWORD, PIN
from server.jobs.robot import Browser, Candidate
from server.jobs.simulate import Seated
from server.statements.queries import statement
from tests.factories.delivery import a_sitting, absent_session
from tests.factories.grading import a_finding
from tests.factories.results import released
from tests.factories.statements import a_statement
from tests.live import LiveServer


@dataclass
class Backstage:
    """A second proctor of the room, the office, and the hands of time."""

    live: LiveServer
    people: dict[str, Browser] = field(default_factory=dict)

    def person(self, login: str, page: str) -> Browser:
        """That member of staff, signed in once, with `page` open."""
        if login not in self.people:
            self.people[login] = Browser(self.live.origin)
            self.people[login].open("/sign-in")
            self.people[login].submit("/sign-in", {"login": login, "password": PASSWORD})
        self.people[login].open(page)
        return self.people[login]

    def room(self, act: str, body: Mapping[str, Any] | None = None) -> Any:
        """The proctor does this with the room."""
        here = f"/proctor/rooms/{self.live.room_sitting_id}"
        return self.person("proctor2", here).post(f"{here}/{act}", body)

    def at(self, seat: Seated, act: str, body: Mapping[str, Any] | None = None) -> Any:
        """The proctor does this with a candidate."""
        return self.room(f"sessions/{seat.session_id}/{act}", body)

    def decide(self, seat: Seated, kind: str, extent: str) -> None:
        """The office records a condition of the candidate."""
        said = {"registration_no": seat.registration_no, "extent": extent, "order_number": "12-k", "kind": kind,
                "evidence": "certificate 4", "decided_by": "Osmonova A.", "decided_on": "01.05.2020"}  # fmt: skip
        self.person("office", "/office/accommodations").submit("/office/accommodations", said)

    def move(self, seat: Seated) -> Seated:
        """The candidate has a new code for the same seat."""
        here = f"/proctor/rooms/{self.live.room_sitting_id}"
        seats = self.person("proctor2", here).get(f"{here}/snapshot")["seats"]
        mine = next(s for s in seats if s["session"] and s["session"]["who"]["session_id"] == seat.session_id)
        made = self.at(seat, "move", {"seat_id": mine["seat_id"], "reason": "Computer fault"})
        return replace(seat, code=made["code"])

    def works(self, seat: Seated) -> Candidate:
        """The candidate is signed in on another computer and is heard."""
        candidate = Candidate(Browser(self.live.origin), seat.registration_no, seat.code)
        candidate.sign_in()
        candidate.heartbeat()
        return candidate

    def calls(self, candidate: Candidate) -> None:
        """The candidate calls the proctor about the computer."""
        kinds = candidate.browser.get("/exam/call")["kinds"]
        candidate.browser.post("/exam/call", {"key": str(uuid4()), "kind": kinds[0]["code"], "words": ""})

    def end(self, seat: Seated) -> None:
        """The time of the candidate is over."""
        with open_work(self.live.platform, SYSTEM) as work:
            work.db.get_one(ExamSession, seat.session_id).ends_at = work.now - timedelta(hours=1)
        self.settle()

    def hold(self, seat: Seated) -> None:
        """The time of the section has run out while nothing was heard."""
        with open_work(self.live.platform, SYSTEM) as work:
            session = work.db.get_one(ExamSession, seat.session_id)
            running = next(section for section in session.sections if section.state == "running")
            running.ends_at = work.now - timedelta(minutes=2)
        expire_due_sessions(self.live.platform, lambda *_: Ruling(True, "DC-12.lost_time", {}, "held"))

    def close(self) -> None:
        """The room is closed, long after it started."""
        with open_work(self.live.platform, SYSTEM) as work:
            room = work.db.get_one(RoomSitting, self.live.room_sitting_id)
            room.started_at = work.now - timedelta(hours=5)
        self.settle()
        self.room("close", {"pin": PIN})

    def film(self) -> None:
        """An hour of the first camera is in the archive."""
        with open_work(self.live.platform, SYSTEM) as work:
            room = work.db.get_one(RoomSitting, self.live.room_sitting_id)
            camera = cameras_of(work, room.room_id)[0].id
            person = work.db.execute(select(Staff).where(Staff.login == "centre")).scalar_one()
            actor = Actor(frozenset({Role.CENTRE}), person.id, person.login, person.organisation_id)
        with open_work(self.live.platform, actor) as work:
            begins = work.now - timedelta(hours=2)
            new = NewRecording(camera, begins, begins + timedelta(hours=1), "K1_0900.mp4")
            register(work, self.live.room_sitting_id, new, Stored(digest="0" * 64, size=40_000_000))

    def settle(self) -> None:
        """Whose time is over has ended."""
        expire_due_sessions(self.live.platform)

    def list_of_results(self) -> str:
        """The path of a released list, of another sitting with one candidate."""
        with open_work(self.live.platform, SYSTEM) as work:
            other = a_sitting(work, subjects=["history"])
            grade_session(work, absent_session(work, other))
            return f"/office/lists/{released(work, other.id)}"

    def after_the_appeals(self) -> tuple[str, ...]:
        """The paths of another sitting's approved results, of a statement, and of its candidate's attestation."""
        with open_work(self.live.platform, SYSTEM) as work:
            made = statement(work, a_statement(work))
            sitting_id = session_ref(work, made.session_id).sitting_id
        return (f"/office/sittings/{sitting_id}/final", f"/office/statements/{made.id}",
                f"/office/sessions/{made.session_id}/attestation")  # fmt: skip

    def question(self, session_ids: Sequence[int]) -> str:
        """The path of a question that the control of the room's sitting asks about these sessions."""
        with open_work(self.live.platform, SYSTEM) as work:
            sitting_id = session_ref(work, session_ids[0]).sitting_id
            return f"/office/control/{a_finding(work, sitting_id, session_ids)}"

    def stay_away(self, seat: Seated) -> None:
        """The candidate is recorded as absent."""
        with open_work(self.live.platform, SYSTEM) as work:
            close_absent(work, [seat.session_id], Ruling(True, "DC-16", {}, "absent"))
