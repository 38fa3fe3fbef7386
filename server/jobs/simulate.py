"""`python -m server.jobs.simulate`: simulated candidates take the demonstration's test over real HTTP.

A robot proctor checks their identity and admits them, leaving the first seats to people; with --start it starts
the room. How able each candidate is decides how often the key is hit, so that the grades look like grades."""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from proctor.rooms.models import RoomSitting, Seat, SeatAssignment
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery import session_refs
from server.delivery.bench import BENCHES
from server.delivery.models import Section, Step
from server.delivery.service import issue_code
from server.jobs.demonstration.__main__ import prepare_environment
from server.jobs.demonstration.centre import PASSWORD
from server.jobs.demonstration.people import DOCUMENT
from server.jobs.demonstration.sitting import passports
from server.jobs.mind import said
from server.jobs.robot import Browser, Candidate, Rejected
from server.web.config import Config

PEOPLE = 3
POLL_S = 1.0


@dataclass(frozen=True)
class Seated:
    """One seat of the room that a simulated candidate takes."""

    session_id: int
    registration_no: str
    code: str
    document_number: str


def seated(platform: Platform, room_sitting_id: int, skip: int, most: int) -> list[Seated]:
    """The seats after the first `skip` whose codes are unused."""
    with open_work(platform, SYSTEM) as work:
        query = (
            select(SeatAssignment.session_id)
            .join(Seat, Seat.id == SeatAssignment.seat_id)
            .where(SeatAssignment.room_sitting_id == room_sitting_id)
            .order_by(Seat.id)
        )
        ids = list(work.db.execute(query).scalars())[skip:]
        refs = {ref.id: ref for ref in session_refs(work, ids)}
        numbers = passports(work)
        found = []
        for session_id in ids:
            ref, code = refs[session_id], issue_code(work, session_id)
            if code is not None and ref.state in ("expected", "admitted"):
                found.append(Seated(session_id, ref.registration_no, code, numbers[ref.registration_id]))
        return found[:most]


class Mind:
    """What a simulated candidate answers: it looks the key up in the bank and hits it as its ability allows."""

    def __init__(self, platform: Platform, session_id: int, seed: int) -> None:
        self._platform, self._session_id = platform, session_id
        self._rng = random.Random(seed)
        self._theta = self._rng.gauss(0.4, 1.0)

    def answer(self, step: dict[str, Any]) -> dict[str, Any]:
        """What is said to the open step."""
        with open_work(self._platform, SYSTEM) as work:
            section = work.db.get_one(Section, step["section_id"])
            index = work.db.execute(
                select(Step.item_index).where(Step.section_id == section.id, Step.seq == step["seq"])
            ).scalar_one()
            bench = BENCHES.of(work, section)
        return said(bench, index, section.language, step["item"], self._theta, self._rng)


def proctor_at(origin: str, room_sitting_id: int) -> Browser:
    """The robot proctor, signed in, with the page of the room open."""
    browser = Browser(origin)
    browser.open("/sign-in")
    browser.submit("/sign-in", {"login": "proctor2", "password": PASSWORD})
    browser.open(f"/proctor/rooms/{room_sitting_id}")
    return browser


def proctor_acts(origin: str, room_sitting_id: int, seats: list[Seated], *, starts: bool) -> None:
    """The robot proctor has admitted the seats and, if asked, started the room."""
    browser = proctor_at(origin, room_sitting_id)
    room = f"/proctor/rooms/{room_sitting_id}"
    if browser.get(f"{room}/snapshot")["room"]["state"] == "planned":
        browser.post(f"{room}/open")
    for seat in seats:
        at = f"{room}/sessions/{seat.session_id}"
        document = {"document_kind": DOCUMENT, "document_number": seat.document_number}
        try:
            browser.post(f"{at}/identity", {**document, "is_photo_like": True})
            browser.post(f"{at}/admit")
        except Rejected as error:
            print(f"  seat of {seat.registration_no}: {error}")
    if starts and browser.get(f"{room}/snapshot")["room"]["state"] == "open":
        browser.post(f"{room}/start")
    browser.close()


