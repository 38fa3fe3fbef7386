"""Lost time is measured and given back (DC-12): to one, to a room, with an incident; never to a latecomer (DC-16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from proctor.incidents import service as incidents
from proctor.incidents.papers import losses
from proctor.incidents.queries import incidents as log_of
from proctor.monitoring import service as monitoring
from proctor.monitoring.wire import GiveTimeAsk, IncidentAsk
from proctor.rooms import service
from server.core.clock import FrozenClock
from server.core.errors import Refused, Stale
from server.core.events import Outbox
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import expire_due_sessions, progress, verify_seal
from server.delivery.models import ExamSession, Section, TimeGrant
from server.delivery.rules import LostTimeRule
from server.delivery.service.giving import grants
from server.delivery.wire import Heartbeat
from server.reports.times import times_of
from server.web.messages import sentence
from tests.factories.proctor import EDITIONS, Day, a_day, a_decision, the_edition

WHY = "The server stood still"


def beat(day: Day, *sessions: int) -> None:
    """Their pages are heard now."""
    for each in sessions:
        with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), each)) as work:
            ask = Heartbeat()
            monitoring.store(work, monitoring.hear(work, each, ask), ask)


def ends(day: Day, session: int) -> tuple[datetime, datetime]:
    with day.platform.database.reading() as db:
        section = db.execute(select(Section.ends_at).where(Section.session_id == session)).scalar_one()
        whole = db.execute(select(ExamSession.ends_at).where(ExamSession.id == session)).scalar_one()
        assert whole is not None
        return section, whole


def lost(day: Day, session: int) -> int:
    with open_reading(day.platform, SYSTEM) as work:
        room = work.db.get_one(incidents.RoomSitting, day.scene.room)
        return incidents.lost_of(work, room, session).counted_s


def later(day: Day, session: int, before: tuple[datetime, datetime]) -> set[float]:
    return {(now - then).total_seconds() for now, then in zip(ends(day, session), before, strict=True)}


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """Three candidates, two of whom run since the hour and were heard then."""
    made = a_day(platform, clock)
    made.run(*made.scene.sessions[:2])
    beat(made, *made.scene.sessions[:2])
    return made


@pytest.mark.parametrize(("code", "version"), EDITIONS)
def test_DC_12_a_silence_counts_from_the_threshold_on(
    platform: Platform, clock: FrozenClock, code: str, version: str
) -> None:
    day = a_day(platform, clock, edition=the_edition(code, version))
    day.run(*day.scene.sessions[:2])
    least = day.scene.edition.get("DC-12.lost_time", LostTimeRule).gap_min_s
    one, two = day.scene.sessions[:2]
    beat(day, one, two)
    day.at(least - 1)
    beat(day, one)
    day.at(least)
    beat(day, two)
    assert (lost(day, one), lost(day, two)) == (0, least)


def test_DC_12_two_signs_of_life_at_once_lose_nothing_of_what_was_lost(day: Day) -> None:
    one = day.scene.sessions[0]
    day.at(300)
    with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), one)) as work:
        heard = [monitoring.hear(work, one, Heartbeat()) for _ in range(2)]
    for each in heard:
        with open_work(day.platform, Actor(frozenset({Role.CANDIDATE}), one)) as work:
            assert monitoring.store(work, each, Heartbeat()).seen.presence.lost_s == 300
    assert lost(day, one) == 300


def test_DC_12_pauses_are_no_loss_and_answers_are_signs_of_life(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.at(100)
    day.do(service.pause, "the lamp", one)
    day.at(400)
    day.do(service.resume, "the lamp is back", one)
    day.at(500)
    beat(day, one, two)
    assert (lost(day, one), lost(day, two)) == (200, 500)


def test_DC_12_time_is_given_back_to_one_within_what_was_lost(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.at(300)
    beat(day, one, two)
    before, others = ends(day, one), ends(day, two)
    with pytest.raises(Refused) as refused:
        day.do(incidents.give_time, GiveTimeAsk(seconds=301, reason=WHY), one)
    assert (refused.value.code, refused.value.ruling.clause) == ("give_back_beyond_loss", "DC-12.lost_time")
    day.do(incidents.give_time, GiveTimeAsk(seconds=200, reason=WHY), one)
    assert later(day, one, before) == {200.0}
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY), one)
    assert later(day, one, before) == {300.0}
    with pytest.raises(Refused):
        day.do(incidents.give_time, GiveTimeAsk(reason=WHY), one)
    assert ends(day, two) == others
    with open_reading(day.platform, SYSTEM) as work:
        assert [(g.given_s, g.lost_s, g.reason) for g in grants(work, [one])] == [(200, 300, WHY), (100, 300, WHY)]


def test_DC_12_a_whole_room_has_back_what_each_lost_and_consoles_hear_it(day: Day) -> None:
    one, two, three = day.scene.sessions
    day.at(100)
    beat(day, two)
    day.at(300)
    beat(day, one, two)
    before = ends(day, one), ends(day, two)
    day.do(incidents.give_time, GiveTimeAsk(seconds=250, reason=WHY))
    assert later(day, one, before[0]) == {250.0}
    assert later(day, two, before[1]) == {250.0}
    with day.platform.database.reading() as db:
        assert db.execute(select(TimeGrant).where(TimeGrant.session_id == three)).first() is None
        told = db.execute(select(Outbox.name, Outbox.body)).all()
        acts = list(db.execute(select(JournalEntry.act)).scalars())
    assert {"session_id": one, "times": {"given_s": 250, "break_until": None, "held_since": None}} in [
        row.body for row in told if row.name == "times:changed"
    ]
    assert acts.count("time:given-back") == 2
    assert acts.count("time:given-to-room") == 1


def test_DC_12_a_room_that_lost_nothing_is_given_nothing(day: Day) -> None:
    day.at(20)
    with pytest.raises(Refused) as refused:
        day.do(incidents.give_time, GiveTimeAsk(reason=WHY))
    assert refused.value.code == "give_back_beyond_loss"


def test_DC_12_an_incident_is_noted_ended_and_given_back_to_the_room_at_once(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.at(600)
    made = day.do(incidents.note_incident, IncidentAsk(kind="environment", text="A fire alarm", minutes_ago=2))
    day.at(900)
    beat(day, one, two)
    before = ends(day, one)
    assert day.do(incidents.end_incident, made, gives_time=True) == 2
    assert later(day, one, before) == {420.0}
    with pytest.raises(Stale):
        day.do(incidents.end_incident, made, gives_time=True)
    with open_reading(day.platform, SYSTEM) as work:
        (line,) = log_of(work, day.scene.room)
        told = losses(work, day.scene.room, {one: "A", two: "B"}, day.scene.edition)
    assert (line.kind, line.n_affected, line.n_given, line.given_s) == ("environment", 2, 2, 420)
    assert [each.at for each in told] == sorted(each.at for each in told)
    assert len(told) == 3


def test_DC_12_what_was_lost_twice_is_given_back_once(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    made = day.do(incidents.note_incident, IncidentAsk(kind="technical", text="No power"))
    day.at(300)
    beat(day, one, two)
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY))
    assert day.do(incidents.end_incident, made, gives_time=True) == 0


def test_DC_12_an_unknown_kind_of_incident_is_refused(day: Day) -> None:
    with pytest.raises(Refused) as refused:
        day.do(incidents.note_incident, IncidentAsk(kind="weather", text="It rains"))
    assert refused.value.code == "incident_kind_unknown"


def test_DC_12_an_incident_is_noted_no_longer_after_it_began_than_the_edition_says(day: Day) -> None:
    most_s = day.scene.edition.get("DC-12.lost_time", LostTimeRule).incident_back_max_s
    day.at(most_s + 600)
    ask = IncidentAsk(kind="technical", text="No power", minutes_ago=most_s // 60 + 1)
    with pytest.raises(Refused) as refused:
        day.do(incidents.note_incident, ask)
    assert (refused.value.code, refused.value.ruling.clause) == ("incident_too_far_back", "DC-12.lost_time")
    assert "30 min" in sentence(refused.value.code, refused.value.facts)
    with open_reading(day.platform, SYSTEM) as work:
        assert log_of(work, day.scene.room) == []
    day.do(incidents.note_incident, ask.model_copy(update={"minutes_ago": most_s // 60}))


def grants_of(day: Day) -> list[int]:
    with open_reading(day.platform, SYSTEM) as work:
        return [each.given_s for each in grants(work, day.scene.sessions)]


@pytest.mark.parametrize("seconds", [60, None])
def test_DC_12_one_press_gives_once_however_often_and_late_it_arrives(day: Day, seconds: int | None) -> None:
    one = day.scene.sessions[0]
    ask = GiveTimeAsk(seconds=seconds, reason=WHY, key=uuid4())
    day.at(300)
    beat(day, one)
    assert day.do(incidents.give_time, ask, one).is_new
    given = grants_of(day)
    for later_s in (301, 340):  # at once, and as a page sends it again after a cut
        day.at(later_s)
        beat(day, one)
        again = day.do(incidents.give_time, ask, one)
        assert (again.is_new, again.clause) == (False, "DC-12.lost_time")
    assert grants_of(day) == given
    day.do(incidents.give_time, GiveTimeAsk(seconds=30, reason=WHY, key=uuid4()), one)
    assert grants_of(day) == [*given, 30]  # another press is another decision


def test_DC_12_one_press_gives_to_a_room_once(day: Day) -> None:
    ask = GiveTimeAsk(seconds=60, reason=WHY, key=uuid4())
    day.at(300)
    beat(day, *day.scene.sessions[:2])
    assert day.do(incidents.give_time, ask).is_new
    assert grants_of(day) == [60, 60]
    day.at(302)
    with pytest.raises(Stale):  # two proctors who saw the same, each with a key of their own
        day.do(incidents.give_time, ask.model_copy(update={"key": uuid4()}))
    day.at(310)
    assert not day.do(incidents.give_time, ask).is_new
    assert grants_of(day) == [60, 60]
    one = day.scene.sessions[0]
    assert day.do(incidents.give_time, ask, one).is_new  # the same key for one of them is another act


def test_DC_12_who_presses_twice_reads_that_it_was_given_once(day: Day, client_as: Callable[..., FlaskClient]) -> None:
    day.at(300)
    beat(day, day.scene.sessions[0])
    client = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    client.set_cookie("synak_lang", "en")
    address = f"/proctor/rooms/{day.scene.room}/sessions/{day.scene.sessions[0]}/give-time"
    body = {"seconds": 60, "reason": WHY, "key": str(uuid4())}
    first, second = client.post(address, json=body), client.post(address, json=body)
    assert [reply.status_code for reply in (first, second)] == [200, 200]
    assert first.get_json()["note"] == "The time is given back."
    assert "was given back once" in second.get_json()["note"]
    assert client.post(address, json={**body, "key": "once"}).status_code == 422


def test_DC_16_the_deadline_does_not_move_for_a_latecomer(day: Day) -> None:
    one, two, three = day.scene.sessions
    day.at(700)
    beat(day, one, two)
    on_time = ends(day, one)
    day.let_in(three)
    beat(day, three)
    assert ends(day, three) == on_time
    assert lost(day, three) == 0
    with pytest.raises(Refused):
        day.do(incidents.give_time, GiveTimeAsk(seconds=700, reason="came late"), three)
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY))
    assert ends(day, three) == on_time


def test_DC_12_time_given_back_is_under_the_seal(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.at(300)
    beat(day, one, two)
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY), one)
    end = ends(day, one)[1]
    day.clock.advance((end - day.clock.now()).total_seconds() + 2)
    expire_due_sessions(day.platform)
    with open_reading(day.platform, SYSTEM) as work:
        assert verify_seal(work, one)
    with open_work(day.platform, SYSTEM) as work:
        work.db.execute(update(Section).where(Section.session_id == one).values(extra_s=600))
    with open_reading(day.platform, SYSTEM) as work:
        assert not verify_seal(work, one)


def test_DC_12_the_office_reads_what_was_decided_lost_and_given_back(day: Day) -> None:
    one = day.scene.sessions[0]
    with open_work(day.platform, SYSTEM) as work:
        a_decision(work, one)
    day.at(300)
    beat(day, one)
    day.do(incidents.give_time, GiveTimeAsk(seconds=200, reason=WHY), one)
    with open_reading(day.platform, SYSTEM) as work:
        found = times_of(work, one)
    assert [each.kind for each in found.conditions] == ["extra_time"]
    assert [took for _a, _b, took in found.silences] == ["5:00"]
    assert [(gift.given, gift.lost, gift.who, gift.clause) for gift in found.gifts] == [
        ("3:20", "5:00", "Асанова Гүлнара", "DC-12.lost_time")
    ]


def test_DC_12_the_console_sees_the_end_of_the_whole_move(day: Day) -> None:
    one, two = day.scene.sessions[:2]
    day.at(300)
    beat(day, one)
    before = ends(day, one)[1]
    day.do(incidents.give_time, GiveTimeAsk(reason=WHY), one)
    with open_reading(day.platform, SYSTEM) as work:
        seen = progress(work, [one, two])
    assert [seen[each].whole_ends_at for each in (one, two)] == [
        (before + timedelta(seconds=300)).isoformat(), before.isoformat()
    ]
