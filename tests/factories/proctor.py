"""A room on the day of a sitting for tests: a centre, its proctors, candidates with documents and seats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from proctor import assign_duty, grid, plan_room, plan_room_sitting, seat_candidates
from proctor.archive import service as archive
from proctor.archive.incoming import Stored
from proctor.archive.models import RecordingHold
from proctor.cameras.queries import cameras_of
from proctor.cameras.service import add_camera
from proctor.irregularities.protocols import protocol_of, removal_of
from proctor.irregularities.service import (
    Draft,
    Witness,
    sign_protocol,
    sign_protocol_by_hand,
    write_protocol,
)
from proctor.monitoring.wire import IdentityAsk, RemoveAsk
from proctor.observers import timetables
from proctor.rooms import service
from proctor.rooms.rules import CamerasRule, ObserversRule, SeatingRule
from server import candidates, delivery
from server.accounts import signing
from server.candidates.accommodating import NewDecision, record_accommodation
from server.core.clock import FrozenClock
from server.core.regulation import Edition, load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import service as sessions
from server.delivery.rules import StartRule
from tests.factories.accounts import PIN, a_staff_member
from tests.factories.candidates import a_line, a_list
from tests.factories.itembank import published_pool

EDITIONS = (("kg-distinction", "2013"), ("zz-trial", "2030"))
SUBJECT = "history"
T = TypeVar("T")
_serial = count(1)


@dataclass(frozen=True)
class Scene:
    """A room with seated candidates, the proctor on duty and the centre's manager."""

    room: int
    room_id: int
    sitting: int
    centre: int
    edition: Edition = field(repr=False)
    starts_at: datetime
    sessions: tuple[int, ...]
    documents: dict[int, str]
    proctor: Actor
    manager: Actor


@dataclass(frozen=True)
class Day:
    """A scene on a platform with a clock that the test moves; each act is a unit of work of its own."""

    platform: Platform
    clock: FrozenClock
    scene: Scene

    def do(self, command: Callable[..., T], *args: Any, actor: Actor | None = None, **named: Any) -> T:
        """The proctor (or somebody else) carries out a command in the scene's room."""
        with open_work(self.platform, actor or self.scene.proctor) as work:
            return command(work, self.scene.room, *args, **named)

    def at(self, seconds: float) -> None:
        """The clock stands so many seconds after the sitting's hour."""
        self.clock.advance((self.scene.starts_at - self.clock.now()).total_seconds() + seconds)

    def let_in(self, *session_ids: int) -> None:
        """These candidates showed their passport and were admitted."""
        for each in session_ids:
            self.do(service.check_identity, each, a_check(self.scene, each))
            self.do(service.admit, each)

    def run(self, *session_ids: int) -> None:
        """Opened ten minutes before the hour, these candidates let in, the test started on time."""
        self.at(-600)
        self.do(service.open_room)
        self.let_in(*session_ids)
        self.at(0)
        self.do(service.start_room)


def a_day(platform: Platform, clock: FrozenClock, n: int = 3, **scene: Any) -> Day:
    """A scene in committed units of work."""
    with open_work(platform, SYSTEM) as work:
        made = a_scene(work, n, **scene)
    return Day(platform, clock, made)


def the_edition(code: str = "kg-distinction", version: str = "2013") -> Edition:
    """An edition on file."""
    return load_edition(code, version)


def a_start(edition: Edition, day: datetime) -> datetime:
    """The hour at which the edition lets a sitting start on that day."""
    rule = edition.get("DC-11", StartRule)
    return datetime.combine(day.astimezone(rule.zone).date(), rule.start, rule.zone)


def a_sitting(work: Work, programme_id: int, edition: Edition, **changes: Any) -> int:
    """A sitting of one subject on the day of the work."""
    pool = published_pool(work, subject=SUBJECT, prefix=f"HIS{next(_serial)}")
    whole: dict[str, Any] = {
        "programme_id": programme_id, "edition": edition, "order_no": "417/1", "pools": {SUBJECT: pool},
        "titles": {"ky": "Сынак", "ru": "Тест", "en": "Test"}, "starts_at": a_start(edition, work.now),
    }  # fmt: skip
    return sessions.publish_sitting(work, sessions.NewSitting(**{**whole, **changes}))


def a_proctor(work: Work, centre_id: int, name: str = "Мамытова Жаркын") -> Actor:
    """Somebody who may be put on duty at the centre."""
    staff = a_staff_member(work, Role.PROCTOR, organisation_id=centre_id)
    return Actor(frozenset({Role.PROCTOR}), staff, name, centre_id)


