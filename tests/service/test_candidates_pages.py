"""The pages of admission lists: hand in, see the faults, certify, add photographs."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha512

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import candidates
from server.candidates.columns import COLUMNS
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_reading, open_work
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.candidates import a_file, a_line, a_programme

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@dataclass
class Desk:
    """A centre manager's browser and the programme of the year."""

    client: FlaskClient
    programme: int
    platform: Platform

    def check(self, content: bytes, name: str = "тизме.csv", programme: str | None = None) -> TestResponse:
        # By hand: the test client leaves a temporary file open when it encodes a large upload.
        head = 'Content-Disposition: form-data; name="{}"'.format
        body = "\r\n".join((
            "--edge", head("programme"), "", programme or str(self.programme),
            "--edge", f'{head("list")}; filename="{name}"', "Content-Type: text/csv", "", "",
        )).encode() + content + b"\r\n--edge--\r\n"
        kind = "multipart/form-data; boundary=edge"
        return self.client.post("/centre/lists", data=body, content_type=kind)

    def certify(self, preview: str, **changed: str) -> TestResponse:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', preview)
        fields = {name: html.unescape(value) for name, value in found}
        return self.client.post("/centre/lists/certify", data={**fields, "is_checked": "yes", **changed})

    def numbers(self) -> list[str]:
        with open_reading(self.platform, SYSTEM) as work:
            return [ref.registration_no for ref in candidates.registrations_of(work, self.programme)]


@pytest.fixture
def desk(platform: Platform, client_as: Callable[..., FlaskClient]) -> Desk:
    with open_work(platform, SYSTEM) as work:
        centre = an_organisation(work)
        staff = a_staff_member(work, Role.CENTRE, organisation_id=centre.id)
        a_programme(work)
        programme = a_programme(work)
    client = client_as(Role.CENTRE, id=staff, organisation_id=centre.id)
    client.set_cookie("synak_lang", "en")
    return Desk(client, programme, platform)


def test_DC_9_from_the_file_to_the_registered_candidates(desk: Desk) -> None:
    preview = desk.check(a_file(a_line(), a_line(family_name="O’<b>Мамытов")))
    assert preview.status_code == 422  # a name holds no angle brackets
    preview = desk.check(a_file(a_line(), a_line(school="№ 5 <b>")))
    assert preview.status_code == 200
    assert "№ 5 &lt;b&gt;" in preview.text
    assert desk.numbers() == []
    done = desk.certify(preview.text)
    assert done.status_code == 303
    page = desk.client.get(done.headers["Location"])
    assert "2 candidates are registered" in page.text
    assert "fits the list" in page.text
    assert all(number in page.text for number in desk.numbers())
    assert "тизме.csv" in desk.client.get("/centre/lists").text


def test_faults_are_shown_and_the_programme_stays_chosen(desk: Desk) -> None:
    reply = desk.check(a_file(a_line(), a_line(birth_date="32.01.2008", subjects="history; kyrgyz")))
    assert reply.status_code == 422
    assert "“32.01.2008” is not a birth date" in html.unescape(reply.text)
    assert "DC-3" in reply.text
    assert f'<option value="{desk.programme}" selected>' in reply.text
    assert "1 line is right" in reply.text
    assert desk.numbers() == []


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_faults_are_told_in_the_readers_language(desk: Desk, language: str) -> None:
    desk.client.set_cookie("synak_lang", language)
    reply = desk.check(a_file(a_line(birth_date="x")))
    title = next(column for column in COLUMNS if column.code == "birth_date").title(language)
    assert title in reply.text


@pytest.mark.parametrize(("content", "name", "programme", "text"), [
    (b"", "", None, "No file was chosen"),
    (b"", "a.csv", None, "The file is empty"),
    (b"PK\x03\x04", "a.xlsx", None, "workbook"),
    (b"x", "a.csv", "x", "No programme was chosen"),
])
def test_what_is_missing_is_said(
    desk: Desk, content: bytes, name: str, programme: str | None, text: str
) -> None:
    reply = desk.check(content, name, programme)
    assert (reply.status_code, text in reply.text) == (422, True)


def test_who_does_not_confirm_certifies_nothing_and_loses_nothing(desk: Desk) -> None:
    preview = desk.check(a_file())
    again = desk.certify(preview.text, is_checked="")
    assert (again.status_code, "Confirm that you have compared" in again.text) == (422, True)
    assert desk.numbers() == []
    assert desk.certify(again.text).status_code == 303


def test_a_list_certified_twice_is_certified_once(desk: Desk) -> None:
    preview = desk.check(a_file()).text
    assert desk.certify(preview).status_code == 303
    twice = desk.certify(preview)
    assert (twice.status_code, f"as {desk.numbers()[0]}" in twice.text) == (422, True)
    assert len(desk.numbers()) == 1


def test_a_held_list_serves_no_other_programme(desk: Desk) -> None:
    preview = desk.check(a_file()).text
    moved = desk.certify(preview, programme=str(desk.programme - 1))
    assert (moved.status_code, "could not be opened again" in moved.text) == (422, True)


def test_a_list_of_thousands_can_be_held_by_a_plain_form(desk: Desk) -> None:
    schools = (sha512(bytes([n % 256, n // 256])).hexdigest() for n in range(6000))
    preview = desk.check(a_file(*(a_line(school=school) for school in schools)))
    assert len(preview.text) > 500_000  # more than forms may hold elsewhere
    token = desk.client.environ_base.pop("HTTP_X_CSRF_TOKEN")
    reply = desk.certify(preview.text, is_checked="", csrf_token=str(token))
    assert (reply.status_code, "Confirm that you have compared" in reply.text) == (422, True)


def test_photographs_are_told_apart(desk: Desk) -> None:
    done = desk.certify(desk.check(a_file(a_line(photo="one.png"), a_line())).text)
    page = done.headers["Location"].split("?")[0]
    pictures = [(PNG, "ONE.PNG"), (PNG, f"{desk.numbers()[1]}.png"), (b"x", "one.jpg"), (PNG, "who.png")]
    fields = {"photos": [(io.BytesIO(content), name) for content, name in pictures]}
    reply = desk.client.post(f"{page}/photos", data=fields)
    assert "neither a PNG nor a JPEG" in reply.text
    assert "No candidate of this list has this file name" in reply.text
    assert "2 of 2" in reply.text
    assert desk.client.post(f"{page}/photos", data={}).status_code == 422


def test_another_organisation_sees_nothing(desk: Desk, client_as: Callable[..., FlaskClient]) -> None:
    page = desk.certify(desk.check(a_file()).text).headers["Location"]
    with open_work(desk.platform, SYSTEM) as work:
        other = an_organisation(work)
    stranger = client_as(Role.CENTRE, id=1, organisation_id=other.id)
    assert stranger.get(page).status_code == 404
    pictures = {"photos": (io.BytesIO(PNG), "a.png")}
    assert stranger.post(page.split("?")[0] + "/photos", data=pictures).status_code == 404
    assert client_as(Role.PROCTOR, id=1, organisation_id=other.id).get("/centre/lists").status_code == 403


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_empty_list_to_download_is_one_we_read(desk: Desk, language: str) -> None:
    desk.client.set_cookie("synak_lang", language)
    empty = desk.client.get("/centre/lists/template.csv")
    line = a_line(subjects="", photo="")
    row = ";".join(line.get(column.code, "") for column in COLUMNS)
    assert desk.check(empty.data + row.encode()).status_code == 200
