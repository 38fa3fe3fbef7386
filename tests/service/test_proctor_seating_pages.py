"""The pages on which a centre draws a room and changes who sits where (DC-10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from proctor.rooms.models import SeatAssignment
from server.core.clock import FrozenClock
from server.core.roles import Role
from server.core.work import Platform, open_reading
from tests.factories.proctor import Day, a_day, the_edition

ClientAs = Callable[..., FlaskClient]
DRAWN = {"name": "Hall", "width": "7,2", "depth": "8.4", "board": "left", "door": "back", "door_at": "0,5",
         "door_width": "0,9", "kind1": "pillar", "x1": "3", "y1": "4", "width1": "0,4", "depth1": "0,4",
         "kind2": "aisle", "x2": "0", "y2": "2", "width2": "7,2", "depth2": "0,8"}


@pytest.fixture
def crowded(platform: Platform, clock: FrozenClock) -> Day:
    """One school in a room of two by two: somebody sits beside a schoolmate."""
    return a_day(platform, clock, 3, schools=["School 5"], shape=(2, 2))


def manager_of(day: Day, client_as: ClientAs) -> FlaskClient:
    client = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    client.set_cookie("synak_lang", "en")
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    return client


def seats(day: Day) -> dict[int, int]:
    with open_reading(day.platform, day.scene.manager) as work:
        rows = work.db.execute(select(SeatAssignment).where(SeatAssignment.room_sitting_id == day.scene.room))
        return {row.session_id: row.seat_id for row in rows.scalars()}


def test_DC_10_a_room_is_drawn_shown_and_saved(crowded: Day, client_as: ClientAs) -> None:
    manager = manager_of(crowded, client_as)
    assert "room-plan" not in manager.get("/centre/rooms/draw").text
    shown = manager.post("/centre/rooms/draw", data={**DRAWN, "act": "show"})
    assert shown.status_code == 200
    assert "Seats that fit: 35" in shown.text
    assert shown.text.count('data-obstacle="pillar"') == shown.text.count('data-obstacle="aisle"') == 1
    assert 'value="7,2"' in shown.text
    saved = manager.post("/centre/rooms/draw", data={**DRAWN, "seats": "12", "act": "save"})
    assert saved.status_code == 303
    room = manager.get(saved.location).text
    assert room.count("data-seat=") == 12
    assert "data-door" in room
    assert "data-board" in room


def test_DC_10_seats_too_near_are_drawn_and_cited(crowded: Day, client_as: ClientAs) -> None:
    manager = manager_of(crowded, client_as)
    refused = manager.post("/centre/rooms/draw", data={**DRAWN, "pitch": "0,95", "act": "save"})
    assert refused.status_code == 422
    assert "nearer than 1000 mm" in refused.text
    assert ">0.95 m</text>" in refused.text
    assert 'data-link="1 2"' in refused.text
    assert 'value="save"' not in refused.text


@pytest.mark.parametrize(("wrong", "said"), [
    ({"width": ""}, "A measure is missing"), ({"width": "nan"}, "A measure is missing"),
    ({"width": "1"}, "between 2 and 50 m"), ({"door_at": "7"}, "The door does not fit"),
    ({"x1": "7,1"}, "reaches beyond the walls"), ({"y1": ""}, "A measure is missing"),
    ({"board": "ceiling"}, "A measure is missing"), ({"kind1": "hole"}, "A measure is missing"),
    ({"seats": "0"}, "A room needs between"), ({"seats": "200"}, "200 seats do not fit"),
    ({"pitch": "0,1"}, "A measure is missing"), ({"name": " ", "act": "save"}, "The room needs a name"),
])  # fmt: skip
def test_what_is_wrong_with_a_drawing_is_said(
    crowded: Day, client_as: ClientAs, wrong: dict[str, str], said: str
) -> None:
    refused = manager_of(crowded, client_as).post("/centre/rooms/draw", data={**DRAWN, "act": "show", **wrong})
    assert refused.status_code == 422
    assert said in refused.text


def test_DC_10_pairs_of_one_school_are_named_with_the_clause(crowded: Day, client_as: ClientAs) -> None:
    page = manager_of(crowded, client_as).get(f"/centre/room-sittings/{crowded.scene.room}/seating").text
    assert "Pupils of one school sit side by side: 3." in page
    assert page.count("data-link=") == 3
    assert "(School 5)" in page
    assert re.search(r"the number of the draw is \d+", page)
    assert page.index("Door list") > page.index("data-seat=")


def test_a_candidate_is_moved_kept_released_and_drawn(crowded: Day, client_as: ClientAs) -> None:
    manager, here = manager_of(crowded, client_as), f"/centre/room-sittings/{crowded.scene.room}/seating"
    one, other, _third = crowded.scene.sessions
    at = seats(crowded)

    def post(path: str, **data: Any) -> Any:
        return manager.post(f"{here}/{path}", data=data)

    moved = post("move", session=one, seat_id=at[other])
    assert (moved.status_code, moved.location) == (303, f"{here}#seat-{at[other]}")
    assert seats(crowded)[other] == at[one]
    assert post("keep", session=one, reason="").status_code == 422
    assert post("keep", session=one, reason="near the door").status_code == 303
    page = manager.get(here).text
    assert "data-kept" in page
    assert "near the door" in page
    refused = post("move", session=one, seat_id=at[one])
    assert refused.status_code == 422
    assert "keeps this seat (near the door)" in refused.text
    assert post("draw").status_code == 303
    assert seats(crowded)[one] == at[other]
    assert post("release", session=one).status_code == 303
    assert "data-kept>" not in manager.get(here).text
    assert post("move", session=one, seat_id=999_999).status_code == 422


def test_DC_10_a_forbidden_move_is_refused_with_its_clause(
    platform: Platform, clock: FrozenClock, client_as: ClientAs
) -> None:
    trial = the_edition("zz-trial", "2030")
    day = a_day(platform, clock, 2, edition=trial, schools=["School 5", "School 5"], shape=(1, 4))
    manager, here = manager_of(day, client_as), f"/centre/room-sittings/{day.scene.room}/seating"
    one, other = day.scene.sessions
    at = seats(day)
    all_seats = sorted(map(int, re.findall(r'data-seat="(\d+)"', manager.get(here).text)))
    beside = next(each for each in all_seats if abs(each - at[other]) == 1 and each != at[one])
    refused = manager.post(f"{here}/move", data={"session": one, "seat_id": beside})
    assert refused.status_code == 422
    assert "keep pupils of one school apart" in refused.text
    assert seats(day) == at


def test_a_plan_is_not_changed_once_the_test_runs(crowded: Day, client_as: ClientAs) -> None:
    one, other, _third = crowded.scene.sessions
    crowded.run(one, other)
    manager, here = manager_of(crowded, client_as), f"/centre/room-sittings/{crowded.scene.room}/seating"
    page = manager.get(here).text
    assert "data-seating" not in page
    assert "data-move" not in page
    assert manager.post(f"{here}/draw").status_code == 422
