"""`python -m benchmarks.delivery --candidates 50`: how fast answers are counted, over real HTTP, as in production.

First the rooms start, 60 seats each: seconds from the word until the last candidate has an item (started_s). Then
each answers every 5 s on average: the time from answer to next item, and to a proctor's console (console_lag_p95_ms).
Then groups of 50 at most answer without thinking: answers per second, beside those of a bare handler that commits
the same rows to the same database under the same server (raw_ratio). The last line is one JSON object."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import platform as machine
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.room import Console, Moment, WaitingRoom
from benchmarks.stage import rooms_of
from server.core.work import Platform
from server.delivery.models import Response
from server.jobs.demonstration.__main__ import prepare_environment
from server.jobs.robot import Browser, Candidate, Rejected, any_answer
from server.jobs.simulate import proctor_acts, proctor_at, seated
from server.web.config import Config

THINK_S = 5.0
SLICE_S = 2.5
SETTLE_S = 2.0
GROUP = 50
ROOM = 60


@dataclass
class Tally:
    """What the candidates saw: times in seconds, acknowledged keys, errors."""

    times: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    moments: dict[Moment, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    parser.add_argument("--candidates", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they answer with think time")
    parser.add_argument("--rounds", type=int, default=7, help="slices of each kind without think time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="synak-benchmark-") as home:
        print(json.dumps(run(Path(home), options.candidates, options.seconds, options.rounds)))


def run(home: Path, count: int, seconds: float, rounds: int) -> dict[str, Any]:
    """The figures of one run."""
    say(f"a database with {count} candidates")
    os.environ.update(SYNAK_HOME=str(home), SYNAK_PORT=str(free_port()))
    prepare_environment(home)
    config = Config.from_env()
    with contextlib.redirect_stdout(io.StringIO()):
        full, rest = divmod(count, ROOM)
        sizes = [ROOM] * full + [rest] * bool(rest)
        group = min(count, GROUP)
        at = rooms_of(config, [*sizes, *[group] * rounds])  # a fresh group each turn: nobody runs out of items
    platform = config.make_platform()
    thinking, heap = Tally(), Tally()
    with serving("server.jobs.serve", config.public_origin):
        origin = config.public_origin
        say(f"{len(sizes)} rooms: the proctors admit {count} candidates, and start")
        rooms, groups = at[: len(sizes)], at[len(sizes) :]
        room = [each for one in rooms for each in admitted(platform, origin, one)]
        desks = [(proctor_at(origin, one), one) for one in rooms]
        waiting = WaitingRoom(room)
        started_s = waiting.started_s(lambda: together(desks, lambda desk: start(*desk)))
        say(f"the last of {count} has an item {started_s:.1f} s after the word")
        say(f"{count} candidates answer every {THINK_S:.0f} s on average, for {seconds:.0f} s")
        consoles = [Console(origin, one) for one in rooms]
        together(room, lambda c: answer_for(c, thinking, seconds, THINK_S))
        time.sleep(SETTLE_S)
        for console in consoles:
            console.close()
        say("groups answer without think time")
        ready = [admitted(platform, origin, one, starts=True) for one in groups]
        with bare_server([c.state["session_id"] for c in room]) as bare_origin:
            ours, raw = slices(ready, bare_origin, heap)
    tallies = (thinking, heap)
    return {
        "candidates": count,
        **percentiles(thinking.times),
        "thinking_answers": len(thinking.times),
        "started_s": round(started_s, 2),
        **lags(thinking, [moment for console in consoles for moment in console.shown.items()]),
        "answers_per_s": round(statistics.median(ours), 1),
        "bare_answers_per_s": round(statistics.median(raw), 1),
        "raw_ratio": round(statistics.median(o / r for o, r in zip(ours, raw, strict=True)), 3),
        "lost": lost(platform, [key for t in tallies for key in t.acknowledged]),
        "errors": sum(len(t.errors) for t in (*tallies, waiting)),
        "error_examples": sorted({e for t in (*tallies, waiting) for e in t.errors})[:3],
        "machine": {"cores": os.cpu_count(), "python": machine.python_version(), "system": machine.system()},
    }


def slices(groups: list[list[Candidate]], bare_origin: str, heap: Tally) -> tuple[list[float], list[float]]:
    """Answers per second of ours and of the bare handler, in turns, so that both meet the same weather."""
    ours, raw = [], []
    for n, group in enumerate(groups, start=1):
        before = len(heap.times)
        together(group, lambda c: c.refresh())
        took = together(group, lambda c: answer_for(c, heap, SLICE_S, 0.0))
        ours.append((len(heap.times) - before) / took)
        bare = Tally()
        took = together(
            [Browser(bare_origin) for _ in group], lambda b, bare=bare: post_for(b, bare, SLICE_S)
        )
        raw.append(len(bare.times) / took)
        say(f"without think time, turn {n}: {ours[-1]:.0f} answers/s, bare {raw[-1]:.0f}/s")
    return ours, raw


def admitted(platform: Platform, origin: str, room_sitting_id: int, *, starts: bool = False) -> list[Candidate]:
    """A candidate at each seat of the room, admitted and signed in."""
    seats = seated(platform, room_sitting_id, 0, ROOM)
    proctor_acts(origin, room_sitting_id, seats, starts=starts)
    found = [Candidate(Browser(origin), s.registration_no, s.code) for s in seats]
    together(found, lambda c: c.sign_in())
    return found


def start(proctor: Browser, room_sitting_id: int) -> None:
    """The proctor of the room gives the word."""
    proctor.post(f"/proctor/rooms/{room_sitting_id}/start")
    proctor.close()


def answer_for(candidate: Candidate, tally: Tally, seconds: float, think_s: float) -> None:
    """The candidate answers until the time is over or the test is."""
    rng = random.Random(candidate.registration_no)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if think_s:
            time.sleep(min(rng.expovariate(1 / think_s), max(0.0, until - time.perf_counter())))
            if time.perf_counter() >= until:
                return
        step = candidate.state["step"]
        if step is None:
            if candidate.state["clock"]["phase"] != "between":
                return
            candidate.begin_next()
            continue
        answer_once(candidate, step, tally, rng)


def answer_once(candidate: Candidate, step: dict[str, Any], tally: Tally, rng: random.Random) -> None:
    """One answer, timed from the press to the next item."""
    began = time.perf_counter()
    try:
        reply = candidate.answer(step, any_answer(step["item"], rng), 1000)
    except (Rejected, OSError) as error:
        tally.errors.append(str(error))
        candidate.refresh()
        return
    tally.times.append(time.perf_counter() - began)
    tally.acknowledged.append(reply["key"])
    if reply["step"] is not None:  # else the console shows the section that follows
        moment = candidate.state["session_id"], reply["section"]["position"], reply["section"]["answered"]
        tally.moments[moment] = time.monotonic()
    candidate.state["step"] = reply["step"]
    if reply["step"] is None:
        candidate.refresh()


def post_for(browser: Browser, tally: Tally, seconds: float) -> None:
    """The bare handler is asked until the time is over."""
    until = time.perf_counter() + seconds
    body = {"section_id": 1, "seq": 1, "key": "x" * 36, "given": {"kind": "option", "option": "a"}, "spent_ms": 1000}
    while time.perf_counter() < until:
        began = time.perf_counter()
        browser.post("/answers", body)
        tally.times.append(time.perf_counter() - began)
    browser.close()


def together(many: list[Any], act: Callable[[Any], None]) -> float:
    """All act at once; the seconds it took."""
    threads = [threading.Thread(target=act, args=(each,)) for each in many]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def percentiles(times: list[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {f"p{p}_ms": round(cuts[p - 1] * 1000, 2) for p in (50, 95, 99)}


def lags(tally: Tally, moments: Iterable[tuple[Moment, float]]) -> dict[str, float | int]:
    """How long after its acknowledgement an answer stood on its console, and how many never did."""
    shown = dict(moments)
    waited = [shown[m] - at for m, at in tally.moments.items() if m in shown]
    late = statistics.quantiles(waited, n=100, method="inclusive")
    return {
        "console_lag_p95_ms": round(max(0.0, late[94]) * 1000, 1),
        "console_lag_max_ms": round(max(waited) * 1000, 1),
        "console_missed": len(tally.moments) - len(waited),
    }


def lost(platform: Platform, keys: list[str]) -> int:
    """How many acknowledged answers are not in the database."""
    with platform.database.reading() as db:
        kept = set(db.execute(select(Response.key)).scalars())
    return len(set(keys) - kept)


@contextmanager
def serving(module: str, origin: str) -> Iterator[None]:
    """A server process of our own, ended at the end."""
    process = subprocess.Popen([sys.executable, "-m", module])
    try:
        wait_for(int(origin.rsplit(":", 1)[1]))
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def bare_server(used_up: list[int]) -> Iterator[str]:
    """The bare handler under the same gunicorn settings; it writes to sessions that nobody needs any more."""
    from server.jobs.serve import gunicorn_arguments

    port = free_port()
    sessions = ",".join(map(str, used_up))
    env = {**os.environ, "SYNAK_BIND": f"127.0.0.1:{port}", "SYNAK_BARE_SESSIONS": sessions}
    arguments = gunicorn_arguments(Config.from_env(), env)
    arguments[arguments.index("wsgi:app")] = "benchmarks.bare:app"
    process = subprocess.Popen([sys.executable, "-m", *arguments], env=env)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(port: int, seconds: float = 30.0) -> None:
    """Something listens on the port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(what: str) -> None:
    """Progress, on its own line."""
    print(f"— {what}", flush=True)


if __name__ == "__main__":
    main()
