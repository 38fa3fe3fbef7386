"""Pictures taken at the desk (DC-9): kept sealed with the check, seen by the few who may, gone after their time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.rooms import pictures, service
from proctor.rooms.desk import desk_views
from proctor.rooms.jpeg import MAX_BYTES, stripped
from proctor.rooms.models import DeskPicture, IdentityCheck
from proctor.rooms.rules import DeskPictureRule
from proctor.rooms.service.desk import fingerprint
from server import delivery
from server.core.clock import FrozenClock
from server.core.errors import Invalid, NotFound, Refused
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.vault import Tampered, digest
from server.core.work import Platform, open_reading, open_work
from server.web.app import SECURITY_HEADERS
from tests.factories.accounts import an_organisation
from tests.factories.proctor import Day, a_check, a_day, the_edition

ClientAs = Callable[..., FlaskClient]
SECRET = b"Exif\0\0 taken at 42.8746 N 74.5698 E"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def a_jpeg(width: int = 480, height: int = 360, *more: bytes, tail: bytes = b"") -> bytes:
    """What a browser's canvas writes, as far as a reader of its frame sees."""
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    return b"".join((
        b"\xff\xd8", segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), *more, segment(0xDB, bytes(65)),
        segment(0xC0, frame), segment(0xC4, bytes(30)), segment(0xDA, b"\1\1\0\0\x3f\0"),
        b"\x12\xff\x00\x34" * 40, b"\xff\xd9", tail,
    ))  # fmt: skip


