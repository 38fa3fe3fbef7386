"""What auditors see of readings of results: who, when and whose, never the results (CS-5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server import delivery
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from tests.factories.delivery import a_session, a_sitting
from tests.factories.results import an_office

PATH = "/journal/results"


@pytest.fixture
def read(platform: Platform, client_as: Callable[..., FlaskClient]) -> Callable[[str], str]:
    def get(query: str = "") -> str:
        client = client_as(Role.AUDITOR, id=1)
        client.set_cookie("synak_lang", "en")
        reply = client.get(PATH + query, headers={"Accept": "text/html"})
        assert reply.status_code == 200, reply.text
        return reply.text

    return get


@pytest.fixture
def world(platform: Platform) -> dict[str, str]:
    """Two candidates; an office read both, and the first alone read their own."""
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        ids = [a_session(work, sitting, family_name=name) for name in ("Акматова", "Бекова")]
        first, second = (delivery.session_ref(work, each) for each in ids)
        office = an_office(work)
    with open_work(platform, office.actor) as work:
        work.record("result:read", f"sitting:{sitting.id}", clause="CS-5", sessions=ids)
        work.record("result:exported", f"sitting:{sitting.id}", clause="CS-5", sessions=[ids[1]])
    with open_work(platform, SYSTEM) as work:
        work.record("result:read", f"session:{ids[0]}", clause="CS-5")
        work.record("item_opened", f"session:{ids[0]}", clause="DC-7")
    return {"first": first.registration_no, "second": second.registration_no, "name": first.name,
            "office": office.actor.label}  # fmt: skip


def test_every_reading_stands_with_who_it_was_and_whose(read: Callable[[str], str], world: dict[str, str]) -> None:
    page = read("")
    assert page.count('<tr class="govuk-table__row">') == 4  # the head and three readings
    assert f"2: {world['first']}, {world['second']}" in page
    assert "Асанова Гүлнара" in page
    assert "Taken out as a file" in page
    assert world["name"] not in page
    assert "item_opened" not in page


def test_readings_of_one_candidate_and_by_one_person(read: Callable[[str], str], world: dict[str, str]) -> None:
    rows = '<tr class="govuk-table__row">'
    assert read(f"?number={world['first']}").count(rows) == 3
    assert read(f"?number={world['second']}").count(rows) == 3
    assert "Taken out as a file" not in read(f"?number={world['first']}")
    assert read(f"?person={world['office']}").count(rows) == 3
    assert read(f"?person={world['office']}&number={world['first']}").count(rows) == 2
    for nobody in ("?number=26-000-00000-0", "?person=nobody"):
        assert "No reading is like that" in read(nobody)


def test_nothing_read_yet_is_said_so(read: Callable[[str], str]) -> None:
    assert "Nobody has read a result yet" in read("")


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SECURITY, Role.CANDIDATE, Role.CENTRE, Role.ADMIN])
def test_others_do_not_see_who_reads(client_as: Callable[..., FlaskClient], role: Role) -> None:
    assert client_as(role, id=1).get(PATH).status_code == 403
