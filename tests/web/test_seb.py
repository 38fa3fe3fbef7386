"""Safe Exam Browser from end to end: the file of a centre, sign-in by headers and by script, every later request."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.core.clock import FrozenClock
from server.core.errors import CatError, Invalid
from server.core.roles import SYSTEM, Role
from server.core.ruling import Ruling
from server.core.work import Platform, Work, open_work
from server.delivery import service, sitting_ref
from server.delivery.models import ExamSession, Section, Sitting
from server.delivery.queries import progress
from server.delivery.rules import LatenessRule
from server.delivery.seb import queries
from server.delivery.seb.config_key import config_key_of_plist, read_plist
from server.delivery.seb.container import pack_password, pack_plain, unpack
from server.delivery.seb.models import SebCheck
from server.delivery.service import browsers
from server.edge import csrf
from server.jobs.seb import asked, run
from server.web.app import create_app
from server.web.config import Config
from tests.factories.delivery import a_session, a_sitting
from tests.web.conftest import HTML, JSON, Browser

ORIGIN = "http://localhost"
EXAM_KEY = "5e" * 32
CONFIG, EXAM = "X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash"


class Room:
    """A sitting that asks for the browser, one candidate, and the key of its configuration."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with open_work(platform, SYSTEM) as work:
            planned = a_sitting(work, subjects=["history"])
            self.sitting, self.session = planned.id, a_session(work, planned)
            browsers.set_policy(work, self.sitting, "required")
            self.key = browsers.configure(work, self.sitting, ORIGIN).config_key
            row = work.db.get_one(ExamSession, self.session)
            self.number, self.centre = row.registration_no, row.centre_id
            self.code = str(service.issue_code(work, self.session))

    def sign_in(self, client: FlaskClient, seb: dict[str, str] | None = None, **headers: str) -> TestResponse:
        told = {"registration_no": self.number, "code": self.code, **({"seb": seb} if seb else {})}
        return client.post("/exam/sign-in", json=told, headers={"Accept": JSON, **headers})

    def proof(self, path: str, key: str | None = None) -> dict[str, str]:
        """The headers that the browser adds."""
        return {CONFIG: hashed(ORIGIN + path, key or self.key), EXAM: hashed(ORIGIN + path, EXAM_KEY)}

    def page(self, client: FlaskClient) -> dict[str, str]:
        """What the script says on a page as it was just opened."""
        sent = client.get("/exam/start")
        assert sent.status_code == 303
        url = ORIGIN + sent.headers["Location"]
        assert client.get(sent.headers["Location"]).status_code == 200
        return {
            "url": url,
            "config_key": hashed(url, self.key),
            "exam_key": hashed(url, EXAM_KEY),
            "version": "mac 3.5",
        }

    def row(self) -> ExamSession:
        with self.platform.database.reading() as db:
            return db.execute(select(ExamSession).where(ExamSession.id == self.session)).scalar_one()

    def checks(self) -> list[SebCheck]:
        with self.platform.database.reading() as db:
            return list(db.execute(select(SebCheck).order_by(SebCheck.id)).scalars())


def hashed(url: str, key: str) -> str:
    return hashlib.sha256((url + key).encode()).hexdigest()


def code_of(reply: TestResponse) -> str:
    return str(reply.get_json()["error"]["code"])


@pytest.fixture
def room(platform: Platform) -> Room:
    return Room(platform)


@pytest.fixture
def client(browser: Browser) -> FlaskClient:
    return browser(accept=JSON)


def test_a_sitting_does_not_ask_unless_told(platform: Platform, client: FlaskClient, room: Room) -> None:
    with open_work(platform, SYSTEM) as work:
        assert sitting_ref(work, a_sitting(work, subjects=["history"]).id).seb_policy == "off"
        browsers.set_policy(work, room.sitting, "off")
    assert room.sign_in(client).status_code == 200
    assert room.checks() == []
    assert (room.row().seb_way, room.row().seb_fault) == (None, None)


def test_DC_15_another_browser_is_refused_with_what_to_do(room: Room, client: FlaskClient) -> None:
    reply = room.sign_in(client)
    assert (reply.status_code, code_of(reply)) == (403, "seb_needed")
    assert "raise your hand" in reply.get_json()["error"]["message"]
    assert (room.row().seb_fault, room.row().lease, room.row().code_used_at) == ("nothing", 0, None)
    assert [each.fault for each in room.checks()] == ["nothing"]