def sent(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    day = a_day(platform, clock, 3)
    day.at(-600)
    day.do(service.open_room)
    return day


def check(day: Day, session_id: int, content: bytes) -> None:
    day.do(service.check_identity, session_id, a_check(day.scene, session_id, picture=sent(content)))


def last_check(day: Day, session_id: int) -> IdentityCheck:
    with open_reading(day.platform, SYSTEM) as work:
        query = select(IdentityCheck).where(IdentityCheck.session_id == session_id)
        return list(work.db.execute(query.order_by(IdentityCheck.id)).scalars())[-1]


def seen(day: Day, session_id: int) -> bytes:
    with open_reading(day.platform, SYSTEM) as work:
        return pictures.picture_of(work, session_id)


def test_DC_9_a_picture_is_kept_with_the_check_sealed_and_in_its_fingerprint(day: Day) -> None:
    one, other, _ = day.scene.sessions
    check(day, one, a_jpeg())
    assert seen(day, one) == a_jpeg()
    row = last_check(day, one)
    assert row.picture_digest == digest(a_jpeg())
    with open_reading(day.platform, SYSTEM) as work:
        number = delivery.session_ref(work, one).registration_no
        assert fingerprint(row, number) == row.fingerprint
        row.picture_digest = digest(a_jpeg(481))
        assert fingerprint(row, number) != row.fingerprint
        (sealed,) = work.db.execute(select(DeskPicture.sealed)).scalars()
        assert a_jpeg()[20:60] not in sealed
        views = desk_views(work, [one, other])
        assert (views[one].has_picture, views[other].has_picture) == (True, False)
    with pytest.raises(NotFound):
        seen(day, other)


def test_DC_9_another_check_has_a_picture_of_its_own_or_none(day: Day) -> None:
    one = day.scene.sessions[0]
    check(day, one, a_jpeg())
    check(day, one, a_jpeg(400))
    assert seen(day, one) == a_jpeg(400)
    check(day, one, b"")
    with pytest.raises(NotFound):
        seen(day, one)
    with open_reading(day.platform, SYSTEM) as work:
        assert len(list(work.db.execute(select(DeskPicture)).scalars())) == 2  # earlier ones stay in the table


def test_a_picture_moved_to_another_check_does_not_open(day: Day) -> None:
    one, other, _ = day.scene.sessions
    check(day, one, a_jpeg())
    check(day, other, a_jpeg(400))
    with open_work(day.platform, SYSTEM) as work:
        first, second = work.db.execute(select(DeskPicture).order_by(DeskPicture.identity_check_id)).scalars()
        first.sealed = second.sealed
    with pytest.raises(Tampered):
        seen(day, one)


def test_only_what_is_painted_is_kept() -> None:
    full = a_jpeg(480, 360, segment(0xE1, SECRET), segment(0xFE, b"a comment"), tail=b"PK a file behind")
    assert stripped(full).content == a_jpeg()
    assert (stripped(full).width, stripped(full).height) == (480, 360)


@pytest.mark.parametrize("content", [
    b"\x89PNG\r\n\x1a\n" + bytes(200), b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xe0", b"\xff\xd8" + bytes(400),
    a_jpeg(4000, 3000), a_jpeg(16, 16), a_jpeg()[:-2], a_jpeg(480, 360, segment(0xC2, bytes(9))),
    a_jpeg(480, 360, *[segment(0xDB, bytes(51_500))] * 4),
], ids=["png", "gif", "start", "cut", "nought", "large", "small", "endless", "progressive", "heavy"])  # fmt: skip
def test_what_is_no_camera_picture_is_refused(day: Day, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        check(day, day.scene.sessions[0], content)
    assert refused.value.code == "desk_picture_unfit"
    with open_reading(day.platform, SYSTEM) as work:
        assert work.db.execute(select(IdentityCheck)).first() is None  # nothing half done


def test_every_cut_of_a_picture_is_refused_and_breaks_nothing() -> None:
    whole = a_jpeg()
    for end in range(len(whole)):
        with pytest.raises(Invalid):
            stripped(whole[:end])
    assert len(whole) < MAX_BYTES


def test_DC_9_an_edition_without_pictures_takes_none(platform: Platform, clock: FrozenClock) -> None:
    day = a_day(platform, clock, 3, edition=the_edition("zz-trial", "2030"))
    day.at(-600)
    day.do(service.open_room)
    with pytest.raises(Refused) as refused:
        check(day, day.scene.sessions[0], a_jpeg())
    assert (refused.value.code, refused.value.ruling.clause) == ("desk_picture_off", "DC-9.picture")
    check(day, day.scene.sessions[0], b"")


def test_DC_9_pictures_go_when_their_time_is_over_and_the_check_stays(day: Day, clock: FrozenClock) -> None:
    one = day.scene.sessions[0]
    check(day, one, a_jpeg())
    kept = last_check(day, one)
    assert pictures.remove_due(day.platform) == []
    days = day.scene.edition.get("DC-9.picture", DeskPictureRule).retention_days
    clock.advance(timedelta(days=days + 2).total_seconds())
    assert pictures.remove_due(day.platform) == [kept.id]
    assert pictures.remove_due(day.platform) == []
    with pytest.raises(NotFound):
        seen(day, one)
    assert last_check(day, one).picture_digest == digest(a_jpeg())
    with open_reading(day.platform, SYSTEM) as work:
        said = work.db.execute(select(JournalEntry).where(JournalEntry.act == "desk-picture:removed")).scalar_one()
        assert digest(a_jpeg()) in said.facts


@pytest.fixture
def office(day: Day, client_as: ClientAs) -> FlaskClient:
    """The testing centre's office, in English."""
    with open_work(day.platform, SYSTEM) as work:
        place = an_organisation(work, "ntc").id
    client = client_as(Role.OFFICE, organisation_id=place)
    client.set_cookie("synak_lang", "en")
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def readings(day: Day) -> list[tuple[str, str]]:
    with open_reading(day.platform, SYSTEM) as work:
        query = select(JournalEntry.subject, JournalEntry.facts).where(JournalEntry.act == "desk-picture:read")
        return [(subject, facts) for subject, facts in work.db.execute(query)]


def test_DC_9_a_picture_is_for_the_proctor_on_duty_and_the_office_alone(day: Day, client_as: ClientAs) -> None:
    one, _, none = day.scene.sessions
    check(day, one, a_jpeg())
    desk, there = f"/proctor/rooms/{day.scene.room}", f"/office/room-sittings/{day.scene.room}"
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    reply = proctor.get(f"{desk}/sessions/{one}/picture")
    assert (reply.status_code, reply.mimetype, reply.data) == (200, "image/jpeg", a_jpeg())
    assert reply.headers["Cache-Control"] == "no-store"
    assert proctor.get(f"{desk}/sessions/{none}/picture").status_code == 404
    for role in (Role.OBSERVER, Role.CANDIDATE, Role.CENTRE, Role.COMMISSION):
        other = client_as(role, id=one, organisation_id=day.scene.centre)
        assert other.get(f"{desk}/sessions/{one}/picture").status_code in {302, 401, 403}, role
        assert other.post(f"{there}/sessions/{one}/picture", data={"reason": "Appeal"}).status_code in {302, 401, 403}


def test_DC_9_an_office_that_opens_a_picture_is_noted_with_its_reason(day: Day, office: FlaskClient) -> None:
    one = day.scene.sessions[0]
    check(day, one, a_jpeg())
    path = f"/office/room-sittings/{day.scene.room}/sessions/{one}/picture"
    opened = office.post(path, data={"reason": "Appeal 17"})
    assert (opened.data, opened.mimetype) == (a_jpeg(), "image/jpeg")
    assert opened.headers["Cache-Control"] == "no-store"
    ((subject, facts),) = readings(day)
    assert subject == f"session:{one}"
    assert "Appeal 17" in facts


@pytest.mark.parametrize("reason", ["", "  \n ", "ab", "x" * 501])
def test_DC_9_the_office_opens_no_picture_without_a_reason(day: Day, office: FlaskClient, reason: str) -> None:
    one = day.scene.sessions[0]
    check(day, one, a_jpeg())
    path = f"/office/room-sittings/{day.scene.room}/sessions/{one}/picture"
    refused = office.post(path, data={"reason": reason})
    assert (refused.status_code, refused.mimetype) == (422, "text/html")
    assert "Write why the picture has to be seen" in refused.text
    assert "DC-9" in refused.text
    assert office.get(path).status_code == 405  # a link that somebody follows opens nothing
    assert readings(day) == []


def test_DC_9_the_candidates_record_leads_to_the_picture_as_long_as_it_is_kept(
    day: Day, office: FlaskClient, clock: FrozenClock
) -> None:
    one, other, unseen = day.scene.sessions
    check(day, one, a_jpeg())
    check(day, other, b"")
    action = f"/office/room-sittings/{day.scene.room}/sessions/{one}/picture"
    page = office.get(f"/office/sessions/{one}").text
    assert f'action="{action}"' in page
    assert last_check(day, one).fingerprint[:12] in page
    assert "jpeg" not in page  # nothing of it is shown before it is asked for
    without = office.get(f"/office/sessions/{other}").text
    assert "At the desk" in without
    assert "/picture" not in without
    assert "At the desk" not in office.get(f"/office/sessions/{unseen}").text
    days = day.scene.edition.get("DC-9.picture", DeskPictureRule).retention_days
    clock.advance(timedelta(days=days + 2).total_seconds())
    assert pictures.remove_due(day.platform)
    gone = office.get(f"/office/sessions/{one}").text
    assert action not in gone
    assert "was removed when its time was over" in gone
    assert office.post(action, data={"reason": "Appeal 17"}).status_code == 404
    assert readings(day) == []


def test_the_consoles_page_alone_may_ask_for_a_camera(day: Day, client_as: ClientAs) -> None:
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    closed = SECURITY_HEADERS["Permissions-Policy"]
    assert "camera=()" in closed
    page = proctor.get(f"/proctor/rooms/{day.scene.room}")
    assert page.headers.getlist("Permissions-Policy") == [closed.replace("camera=()", "camera=(self)")]
    room = f"/proctor/rooms/{day.scene.room}"
    for address in ("/proctor", f"{room}/snapshot", f"{room}/papers", f"{room}/handover", "/exam", "/sign-in",
                    "/nowhere", "/proctor/rooms/999"):  # fmt: skip
        assert proctor.get(address).headers.getlist("Permissions-Policy") == [closed], address
