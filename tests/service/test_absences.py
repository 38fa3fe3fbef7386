"""A valid reason for an absence (DC-16, DC-18): recorded, withdrawn, and what it changes for the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.rooms import service as rooms
from server import grading
from server.core.clock import FrozenClock
from server.core.errors import Invalid, Refused, Stale
from server.core.machine import Transition
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from server.delivery.absences.queries import Absence, reasons
from server.delivery.service import absences
from server.grading import queries
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.delivery import Planned, a_session, a_sitting, absent_session, finished_session
from tests.factories.proctor import Day, a_day

ILL = Absence("illness", "hospital_certificate", "Hospital no. 2, certificate 118 of 12.05.2026", "401-k")


@pytest.fixture
def sitting(work: Work) -> Planned:
    return a_sitting(work, subjects=["history"])


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    return a_day(platform, clock)


def lost_by(work: Work, session_id: int) -> list[str]:
    """Why the candidate has not the right, as the decision now stands."""
    decided = queries.eligibility_of(work, session_id)
    assert decided is not None
    assert not decided.is_eligible
    return [each["reason"] for each in decided.ruling["facts"]["reasons"] if each["reason"] != "not_graded"]


def test_DC_16_an_absence_with_a_reason_forfeits_nothing(work: Work, sitting: Planned) -> None:
    session_id = absent_session(work, sitting)
    ruling = absences.record_reason(work, session_id, ILL)
    assert (ruling.code, ruling.clause) == ("make_up_granted", "DC-18")
    grading.grade_session(work, session_id)
    assert lost_by(work, session_id) == ["excused"]


def test_DC_16_a_reason_proved_after_the_grade_supersedes_it_and_so_does_its_withdrawal(
    work: Work, sitting: Planned
) -> None:
    session_id = absent_session(work, sitting)
    grading.grade_session(work, session_id)
    first = queries.eligibility_of(work, session_id)
    assert lost_by(work, session_id) == ["absence"]
    absences.record_reason(work, session_id, ILL)
    grading.reconsider_absence(work, session_id)
    second = queries.eligibility_of(work, session_id)
    assert first is not None
    assert second is not None
    assert second.supersedes_id == first.id
    assert lost_by(work, session_id) == ["excused"]
    with pytest.raises(Invalid, match="absence_recorded_already"):
        absences.record_reason(work, session_id, ILL)
    absences.withdraw_reason(work, session_id, "402-k")
    grading.reconsider_absence(work, session_id)
    assert lost_by(work, session_id) == ["absence"]
    with pytest.raises(Stale):
        absences.withdraw_reason(work, session_id, "403-k")
    absences.record_reason(work, session_id, replace(ILL, decision="404-k"))
    assert reasons(work, [session_id])[session_id].said.decision == "404-k"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (replace(ILL, reason="overslept"), "reason_not_valid"),
        (replace(ILL, evidence="state_document"), "evidence_missing"),
        (replace(ILL, decision="  "), "decision_missing"),
        (replace(ILL, paper=" "), "absence_malformed"),
        (replace(ILL, paper="x" * 301), "absence_malformed"),
        (replace(ILL, decision="x" * 61), "absence_malformed"),
    ],
)
def test_DC_18_a_reason_needs_a_listed_cause_its_paper_and_a_decision(
    work: Work, sitting: Planned, said: Absence, code: str
) -> None:
    session_id = a_session(work, sitting)
    with pytest.raises((Refused, Invalid)) as refused:
        absences.record_reason(work, session_id, said)
    assert refused.value.code == code
    assert reasons(work, [session_id]) == {}


def test_DC_16_who_came_has_no_absence(work: Work, sitting: Planned) -> None:
    session_id = finished_session(work, sitting)
    with pytest.raises(Stale):
        absences.record_reason(work, session_id, ILL)


def test_DC_16_closing_a_room_tells_those_with_a_reason_from_those_without(day: Day) -> None:
    day.at(0)
    ill, *others = day.scene.sessions
    with open_work(day.platform, SYSTEM) as work:
        absences.record_reason(work, ill, ILL)
    day.do(rooms.open_room)
    day.at(1801)
    assert day.do(rooms.close_room) == 1 + len(others)
    closed = select(Transition.row_id, Transition.ruling).where(Transition.verb == "close_absent")
    with day.platform.database.reading() as db:
        codes = {row.row_id: row.ruling["code"] for row in db.execute(closed) if row.ruling is not None}
    assert codes == {ill: "absence_excused", **dict.fromkeys(others, "absence_forfeits")}


def test_DC_16_the_office_records_the_reason_on_a_page(
    platform: Platform, client_as: Callable[..., FlaskClient]
) -> None:
    with open_work(platform, SYSTEM) as work:
        session_id = absent_session(work, a_sitting(work, subjects=["history"]))
        grading.grade_session(work, session_id)
        place = an_organisation(work, "ntc").id
        who = a_staff_member(work, Role.OFFICE, organisation_id=place)
    office = client_as(Role.OFFICE, id=who, organisation_id=place)
    office.environ_base["HTTP_ACCEPT"] = "text/html"
    page = f"/office/sessions/{session_id}/absence"
    assert f'href="{page}"' in office.get(f"/office/sessions/{session_id}").text
    typed = vars(ILL)
    refused = office.post(page, data={**typed, "decision": ""})
    assert refused.status_code == 422
    assert "certificate 118" in refused.text
    assert "DC-16" in refused.text
    assert office.post(page, data=typed).status_code == 303
    assert "401-k" in office.get(page).text
    with platform.database.reading() as db:
        assert lost_by(replace(work, db=db), session_id) == ["excused"]
    assert office.post(page + "/withdraw", data={"decision": "402-k"}).status_code == 303
    assert 'name="paper"' in office.get(page).text
