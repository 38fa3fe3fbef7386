"""Lanes: few of the candidates' requests at once, others free, and nobody who sends slowly holds one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, RawIOBase

import pytest
from flask import Flask, request

from server.edge.lanes import N_LANES, install_lanes

MANY = 4 * N_LANES
PATIENT_S = 10.0


class Hall:
    """An application that counts how many of its requests are inside at once."""

    def __init__(self) -> None:
        self.app = Flask("hall")
        install_lanes(self.app)
        self.app.add_url_rule("/exam/state", "state", self.enter, methods=["GET", "POST"])
        self.app.add_url_rule("/office", "office", self.enter)
        self.app.add_url_rule("/exam/broken", "broken", self.fall)
        self.doors = threading.Semaphore(0)
        self.most = self._inside = 0
        self._lock = threading.Lock()

    def enter(self) -> str:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        self.doors.acquire(timeout=0.2)
        with self._lock:
            self._inside -= 1
        return request.get_data(as_text=True)

    def fall(self) -> str:
        raise LookupError("broken")

    def ask_at_once(self, path: str, **how: str) -> set[int]:
        """How all of many requests to one path ended."""
        with ThreadPoolExecutor(MANY) as pool:
            asked = [pool.submit(self.app.test_client().get, path, headers=how) for _n in range(MANY)]
            return {each.result(PATIENT_S).status_code for each in asked}


class Slow(RawIOBase):
    """A body that comes when it is let come."""

    def __init__(self, body: bytes) -> None:
        self.is_asked, self.may_come = threading.Event(), threading.Event()
        self._body = BytesIO(body)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.is_asked.set()
        assert self.may_come.wait(PATIENT_S)
        return self._body.readinto(buffer)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_candidates_go_through_few_at_a_time(hall: Hall) -> None:
    assert hall.ask_at_once("/exam/state") == {200}
    assert hall.most == N_LANES


def test_other_pages_take_no_lane_but_commands_do(hall: Hall) -> None:
    assert hall.ask_at_once("/office", **{"Content-Type": "application/json"}) == {200}
    assert hall.most == N_LANES
    assert hall.ask_at_once("/office") == {200}
    assert hall.most > N_LANES


def test_a_request_that_breaks_leaves_its_lane(hall: Hall) -> None:
    for _each in range(MANY):
        assert hall.app.test_client().get("/exam/broken").status_code == 500
    assert hall.ask_at_once("/exam/state") == {200}


def test_a_body_that_comes_slowly_holds_no_lane(hall: Hall) -> None:
    bodies = [Slow(b"late") for _each in range(N_LANES)]
    with ThreadPoolExecutor(N_LANES) as pool:
        slow = [
            pool.submit(
                hall.app.test_client().post, "/exam/state",
                environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": "4"},
            )
            for body in bodies
        ]  # fmt: skip
        assert all(body.is_asked.wait(PATIENT_S) for body in bodies)
        assert hall.ask_at_once("/exam/state") == {200}
        for body in bodies:
            body.may_come.set()
        assert [each.result(PATIENT_S).text for each in slow] == ["late"] * N_LANES
