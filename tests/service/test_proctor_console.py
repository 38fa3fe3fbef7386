"""The console: a snapshot and the events after it tell the same story; a room costs the same few queries."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from proctor.calls import service as calls
from proctor.irregularities import service as irregularities
from proctor.monitoring import service as monitoring
from proctor.monitoring.queries import snapshot
from proctor.monitoring.wire import EVENTS, WarnAsk
from proctor.rooms import service
from proctor.rooms.queries import seats_of_room
from server import delivery
from server.core import events
from server.core.clock import FrozenClock
from server.core.errors import CatError, Denied
from server.core.i18n import speaking
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import service as sessions
from server.delivery import wire
from server.delivery.models import ExamSession
from server.delivery.pulse import heartbeat_reply
from server.delivery.queries import unread_message
from server.delivery.service.conduct import receive_message
from server.delivery.service.signing_in import sign_in
from server.edge.sockets import read_ticket
from tests.databases import counted
from tests.factories.proctor import Day, a_check, a_day, a_proctor, a_removal

View = dict[str, Any]


def photo_url(session_id: int) -> str:
    return f"/photo/{session_id}"


def take(day: Day) -> View:
    """The snapshot as the browser reads it."""
    with open_reading(day.platform, day.scene.proctor) as work:
        return snapshot(work, day.scene.room, photo_url).model_dump(mode="json")


def frames_after(day: Day, view: View) -> list[events.Frame]:
    with day.platform.database.reading() as db:
        return [f for f in events.waiting(db, 10_000) if f.topic == view["topic"] and f.v > view["v"]]


def carry_forward(view: View, frames: list[events.Frame]) -> View:
    """What a console makes of a snapshot and the events after it."""
    view = copy.deepcopy(view)
    for frame in frames:
        assert frame.v == view["v"] + 1, "a gap"
        view["v"] = frame.v
        body = EVENTS[frame.name].model_validate(frame.body).model_dump(mode="json")
        HANDLERS[frame.name](view, body)
    return view


def _session(view: View, session_id: int) -> View:
    here = [seat["session"] for seat in view["seats"] if seat["session"]]
    return next(session for session in here if session["who"]["session_id"] == session_id)


def _set(view: View, body: View, part: str) -> None:
    _session(view, body["session_id"])[part] = body[part]


def _moved(view: View, body: View) -> None:
    session = _session(view, body["session_id"])
    for seat in view["seats"]:
        if seat["session"] is session:
            seat["session"] = None
        if seat["seat_id"] == body["seat_id"]:
            seat["session"] = session


HANDLERS: dict[str, Callable[[View, View], None]] = {
    "session:changed": lambda view, body: _set(view, body, "progress"),
    "desk:changed": lambda view, body: _set(view, body, "desk"),
    "seat:moved": _moved,
    "duty:changed": lambda view, body: view.update(acting=body["acting"]),
    "room:changed": lambda view, body: view["room"].update(body["room"]),
    "call:changed": lambda view, body: _set(view, body, "call"),
    "message:changed": lambda view, body: _set(view, body, "message"),
}


def without_time(view: View) -> View:
    return {name: value for name, value in view.items() if name not in ("now", "ticket")}


class Monkey:
    """Proctors and candidates who press whatever there is; what is refused changes nothing."""

    def __init__(self, day: Day, seed: int) -> None:
        self.day, self.rng = day, random.Random(seed)
        with open_reading(day.platform, SYSTEM) as work:
            self.seats = [seat.id for seat in seats_of_room(work, day.scene.room_id)]

    def press(self) -> None:
        session = self.rng.choice(self.day.scene.sessions)
        one_or_all = self.rng.choice([session, None])
        do, rng = self.day.do, self.rng
        check = a_check(self.day.scene, session, is_photo_like=rng.random() < 0.8)
        act = rng.choice(["phone", "disorder", "disorder"])
        acts: list[Callable[[], Any]] = [
            lambda: do(service.open_room),
            lambda: do(service.start_room),
            *[lambda: do(service.check_identity, session, check)] * 2,
            *[lambda: do(service.admit, session)] * 3,
            lambda: do(service.pause, "a reason", one_or_all),
            lambda: do(service.resume, "a reason", one_or_all),
            lambda: do(service.message, "a text", one_or_all),
            lambda: do(service.message, "", one_or_all, code="coming"),
            lambda: self.call(session),
            lambda: self.receive(session),
            lambda: do(calls.move_call, session, rng.choice(["take", "close"])),
            lambda: self.sign_in(do(service.move, session, rng.choice(self.seats), "a reason")),
            lambda: do(irregularities.warn, session, WarnAsk(violation="disorder")),
            lambda: do(irregularities.remove, session, a_removal(act)),
            lambda: self.day.clock.advance(rng.choice([1, 60, 600])),
            lambda: do(service.close_room),
        ]
        with suppress(CatError):
            rng.choice(acts)()

    def call(self, session: int) -> None:
        with self.candidate(session) as work:
            calls.call_proctor(work, wire.CallAsk(key=uuid4(), kind="mouse"))

    def receive(self, session: int) -> None:
        with self.candidate(session) as work:
            message = unread_message(work, session)
            receive_message(work, message and message.id, message and self.rng.choice([None, message.id]))

    def candidate(self, session: int) -> Any:
        with open_reading(self.day.platform, SYSTEM) as work:
            lease = work.db.get_one(ExamSession, session).lease
        return open_work(self.day.platform, Actor(frozenset({Role.CANDIDATE}), session, lease=lease))

    def sign_in(self, code: Any) -> None:
        with open_work(self.day.platform, SYSTEM) as work:
            sign_in(work, code.registration_no, code.code)


@pytest.mark.parametrize("seed", range(12))
def test_events_carry_an_old_snapshot_to_the_fresh_one(
    platform: Platform, clock: FrozenClock, seed: int
) -> None:
    day = a_day(platform, clock, 4, early_start_order="12-k")
    day.at(-300)
    monkey = Monkey(day, seed)
    old = [take(day)]
    for _ in range(100):
        monkey.press()
        if monkey.rng.random() < 0.1:
            old.append(take(day))
    fresh = take(day)
    for view in old:
        assert without_time(carry_forward(view, frames_after(day, view))) == without_time(fresh)


def test_the_same_events_fit_readers_of_every_language(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    views = {}
    for language in ("ky", "ru"):
        with speaking(language):
            views[language] = take(day)
    day.run(day.scene.sessions[0])
    for language, view in views.items():
        with speaking(language):
            assert without_time(carry_forward(view, frames_after(day, view))) == without_time(take(day))
    assert views["ky"]["room"]["sitting_title"] != views["ru"]["room"]["sitting_title"]


def test_the_snapshot_says_where_it_stands_and_admits_to_its_topic(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock)
    view = take(day)
    assert view["epoch"] == events.epoch(platform.vault)
    assert read_ticket(platform.vault, view["ticket"], clock.now()) == (view["topic"], Role.PROCTOR)
    clock.advance(61)
    assert read_ticket(platform.vault, view["ticket"], clock.now()) is None
    assert [choice["code"] for choice in view["documents"]] == ["passport", "birth_certificate"]
    assert (view["min_witnesses"], view["clauses"]["DC-16"]["title"]) == (2, "Lateness and absence")


def test_nobody_reads_a_room_in_which_they_are_not_on_duty(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    with open_work(platform, SYSTEM) as work:
        stranger = a_proctor(work, day.scene.centre)
    with pytest.raises(Denied), open_reading(platform, stranger) as work:
        snapshot(work, day.scene.room, photo_url)


def test_a_full_room_costs_no_more_queries_than_an_empty_one(platform: Platform, clock: FrozenClock) -> None:
    counts = []
    for n in (2, 24):
        day = a_day(platform, clock, n)
        day.run(*day.scene.sessions)
        with platform.database.reading() as db:
            db.expire_all()
        with counted(platform) as sent:
            assert len([s for s in take(day)["seats"] if s["session"]]) == n
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 26, counts


def a_leaving() -> wire.Leaving:
    return wire.Leaving(key=uuid4(), kind="window", ago_ms=500)


def beat(day: Day, session_id: int, **said: Any) -> monitoring.Beat:
    actor = Actor(frozenset({Role.CANDIDATE}), session_id)
    ask = wire.Heartbeat(**said)
    with open_reading(day.platform, actor) as work:
        heard = monitoring.hear(work, session_id, ask)
    if heard.is_to_store:
        with open_work(day.platform, actor) as work:
            heard = monitoring.store(work, heard, ask)
    return heard


def test_a_sign_of_life_is_stored_only_every_few_seconds_or_when_it_tells_something(
    platform: Platform, clock: FrozenClock
) -> None:
    day = a_day(platform, clock)
    session = day.scene.sessions[0]
    stored = []
    left = {"leavings": [a_leaving()]}
    for said in ({}, {}, {}, {}, {"unsent": 1}, left, {}):
        stored.append(beat(day, session, **said).is_to_store)
        clock.advance(4)
    assert stored == [True, False, False, True, True, True, False]
    guests = [seat["session"] for seat in take(day)["seats"] if seat["session"]]
    (presence,) = (guest["presence"] for guest in guests if guest["who"]["session_id"] == session)
    assert (presence["lost_focus"], presence["unsent"]) == (1, 0)


def test_a_reload_does_not_hide_that_the_window_was_left(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    beat(day, day.scene.sessions[0], leavings=[a_leaving(), a_leaving()])
    clock.advance(11)
    assert beat(day, day.scene.sessions[0]).seen.presence.lost_focus == 2


def test_a_sign_of_life_is_shown_where_the_candidate_sits(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock, 2)
    loose = a_day(platform, clock, 2, is_seated=False)
    assert beat(day, day.scene.sessions[0]).topic == f"room:{day.scene.room}"
    assert beat(loose, loose.scene.sessions[0]).topic is None


def test_a_device_that_was_left_is_not_answered(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock)
    session = day.scene.sessions[0]
    with open_work(platform, SYSTEM) as work:
        number = delivery.session_ref(work, session).registration_no
        held = sign_in(work, number, sessions.issue_code(work, session) or "")
    assert not isinstance(held, CatError)
    candidate = Actor(frozenset({Role.CANDIDATE}), held.session_id, lease=held.lease)
    with open_reading(platform, candidate) as work:
        assert heartbeat_reply(work).clock.phase == "waiting"
    with open_work(platform, SYSTEM) as work:
        sessions.renew_code(work, held.session_id, "another device")
    with pytest.raises(Denied) as denied, open_reading(platform, candidate) as work:
        heartbeat_reply(work)
    assert denied.value.code == "other_device"
