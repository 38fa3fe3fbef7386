"""Tests sat by simulated candidates without a page: each answer by the candidate's own command, the clock going on."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from server.core.errors import CatError
from server.core.work import Work
from server.delivery import wire
from server.delivery.bench import BENCHES, Bench
from server.delivery.given import Given
from server.delivery.models import ExamSession, Section
from server.delivery.policy import times_of
from server.delivery.service import answering, conduct, ending, stepping
from server.delivery.service.working import save_working
from server.jobs.mind import said

GIVEN: TypeAdapter[Given] = TypeAdapter(Given)
BREAK_S = 300
LEAST_S = 4.0
USUAL = 0.6  # of the time there is on average for a task
TRIANGLE = [120, 420, 420, 420, 270, 160, 120, 420]


@dataclass
class Taker:
    """One simulated candidate: ability by subject, pace, how often a task is left blank, how many are left at the end
    of which subject, in which subjects something is written beside every how manieth task; and when the answer that
    was left to come is due."""

    session_id: int
    rng: random.Random
    abilities: Mapping[str, float]
    pace: float = 1.0
    blank: float = 0.0
    unreached: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)
    due_at: datetime | None = None


def an_answer(bench: Bench, section: Section, item_index: int, theta: float, rng: random.Random) -> dict[str, Any]:
    """What somebody of that ability says to an item."""
    options = "".join(bench.content(item_index).option_ids)
    return said(bench, item_index, section.language, bench.view(item_index, section.language, options).model_dump(),
                theta, rng)  # fmt: skip


def as_sent(
    section: Section, seq: int, given: Mapping[str, Any] | None, seconds: float, rng: random.Random
) -> wire.Answer:
    """The answer as a page would send it."""
    return wire.Answer(
        section_id=section.id, seq=seq, key=UUID(int=rng.getrandbits(128), version=4),
        given=None if given is None else GIVEN.validate_python(given), spent_ms=int(seconds * 1000),
    )  # fmt: skip


def sit(work: Work, taker: Taker, *, leave: int = 0, until: datetime | None = None) -> None:
    """The test is gone on with, as far as `leave` tasks before its end or so long; `work.now` goes on with it."""
    session = work.db.get_one(ExamSession, taker.session_id)
    for section in session.sections:
        if section.state == "pending":
            work.now += timedelta(seconds=BREAK_S * taker.rng.uniform(0.4, 1.0))
            conduct.begin_next_section(work, section.id)
        if section.state != "running":
            continue
        left = taker.unreached.get(section.subject, 0)
        _answer(work, section, taker, left or (leave if section is session.sections[-1] else 0), until)
        if left:
            _run_out(work, session, section, taker)
        if section.state == "running":
            return


def _answer(work: Work, section: Section, taker: Taker, leave: int, until: datetime | None) -> None:
    bench, theta = BENCHES.of(work, section), taker.abilities[section.subject]
    seq, index = section.answered + 1, stepping.history(work, section)[0][-1]
    while True:
        due_at = taker.due_at or work.now + timedelta(seconds=_thought(work, section, seq, taker))
        if section.length - seq < leave or (until is not None and due_at > until):
            taker.due_at = due_at
            return
        seconds, work.now, taker.due_at = (due_at - work.now).total_seconds(), due_at, None
        if seq % taker.notes.get(section.subject, seq + 1) == 0:
            _note(work, section, seq, taker)
        given = None if taker.rng.random() < taker.blank else an_answer(bench, section, index, theta, taker.rng)
        outcome = answering.submit_response(work, as_sent(section, seq, given, seconds, taker.rng))
        if isinstance(outcome, CatError):
            raise outcome
        if outcome.next_step is None:
            return
        seq, index = seq + 1, outcome.next_step[0]


def _run_out(work: Work, session: ExamSession, section: Section, taker: Taker) -> None:
    """The time of the subject is over, and a task is open."""
    assert section.ends_at is not None
    grace_s = times_of(session).grace_s
    work.now, taker.due_at = section.ends_at + timedelta(seconds=grace_s + 2), None
    work.db.refresh(section)  # answers are counted past the row
    ending.expire(work, session, grace_s)


def _thought(work: Work, section: Section, seq: int, taker: Taker) -> float:
    """Seconds on a task; whoever has little time left hurries, so that the last task is reached."""
    assert section.ends_at is not None
    usual = USUAL * section.limit_s / section.length * taker.pace * taker.rng.lognormvariate(0, 0.45)
    left = (section.ends_at - work.now).total_seconds() / (section.length - seq + 2)
    return max(LEAST_S, min(usual, left))


def _note(work: Work, section: Section, seq: int, taker: Taker) -> None:
    """Something stands beside the open task, as if it had been worked out there (DC-13)."""
    a, b = taker.rng.randint(2, 9), taker.rng.randint(2, 9)
    text = f"{a}x + {b} = {a * b + b}\n{a}x = {a * b}\nx = {b}"
    strokes = [TRIANGLE] if seq % 2 else []
    work.db.refresh(section)  # answers are counted past the row
    key = UUID(int=taker.rng.getrandbits(128), version=4)
    save_working(work, wire.Working(section_id=section.id, seq=seq, key=key, version=1, text=text, strokes=strokes))
