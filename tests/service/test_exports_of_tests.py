"""Whole tests leave the bank by two persons: a form as a package that comes in again equal, as booklets, as its key."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from itembank.exports import service
from itembank.exports.models import ExportRequest
from itembank.exports.tests import MOST_COPIES, Terms, asked
from itembank.forms import service as forms
from itembank.forms.models import ExamForm
from itembank.forms.outlines import composed, outlines_of
from itembank.forms.paper import booklet, key_sheet
from itembank.interchange import Defaults
from itembank.interchange.qti.package import Package
from server.core.errors import Invalid, NotFound
from server.core.journal import entries_on
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories import accounts as staff
from tests.factories import itembank as bank
from tests.factories.outlines import a_section, an_imported_test, an_outline

ClientAs = Callable[..., FlaskClient]
MARK = "ABCD-EFGH"


@dataclass
class Desk:
    platform: Platform
    place: int
    asker: int
    officer: int
    form: int

    def work(self, id_: int, *roles: Role) -> Any:
        return open_work(self.platform, Actor(frozenset(roles), id_, "x", self.place))

    def taken(self, terms: Terms, format_: str) -> service.Taken:
        with self.work(self.asker, Role.COMMISSION) as work:
            id_ = service.ask_test(work, terms, format_, "make-up of 2 June")
        with self.work(self.officer, Role.SECURITY) as work:
            service.decide(work, id_, 1, is_approved=True, reason="order 7")
        with self.work(self.asker, Role.COMMISSION) as work:
            found = service.take(work, id_)
        assert isinstance(found, service.Taken)
        return found

    def text(self, format_: str, language: str = "ky", copies: int = 2) -> list[str]:
        file = self.taken(Terms(f"exam_form:{self.form}", language, copies), format_)
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file.data)).pages]


@pytest.fixture
def desk(platform: Platform) -> Desk:
    with open_work(platform, SYSTEM) as work:
        place = staff.an_organisation(work, "ntc").id
        asker = staff.a_staff_member(work, Role.COMMISSION, organisation_id=place)
        officer = staff.a_staff_member(work, Role.SECURITY, organisation_id=place)
        forms.ask_forms(work, bank.published_pool(work), forms.Plan(2, 0, 0, "makeup", False))
    assert work_off(platform)
    with open_work(platform, SYSTEM) as work:
        form = work.db.scalars(select(ExamForm.id).order_by(ExamForm.id)).first()
    assert form is not None
    return Desk(platform, place, asker, officer, form)


def test_a_form_goes_out_as_a_package_and_comes_in_again_equal(desk: Desk) -> None:
    with open_work(desk.platform, SYSTEM) as work:
        form = composed(work, desk.form)
        outlines = outlines_of(form)
    package = Package(desk.taken(Terms(f"exam_form:{desk.form}"), "qti").data, Defaults("geography", "north"))
    [test] = package.tests
    assert test.outlines == outlines
    assert (test.problems, test.notes) == ((), ())
    assert [entry.item for entry in test.outlines["ru"].entries()] == [place.code for place in form.places]
    assert {each.item.code for each in package if each.item} == {place.code for place in form.places}


def test_booklets_have_every_task_and_no_key_and_each_copy_its_number(desk: Desk) -> None:
    pages = desk.text("booklet")
    whole = " ".join(pages)
    with open_work(desk.platform, SYSTEM) as work:
        codes = [place.code for place in composed(work, desk.form).places]
    for code in codes:
        assert whole.count(f"Stem of {code} in ky") == 2
    assert "in ru" not in whole
    half = len(pages) // 2
    assert pages[:half] != pages[half:]
    with open_work(desk.platform, SYSTEM) as work:
        mark = work.db.scalars(select(ExportRequest.mark)).one()
    for n, page in enumerate(pages):
        assert f"· {mark}" in page
        assert ("2" if n >= half else "1") in page


def test_the_key_stands_apart_and_names_the_right_letter_of_each(desk: Desk) -> None:
    [page] = desk.text("key", "ru", 1)
    with open_work(desk.platform, SYSTEM) as work:
        form = composed(work, desk.form)
        shown = " ".join(PdfReader(io.BytesIO(booklet(work, form, "ru", 1, MARK))).pages[1].extract_text().split())
    for n, place in enumerate(form.places, start=1):
        letter = page.split(f"{n} {place.code} ")[1][0]
        options = shown.split(f"Stem of {place.code} in ru")
        if len(options) > 1:
            assert f"{letter} key {place.code} ru" in options[1]


def test_the_same_form_under_the_same_mark_is_the_same_bytes(desk: Desk) -> None:
    with open_work(desk.platform, SYSTEM) as work:
        form = composed(work, desk.form)
        for made in (booklet, key_sheet):
            one = made(work, form, "ky", 2, MARK)
            assert one == made(work, form, "ky", 2, MARK)
            assert one != made(work, form, "ky", 2, "EFGH-ABCD")
            assert b"pdfuaid" in one


def test_the_journal_of_every_item_says_who_printed_it(desk: Desk) -> None:
    desk.text("booklet")
    with open_work(desk.platform, SYSTEM) as work:
        row = work.db.scalars(select(ExportRequest)).one()
        [code, *_others] = [place.code for place in composed(work, desk.form).places]
        acts = {entry.act: entry for entry in entries_on(work.db, f"item:{code}")}
        assert acts["item_exported"].facts["mark"] == row.mark
        asked_for = {entry.act: entry for entry in entries_on(work.db, f"export:{row.id}")}["export_asked"]
        assert asked_for.facts["test"] == f"exam_form:{desk.form}"
        assert asked_for.facts["copies"] == 2


@pytest.mark.parametrize(("format_", "language", "copies"), [
    ("booklet", "en", 1), ("booklet", "", 1), ("key", "ky", 0), ("booklet", "ky", MOST_COPIES + 1), ("xlsx", "ky", 1),
])  # fmt: skip
def test_what_makes_no_sense_on_paper_is_refused(desk: Desk, format_: str, language: str, copies: int) -> None:
    with pytest.raises(Invalid, match="export_paper"), desk.work(desk.asker, Role.COMMISSION) as work:
        service.ask_test(work, Terms(f"exam_form:{desk.form}", language, copies), format_, "x")


@pytest.mark.parametrize("name", ["exam_form:4711", "exam_form:x", "staff:1", "", "imported_test:4711"])
def test_a_test_that_there_is_not(desk: Desk, name: str) -> None:
    with pytest.raises(NotFound), desk.work(desk.asker, Role.COMMISSION) as work:
        service.ask_test(work, Terms(name), "qti", "x")


def test_a_test_that_came_in_goes_out_once_its_items_are_finished(desk: Desk) -> None:
    with open_work(desk.platform, SYSTEM) as work:
        writer = Actor(frozenset({Role.WRITER}), staff.a_staff_member(work, Role.WRITER))
        code = composed(work, desk.form).places[0].code
    fresh = an_imported_test(desk.platform, writer)
    with pytest.raises(Invalid, match="outline_unwritten"), desk.work(desk.asker, Role.COMMISSION) as work:
        asked(work, f"imported_test:{fresh}")
    with open_work(desk.platform, SYSTEM) as work:
        bank.add_item(work, bank.new_item("T-1"))
        bank.add_item(work, bank.new_item("T-2"))
    package = Package(desk.taken(Terms(f"imported_test:{fresh}"), "qti").data, Defaults("geography", "north"))
    assert code not in {each.code for each in package}
    assert package.tests[0].outlines == {"ky": an_outline(a_section("T-1", "T-2"))}


def test_the_pages_lead_from_a_form_to_its_booklets(desk: Desk, client_as: ClientAs) -> None:
    client = client_as(Role.COMMISSION, id=desk.asker, organisation_id=desk.place)
    client.set_cookie("synak_lang", "en")
    name = f"exam_form:{desk.form}"
    with open_work(desk.platform, SYSTEM) as work:
        form_set_id = work.db.get_one(ExamForm, desk.form).form_set_id
    page = client.get(f"/bank/forms/{form_set_id}").text
    assert f"test={name.replace(':', '%3A')}" in page or name in page
    asking = client.get(f"/bank/export?test={name}&format=key").text
    for said in (f"Form {form_set_id}–1", '<option value="key" selected>', "Copies on paper"):
        assert said in asking
    wrong = client.post("/bank/export/new", data={"test": name, "format": "booklet", "reason": "make-up", "copies": "0",
                                                  "language": "ky"})
    assert wrong.status_code == 422
    assert "how many copies" in wrong.text
    sent = {"test": name, "format": "booklet", "reason": "make-up", "copies": "12", "language": "ky"}
    assert client.post("/bank/export/new", data=sent).status_code == 303
    assert "12, Кыргызча" in client.get("/bank/export").text
    assert client.get("/bank/export?test=exam_form:999").status_code == 200
