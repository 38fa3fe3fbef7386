"""Items leave the bank by two persons: another one approves with a fresh code, the file is taken once, in time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from itembank import add_item
from itembank.exports import service
from itembank.exports.models import ExportRequest
from itembank.interchange import Defaults, read
from server.core.clock import FrozenClock
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.journal import JournalEntry, entries_on
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import digest
from server.core.work import Platform, open_work
from tests.factories import accounts as staff
from tests.factories import itembank as bank

ClientAs = Callable[..., FlaskClient]


@dataclass
class Desk:
    platform: Platform
    clock: FrozenClock
    place: int
    asker: int
    officer: int

    def work(self, id_: int, *roles: Role) -> Any:
        return open_work(self.platform, Actor(frozenset(roles), id_, "x", self.place))

    def ask(self, *codes: str, format_: str = "qti") -> int:
        with self.work(self.asker, Role.COMMISSION) as work:
            return service.ask(work, codes or ("GEO-1", "GEO-2"), format_, "китепче үчүн")

    def decide(self, id_: int, *, is_approved: bool = True) -> None:
        with self.work(self.officer, Role.SECURITY) as work:
            row = work.db.get_one(ExportRequest, id_)
            service.decide(work, id_, row.revision, is_approved=is_approved, reason="буйрук 7")

    def take(self, id_: int) -> service.Taken | CatError:
        with self.work(self.asker, Role.COMMISSION) as work:
            return service.take(work, id_)


@pytest.fixture
def desk(platform: Platform, clock: FrozenClock) -> Desk:
    with open_work(platform, SYSTEM) as work:
        place = staff.an_organisation(work, "ntc").id
        asker = staff.a_staff_member(work, Role.COMMISSION, Role.SECURITY, organisation_id=place)
        officer = staff.a_staff_member(work, Role.SECURITY, organisation_id=place)
        for code in ("GEO-1", "GEO-2", "GEO-2"):
            add_item(work, bank.new_item(code))
    return Desk(platform, clock, place, asker, officer)


def refused(error: type[CatError], code: str) -> pytest.RaisesExc[CatError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def taken(desk: Desk, id_: int) -> service.Taken:
    found = desk.take(id_)
    assert isinstance(found, service.Taken)
    return found


def test_the_file_is_handed_over_once_with_its_mark_and_every_item_remembers(desk: Desk) -> None:
    id_ = desk.ask()
    desk.decide(id_)
    file = taken(desk, id_)
    with desk.work(desk.officer, Role.SECURITY) as work:
        row = work.db.get_one(ExportRequest, id_)
        acts = {entry.act: entry for entry in entries_on(work.db, "item:GEO-2")}
        assert (row.state, row.digest) == ("taken", digest(file.data))
        assert acts["item_exported"].facts["mark"] == row.mark
        assert acts["item_exported"].facts["version"] == 2
        assert acts["item_exported"].actor == f"staff:{desk.asker}"
        assert row.mark in file.name
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        assert archive.comment.decode().startswith(f"{row.mark} ")
    with refused(Stale, "not_in_state"):
        desk.take(id_)


def test_what_was_handed_over_reads_back_as_it_was_written(desk: Desk) -> None:
    id_ = desk.ask()
    desk.decide(id_)
    defaults = Defaults(subject="geography", area="north", tier="basic", language="ky")
    found = read(taken(desk, id_).data, defaults)
    items = {each.item.code: each.item for each in found if each.item is not None}
    assert items["GEO-1"] == bank.new_item("GEO-1")


def test_a_table_is_another_way(desk: Desk) -> None:
    id_ = desk.ask("GEO-1", format_="xlsx")
    desk.decide(id_)
    file = taken(desk, id_)
    assert file.name.endswith(".xlsx")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "xl/workbook.xml" in archive.namelist()


def test_who_asked_does_not_decide_and_the_database_knows_it(desk: Desk) -> None:
    id_ = desk.ask()
    with desk.work(desk.asker, Role.SECURITY) as work, refused(Denied, "export_own"):
        service.decide(work, id_, 1, is_approved=True, reason="x")
    with pytest.raises(IntegrityError), desk.work(desk.asker) as work:
        work.db.execute(text("UPDATE export_request SET decided_by_id = asked_by_id"))


def test_nobody_else_takes_it(desk: Desk) -> None:
    id_ = desk.ask()
    desk.decide(id_)
    with desk.work(desk.officer, Role.COMMISSION) as work, refused(NotFound, "not_found"):
        service.take(work, id_)


@pytest.mark.parametrize("is_decided", [False, True])
def test_what_was_not_approved_is_not_made(desk: Desk, is_decided: bool) -> None:
    id_ = desk.ask()
    if is_decided:
        desk.decide(id_, is_approved=False)
    with refused(Stale, "not_in_state"):
        desk.take(id_)


def test_after_an_hour_it_is_too_late_for_good(desk: Desk) -> None:
    id_ = desk.ask()
    desk.decide(id_)
    desk.clock.advance(service.WITHIN / timedelta(seconds=1) + 1)
    late = desk.take(id_)
    assert isinstance(late, Denied)
    assert late.code == "export_lapsed"
    with desk.work(desk.asker) as work:
        assert work.db.get_one(ExportRequest, id_).state == "lapsed"


def test_a_decision_on_what_changed_meanwhile_is_refused(desk: Desk) -> None:
    id_ = desk.ask()
    with desk.work(desk.officer, Role.SECURITY) as work, refused(Stale, "changed_meanwhile"):
        service.decide(work, id_, 9, is_approved=True, reason="x")


@pytest.mark.parametrize(("codes", "format_", "reason", "code"), [
    ((), "qti", "x", "export_malformed"), (("GEO-1",), "pdf", "x", "export_malformed"),
    (("GEO-404",), "qti", "x", "item_unknown"), (("GEO-1",), "qti", "  ", "reason_malformed"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(
    desk: Desk, codes: tuple[str, ...], format_: str, reason: str, code: str
) -> None:
    with desk.work(desk.asker, Role.COMMISSION) as work, refused(Invalid, code):
        service.ask(work, codes, format_, reason)


@pytest.fixture
def pages(client_as: ClientAs, desk: Desk) -> Callable[[int, Role], FlaskClient]:
    def make(id_: int, role: Role) -> FlaskClient:
        client = client_as(role, id=id_, organisation_id=desk.place)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        client.set_cookie("synak_lang", "en")
        return client

    return make


def test_an_officer_approves_only_with_a_code_that_is_right(
    desk: Desk, pages: Callable[[int, Role], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = desk.ask()
    officer = pages(desk.officer, Role.SECURITY)
    wanted = {"decision": "approve", "reason": "буйрук 7", "revision": "1", "code": "000000"}
    reply = officer.post(f"/bank/export/{id_}/decide", data=wanted)
    assert reply.status_code == 422
    with desk.work(desk.officer) as work:
        assert work.db.get_one(ExportRequest, id_).state == "asked"
    monkeypatch.setattr("server.accounts.second_factor.prove", lambda *_: None)
    assert officer.post(f"/bank/export/{id_}/decide", data=wanted).status_code == 303
    with desk.work(desk.officer) as work:
        assert work.db.get_one(ExportRequest, id_).state == "approved"


def test_the_pages_from_asking_to_taking(desk: Desk, pages: Callable[[int, Role], FlaskClient]) -> None:
    asker = pages(desk.asker, Role.COMMISSION)
    bad = asker.post("/bank/export/new", data={"codes": "GEO-404", "format": "qti", "reason": "a booklet"})
    assert bad.status_code == 422
    assert "a booklet" in bad.text
    wanted = {"codes": "GEO-1", "format": "qti", "reason": "a booklet"}
    assert asker.post("/bank/export/new", data=wanted).status_code == 303
    with desk.work(desk.officer) as work:
        id_ = work.db.execute(select(ExportRequest.id)).scalar_one()
    desk.decide(id_)
    asker = pages(desk.asker, Role.COMMISSION)
    assert "Take the file" in asker.get("/bank/export").text
    file = asker.post(f"/bank/export/{id_}/file")
    assert file.status_code == 200
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert asker.post(f"/bank/export/{id_}/file").status_code == 409
    assert "Taken" in asker.get("/bank/export").text
    with desk.platform.database.reading() as db:
        said = json.dumps(list(db.execute(select(JournalEntry.facts)).scalars()))
    assert "Stem of" not in said


def test_others_see_no_request_but_their_own(desk: Desk, pages: Callable[[int, Role], FlaskClient]) -> None:
    id_ = desk.ask()
    assert f"Export {id_}" not in pages(desk.officer, Role.COMMISSION).get("/bank/export").text
    assert f"Export {id_}" in pages(desk.officer, Role.SECURITY).get("/bank/export").text