def test_headers_admit_and_are_asked_for_with_every_request(room: Room, client: FlaskClient) -> None:
    reply = room.sign_in(client, **room.proof("/exam/sign-in"))
    assert reply.status_code == 200
    assert reply.get_json()["quit_url"] == "/exam/quit"
    assert (room.row().seb_way, room.row().seb_key, room.row().seb_fault) == ("header", room.key, None)
    assert client.get("/exam/state", headers=room.proof("/exam/state")).status_code == 200
    for wrong in ({}, room.proof("/exam/sign-in"), room.proof("/exam/state", "0" * 64), {CONFIG: "x"}):
        refused = client.get("/exam/state", headers=wrong)
        assert (refused.status_code, code_of(refused)) == (403, "seb_needed")
    beat = client.post("/exam/heartbeat", json={}, headers=room.proof("/exam/heartbeat"))
    assert beat.status_code == 200
    assert code_of(client.post("/exam/heartbeat", json={})) == "seb_needed"


def test_an_answer_without_the_hash_is_refused_noted_once_and_counted_later(
    platform: Platform, room: Room, client: FlaskClient
) -> None:
    assert room.sign_in(client, **room.proof("/exam/sign-in")).status_code == 200
    with open_work(platform, SYSTEM) as work:
        late = a_ruling(work, room.sitting)
        service.admit_session(work, room.session, late, None)
        service.begin_sessions(work, [room.session], work.now)
        section = work.db.execute(select(Section.id).where(Section.session_id == room.session)).scalar_one()
    body = {"section_id": section, "seq": 1, "key": str(uuid4()), "spent_ms": 9000}
    for _ in range(2):
        reply = client.post("/exam/answers", json=body)
        assert (reply.status_code, code_of(reply)) == (403, "seb_needed")
    assert [each.fault for each in room.checks()] == [None, "lost"]
    with open_work(platform, SYSTEM) as work:
        assert progress(work, [room.session])[room.session].seb_fault == "lost"
    assert client.post("/exam/answers", json=body, headers=room.proof("/exam/answers")).status_code == 200


def a_ruling(work: Work, sitting_id: int) -> Ruling:
    return sitting_ref(work, sitting_id).edition.get("DC-16", LatenessRule).judge(work.now, work.now)


def test_every_changed_bit_of_the_hash_is_refused_by_header_and_by_script(
    room: Room, client: FlaskClient
) -> None:
    page = room.page(client)
    sent, read = int(hashed(ORIGIN + "/exam/sign-in", room.key), 16), int(page["config_key"], 16)
    for changed in range(256):
        by_header = room.sign_in(client, **{CONFIG: f"{sent ^ (1 << changed):064x}"})
        by_script = room.sign_in(client, {**page, "config_key": f"{read ^ (1 << changed):064x}"})
        assert code_of(by_header) == code_of(by_script) == "seb_settings", changed
    assert room.row().lease == 0
    assert room.sign_in(client, page).status_code == 200


def test_every_changed_bit_of_the_address_of_the_header_and_of_the_key_is_refused(
    room: Room, client: FlaskClient
) -> None:
    assert room.sign_in(client, **room.proof("/exam/sign-in")).status_code == 200
    path = "/exam/state?from=%D3%A9&n=1"
    right = hashed(ORIGIN + path, room.key)
    assert client.get(path, headers={CONFIG: right}).status_code == 200
    wrong = [changed for changed in flips(right) if not re.search(r"[^!-~]", changed)]  # what a header can carry
    wrong += [hashed(changed, room.key) for changed in flips(ORIGIN + path)]
    wrong += [hashed(ORIGIN + path, changed) for changed in flips(room.key)]
    assert len(wrong) > 8 * len(ORIGIN + path) + 8 * 64 + 64
    for sent in wrong:
        refused = client.get(path, headers={CONFIG: sent})
        assert (refused.status_code, code_of(refused)) == (403, "seb_needed"), sent
    for query in ("?from=%d3%a9&n=1", "?n=1&from=%D3%A9", "?from=%D3%A9&n=1&", ""):
        other = "/exam/state" + query
        assert code_of(client.get(other, headers={CONFIG: right})) == "seb_needed", other
    assert client.get(path + "#part", headers={CONFIG: right}).status_code == 200, "a fragment is no part of it"


def flips(text: str) -> list[str]:
    """The text with one bit changed, for each bit of it."""
    raw = text.encode()
    return [bytes(b ^ (1 << bit) if i == at else b for i, b in enumerate(raw)).decode("latin-1")
            for at in range(len(raw)) for bit in range(8)]  # fmt: skip


