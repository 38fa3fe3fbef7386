"""The timetable of a centre (CS-3, CS-8): proposed, approved by order with observers, asked for at the doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from proctor import plan_room_sitting
from proctor.observers import timetables
from proctor.observers.timetables import Attendee
from proctor.rooms import service
from proctor.rooms.rules import ObserversRule
from server.core.clock import FrozenClock
from server.core.errors import Invalid, Refused, Stale
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery.models import Sitting
from tests.factories.accounts import an_organisation
from tests.factories.proctor import EDITIONS, Day, a_day, a_room, an_approved_timetable, the_edition

TWO = (Attendee("trustee", "Абдыраев К."), Attendee("parent", "Ким В."))


@pytest.fixture
def unplanned(platform: Platform, clock: FrozenClock) -> Day:
    """A room whose timetable nobody proposed."""
    return a_day(platform, clock, 2, has_timetable=False)


def proposed(day: Day) -> int:
    with open_work(day.platform, day.scene.manager) as work:
        return timetables.propose(work, day.scene.centre)


def approved(day: Day, timetable_id: int, attendees: tuple[Attendee, ...] = TWO, order: str = "417/2") -> None:
    with open_work(day.platform, SYSTEM) as work:
        timetables.approve(work, timetable_id, order, attendees)


@pytest.mark.parametrize(("code", "version"), EDITIONS)
def test_CS_3_a_room_outside_an_approved_timetable_is_not_opened(
    platform: Platform, clock: FrozenClock, code: str, version: str
) -> None:
    law = the_edition(code, version)
    day = a_day(platform, clock, 2, edition=law, has_timetable=False)
    with pytest.raises(Refused) as refused:
        day.do(service.open_room)
    assert (refused.value.code, refused.value.ruling.clause) == ("timetable_not_approved", "CS-3")
    waiting = proposed(day)
    with pytest.raises(Refused, match="timetable_not_approved"):
        day.do(service.open_room)
    least = law.get("CS-3", ObserversRule).kinds_min
    kinds = [each.code for each in law.get("CS-3", ObserversRule).kinds]
    same = tuple(Attendee(kinds[0], f"N {n}") for n in range(least + 1))[: least - 1 or None]
    if least > 1:
        with pytest.raises(Refused, match="observers_too_few"):
            approved(day, waiting, same)
    approved(day, waiting, tuple(Attendee(each, "N") for each in kinds[:least]))
    assert day.do(service.open_room).allowed


def test_CS_3_what_was_approved_is_this_hour_and_these_rooms(unplanned: Day) -> None:
    day = unplanned
    approved(day, proposed(day))
    with open_work(day.platform, SYSTEM) as work:
        moved = day.scene.starts_at + timedelta(hours=1)
        work.db.execute(update(Sitting).where(Sitting.id == day.scene.sitting).values(starts_at=moved))
    with pytest.raises(Refused, match="timetable_not_approved"):
        day.do(service.open_room)
    approved(day, proposed(day))
    with open_work(day.platform, SYSTEM) as work:
        second = plan_room_sitting(work, a_room(work, day.scene.centre, day.scene.edition), day.scene.sitting)
        room = work.db.get_one(timetables.RoomSitting, second)
        assert timetables.judge_opening(work, room).code == "timetable_not_approved"
        an_approved_timetable(work, day.scene.centre, day.scene.edition)
        assert timetables.judge_opening(work, room).code == "timetable_stands"
    assert day.do(service.open_room).allowed


def test_an_approval_has_an_order_once_and_names_who_took_part(unplanned: Day) -> None:
    day = unplanned
    waiting = proposed(day)
    with pytest.raises(Invalid, match="timetable_order_missing"):
        approved(day, waiting, order="  ")
    nameless = (TWO[0], Attendee("parent", "   "))
    with pytest.raises(Refused, match="observers_too_few"):
        approved(day, waiting, nameless)
    approved(day, waiting)
    with pytest.raises(Stale, match="timetable_approved_before"):
        approved(day, waiting)
    with open_work(day.platform, day.scene.manager) as work:
        (stands,) = timetables.timetables(work, day.scene.centre)
    assert (stands.order_no, stands.attendees) == ("417/2", TWO)
    assert stands.digest == timetables.digest_of(stands.lines)


def test_centre_proposes_and_office_approves_on_their_pages(
    unplanned: Day, client_as: Callable[..., FlaskClient]
) -> None:
    day = unplanned

    def page(role: Role, organisation_id: int) -> FlaskClient:
        client = client_as(role, id=day.scene.manager.id, organisation_id=organisation_id)
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        client.set_cookie("synak_lang", "en")
        return client

    centre = page(Role.CENTRE, day.scene.centre)
    assert "Propose it for approval" in centre.get("/centre/timetables").text
    assert centre.post("/centre/timetables").status_code == 303
    told = centre.get("/centre/timetables").text
    assert "Propose it for approval" not in told
    assert "Waits for approval" in told
    with open_work(day.platform, SYSTEM) as work:
        place = an_organisation(work, "ntc").id
    office = page(Role.OFFICE, place)
    (waiting,) = _waiting(day)
    where = f"/office/timetables/{waiting}/approve"
    few = office.post(where, data={"order_no": "417/9", "kind1": "parent", "name1": "Ким В."})
    assert few.status_code == 422
    assert 'value="417/9"' in few.text
    assert "at least 2 kinds" in few.text
    full = {"order_no": "417/9", "kind1": "parent", "name1": "Ким В.", "kind2": "public", "name2": "Ли О."}
    assert office.post(where, data=full).status_code == 303
    assert "417/9" in office.get("/office/timetables").text
    assert _waiting(day) == []
    assert "Ли О." in page(Role.CENTRE, day.scene.centre).get("/centre/timetables").text


def _waiting(day: Day) -> list[int]:
    with open_work(day.platform, replace(day.scene.manager)) as work:
        return [each.id for each in timetables.timetables(work) if each.order_no is None]
