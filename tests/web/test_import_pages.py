"""The pages of imports: what is uploaded never lies on a disk in clear, the report says all and no word of an item."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug import formparser
from werkzeug.test import TestResponse

from itembank import add_item
from itembank.interchange import write_qti, write_xlsx
from itembank.interchange.models import ItemImport
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories.accounts import a_staff_member
from tests.factories.itembank import new_item
from tests.factories.packages import zipped

CHOSEN = {"subject": "geography", "area": "north", "tier": "medium", "language": "ky"}


@dataclass(frozen=True)
class Desk:
    """A writer's browser, and the bank behind it."""

    platform: Platform
    client: FlaskClient

    def upload(self, data: bytes | None, **changes: str) -> TestResponse:
        """The form as it is sent."""
        head = "--x\r\nContent-Disposition: form-data; name="
        fields = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in {**CHOSEN, **changes}.items())
        file = f'{head}"file"; filename="items.zip"\r\n\r\n'.encode() + data + b"\r\n" if data is not None else b""
        body = fields.encode() + file + b"--x--\r\n"
        return self.client.post("/bank/import", data=body, content_type="multipart/form-data; boundary=x")

    def imported(self, data: bytes) -> str:
        """The report on a file that a worker has read."""
        path = self.upload(data).headers["Location"]
        assert work_off(self.platform)
        return self.client.get(path).text


@pytest.fixture
def desk(platform: Platform, client_as: Callable[..., FlaskClient]) -> Desk:
    with open_work(platform, SYSTEM) as work:
        add_item(work, new_item("OLD-1"))
        writer = a_staff_member(work, Role.WRITER)
    client = client_as(Role.WRITER, id=writer)
    client.set_cookie("synak_lang", "en")
    return Desk(platform, client)


def test_a_file_is_chosen_for_a_subject(desk: Desk) -> None:
    assert 'href="/bank/import?subject=geography"' in desk.client.get("/bank/import").text
    page = desk.client.get("/bank/import?subject=geography").text
    assert '<option value="north">' in page
    assert "/bank/import/form?subject=geography" in page


def test_a_form_without_a_file_says_so_and_keeps_what_was_chosen(desk: Desk) -> None:
    reply = desk.upload(None, tier="raised")
    assert reply.status_code == 422
    assert 'href="#file"' in reply.text
    assert '<option value="raised" selected>' in reply.text


def test_the_report_names_each_item_and_no_word_of_it(desk: Desk) -> None:
    items = [new_item("NEW-1"), new_item("NEW-2", area="nowhere")]
    page = desk.imported(write_qti(items))
    assert "Items in the file: 2. Drafts of yours now: 2. Not taken in: 0." in page
    assert "NEW-2" in page
    assert "names an area that the subject does not have" in page
    assert "Stem of" not in page
    assert "ended" in desk.client.get("/bank/import").text


def test_a_bad_row_is_named_by_its_number_and_column(desk: Desk) -> None:
    data = bytearray(write_xlsx([new_item("NEW-1", tier="raised")]))
    page = desk.imported(bytes(data))
    assert "row 2" in page
    table = "code,correct,stem_ky,A_ky,B_ky\nX-1,Z,?,1,2\nX-2,A,?,1,2\n"
    page = desk.imported(table.encode())
    assert "Row 2, column “correct”" in page
    assert "Items in the file: 2. Drafts of yours now: 1. Not taken in: 1." in page


def test_a_malicious_package_is_refused_with_its_reason(desk: Desk) -> None:
    page = desk.imported(zipped({"imsmanifest.xml": "<manifest/>", "../evil": "x"}))
    assert "The file was not taken in" in page
    assert "the name “../evil” leads out of it" in page


def test_progress_is_asked_for_while_it_is_read(desk: Desk) -> None:
    path = desk.upload(write_qti([new_item("NEW-1")])).headers["Location"]
    task = re.search(r'data-task="([^"]+)"', desk.client.get(path).text)
    assert task is not None
    waits = desk.client.get(task[1]).get_json()
    assert (waits["state"], waits["next"]) == ("queued", None)
    assert work_off(desk.platform)
    done = desk.client.get(task[1]).get_json()
    assert (done["state"], done["done"], done["total"], done["next"]) == ("done", 1, 1, path)


def test_what_waits_can_be_stopped_and_is_deleted(desk: Desk) -> None:
    path = desk.upload(write_qti([new_item("NEW-1")])).headers["Location"]
    assert desk.client.post(f"{path}/discard").status_code == 303
    assert not work_off(desk.platform)
    with open_work(desk.platform, SYSTEM) as work:
        assert work.db.scalars(select(ItemImport.upload_sealed)).all() == [None]
    assert "The import was stopped" in desk.client.get(path).text


def test_an_upload_is_never_written_to_a_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def spooled(*_sizes: object, **_names: object) -> io.BytesIO:
        raise AssertionError("the file would lie on a disk in clear")

    monkeypatch.setattr(formparser, "default_stream_factory", spooled)
    large = zipped({"imsmanifest.xml": "<manifest/>", **{f"{n}.bin": bytes([n]) * 900_000 for n in range(12)}})
    assert desk.upload(large + bytes(9 * 1024 * 1024)).status_code == 303


def test_an_upload_beyond_all_measure_is_refused(desk: Desk) -> None:
    assert desk.upload(b"PK" + bytes(65 * 1024 * 1024)).status_code == 413


def test_the_form_for_writers_is_a_workbook_of_the_subject(desk: Desk) -> None:
    reply = desk.client.get("/bank/import/form?subject=geography")
    assert reply.data.startswith(b"PK")
    assert "geography-en.xlsx" in reply.headers["Content-Disposition"]
    assert desk.client.get("/bank/import/form?subject=alchemy").status_code == 404
