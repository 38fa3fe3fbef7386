"""Everything is pressed twice: what a proctor or a candidate sends once more adds nothing to the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from proctor.incidents.models import Incident
from server.accounts import signing
from server.core.clock import FrozenClock
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.web.all_models import metadata
from tests.factories.accounts import PIN
from tests.factories.proctor import Day, a_check, a_day, a_decision, a_removal

ClientAs = Callable[..., FlaskClient]
HTML = "text/html"
# What a second press may leave: that it was refused, or what was looked at.
NOTES = ("journal", "outbox")
SILENCE_S = 400


@dataclass
class Presses:
    """Presses of one day; `changed` holds the rows of every table and the state of every row that has one."""

    day: Day
    client_as: ClientAs

    def twice(self, who: Role, path: str, body: dict[str, Any] | None = None, *, session: int = 0) -> None:
        """Pressed twice, the first counts and the second changes nothing and breaks nothing."""
        first = self.press(who, path, body, session)
        assert first < 400, (path, first)
        stands = self.changed()
        second = self.press(who, path, body, session)
        assert second < 500, path
        assert self.changed() == stands, path

    def press(self, who: Role, path: str, body: dict[str, Any] | None, session: int) -> int:
        """The status of one press."""
        scene = self.day.scene
        actor_id = session or scene.proctor.id
        client = self.client_as(who, id=actor_id, organisation_id=scene.centre)
        if path.endswith(("/record", "/hand", "/sign")):
            client.environ_base["HTTP_ACCEPT"] = HTML
            return client.post(path, data=body).status_code
        return client.post(path, json=body or {}).status_code

    def changed(self) -> dict[str, Any]:
        """How much every table holds, and where everything with a state stands."""
        found: dict[str, Any] = {}
        with self.day.platform.database.reading() as db:
            for name, table in metadata.tables.items():
                if name in NOTES:
                    continue
                found[name] = db.execute(select(func.count()).select_from(table)).scalar_one()
                clock = [table.c[each] for each in ("state", "ends_at", "paused_at", "given_s") if each in table.c]
                if clock:
                    found[f"{name}: state"] = db.execute(select(*clock).order_by(*table.primary_key)).all()
        return found


@pytest.fixture
def presses(platform: Platform, clock: FrozenClock, client_as: ClientAs) -> Presses:
    """A planned room with five candidates, the proctor with a PIN."""
    day = a_day(platform, clock, 5)
    with open_work(platform, SYSTEM) as work:
        signing.set_pin(work, day.scene.proctor.id or 0, PIN)
        a_decision(work, day.scene.sessions[1], "breaks", 10)
    return Presses(day, client_as)


def test_everything_a_proctor_presses_twice_counts_once(presses: Presses) -> None:
    day, room = presses.day, f"/proctor/rooms/{presses.day.scene.room}"
    one, two, three, _four, removed = day.scene.sessions
    day.at(-600)
    presses.twice(Role.PROCTOR, f"{room}/open")
    for each in day.scene.sessions:
        check = a_check(day.scene, each).model_dump(mode="json")
        assert presses.press(Role.PROCTOR, f"{room}/sessions/{each}/identity", check, 0) == 200
        presses.twice(Role.PROCTOR, f"{room}/sessions/{each}/admit")
    day.at(0)
    presses.twice(Role.PROCTOR, f"{room}/start")
    reason = {"reason": "a fire alarm"}
    presses.twice(Role.PROCTOR, f"{room}/pause", reason)
    day.clock.advance(60)
    presses.twice(Role.PROCTOR, f"{room}/resume", reason)
    presses.twice(Role.PROCTOR, f"{room}/sessions/{one}/pause", reason)
    presses.twice(Role.PROCTOR, f"{room}/sessions/{one}/resume", reason)
    presses.twice(Role.PROCTOR, f"{room}/seats/pause", {"session_ids": [one, two], **reason})
    presses.twice(Role.PROCTOR, f"{room}/seats/resume", {"session_ids": [one, two], **reason})
    presses.twice(Role.PROCTOR, f"{room}/message", {"text": "Stay calm", "key": str(uuid4())})
    presses.twice(Role.PROCTOR, f"{room}/sessions/{one}/warn", {"violation": "disorder", "narrative": ""})
    presses.twice(Role.PROCTOR, f"{room}/sessions/{two}/break")
    presses.twice(Role.PROCTOR, f"{room}/sessions/{two}/resume", reason)
    incident = {"kind": "technical", "text": "No power", "minutes_ago": 0}
    presses.twice(Role.PROCTOR, f"{room}/incidents", incident)
    day.clock.advance(SILENCE_S)
    presses.twice(Role.PROCTOR, f"{room}/sessions/{three}/give-time", {"seconds": 60, "reason": "No power"})
    presses.twice(Role.PROCTOR, f"{room}/give-time", {"seconds": 30, "reason": "The lamp went out"})
    with day.platform.database.reading() as db:
        noted = db.execute(select(Incident.id)).scalar_one()
    presses.twice(Role.PROCTOR, f"{room}/incidents/{noted}/end", {"gives_time": True})
    presses.twice(Role.PROCTOR, f"{room}/sessions/{removed}/remove", a_removal().model_dump())


def test_everything_a_candidate_presses_twice_counts_once(presses: Presses) -> None:
    day = presses.day
    _one, two, *_others = day.scene.sessions
    day.run(*day.scene.sessions)

    def twice(path: str, body: dict[str, Any] | None = None) -> None:
        presses.twice(Role.CANDIDATE, f"/exam/{path}", body, session=two)

    step = presses.client_as(Role.CANDIDATE, id=two).get("/exam/state").get_json()["step"]
    at = {"section_id": step["section_id"], "seq": 1, "key": str(uuid4())}
    twice("begin-section", {"section_id": step["section_id"]})
    left = {"key": str(uuid4()), "kind": "window", "ago_ms": 900}
    twice("heartbeat", {"leavings": [left], "is_away": True})
    twice("heartbeat", {"leavings": [{**left, "away_ms": 800}]})
    twice("call", {"key": str(uuid4()), "kind": "screen"})
    twice("break")
    day.clock.advance(20)
    twice("go-on")
    twice("answers", {**at, "given": None, "spent_ms": 900})
