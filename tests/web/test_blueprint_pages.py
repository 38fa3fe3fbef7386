"""Pages of blueprints and rehearsals: written, checked, proposed, signed; tried with progress, read, repeated."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from itembank.blueprints.drafts import commission, service
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.reading import typed
from itembank.rehearsals.models import Rehearsal
from server.accounts import signing
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from server.jobs.worker import work_off
from tests.factories import itembank as factory
from tests.factories.accounts import a_staff_member, an_organisation
from tests.web.conftest import HTML

YEAR, PIN = 2026, "730418"
ClientAs = Callable[..., FlaskClient]


class Bank:
    """Items calibrated, a draft begun, a commission named; a browser of its first member."""

    def __init__(self, platform: Platform, client_as: ClientAs) -> None:
        self.platform = platform
        with open_work(platform, SYSTEM) as work:
            self.place = an_organisation(work, "ntc").id
            self.members = [
                a_staff_member(work, Role.COMMISSION, organisation_id=self.place, name=f"Member {n}") for n in range(3)
            ]
            for each in self.members:
                signing.set_pin(work, each, PIN)
            self.run = factory.calibrated_items(work, 4)
        with open_work(platform, Actor(frozenset({Role.OFFICE}), None, "office", self.place)) as work:
            commission.name_commission(work, YEAR, "17-a", self.members, self.members[0])
            self.draft = service.begin_draft(work, "geography", YEAR)
            service.save_draft(work, self.draft, self.row(work).revision, typed(factory.spec()))
        self.client = client_as(Role.COMMISSION, Role.PSYCHOMETRICIAN, id=self.members[0], organisation_id=self.place)
        self.client.set_cookie("synak_lang", "en")
        self.client.environ_base["HTTP_ACCEPT"] = HTML

    def row(self, work: object = None) -> BlueprintDraft:
        with open_work(self.platform, SYSTEM) as own:
            return own.db.get_one(BlueprintDraft, self.draft)

    @property
    def path(self) -> str:
        return f"/bank/blueprints/drafts/{self.draft}"

    def post(self, more: str, **fields: object) -> int:
        return self.client.post(self.path + more, data={"revision": self.row().revision, **fields}).status_code

    def text(self, path: str | None = None) -> str:
        reply = self.client.get(path or self.path)
        assert reply.status_code == 200, reply.text[:500]
        return reply.text

    def rehearse(self, **fields: object) -> int:
        asked = {"draft": self.draft, "run": self.run, "n": "100", "crowd": "standard", "seed": "7", **fields}
        reply = self.client.post("/bank/rehearsals", data=asked)
        assert reply.status_code == 303, reply.text[-2000:]
        assert work_off(self.platform)
        with open_work(self.platform, SYSTEM) as work:
            return max(work.db.query(Rehearsal.id).all())[0]


@pytest.fixture
def bank(platform: Platform, client_as: ClientAs) -> Bank:
    return Bank(platform, client_as)


def test_a_draft_is_begun_and_found_in_the_list(bank: Bank) -> None:
    reply = bank.client.post("/bank/blueprints/drafts", data={"subject": "history", "year": str(YEAR)})
    assert reply.status_code == 303
    text = bank.text("/bank/blueprints")
    assert "History of Kyrgyzstan" in text
    assert "being written" in text
    assert "Member 0 (chair)" in text
    assert bank.client.post("/bank/blueprints/drafts", data={"subject": "history", "year": "12"}).status_code == 422


def test_the_page_shows_the_draft_its_verdict_and_last_year(bank: Bank) -> None:
    text = bank.text()
    assert "the items of this calibration give a lawful test" in text
    assert "The subject had no blueprint before." in text
    assert 'value="State standard, geography, north"' in text
    assert "DC-20" in text
    assert "Excellent from 75 %" in text


def test_it_is_checked_as_one_writes(bank: Bank) -> None:
    fields = {**typed(factory.spec()), "tier_basic_least": "5"}
    reply = bank.client.post(bank.path + "/check", json={"fields": fields, "run": bank.run})
    assert reply.status_code == 200
    found = reply.get_json()
    assert {"place": "tier_basic_least",
            "message": "The tiers together ask for at least 9 items; a test has 6."} in found["problems"]  # fmt: skip
    assert not found["is_feasible"]
    assert found["verdict"] == "The blueprint cannot be proposed yet."
    assert bank.row().fields["tier_basic_least"] == "2"
    fine = bank.client.post(bank.path + "/check", json={"fields": typed(factory.spec())}).get_json()
    assert (fine["problems"], fine["supply"], fine["is_feasible"]) == ([], [], True)


def test_saving_shows_problems_and_keeps_what_was_typed_when_somebody_was_faster(bank: Bank) -> None:
    fields = {**typed(factory.spec()), "length": "7"}
    assert bank.post("", **fields) == 303
    assert "The tiers together allow at most 6 items; a test has 7." in bank.text()
    reply = bank.client.post(bank.path, data={**fields, "length": "8", "revision": bank.row().revision - 1})
    assert reply.status_code == 422
    assert "Somebody else saved this draft meanwhile" in reply.text
    assert re.search(r'name="length" value="8"', reply.text)
    assert bank.row().fields["length"] == "7"


def test_it_is_rehearsed_with_progress_read_and_repeated_to_the_bit(bank: Bank) -> None:
    bank.client.post("/bank/rehearsals", data={"draft": bank.draft, "run": bank.run, "n": "100", "crowd": "weak",
                                               "seed": "3"})  # fmt: skip
    waiting = bank.text()
    task = re.search(r'data-task="([^"]+)"', waiting)
    assert task is not None
    assert "It waits for the worker" in waiting
    before = bank.client.get(task[1], headers={"Accept": "application/json"}).get_json()
    assert (before["state"], before["next"]) == ("queued", None)
    assert work_off(bank.platform)
    after = bank.client.get(task[1], headers={"Accept": "application/json"}).get_json()
    assert (after["state"], after["done"], after["total"]) == ("done", 100, 100)
    page = bank.text(after["next"])
    titles = ("Precision by theta", "Exposure of the items", "How many items were seen how often",
              "Decisions at each cut", "Quotas in the simulated tests", "Grades by true percent of marks")  # fmt: skip
    assert [title for title in titles if title not in page] == []
    quotas = page[page.index("Quotas in the simulated tests"):]
    assert "100.0 %" in quotas[:2000]
    first = int(after["next"].rsplit("/", 1)[1])
    assert bank.client.post(f"/bank/rehearsals/{first}/repeat").status_code == 303
    assert work_off(bank.platform)
    assert "the same to the bit" in bank.text(after["next"])
    other = bank.rehearse(seed="4", crowd="weak")
    assert "the same to the bit" not in bank.text(f"/bank/rehearsals/{other}")


def test_a_rehearsal_is_stopped(bank: Bank) -> None:
    bank.client.post("/bank/rehearsals", data={"draft": bank.draft, "run": bank.run, "n": "100", "crowd": "able",
                                               "seed": "3"})  # fmt: skip
    task = re.search(r'action="([^"]+/stop)"', bank.text())
    assert task is not None
    assert bank.client.post(task[1]).status_code == 303
    assert not work_off(bank.platform)
    assert "data-task" not in bank.text()


@pytest.mark.parametrize("fields", [{"n": "5"}, {"n": "x"}, {"crowd": "giants"}, {"seed": "-1"}, {"run": "4711"},
                                    {"draft": ""}])  # fmt: skip
def test_nonsense_is_not_rehearsed(bank: Bank, fields: dict[str, str]) -> None:
    asked = {"draft": bank.draft, "run": bank.run, "n": "100", "crowd": "standard", "seed": "1", **fields}
    reply = bank.client.post("/bank/rehearsals", data=asked)
    assert reply.status_code in (404, 422)
    assert not work_off(bank.platform)


def test_a_blueprint_is_proposed_signed_and_approved_on_pages(bank: Bank) -> None:
    rehearsal = bank.rehearse()
    assert "of an earlier text" not in bank.text()
    assert bank.post("/propose", rehearsal=rehearsal) == 303
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', bank.text())
    assert digest is not None
    assert bank.post("/approve") == 422
    for member in bank.members:
        assert bank.post("/sign", staff_id=member, pin=PIN, digest=digest[1]) == 303
    revision = bank.row().revision
    assert bank.post("/approve") == 303
    assert bank.post("/approve", revision=revision) == 422  # a second press
    text = bank.text()
    found = re.search(r"/bank/blueprints/(\d+)\"", text)
    assert found is not None
    page = bank.text(f"/bank/blueprints/{found[1]}")
    assert "Approved by Member 0, Member 1, Member 2, order 17-a" in page
    assert f"/bank/rehearsals/{rehearsal}" in page


def test_a_wrong_pin_is_said_and_counted(bank: Bank) -> None:
    bank.post("/propose")
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', bank.text())
    assert digest is not None
    signed = {"staff_id": bank.members[1], "pin": "111222", "digest": digest[1]}
    reply = bank.client.post(bank.path + "/sign", data=signed)
    assert reply.status_code == 422
    assert "Member 1" in reply.text


def test_a_rehearsal_of_another_text_does_not_lie_before_the_commission(bank: Bank) -> None:
    rehearsal = bank.rehearse()
    bank.post("", **typed(factory.spec(reference_length=9)))
    assert "of an earlier text" in bank.text()
    assert bank.post("/propose", rehearsal=rehearsal) == 422


def test_only_the_commission_approves(bank: Bank, client_as: ClientAs) -> None:
    bank.post("/propose")
    client = client_as(Role.PSYCHOMETRICIAN, id=bank.members[0], organisation_id=bank.place)
    assert client.post(bank.path + "/approve", data={"revision": bank.row().revision}).status_code == 403


def test_the_office_names_the_commission(bank: Bank, client_as: ClientAs) -> None:
    client = client_as(Role.OFFICE, id=bank.members[0], organisation_id=bank.place)
    client.set_cookie("synak_lang", "en")
    client.environ_base["HTTP_ACCEPT"] = HTML
    fields = {"year": str(YEAR), "order_no": "44", "member": [str(each) for each in bank.members[1:]],
              "chair": str(bank.members[1])}  # fmt: skip
    assert client.post("/office/commission", data=fields).status_code == 303
    text = client.get("/office/commission").text
    assert "Member 1 (chair)" in text
    assert client.post("/office/commission", data={**fields, "chair": str(bank.members[0])}).status_code == 422
