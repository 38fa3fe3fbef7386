"""What the console follows: leavings, pace, battery; calls and their answers; several seats at once; computers."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from proctor.calls import service as calls
from proctor.calls.models import Call
from proctor.calls.queries import calls_of, open_calls
from proctor.monitoring import service as monitoring
from proctor.monitoring.models import Departure
from proctor.monitoring.rules import WatchRule
from proctor.rooms import service as rooms
from proctor.rooms.service.bulk import hold_one, message_one
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import CatError, NotFound, Refused, Stale
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import service as sessions
from server.delivery import wire
from server.delivery.devices import Computer, devices_view, note_device
from server.delivery.messages import last_messages
from server.delivery.models import ExamSession
from server.delivery.queries import unread_message
from server.delivery.service.answering import submit_response
from server.delivery.service.conduct import receive_message
from server.delivery.service.signing_in import sign_in
from tests.factories.accounts import an_organisation
from tests.factories.proctor import Day, a_day


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    made = a_day(platform, clock, 3)
    made.run(*made.scene.sessions)
    return made


def acting(day: Day, session_id: int) -> AbstractContextManager[Work]:
    with open_reading(day.platform, SYSTEM) as work:
        lease = work.db.get_one(ExamSession, session_id).lease
    return open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), session_id, lease=lease))


def beat(day: Day, session_id: int, **said: Any) -> monitoring.Beat:
    ask = wire.Heartbeat(**said)
    with acting(day, session_id) as work:
        return monitoring.store(work, monitoring.hear(work, session_id, ask), ask)


def test_dc_15_leaving_the_window_is_on_record_once(day: Day) -> None:
    one, key = day.scene.sessions[0], uuid4()
    left = wire.Leaving(key=key, kind="window", ago_ms=400)
    for _ in range(2):  # the reply to the first was lost on the way
        seen = beat(day, one, leavings=[left], is_away=True).seen.presence
        assert (seen.lost_focus, seen.away_s, seen.away_since is None) == (1, 0, False)
    day.clock.advance(9)
    back = wire.Leaving(key=key, kind="window", ago_ms=9400, away_ms=9000)
    for _ in range(2):
        seen = beat(day, one, leavings=[back]).seen.presence
        assert (seen.lost_focus, seen.away_s, seen.away_since) == (1, 9, None)
    again = wire.Leaving(key=uuid4(), kind="full_screen", ago_ms=2000, away_ms=10**7)
    assert beat(day, one, leavings=[again]).seen.presence.away_s == 11, "nobody is away longer than since they left"
    with day.platform.database.reading() as db:
        rows = db.execute(select(Departure.kind, Departure.is_return).order_by(Departure.id)).all()
    assert [tuple(row) for row in rows] == [
        ("window", False), ("window", True), ("full_screen", False), ("full_screen", True)
    ]  # fmt: skip
    with pytest.raises(DBAPIError), open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(Departure).values(away_ms=0))


def test_a_page_that_is_there_again_is_not_away(day: Day) -> None:
    one = day.scene.sessions[0]
    beat(day, one, leavings=[wire.Leaving(key=uuid4(), kind="window", ago_ms=0)], is_away=True)
    assert beat(day, one, is_away=True).seen.presence.away_since is not None
    assert beat(day, one).seen.presence.away_since is None


def test_the_battery_is_told_where_the_browser_tells(day: Day) -> None:
    seen = beat(day, day.scene.sessions[0], battery=wire.Battery(percent=17, is_charging=False)).seen.presence
    assert (seen.battery, seen.is_charging) == (17, False)
    assert beat(day, day.scene.sessions[1]).seen.presence.battery is None


def test_dc_12_quick_answers_in_a_row_are_a_sign(day: Day) -> None:
    one, counted = day.scene.sessions[0], []
    for n, spent_ms in enumerate((900, 1100, 30_000, 800), start=1):
        with acting(day, one) as work:
            section = work.db.get_one(ExamSession, one).sections[0]
            answer = wire.Answer(section_id=section.id, seq=n, key=uuid4(), given=None, spent_ms=spent_ms)
            assert not isinstance(submit_response(work, answer), CatError)
        with open_reading(day.platform, SYSTEM) as work:
            counted.append(delivery.progress(work, [one])[one].quick)
    assert counted == [1, 2, 0, 1]


def ask(kind: str = "mouse", words: str = "", key: Any = None) -> wire.CallAsk:
    return wire.CallAsk(key=key or uuid4(), kind=kind, words=words)


def call(day: Day, session_id: int, said: wire.CallAsk) -> wire.CallView:
    with acting(day, session_id) as work:
        return calls.call_proctor(work, said)


def test_a_call_is_taken_answered_and_closed(day: Day) -> None:
    one, said = day.scene.sessions[0], ask("other", "the lamp flickers")
    first = call(day, one, said)
    assert call(day, one, said) == call(day, one, ask()) == first, "one open call at a time"
    for verb, state in (("take", "taken"), ("take", "taken")):
        day.do(calls.move_call, one, verb)
        with open_reading(day.platform, SYSTEM) as work:
            assert open_calls(work, [one])[one].state == state
    day.do(rooms.message, "", one, code="coming")
    with open_reading(day.platform, SYSTEM) as work:
        assert open_calls(work, [one])[one].state == "answered"
    day.do(calls.move_call, one, "close")
    day.do(calls.move_call, one, "close")
    with open_reading(day.platform, SYSTEM) as work:
        assert open_calls(work, [one]) == {}
        assert [each.state for each in calls_of(work, one, day.scene.edition)] == ["closed"]


def test_calls_are_technical_in_words_and_not_too_often(day: Day) -> None:
    one = day.scene.sessions[0]
    every_s = day.scene.edition.get("DC-15.watch", WatchRule).call_every_s
    for said, code in ((ask("task"), "call_not_technical"), (ask("other", " "), "call_without_words")):
        with pytest.raises(Refused) as refused:
            call(day, one, said)
        assert (refused.value.code, refused.value.ruling.clause) == (code, "DC-15.watch")
    call(day, one, ask())
    with acting(day, one) as work:
        calls.withdraw_call(work)
    with pytest.raises(Refused) as refused:
        call(day, one, ask())
    assert refused.value.code == "call_too_soon"
    day.clock.advance(every_s)
    assert call(day, one, ask()).state == "asked"
    with day.platform.database.reading() as db:
        assert db.execute(select(Call.state).order_by(Call.id)).scalars().all() == ["closed", "asked"]


def test_an_answer_kept_ready_is_read_in_the_candidates_language_with_a_receipt(day: Day) -> None:
    one, key = day.scene.sessions[0], str(uuid4())
    for _ in range(2):
        day.do(rooms.message, "", one, code="coming", key=key)
    answers = day.scene.edition.get("DC-15.watch", WatchRule).answers
    with acting(day, one) as work:
        language = work.db.get_one(ExamSession, one).language
        message = unread_message(work, one)
        assert message is not None
        assert message.text == answers[0].title(language)
        receive_message(work, message.id, None)
    day.clock.advance(5)
    with acting(day, one) as work:
        receive_message(work, message.id, message.id)
        receive_message(work, message.id, message.id)
    with acting(day, one) as work:
        assert unread_message(work, one) is None, "sent once, whatever was pressed twice"
        sent = last_messages(work, [one])[one]
        assert sent.shown_at is not None
        assert sent.read_at == work.now.isoformat() > sent.shown_at


def test_several_seats_are_held_one_by_one_and_a_second_press_changes_nothing(day: Day) -> None:
    one, two, _three = day.scene.sessions
    day.do(rooms.pause, "a reason", two)
    assert [day.do(hold_one, each, "pause", "power") for each in (one, two)] == ["done", "before"]
    assert day.do(hold_one, one, "pause", "power") == "before"
    assert [day.do(hold_one, each, "resume", "power") for each in (one, two)] == ["done", "done"]
    with open_work(day.platform, SYSTEM) as work:
        sessions.remove_session(work, two, "phone", _ruling(day))
    assert day.do(hold_one, two, "pause", "power") == "not_now"
    assert day.do(message_one, two, "Stay calm", code=None, key=None) == "not_now"
    with pytest.raises(NotFound):
        day.do(hold_one, 10**6, "pause", "power")


def _ruling(day: Day) -> Any:
    rule = day.scene.edition.get("DC-15.watch", WatchRule)
    return rule.judge_call("mouse", "", None, day.clock.now())


def test_a_script_that_leaves_the_window_without_end_fills_no_disk(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "LEAVINGS_MAX", 40)
    one = day.scene.sessions[0]
    for _ in range(4):
        many = [wire.Leaving(key=uuid4(), kind="window", ago_ms=86_400_000, away_ms=86_400_000) for _ in range(20)]
        seen = beat(day, one, leavings=many).seen.presence
    assert (seen.lost_focus, seen.away_s) == (20, 20 * 86_400)
    with day.platform.database.reading() as db:
        assert len(db.execute(select(Departure.id)).all()) == 40


def test_who_cannot_be_paused_now_holds_up_nobody_and_the_others_are_told(day: Day, client_as: Any) -> None:
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    ask = {"session_ids": list(day.scene.sessions), "reason": "power"}
    with mock.patch("proctor.rooms.service.running.pause", side_effect=[1, Stale("not_in_state"), 1]):
        reply = proctor.post(f"/proctor/rooms/{day.scene.room}/seats/pause", json=ask)
    assert reply.status_code == 200
    assert [line["is_done"] for line in reply.get_json()["lines"]] == [True, False, True]


def test_DC_10_the_computers_of_a_session_are_known_with_their_seats(day: Day) -> None:
    one, two, _three = day.scene.sessions
    lab, spare = Computer("a" * 32, "10.0.0.5", "Chromium"), Computer("b" * 32, "10.0.0.9", "Chromium")

    def enter(session_id: int, computer: Computer) -> None:
        with open_work(day.platform, SYSTEM) as work:
            number = delivery.session_ref(work, session_id).registration_no
            code = sessions.renew_code(work, session_id, "another computer")
            assert not isinstance(sign_in(work, number, code), CatError)
            note_device(work, session_id, computer)
            note_device(work, session_id, computer)

    enter(one, lab)
    enter(one, spare)
    enter(two, lab)
    with open_reading(day.platform, SYSTEM) as work:
        seats = {each: delivery.session_ref(work, each).seat for each in (one, two)}
        mine, theirs = devices_view(work, one).devices, devices_view(work, two).devices
    assert [(each.address, each.is_holder) for each in mine] == [("10.0.0.9", True), ("10.0.0.5", False)]
    (there,) = theirs
    assert (there.seat, there.home_seat) == (seats[two], seats[one])
    assert seats[one] != seats[two]


def test_dc_15_the_office_reads_each_leaving_and_each_call(day: Day, client_as: Any) -> None:
    one = day.scene.sessions[0]
    beat(day, one, leavings=[wire.Leaving(key=uuid4(), kind="full_screen", ago_ms=8000, away_ms=7000)])
    call(day, one, ask("other", "the lamp flickers"))
    with open_work(day.platform, SYSTEM) as work:
        office = an_organisation(work, "ntc").id
    client = client_as(Role.OFFICE, id=1, organisation_id=office)
    client.set_cookie("synak_lang", "en")
    page = client.get(f"/office/sessions/{one}").text
    for words in ("Full screen was left", "Left 1 time, 7 s in all", "the lamp flickers"):
        assert words in page


def test_dc_15_the_report_of_the_room_has_a_line_for_each_who_left(day: Day, client_as: Any) -> None:
    one = day.scene.sessions[0]
    for n in range(2):
        beat(day, one, leavings=[wire.Leaving(key=uuid4(), kind="window", ago_ms=9000, away_ms=4000 + 1000 * n)])
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    manager.set_cookie("synak_lang", "en")
    reply = manager.get(f"/centre/room-sittings/{day.scene.room}/papers/report")
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(reply.data)).pages)
    assert "left the test window" in said
    assert re.search(r"2 times, 9 s\s+in all", said)