def test_the_address_is_the_configured_one_whatever_the_request_says(room: Room, client: FlaskClient) -> None:
    forged = {"Host": "localhost:9999", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    evil = {CONFIG: hashed("http://localhost:9999/exam/sign-in", room.key)}
    assert code_of(room.sign_in(client, **forged, **evil)) == "seb_settings"
    assert room.sign_in(client, **forged, **room.proof("/exam/sign-in")).status_code == 200


def test_behind_a_proxy_the_public_origin_counts_and_no_header_says_otherwise(
    platform: Platform, config: Config
) -> None:
    public = "https://exam.example:8443"
    room = Room(platform)
    app = create_app(replace(config, public_origin=public), platform)
    client = app.test_client()
    client.set_cookie(csrf.COOKIE, "test-browser", domain="10.0.0.7")
    with app.app_context():
        client.environ_base["HTTP_X_CSRF_TOKEN"] = csrf._token_for("test-browser")
    inside = {"Host": "10.0.0.7:8000", "X-Forwarded-For": "10.0.0.1"}
    for forged in ("http://10.0.0.7:8000", "https://exam.example", "http://exam.example:8443", ORIGIN):
        claims = {"X-Forwarded-Proto": forged.split(":")[0], "X-Forwarded-Host": forged.split("//")[1],
                  "Forwarded": f"host={forged.split('//')[1]}", "X-Original-URL": "/exam/sign-in"}  # fmt: skip
        wrong = {CONFIG: hashed(forged + "/exam/sign-in", room.key)}
        assert code_of(room.sign_in(client, **inside, **claims, **wrong)) == "seb_settings", forged
    right = {CONFIG: hashed(public + "/exam/sign-in", room.key)}
    assert room.sign_in(client, **inside, **right).status_code == 200


def test_the_script_admits_once_by_the_page_it_stood_in(
    platform: Platform, room: Room, client: FlaskClient, browser: Browser
) -> None:
    page = room.page(client)
    plain = {**page, "url": ORIGIN + "/exam", "config_key": hashed(ORIGIN + "/exam", room.key)}
    assert code_of(room.sign_in(client, plain)) == "seb_address"
    assert code_of(room.sign_in(browser("another", accept=JSON), page)) == "seb_address"
    assert (
        code_of(room.sign_in(client, {**page, "config_key": hashed(page["url"], "0" * 64)})) == "seb_settings"
    )
    assert code_of(room.sign_in(client, {**page, "url": page["url"] + "0"})) == "seb_address"
    assert room.sign_in(client, {**page, "url": page["url"] + "#part"}).status_code == 200
    assert (room.row().seb_way, room.checks()[-1].client) == ("api", "mac 3.5")
    assert client.get("/exam/state").status_code == 200
    with open_work(platform, SYSTEM) as work:
        room.code = service.renew_code(work, room.session, "another computer")
    assert code_of(room.sign_in(client, page)) == "seb_page_is_old"
    sent = client.get(page["url"].removeprefix(ORIGIN))
    assert (sent.status_code, sent.headers["Location"]) == (303, "/exam/start")
    assert room.sign_in(client, room.page(client)).status_code == 200


def test_a_page_counts_for_half_a_day(room: Room, client: FlaskClient, clock: FrozenClock) -> None:
    page = room.page(client)
    clock.advance(12 * 3600 + 60)
    assert code_of(room.sign_in(client, page)) == "seb_address"
    assert client.get(page["url"].removeprefix(ORIGIN)).status_code == 303
    for nonce in ("", "x", "x-y-z", "g" * 40 + "-" + "0" * 32, "٣-0-0"):
        assert client.get("/exam", query_string={"seb": nonce}).status_code == 303


def test_where_allowed_nobody_is_refused_and_it_is_noted(
    platform: Platform, room: Room, client: FlaskClient
) -> None:
    with open_work(platform, SYSTEM) as work:
        browsers.set_policy(work, room.sitting, "allowed")
    assert room.sign_in(client).status_code == 200
    assert client.get("/exam/state").status_code == 200
    assert (room.row().seb_way, room.row().seb_fault) == (None, "nothing")


def test_a_sitting_without_configuration_admits_nobody(
    platform: Platform, room: Room, client: FlaskClient
) -> None:
    other = Room.__new__(Room)
    other.platform = platform
    with open_work(platform, SYSTEM) as work:
        planned = a_sitting(work, subjects=["history"])
        other.sitting, other.session, other.key = planned.id, a_session(work, planned), ""
        browsers.set_policy(work, other.sitting, "required")
        row = work.db.get_one(ExamSession, other.session)
        other.number, other.code = row.registration_no, str(service.issue_code(work, row.id))
    assert code_of(other.sign_in(client, **{CONFIG: hashed(ORIGIN + "/exam/sign-in", "")})) == "seb_no_file"


def test_listed_versions_alone_are_admitted(platform: Platform, room: Room, client: FlaskClient) -> None:
    with open_work(platform, SYSTEM) as work:
        browsers.add_exam_key(work, room.sitting, "Windows 3.9.0", "1a" * 32)
    assert code_of(room.sign_in(client, **room.proof("/exam/sign-in"))) == "seb_version"
    assert code_of(room.sign_in(client, room.page(client))) == "seb_version"
    with open_work(platform, SYSTEM) as work:
        browsers.add_exam_key(work, room.sitting, "macOS 3.5", EXAM_KEY)
        browsers.withdraw_exam_key(work, room.sitting, "1a" * 32)
    assert room.sign_in(client, **room.proof("/exam/sign-in")).status_code == 200


def test_the_command_of_the_administrator(platform: Platform, room: Room) -> None:
    def say(*words: str) -> list[str]:
        return run(platform, ORIGIN, asked([words[0], str(room.sitting), *words[1:]]))

    assert say("show")[0] == "policy required"
    assert f"Browser Exam Key {EXAM_KEY} iPad 3.5" in say("add-key", "iPad 3.5", EXAM_KEY)
    assert say("add-key", "iPad 3.5.1", EXAM_KEY)[-1] == f"Browser Exam Key {EXAM_KEY} iPad 3.5.1"
    assert not [line for line in say("withdraw-key", EXAM_KEY) if "Exam Key" in line]
    renewed = say("renew")
    assert renewed[1].startswith("revision 2 of ")
    assert room.key not in renewed[2]
    for wrong in ("5E" * 32, "5e" * 31, ""):
        with pytest.raises(Invalid):
            say("add-key", "x", wrong)
    with pytest.raises(CatError):
        say("withdraw-key", "1a" * 32)
    assert say("policy", "allowed")[0] == "policy allowed"


def test_a_file_is_compared_with_the_sitting(platform: Platform, room: Room, tmp_path: Path) -> None:
    with open_work(platform, SYSTEM) as work:
        made = queries.configuration(work, room.sitting)
        assert made is not None
        own, other = made.settings, made.settings.replace(b"<key>allowQuit</key>\n\t<true/>", b"")
    path = tmp_path / "room.seb"

    def check(xml: bytes, *more: str) -> list[str]:
        path.write_bytes(pack_password(xml, "sesame"))
        return run(platform, ORIGIN, asked(["check", str(room.sitting), str(path), *more]))

    same = check(own, "--password", "sesame")
    assert same == [f"Config Key {room.key}", "revision 1 of the sitting has the same"]
    differs = check(other, "--password", "sesame")
    assert differs[0] == f"Config Key {config_key_of_plist(other)}"
    assert differs[1:] == [
        "revision 1 of the sitting has another",
        "allowQuit: 'missing' in the file, True in the sitting",
    ]
    with pytest.raises(Invalid):
        check(own)


def test_the_policy_stands_once_somebody_signed_in(
    platform: Platform, room: Room, client: FlaskClient
) -> None:
    assert room.sign_in(client, **room.proof("/exam/sign-in")).status_code == 200
    with pytest.raises(Invalid), open_work(platform, SYSTEM) as work:
        browsers.set_policy(work, room.sitting, "off")


ClientAs = Callable[..., FlaskClient]


def test_the_centre_downloads_the_file_in_plain_and_under_a_password(
    platform: Platform, room: Room, client_as: ClientAs
) -> None:
    manager, path = (
        client_as(Role.CENTRE, id=1, organisation_id=room.centre),
        f"/centre/sittings/{room.sitting}/seb",
    )
    plain, secret = manager.post(path), manager.post(path, data={"password": "sesame 7"})
    assert plain.mimetype == secret.mimetype == "application/seb"
    assert plain.headers["Content-Disposition"] == f'attachment; filename="synak-{room.sitting}-1.seb"'
    assert unpack(plain.data) == unpack(secret.data, "sesame 7")
    assert config_key_of_plist(unpack(plain.data)) == room.key
    assert read_plist(unpack(plain.data))["startURL"] == ORIGIN + "/exam/start"
    with open_work(platform, SYSTEM) as work:
        password = queries.quit_password(work, room.sitting, 1)
    quit_hash = hashlib.sha256(password.encode()).hexdigest()
    assert read_plist(unpack(plain.data))["hashedQuitPassword"] == quit_hash
    assert manager.post(path, data={"password": "сезам"}).status_code == 422
    page = manager.get(path).text
    assert room.key in page
    assert password in page
    with open_work(platform, SYSTEM) as work:
        work.db.get_one(Sitting, room.sitting).seb_policy = "off"
    assert manager.post(path).status_code == 422


def test_the_centre_is_told_whether_a_file_is_the_sittings_and_what_differs(
    platform: Platform, room: Room, client_as: ClientAs
) -> None:
    manager = client_as(Role.CENTRE, id=1, organisation_id=room.centre)
    manager.set_cookie("synak_lang", "en")

    def compare(content: bytes, password: str = "", status: int = 200) -> str:
        sent = {"file": (BytesIO(content), "room.seb"), "file_password": password}
        reply = manager.post(f"/centre/sittings/{room.sitting}/seb/file", data=sent)
        assert reply.status_code == status
        return reply.text

    with open_work(platform, SYSTEM) as work:
        first = browsers.configure(work, room.sitting, ORIGIN)
        own, other = first.settings, first.settings.replace(b"<key>allowQuit</key>\n\t<true/>", b"")
        theirs = a_sitting(work, subjects=["history"])
        foreign = browsers.configure(work, theirs.id, ORIGIN).settings
    for content, password in ((pack_plain(own), ""), (pack_password(own, "sesame"), "sesame"), (own, "")):
        page = compare(content, password)
        assert 'data-verdict="same"' in page
        assert "What differs" not in page
    more = b"<key>zoomMode</key><integer>1</integer></dict></plist>"
    page = compare(pack_plain(other.replace(b"</dict>\n</plist>", more)))
    for words in ('data-verdict="other"', "how the browser is closed", "allowQuit", "not set",
                  "1 setting stands in the file only", "zoomMode"):  # fmt: skip
        assert words in page
    assert 'data-verdict="elsewhere"' in compare(pack_plain(foreign))
    assert "hashedQuitPassword" not in page, "what is alike is not shown"
    with open_work(platform, SYSTEM) as work:
        browsers.configure(work, room.sitting, ORIGIN, anew=True)
    assert 'data-verdict="older"' in compare(pack_plain(own))
    assert "password of the file is another one" in compare(pack_password(own, "sesame"), "sesam", 422)
    assert "no .seb file" in compare(b"text", "", 422)
    assert manager.post(f"/centre/sittings/{room.sitting}/seb/file").status_code == 422


def test_the_centre_sees_what_was_refused_and_why(
    room: Room, client: FlaskClient, client_as: ClientAs
) -> None:
    wrong = room.proof("/exam/sign-in", "0" * 64)
    room.sign_in(client, **wrong)
    manager = client_as(Role.CENTRE, id=1, organisation_id=room.centre)
    manager.set_cookie("synak_lang", "en")
    page = manager.get(f"/centre/sittings/{room.sitting}/seb").text
    assert room.number in page
    assert wrong[CONFIG] in page
    assert "the Config Key is another" in page


def test_the_diagnosis_says_right_or_wrong_and_shows_no_key(room: Room, browser: Browser) -> None:
    client, url = browser(accept=HTML), ORIGIN + "/exam/seb"
    right = client.get("/exam/seb", headers=room.proof("/exam/seb"))
    assert ">right<" in right.text
    assert room.key not in right.text
    assert right.text.count(hashed(url, room.key)) == 2, "expected and received"
    for headers, words in (
        ({}, "no hash was sent"),
        (room.proof("/exam/seb", "0" * 64), "the Config Key is another"),
    ):
        page = client.get("/exam/seb", headers=headers)
        assert ">right<" not in page.text
        assert words in page.text
    told = {"url": url, "config_key": hashed(url, room.key), "exam_key": ":", "version": "SEB_Windows_3.9"}
    page = client.post("/exam/seb", data=told)
    assert ">right<" in page.text
    assert "SEB_Windows_3.9" in page.text
    other = client.post("/exam/seb", data={**told, "url": "http://127.0.0.1/exam/seb"}).text
    assert "the hashes are for another address" in other
    assert "set SYNAK_PUBLIC_ORIGIN" in client.get("/exam/seb", headers={"Host": "localhost:9999"}).text


def test_where_the_browser_ends(client: FlaskClient) -> None:
    assert client.get("/exam/quit").status_code == 200