def a_scene(
    work: Work,
    n: int = 3,
    *,
    edition: Edition | None = None,
    schools: Sequence[str] = (),
    shape: tuple[int, int] | None = None,
    is_seated: bool = True,
    has_cameras: bool = True,
    has_timetable: bool = True,
    **sitting: Any,
) -> Scene:
    """A planned room with `n` candidates expected; seats as near as the edition lets them be."""
    edition = edition or the_edition()
    work = replace(work, actor=SYSTEM)
    lines = [a_line(school=schools[i % len(schools)] if schools else f"School {i}") for i in range(n)]
    made = a_list(work, *lines)
    registered = candidates.registrations_of(work, made.programme_id, made.id)
    sitting_id = a_sitting(work, made.programme_id, edition, **sitting)
    ids = tuple(sessions.prepare_session(work, sitting_id, each.id, made.centre_id) for each in registered)
    room_id = a_room(work, made.centre_id, edition, shape or (2, -(-max(n, 2) // 2) + 1), has_cameras=has_cameras)
    room = plan_room_sitting(work, room_id, sitting_id)
    proctor = a_proctor(work, made.centre_id)
    assign_duty(work, room, proctor.id or 0)
    if is_seated:
        seat_candidates(work, room, ids)
    if has_timetable:
        an_approved_timetable(work, made.centre_id, edition)
    shown = {each: _document(work, each, [line["document_number"] for line in lines]) for each in ids}
    manager = Actor(frozenset({Role.CENTRE}), proctor.id, "Manager", made.centre_id)
    starts_at = delivery.sitting_ref(work, sitting_id).starts_at
    return Scene(
        room, room_id, sitting_id, made.centre_id, edition, starts_at, ids, shown, proctor, manager
    )  # fmt: skip


def an_approved_timetable(work: Work, centre_id: int, edition: Edition) -> int:
    """The centre's plan as it now stands, approved with as many kinds of observers as the edition asks for."""
    work = replace(work, actor=SYSTEM)
    made = timetables.propose(work, centre_id)
    kinds = edition.get("CS-3", ObserversRule).kinds
    timetables.approve(work, made, "417/2", [timetables.Attendee(each.code, f"Observer {n}") for n, each in
                                              enumerate(kinds)])  # fmt: skip
    return made


def a_room(
    work: Work, centre_id: int, edition: Edition, shape: tuple[int, int] = (2, 3), *, has_cameras: bool = True
) -> int:
    """A room in straight rows, its seats as near as the edition lets them be, with the cameras it asks for."""
    gap = edition.get("DC-10", SeatingRule).spacing_min_mm / 1000
    seats = grid(*shape, across_m=gap, along_m=gap)
    room_id = plan_room(work, centre_id, f"Room {next(_serial)}", seats, edition)
    for n in range(edition.get("VS-1", CamerasRule).cameras_min if has_cameras else 0):
        add_camera(work, room_id, f"C{n + 1}", "above the door")
    return room_id


def a_recording(work: Work, scene: Scene) -> dict[str, int]:
    """A recording of the scene's first camera on the morning of the test, and a hold on it: their ids."""
    later = replace(work, actor=SYSTEM, now=scene.starts_at + timedelta(hours=5))
    camera_id = cameras_of(work, scene.room_id)[0].id
    new = archive.NewRecording(camera_id, scene.starts_at, scene.starts_at + timedelta(hours=1), "K1.mp4")
    made = archive.register(later, scene.room, new, Stored("0" * 64, 4))
    hold = RecordingHold(room_sitting_id=scene.room, reason="an appeal", placed_at=work.now)
    work.db.add(hold)
    work.db.flush()
    return {"recording_id": made, "hold_id": hold.id}


def a_decision(work: Work, session_id: int, kind: str = "extra_time", extent: int = 25, **changes: Any) -> None:
    """The candidate has a condition by an order with its evidence."""
    whole: dict[str, Any] = {
        "registration_no": delivery.session_ref(work, session_id).registration_no, "kind": kind, "extent": extent,
        "order_number": "12-к", "evidence": "certificate 4", "decided_by": "Осмонова А.",
        "decided_on": date(2020, 5, 1),
    }  # fmt: skip
    record_accommodation(replace(work, actor=SYSTEM), NewDecision(**{**whole, **changes}))


def a_check(scene: Scene, session_id: int, **changes: Any) -> IdentityAsk:
    """The candidate's own passport, seen in full."""
    whole: dict[str, Any] = {
        "document_kind": "passport", "document_number": scene.documents[session_id], "is_photo_like": True,
    }  # fmt: skip
    return IdentityAsk(**{**whole, **changes})


def a_removal(violation: str = "phone") -> RemoveAsk:
    """A removal for a phone."""
    return RemoveAsk(violation=violation, narrative="A phone rang in the candidate's bag and was answered.")


def a_protocol(**changes: Any) -> Draft:
    """A complete protocol on a phone, with two witnesses who have no account."""
    whole: dict[str, Any] = {
        "narrative": "A phone rang in the candidate's bag and was answered.",
        "is_statement_asked": True, "statement": "",
        "witnesses": (Witness("Бекова Айсулуу", "мугалим"), Witness("Ким Виктор", "ата-эне")),
    }  # fmt: skip
    return Draft(**{**whole, **changes})


def write_and_sign(day: Day, session_id: int, **changes: Any) -> None:
    """The protocol on a removed candidate is written and signed by all, the proctor by PIN."""
    proctor = day.scene.proctor.id or 0
    draft = a_protocol(**changes)
    day.do(write_protocol, session_id, draft)
    with open_work(day.platform, SYSTEM) as work:
        signing.set_pin(work, proctor, PIN)
    with open_work(day.platform, day.scene.proctor) as work:
        act = removal_of(work, session_id)
        stands = protocol_of(work, act.id) if act else None
        shown = stands.digest if stands else ""
        attempt = signing.check_pin(work, proctor, PIN)
        assert sign_protocol(work, day.scene.room, session_id, attempt, shown=shown) is None
    for n, each in enumerate(draft.witnesses):
        day.do(sign_protocol_by_hand, session_id, n, each.name, shown=shown)


def _document(work: Work, session_id: int, numbers: list[str]) -> str:
    registration = delivery.session_ref(work, session_id).registration_id
    return next(n for n in numbers if candidates.document_matches(work, registration, "passport", n))
