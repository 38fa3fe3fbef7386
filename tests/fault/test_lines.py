"""Lines that drop, tear, double and delay what is said: every acknowledged answer counts, each of them once."""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.core.roles import SYSTEM
from server.core.work import open_work
from server.delivery import service
from server.delivery.models import ExamSession
from server.jobs.robot import Browser, Candidate, Rejected, any_answer
from server.jobs.verify import verify
from tests.fault.conftest import Room, insist, send
from tests.fault.proxy import Fault, fair

pytestmark = pytest.mark.xdist_group("robots")
UNLUCKY = 0.3


def sit(candidate: Candidate, acknowledged: list[str]) -> None:
    """The whole test is taken, whatever the line does."""
    chance = random.Random(candidate.registration_no)
    insist(candidate.refresh)
    while candidate.state["clock"]["phase"] != "submitted":
        step = candidate.state["step"]
        if step is None:
            insist(candidate.begin_next)
            continue
        key, given = str(uuid4()), any_answer(step["item"], chance)
        reply = insist(lambda step=step, given=given, key=key: send(candidate, step, given, key))
        assert not isinstance(reply, str), reply
        acknowledged.append(key)
        candidate.state["step"] = reply["step"]
        if reply["step"] is None:
            insist(candidate.refresh)


def test_whole_tests_are_taken_over_lines_that_fail(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    chance, candidates = random.Random(4), room.candidates(4)
    faults = list(Fault)

    def weather(method: str, path: str) -> Fault | None:
        return chance.choice(faults) if path.startswith("/exam") and chance.random() < UNLUCKY else None

    room.proxy.weather, room.proxy.half_open_s = weather, 0.1
    acknowledged: list[str] = []
    together([lambda c=c: sit(c, acknowledged) for c in candidates])
    room.proxy.weather = fair
    kept = room.counted(*candidates)
    met = Counter(fault.name for fault, path in room.proxy.met if path == "/exam/answers")
    record_property("answers acknowledged over failing lines", len(acknowledged))
    record_property("faults met by them", dict(met))
    record_property("acknowledged answers lost", len(set(acknowledged) - set(kept)))
    record_property("answers counted twice", sum(n - 1 for n in kept.values()))
    assert len(met) == len(faults), met
    assert kept == Counter(acknowledged)
    assert {candidate.state["clock"]["phase"] for candidate in candidates} == {"submitted"}
    assert (
        verify(room.live.platform, replays=True).faults == []
    )  # seals, journal, each choice and score again


def test_everything_is_pressed_twice(room: Room) -> None:
    """The same answer, another answer, by the same key, by another: at once, from two lines of one device."""
    for n, candidate in enumerate(room.candidates(2)):
        step = candidate.state["step"]
        chance = random.Random(n)
        first = str(uuid4())
        keys = [first, first if n % 2 else str(uuid4())]
        givens = [any_answer(step["item"], chance), any_answer(step["item"], chance)]
        twins = [candidate, twin(candidate)]
        replies: list[Any] = [None, None]

        def press(at: int, twins=twins, step=step, givens=givens, keys=keys, replies=replies) -> None:
            replies[at] = send(twins[at], step, givens[at], keys[at])

        together([lambda p=press: p(0), lambda p=press: p(1)])
        taken = [reply for reply in replies if not isinstance(reply, str)]
        refused = {reply for reply in replies if isinstance(reply, str)}
        assert len(taken) == (2 if n % 2 else 1), replies
        assert refused <= {"step_is_past", "changed_meanwhile", "busy"}
        assert {reply["step"]["seq"] for reply in taken} == {2}
        assert sum(room.counted(candidate)[key] for key in set(keys)) == 1
        assert twins[1].refresh()["step"] == taken[0]["step"]


def twin(candidate: Candidate) -> Candidate:
    """The same device, by a second line."""
    other = Browser(candidate.browser.origin, dict(candidate.browser.cookies), candidate.browser.csrf)
    return Candidate(other, candidate.registration_no, candidate.code)


def test_the_answer_of_a_device_that_was_left_counts_on_the_new_one(room: Room) -> None:
    """The reply was lost, the computer broke, the proctor moved the candidate: the same answer comes once more."""
    (left,) = room.candidates(1)
    step = left.state["step"]
    given, key = any_answer(step["item"], random.Random(1)), str(uuid4())
    room.proxy.weather = lambda method, path: Fault.LOST_REPLY if path == "/exam/answers" else None
    with pytest.raises((OSError, http.client.HTTPException)):
        send(left, step, given, key)
    room.proxy.weather = fair
    new = moved(room, left)
    assert send(left, step, given, key) == "other_device"
    reply = send(new, step, given, key)
    assert reply["saved_seq"] == 1
    assert new.refresh()["step"] == reply["step"]
    assert room.counted(left)[key] == 1


def moved(room: Room, candidate: Candidate) -> Candidate:
    """The candidate at another computer, by a code of the proctor's."""
    with open_work(room.live.platform, SYSTEM) as work:
        query = select(ExamSession.id).where(ExamSession.registration_no == candidate.registration_no)
        session_id = work.db.execute(query).scalar_one()
        code = service.renew_code(work, session_id, "the computer broke")
    other = Candidate(Browser(room.live.origin), candidate.registration_no, code)
    other.sign_in()
    return other


def test_a_sign_in_whose_reply_is_lost_takes_no_second_code(room: Room) -> None:
    (seat,) = room.seats(1)
    browser, key = Browser(room.live.origin), str(uuid4())
    browser.open("/exam")
    told = {"registration_no": seat.registration_no, "code": seat.code, "key": key}
    room.proxy.weather = lambda method, path: Fault.LOST_REPLY if path == "/exam/sign-in" else None
    with pytest.raises((OSError, http.client.HTTPException)):
        browser.post("/exam/sign-in", told)
    room.proxy.weather = fair
    assert browser.post("/exam/sign-in", told)["registration_no"] == seat.registration_no
    assert browser.get("/exam/state")["registration_no"] == seat.registration_no
    with pytest.raises(Rejected, match="device_waits"):
        browser.post("/exam/sign-in", {**told, "key": str(uuid4())})


def together(acts: list[Callable[[], None]]) -> None:
    """All of them at once; the first failure is everybody's."""
    failed: list[BaseException] = []

    def one(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failed:
        raise failed[0]
