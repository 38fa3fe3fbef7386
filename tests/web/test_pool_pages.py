"""A pool put together and published on its page; linear forms asked for and read there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank.authoring import states
from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Pool, PoolItem
from itembank.calibrations.models import CalibrationDecision
from itembank.items.models import Item
from itembank.rehearsals.models import Rehearsal
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.jobs.worker import work_off
from tests.factories import itembank as factory
from tests.web.conftest import HTML

ClientAs = Callable[..., FlaskClient]


class Bank:
    """An approved blueprint, items calibrated, and the psychometrician's browser."""

    def __init__(self, platform: Platform, client_as: ClientAs) -> None:
        self.platform = platform
        with open_work(platform, SYSTEM) as work:
            self.run = factory.calibrated_items(work, 4)
            self.blueprint = factory.blueprint(work)
        self.client = client_as(Role.PSYCHOMETRICIAN, id=1)
        self.client.set_cookie("synak_lang", "en")
        self.client.environ_base["HTTP_ACCEPT"] = HTML
        self.path = f"/bank/blueprints/{self.blueprint}/pool"

    def rehearse(self) -> None:
        asked = {"blueprint": self.blueprint, "run": self.run, "n": "100", "crowd": "standard", "seed": "7"}
        assert self.client.post("/bank/rehearsals", data=asked).status_code == 303
        assert work_off(self.platform)

    def fields(self) -> dict[str, object]:
        text = self.client.get(self.path).text
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', text) for name in ("run", "left_out")}
        rehearsal = re.search(r'<option value="(\d+)">Rehearsal', text)
        whole: dict[str, object] = {name: match[1] for name, match in found.items() if match}
        return {**whole, "language": ["ky", "ru"], "rehearsal": rehearsal[1] if rehearsal else ""}

    def version(self, work: Work, code: str) -> int:
        found = select(Manuscript.item_version_id).join(Item, Item.id == Manuscript.item_id)
        version_id = work.db.scalars(found.where(Item.code == code)).one()
        assert version_id is not None
        return version_id


@pytest.fixture
def bank(platform: Platform, client_as: ClientAs) -> Bank:
    return Bank(platform, client_as)


def test_without_a_rehearsal_nothing_is_published(bank: Bank) -> None:
    text = bank.client.get(bank.path).text
    assert "24 items would enter" in text
    assert "No rehearsal has tried this blueprint" in text
    reply = bank.client.post(bank.path, data={"run": bank.run, "left_out": 0, "language": ["ky", "ru"], "rehearsal": 1})
    assert reply.status_code == 422
    assert "has not been rehearsed" in reply.text


def test_a_pool_is_published_and_its_items_are_in_use(bank: Bank) -> None:
    bank.rehearse()
    reply = bank.client.post(bank.path, data=bank.fields())
    assert reply.status_code == 303, reply.text[-3000:]
    page = bank.client.get(reply.location).text
    assert "Before it was published it was rehearsed" in page
    with open_work(bank.platform, SYSTEM) as work:
        pool = work.db.scalars(select(Pool)).one()
        assert pool.proof["rehearsal"][1] == work.db.get_one(Rehearsal, pool.proof["rehearsal"][0]).digest
        members = list(work.db.scalars(select(PoolItem.item_version_id)))
        assert {each.state for each in states.of_versions(work, members)} == {"in_use"}
        assert len(members) == 24


def test_a_second_press_publishes_no_second_pool(bank: Bank) -> None:
    bank.rehearse()
    fields = bank.fields()
    assert bank.client.post(bank.path, data=fields).status_code == 303
    reply = bank.client.post(bank.path, data=fields)
    assert reply.status_code == 422
    assert "Exactly this pool stands already" in reply.text
    with open_work(bank.platform, SYSTEM) as work:
        assert len(work.db.scalars(select(Pool)).all()) == 1


def test_what_may_not_enter_is_left_out_with_its_reason(bank: Bank) -> None:
    bank.rehearse()
    with open_work(bank.platform, SYSTEM) as work:
        states.rest(work, [bank.version(work, "GEO-basic-north-0")], "leaked")
        rejected = bank.version(work, "GEO-medium-south-1")
        work.db.add(CalibrationDecision(run_id=bank.run, item_version_id=rejected, verdict="rejected", reason="misfit",
                                        decided_by="staff:1", decided_at=work.now))  # fmt: skip
    text = bank.client.get(bank.path).text
    assert "22 items would enter" in text
    assert "It rests: 1 (GEO-basic-north-0)" in text
    assert "Its parameters were rejected: 1 (GEO-medium-south-1)" in text
    assert bank.client.post(bank.path, data=bank.fields()).status_code == 303
    with open_work(bank.platform, SYSTEM) as work:
        assert rejected not in set(work.db.scalars(select(PoolItem.item_version_id)))


def test_a_language_without_texts_leaves_items_out_and_then_nothing_holds(bank: Bank) -> None:
    bank.rehearse()
    text = bank.client.get(bank.path + "?language=en").text
    assert "0 items would enter" in text
    assert "in a language of the pool (DC-4): 24" in text
    assert "6 too few" in text
    reply = bank.client.post(bank.path, data={**bank.fields(), "language": ["en"], "left_out": 24})
    assert reply.status_code in (403, 422)


def test_what_changed_since_the_page_was_shown_is_not_published_unseen(bank: Bank) -> None:
    bank.rehearse()
    fields = bank.fields()
    with open_work(bank.platform, SYSTEM) as work:
        states.rest(work, [bank.version(work, "GEO-basic-north-0")], "leaked")
    reply = bank.client.post(bank.path, data=fields)
    assert reply.status_code == 422
    assert "1 of them would be left out now" in reply.text


def test_only_the_psychometrician_publishes(bank: Bank, client_as: ClientAs) -> None:
    assert client_as(Role.COMMISSION, id=1).post(bank.path, data={}).status_code == 403


def test_forms_are_asked_for_watched_and_read(bank: Bank) -> None:
    bank.rehearse()
    pool = bank.client.post(bank.path, data=bank.fields()).location.split("?")[0]
    asked = {"n": "2", "least": "0", "most": "0", "purpose": "makeup"}
    for _press in range(2):  # the second finds what the first asked for
        assert bank.client.post(pool + "/forms", data=asked).status_code == 303
    text = bank.client.get(pool + "/forms").text
    task = re.search(r'data-task="([^"]+)"', text)
    assert task is not None
    assert bank.client.get(task[1]).get_json()["words"] == "It waits for the worker"
    assert work_off(bank.platform)
    assert not work_off(bank.platform)
    done = bank.client.get(task[1]).get_json()
    page = bank.client.get(done["next"]).text
    assert "No two forms share an item." in page
    assert '<td class="govuk-table__cell">–</td><td class="govuk-table__cell">0</td>' in page
    assert "GEO-basic-" in page
    assert "Stem of" not in page
    assert "for those who sit the test on another day" in bank.client.get(pool + "/forms").text
    refused = bank.client.post(pool + "/forms", data={**asked, "n": "5"})
    assert refused.status_code == 422
    assert "too small for 5 such forms" in refused.text
    assert bank.client.post(pool + "/forms", data={**asked, "purpose": "sale"}).status_code == 422
