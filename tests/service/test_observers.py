"""Observers of a room (CS-3): invited, signed in by a slip, shown states and never people; their remarks."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from proctor.incidents import service as incidents
from proctor.irregularities import service as irregularities
from proctor.monitoring.wire import IncidentAsk, WarnAsk
from proctor.observers import papers, queries, service, watching
from proctor.observers.models import Observer
from proctor.observers.routes.centre import FIELDS
from proctor.observers.slips import slips_of
from proctor.observers.wire import WatchView
from proctor.rooms import service as rooms
from proctor.rooms.duty import own_room_sitting
from proctor.rooms.models import RoomSitting
from proctor.rooms.papers.setting import set_up
from proctor.rooms.queries import seats_in
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import CatError, Invalid, NotFound, Refused
from server.core.i18n import language
from server.core.journal import JournalEntry
from server.core.paper.blocks import Slips
from server.core.roles import Actor, Role
from server.core.work import Platform, open_reading, open_work
from server.delivery import service as sessions
from server.delivery.rules import LostTimeRule
from tests.factories.proctor import EDITIONS, Day, a_day, a_removal, the_edition

ClientAs = Callable[..., FlaskClient]
PARENT = service.Invitation(name="Токтосунова Айгүл", kind="parent", body="№ 13 мектеп, 11-А", mandate="7/2")
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    return a_day(platform, clock, 3)


def invited(day: Day, asked: service.Invitation = PARENT) -> int:
    return day.do(service.invite, asked, actor=day.scene.manager)


def observer(observer_id: int) -> Actor:
    return Actor(frozenset({Role.OBSERVER}), observer_id, "Observer")


def seen(day: Day, observer_id: int) -> WatchView:
    with open_reading(day.platform, observer(observer_id)) as work:
        return watching.watch(work, day.scene.room)


def code(day: Day, observer_id: int) -> str:
    with open_reading(day.platform, day.scene.manager) as work:
        return service.code_of(work.vault, work.db.get_one(Observer, observer_id))


def sign_in(day: Day, number: str, typed: str) -> tuple[int, int] | CatError:
    with open_work(day.platform, observer(0)) as work:
        return service.sign_in(work, number, typed)


def states(view: WatchView) -> list[str]:
    return sorted(seat.state for seat in view.seats or [] if seat.state != "free")


def test_CS_3_an_observer_follows_a_room_by_states_and_acts(day: Day) -> None:
    first, second, third = day.scene.sessions
    who = invited(day)
    assert (seen(day, who).state, states(seen(day, who))) == ("planned", ["expected"] * 3)
    day.run(first, second)
    day.do(irregularities.warn, first, WarnAsk(violation="disorder", narrative="Асанов spoke"))
    day.at(600)
    day.let_in(third)
    day.do(rooms.pause, "Асанов Бакыт feels ill", second)
    day.do(irregularities.remove, first, a_removal())
    view = seen(day, who)
    assert (view.state, states(view)) == ("running", ["paused", "removed", "working"])
    assert [seat.is_late for seat in view.seats or []].count(True) == 1
    assert [each.act for each in reversed(view.events or [])] == [
        "room_opened", "admitted", "room_started", "warned", "admitted_late", "paused", "removed",
    ]  # fmt: skip
    both = next(each for each in view.events or [] if each.act == "admitted")
    assert len(both.seats) == 2  # one instant, one line
    assert next(each for each in view.events or [] if each.act == "room_started").seats == []


def test_CS_3_incidents_are_told_by_kind_and_time_without_words_and_places(day: Day) -> None:
    first, second, _third = day.scene.sessions
    who = invited(day)
    day.run(first, second)
    whole = day.do(incidents.note_incident, IncidentAsk(kind="environment", text="Асанов heard the alarm"))
    day.at(300)
    day.do(incidents.end_incident, whole, gives_time=True)
    ask = IncidentAsk(kind="technical", text="The mouse of Асанов", minutes_ago=1, session_id=second)
    day.do(incidents.note_incident, ask)
    latest, earlier = seen(day, who).incidents or []
    assert (earlier.is_whole, latest.is_whole) == (True, False)
    assert (datetime.fromisoformat(earlier.ended_at or "") - datetime.fromisoformat(earlier.began_at)) == FIVE_MINUTES
    assert latest.ended_at is None
    kinds = day.scene.edition.get("DC-12.lost_time", LostTimeRule).incidents
    titles = {each.code: each.title(language()) for each in kinds}
    assert [latest.kind, earlier.kind] == [titles["technical"], titles["environment"]]
    seat = day.do(lambda work, room: next(s for s in seats_in(work, work.db.get_one(RoomSitting, room))
                                          if s.session_id == second)).number  # fmt: skip
    told = [each.model_dump() for each in (latest, earlier)]
    assert all(set(each) == {"kind", "began_at", "ended_at", "is_whole"} for each in told)
    assert "Асанов" not in str(told)
    assert seat not in {value for each in told for value in each.values()}


def test_CS_3_no_word_of_a_person_or_an_item_reaches_an_observer(
    day: Day, app: Flask, client_as: Callable[..., FlaskClient]
) -> None:
    first, second, _third = day.scene.sessions
    who = invited(day)
    day.run(first, second)
    day.do(irregularities.remove, first, a_removal())
    day.do(rooms.pause, "Асанов Бакыт feels ill", second)
    day.do(incidents.note_incident, IncidentAsk(kind="staff", text="A leaking tap", session_id=second))
    client = client_as(Role.OBSERVER, id=who)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    room = f"/observe/rooms/{day.scene.room}"
    assert client.post(room + "/remarks", json={"text": "It is calm"}).status_code == 204
    replies = {path: client.get(path) for path in ("/observe", room, room + "/view")}
    assert {path: reply.status_code for path, reply in replies.items()} == dict.fromkeys(replies, 200)
    everything = " ".join(reply.get_data(as_text=True) for reply in replies.values()).casefold()
    with open_reading(day.platform, day.scene.manager) as work:
        refs = delivery.session_refs(work, day.scene.sessions)
        slips = [sessions.issue_code(work, ref.id) for ref in refs]
    secret = [word for ref in refs for word in (*ref.name.split(), ref.registration_no)]
    secret += [*day.scene.documents.values(), *(each for each in slips if each)]
    secret += [*a_removal().narrative.split()[-3:], "feels ill", "leaking tap"]
    assert len(secret) > 12
    assert [word for word in secret if word.casefold() in everything] == []


def test_CS_3_the_fields_of_the_view_hold_no_session_and_no_free_text() -> None:
    fields = json.dumps(WatchView.model_json_schema()["$defs"]) + json.dumps(WatchView.model_json_schema()["required"])
    for word in ("session_id", "registration", "name", "photo", "school", "reason", "narrative", "item_", "subject"):
        assert f'"{word}' not in fields, word


def test_CS_3_socket_frames_of_observers_hold_a_version_only(day: Day) -> None:
    from server.web.realtime import Line, path_of
    from server.web.relay import Relay

    sent: list[tuple[str, str, dict[str, object]]] = []
    topic = watching.topic_to_watch(day.scene.room)
    relay = Relay(day.platform, Line(lambda *frame: sent.append(frame), lambda: [topic]))
    day.run(*day.scene.sessions)
    relay.run()
    heard = [(name, body) for name, to, body in sent if path_of(to) == "/observe"]
    assert heard, "observers hear that the room has changed"
    assert {name for name, _body in heard} == {"pulse"}
    assert all(set(body) == {"epoch", "topic", "v"} and body["topic"] == topic for _name, body in heard)
    with open_reading(day.platform, observer(invited(day))) as work:
        assert heard[-1][1]["v"] == watching.watch(work, day.scene.room).v
    assert "desk:changed" in str([body for _n, to, body in sent if to == f"room:{day.scene.room}"])


@pytest.mark.parametrize(("edition", "version"), EDITIONS)
def test_CS_3_kinds_and_views_are_those_of_the_edition(
    platform: Platform, clock: FrozenClock, edition: str, version: str
) -> None:
    law = the_edition(edition, version)
    day = a_day(platform, clock, 2, edition=law)
    rule = law.get("CS-3", queries.ObserversRule)
    with pytest.raises(Refused, match="observer_unknown"):
        invited(day, service.Invitation(name="N", kind="rival", body="b", mandate="1"))
    who = invited(day)
    assert (seen(day, who).events is not None) == ("alert" in rule.sees)
    assert (seen(day, who).incidents is not None) == ("alert" in rule.sees)
    assert (seen(day, who).seats is not None) == ("progress" in rule.sees)


def test_a_slip_signs_in_one_device_once_and_a_new_code_leaves_it(day: Day) -> None:
    who = invited(day)
    number, first = service.number_of(who), code(day, who)
    assert isinstance(sign_in(day, number, "0000-0000"), CatError)
    held = sign_in(day, number.lower(), first.lower())
    assert held == (who, 1)
    again = sign_in(day, number, first)
    assert isinstance(again, CatError)
    assert again.code == "observer_code_used"
    with open_work(day.platform, day.scene.manager) as work:
        assert queries.who_observes(work, who, 1) is not None
        service.renew(work, who)
        assert queries.who_observes(work, who, 1) is None
    assert code(day, who) != first
    assert sign_in(day, number, code(day, who)) == (who, 3)


def test_guessing_codes_is_locked_and_strange_numbers_say_no_more(day: Day, clock: FrozenClock) -> None:
    who = invited(day)
    for _try in range(5):
        wrong = sign_in(day, service.number_of(who), "AAAA-AAAA")
        assert isinstance(wrong, CatError)
        assert wrong.code == "observer_code_wrong"
    locked = sign_in(day, service.number_of(who), "AAAA-AAAA")
    assert isinstance(locked, CatError)
    assert locked.code == "code_locked"
    clock.advance(61)
    again = sign_in(day, service.number_of(who), "AAAA-AAAA")
    assert isinstance(again, CatError)
    assert again.code == "observer_code_wrong"
    assert sign_in(day, service.number_of(who), code(day, who)) == (who, 1)
    for number in ("", "O-", "O-999999", "x", "٣", "9" * 30):
        strange = sign_in(day, number, "AAAA-AAAA")
        assert isinstance(strange, CatError)
        assert strange.code == "observer_code_wrong"


def test_who_is_withdrawn_or_late_by_a_day_sees_nothing(day: Day, clock: FrozenClock) -> None:
    who, other = invited(day), invited(day)
    with open_work(day.platform, day.scene.manager) as work:
        service.withdraw(work, who)
    with pytest.raises(NotFound):
        seen(day, who)
    withdrawn = sign_in(day, service.number_of(who), code(day, who))
    assert isinstance(withdrawn, CatError)
    assert sign_in(day, service.number_of(other), code(day, other)) == (other, 1)
    day.at(timedelta(hours=24).total_seconds() + 1)
    with open_reading(day.platform, day.scene.manager) as work:
        assert queries.who_observes(work, other, 1) is None


def test_remarks_are_kept_and_bounded(day: Day) -> None:
    who = invited(day)
    with open_work(day.platform, observer(who)) as work:
        service.remark(work, day.scene.room, "  The door stood open.  ")
        with pytest.raises(Invalid, match="remark_malformed"):
            service.remark(work, day.scene.room, "x" * 1001)
    with open_reading(day.platform, day.scene.manager) as work:
        (kept,) = queries.remarks_in(work, day.scene.room)
    assert (kept.text, kept.observer, kept.kind) == ("The door stood open.", PARENT.name, "Parent")
    assert [each.text for each in seen(day, who).remarks] == ["The door stood open."]


def test_the_centre_invites_on_its_page_and_a_tablet_signs_in_with_the_slip(
    day: Day, app: Flask, client_as: Callable[..., FlaskClient]
) -> None:
    here = f"/centre/room-sittings/{day.scene.room}/observers"
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    manager.environ_base["HTTP_ACCEPT"] = "text/html"
    manager.set_cookie("synak_lang", "en")
    typed = {name: getattr(PARENT, name) for name in FIELDS}
    refused = manager.post(here, data={**typed, "kind": ""})
    assert (refused.status_code, PARENT.name in refused.text) == (422, True)
    assert "Choose for whom the observer speaks." in refused.text
    assert manager.post(here, data=typed).status_code == 303
    assert PARENT.name in manager.get(here).text
    slips = manager.get(here + "/slips").text
    with open_reading(day.platform, day.scene.manager) as work:
        (made,) = queries.observers_of(work, day.scene.room)
    assert service.number_of(made.id) in slips
    assert code(day, made.id) in slips


def test_the_cookie_opens_the_observers_pages_and_no_others(day: Day, app: Flask) -> None:
    from server.edge import csrf

    who = invited(day)
    tablet = app.test_client()
    tablet.set_cookie(csrf.COOKIE, "tablet")
    with app.app_context():
        tablet.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("tablet")
    tablet.environ_base["HTTP_ACCEPT"] = "text/html"
    room = f"/observe/rooms/{day.scene.room}"
    assert tablet.get(room).headers["Location"] == "/observe"
    wrong = tablet.post("/observe/sign-in", data={"number": service.number_of(who), "code": "AAAA-AAAA"})
    assert wrong.status_code == 403
    slip = {"number": service.number_of(who), "code": code(day, who)}
    assert tablet.post("/observe/sign-in", data=slip).status_code == 303
    assert tablet.get(room).status_code == 200
    assert tablet.get(room + "/view").get_json()["topic"] == f"watch:{day.scene.room}"
    for elsewhere in ("/staff", "/centre", f"/proctor/rooms/{day.scene.room}", "/office"):
        assert tablet.get(elsewhere).headers["Location"].startswith("/sign-in?next=")
    assert tablet.post("/observe/sign-out").status_code == 303
    assert tablet.get(room).headers["Location"] == "/observe"


def printed(day: Day, client: FlaskClient, lang: str) -> str:
    """The text of the slips of observers on paper."""
    reply = client.get(f"/centre/room-sittings/{day.scene.room}/observers/slips/paper?lang={lang}")
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf"), reply.text[:300]
    pages = PdfReader(io.BytesIO(reply.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


@pytest.mark.parametrize(("lang", "title", "room"), [
    ("ky", "Байкоочулардын баракчалары", "баары"), ("ru", "Листки наблюдателей", "все"),
    ("en", "Slips of observers", "all"),
])  # fmt: skip
def test_CS_3_slips_of_observers_are_a_paper_in_each_language(
    day: Day, client_as: ClientAs, lang: str, title: str, room: str
) -> None:
    one, gone = invited(day), invited(day)
    whole = invited(day, replace(PARENT, name="Сыдыков Нурлан", is_whole=True))
    with open_work(day.platform, day.scene.manager) as work:
        service.withdraw(work, gone)
    first = code(day, one)
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    text = printed(day, manager, lang)
    for words in (title, PARENT.name, service.number_of(one), first, "Сыдыков Нурлан", code(day, whole), room):
        assert words in text, words
    assert code(day, gone) not in text
    sign_in(day, service.number_of(one), first)
    assert first not in printed(day, manager, lang)  # used


def test_CS_3_a_paper_with_codes_is_known_by_its_digest_and_its_qr_code_holds_no_code(
    day: Day, client_as: ClientAs
) -> None:
    who = invited(day)
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    text = printed(day, manager, "ru")
    with open_reading(day.platform, day.scene.manager) as work:
        acts = ("observer:slips-shown", "paper:printed")
        query = select(JournalEntry.act, JournalEntry.subject).where(JournalEntry.act.in_(acts))
        shown, paper = work.db.execute(query.order_by(JournalEntry.seq)).all()
        room = own_room_sitting(work, day.scene.room)
        setting = set_up(work, *room, "https://synak.example")
        slip = papers.sheet(setting, slips_of(work, day.scene.room)).blocks[1]
    assert (shown.act, shown.subject) == ("observer:slips-shown", f"room_sitting:{day.scene.room}")
    digest = paper.subject.removeprefix("paper:")
    assert digest in text
    manager.environ_base["HTTP_ACCEPT"] = "text/html"
    manager.set_cookie("synak_lang", "en")
    assert "Slips of observers" in manager.get(f"/papers?digest={digest}").text
    assert isinstance(slip, Slips)
    assert slip.slips[0].scanned == f"https://synak.example/observe?number={service.number_of(who)}"


def test_the_slips_qr_code_fills_in_the_number(day: Day, client_as: ClientAs) -> None:
    stranger = client_as(Role.PUBLIC)
    stranger.environ_base["HTTP_ACCEPT"] = "text/html"
    assert 'value="O-12"' in stranger.get("/observe?number=O-12").text
    assert "<script>1" not in stranger.get('/observe?number="><script>1').text
