"""The tools of the candidate's page on a real database: by edition and sitting, or refused (DC-15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.core.errors import Denied, Invalid, Refused
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import queries
from server.delivery.models import ExamSession, Sitting
from server.delivery.service.tooling import decide
from tests.factories.accounts import an_organisation
from tests.factories.delivery import a_session, a_sitting

EVERY = ["text_size", "colours", "highlighter", "eliminator", "line_reader", "letters"]
HTML = {"Accept": "text/html"}


def office(work: Work, kind: str = "ntc") -> Work:
    actor = Actor(frozenset({Role.OFFICE}), 1, organisation_id=an_organisation(work, kind).id)
    return replace(work, actor=actor)


def page_tools(work: Work, session_id: int) -> list[str]:
    return list(queries.runner_state(work, work.db.get_one(ExamSession, session_id)).tools)


def test_DC_15_the_page_has_what_the_edition_offers_and_no_calculator(work: Work) -> None:
    session = a_session(work, a_sitting(work))
    assert page_tools(work, session) == EVERY


def test_DC_15_a_sitting_decides_within_its_edition(work: Work) -> None:
    planned = a_sitting(work)
    session = a_session(work, planned)
    decide(office(work), planned.id, {"letters", "text_size"})
    assert page_tools(work, session) == ["text_size", "letters"]
    decide(office(work), planned.id, set())
    assert page_tools(work, session) == []


@pytest.mark.parametrize(
    ("edition", "forbidden"),
    [(("kg-distinction", "2013"), "calculator"), (("zz-trial", "2030"), "line_reader")],
)
def test_DC_15_no_sitting_offers_what_the_regulation_forbids(
    work: Work, edition: tuple[str, str], forbidden: str
) -> None:
    planned = a_sitting(work, edition=load_edition(*edition))
    for tool in (forbidden, "dictionary"):
        with pytest.raises(Refused) as refused:
            decide(office(work), planned.id, {"letters", tool})
        assert (refused.value.ruling.clause, refused.value.ruling.facts["tool"]) == ("DC-15.tools", tool)
    assert work.db.get_one(Sitting, planned.id).tools is None


def test_DC_15_what_a_sitting_should_never_have_had_does_not_reach_the_page(work: Work) -> None:
    planned = a_sitting(work)
    work.db.get_one(Sitting, planned.id).tools = ["calculator", "letters"]
    assert page_tools(work, a_session(work, planned)) == ["letters"]


def test_nothing_changes_once_somebody_has_signed_in(work: Work) -> None:
    planned = a_sitting(work)
    work.db.get_one(ExamSession, a_session(work, planned)).lease = 1
    work.db.flush()
    with pytest.raises(Invalid, match="tools_too_late"):
        decide(office(work), planned.id, {"letters"})


@pytest.mark.parametrize("kind", ["department", "centre"])
def test_departments_and_centres_do_not_decide(work: Work, kind: str) -> None:
    with pytest.raises(Denied):
        decide(office(work, kind), a_sitting(work).id, set())


@pytest.fixture
def client(platform: Platform, client_as: Any) -> FlaskClient:
    with open_work(platform, SYSTEM) as work:
        own = an_organisation(work, "ntc").id
    found: FlaskClient = client_as(Role.OFFICE, id=1, organisation_id=own)
    found.set_cookie("synak_lang", "en")
    return found


def test_DC_15_the_office_sees_why_there_is_no_calculator(platform: Platform, client: FlaskClient) -> None:
    with open_work(platform, SYSTEM) as work:
        path = f"/office/sittings/{a_sitting(work).id}/tools"
    shown = client.get(path, headers=HTML)
    assert shown.status_code == 200
    assert "The regulation forbids this in the test, so no sitting may offer it: Calculator." in shown.text
    assert 'value="calculator"' not in shown.text
    forced = client.post(path, data={"tool": ["letters", "calculator"]}, headers=HTML)
    assert forced.status_code == 409
    assert "The tools were not changed" in forced.text
    done = client.post(path, data={"tool": ["letters"]}, headers=HTML, follow_redirects=True)
    assert "have the tools ticked here" in done.text
    assert done.text.count(" checked") == 1