def take_test(origin: str, seat: Seated, platform: Platform, think_s: float, tally: Counter[str]) -> None:
    """One candidate, from sign-in to the last answer."""
    candidate = Candidate(Browser(origin), seat.registration_no, seat.code)
    mind = Mind(platform, seat.session_id, seat.session_id)
    pause = random.Random(seat.session_id)
    candidate.sign_in()
    tally["signed in"] += 1
    while (phase := candidate.state["clock"]["phase"]) not in ("submitted", "removed", "absent"):
        if phase == "between":
            time.sleep(pause.expovariate(1 / (2 * think_s)))
            candidate.begin_next()
        elif phase == "running" and candidate.state["step"]:
            _answer_while_it_lasts(candidate, mind, pause, think_s, tally)
            candidate.refresh()
        else:
            candidate.heartbeat()
            time.sleep(POLL_S)
            candidate.refresh()
    tally[candidate.state["clock"]["phase"]] += 1
    candidate.browser.close()


def _answer_while_it_lasts(
    candidate: Candidate, mind: Mind, pause: random.Random, think_s: float, tally: Counter[str]
) -> None:
    step = candidate.state["step"]
    while step is not None:
        spent = pause.lognormvariate(0, 0.6) * think_s
        time.sleep(spent)
        try:
            candidate.heartbeat()
            tally["recordings heard"] += candidate.hear(step) is not None
            step = candidate.answer(step, mind.answer(step), int(spent * 1000))["step"]
        except Rejected as error:
            tally[error.code] += 1
            return
        tally["answers"] += 1


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.simulate", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="at the most so many candidates")
    parser.add_argument("--leave", type=int, default=PEOPLE, help="seats at the front left to people")
    parser.add_argument("--think", type=float, default=4.0, metavar="SECONDS", help="median time on an item")
    parser.add_argument("--start", action="store_true", help="the robot proctor starts the room as well")
    options = parser.parse_args()
    prepare_environment(Path(os.environ.get("SYNAK_HOME", "var")))
    config = Config.from_env()
    platform = config.make_platform()
    with open_work(platform, SYSTEM) as work:
        newest = select(RoomSitting.id).where(RoomSitting.state != "closed").order_by(RoomSitting.id.desc())
        room_sitting_id = work.db.execute(newest.limit(1)).scalar()
    if room_sitting_id is None:
        sys.exit("There is no open sitting. Start the demonstration first: make run")
    seats = seated(platform, room_sitting_id, options.leave, options.count)
    origin = config.public_origin
    try:
        proctor_acts(origin, room_sitting_id, seats, starts=options.start)
    except OSError:
        sys.exit(f"No server answers at {origin}. Start it in another terminal: make run")
    print(
        f"{len(seats)} simulated candidates are seated and admitted; console: {origin}/proctor/rooms/{room_sitting_id}"
    )
    if not options.start:
        print("They wait until the proctor starts the room.")
    _run(origin, seats, platform, options.think)


def _run(origin: str, seats: list[Seated], platform: Platform, think_s: float) -> None:
    tally: Counter[str] = Counter()

    def one(seat: Seated) -> None:
        try:
            take_test(origin, seat, platform, think_s, tally)
        except (Rejected, OSError, http.client.HTTPException) as error:
            tally["stopped"] += 1
            print(f"\n  {seat.registration_no} stopped: {error}")

    threads = [threading.Thread(target=one, args=(seat,), daemon=True) for seat in seats]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    while any(thread.is_alive() for thread in threads):
        time.sleep(2)
        print("\r  " + ", ".join(f"{n} {what}" for what, n in sorted(tally.items())), end="", flush=True)
    print("\nAll simulated candidates are done.")


if __name__ == "__main__":
    main()
