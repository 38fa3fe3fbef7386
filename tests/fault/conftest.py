"""One running room behind a proxy for all tests of faults; each takes seats that nobody else uses."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from server.delivery.models import ExamSession, Response
from server.jobs.robot import Browser, Candidate, Rejected
from server.jobs.simulate import Seated
from tests.fault.proxy import Proxy, fair
from tests.few import few
from tests.live import LiveServer

SEATS = 16
PATIENCE_S = 90


@dataclass
class Room:
    """The server, the line to it, and the seats that are still free."""

    live: LiveServer
    proxy: Proxy
    free: list[Seated] = field(default_factory=list)

    def seats(self, count: int) -> list[Seated]:
        """So many seats that no other test has."""
        taken, self.free = self.free[:count], self.free[count:]
        assert len(taken) == count, "the room has too few seats for its tests"
        return taken

    def candidates(self, count: int) -> list[Candidate]:
        """So many candidates, each with an item before them, behind the proxy."""
        made = [Candidate(Browser(self.live.origin), s.registration_no, s.code) for s in self.seats(count)]
        for each in made:
            each.sign_in()
        return made

    def counted(self, *candidates: Candidate) -> Counter[str]:
        """The keys of all answers of these candidates that count."""
        query = select(Response.key).join(ExamSession, ExamSession.id == Response.session_id)
        theirs = ExamSession.registration_no.in_([each.registration_no for each in candidates])
        with self.live.platform.database.reading() as db:
            return Counter(db.execute(query.where(theirs)).scalars())


@pytest.fixture(scope="session")
def whole_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The test runs."""
    proxy = Proxy(upstream=0)
    proxy.start()
    live = LiveServer(tmp_path_factory.mktemp("faults") / "home", count=SEATS, behind=proxy.origin, source=few)
    proxy.upstream = live.port
    live.start()
    seats = live.seats()
    live.admit(seats)
    yield Room(live, proxy, seats)
    live.close()
    proxy.close()


@pytest.fixture
def room(whole_room: Room) -> Iterator[Room]:
    """The room with a fair line, whatever the test before made of it."""
    yield whole_room
    whole_room.proxy.heal()
    whole_room.proxy.weather = fair


def insist(ask: Callable[[], Any]) -> Any:
    """What is asked, again and again until the line lets it through."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return ask()
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.02)
    raise AssertionError("the line never let it through")


def send(candidate: Candidate, step: dict[str, Any], given: Any, key: str) -> Any:
    """One answer under one key; the reply, or the code by which it is refused."""
    body = {"section_id": step["section_id"], "seq": step["seq"], "key": key, "given": given, "spent_ms": 900}
    try:
        return candidate.browser.post("/exam/answers", body)
    except Rejected as refused:
        return refused.code
