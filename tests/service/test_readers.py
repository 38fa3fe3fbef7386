"""Tasks whose portions are read by processes of their own: to the bit as by one, and nothing is left when one dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.core import readers, tasks
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import Refused
from server.core.readers import read_ahead
from server.core.roles import SYSTEM
from server.core.ruling import Ruling
from server.core.vault import Vault
from server.core.work import Platform, open_reading, open_work
from server.delivery.models import ExamSession, Step
from server.grading import sitting
from server.grading.gathering import Gathered
from server.grading.models import Score
from server.grading.rescoring import Cause, service
from server.grading.rescoring.effect import changes
from server.grading.rescoring.standing import ground_of
from server.jobs.worker import work_off
from tests.conftest import MASTER, SECRET, START
from tests.factories.delivery import a_sitting, every_second, finished_session, right, stop_after, wrong

PATIENCE_S = 20
FIGURES = (Score.section_id, Score.theta, Score.se, Score.percent, Score.percent_sd, Score.probabilities)


@pytest.fixture
def own(tmp_database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """A platform that other processes see, on which nothing is too few for them."""
    monkeypatch.setattr(readers, "FEW", 0)
    monkeypatch.setattr(readers, "READERS", 2)
    monkeypatch.setattr(sitting, "AT_ONCE", 1)
    return Platform(tmp_database, clock, Vault(MASTER, SECRET))


def sat(platform: Platform) -> tuple[int, list[int]]:
    with open_work(platform, SYSTEM) as work:
        made = a_sitting(work, subjects=["history"])
        return made.id, [
            finished_session(work, made, each) for each in (right, wrong, every_second, stop_after(3))
        ]


def graded(platform: Platform, sitting_id: int) -> int:
    with open_work(platform, SYSTEM) as work:
        task = sitting.ask(work, sitting_id)
    assert work_off(platform) == task
    return task


def scores(platform: Platform) -> list[tuple[Any, ...]]:
    with open_reading(platform, SYSTEM) as work:
        return [tuple(row) for row in work.db.execute(select(*FIGURES).order_by(Score.section_id))]


def whose(_platform: Platform, portion: Sequence[int]) -> tuple[int, Sequence[int]]:
    return os.getpid(), portion


def refuses(_platform: Platform, portion: int) -> None:
    raise Refused.by(Ruling(False, "DC-14", {"portion": portion}, "seal_missing"))


def dies_at_the_third(platform: Platform, ids: Sequence[int]) -> Gathered:
    with open_reading(platform, SYSTEM) as work:
        every = list(work.db.scalars(select(ExamSession.id).order_by(ExamSession.id)))
    if every.index(ids[0]) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return sitting.gather(platform, ids)


def stays(_platform: Platform, _portion: int) -> None:
    print(os.getpid(), flush=True)
    time.sleep(10 * PATIENCE_S)


def begun(url: str) -> None:
    """Readers that read for ever, in a process of their own."""
    readers.FEW, readers.READERS = 0, 2
    platform = Platform(Database(url), FrozenClock(START), Vault(MASTER, SECRET))
    with read_ahead(platform, stays, [1, 2]) as read:
        next(read)


def test_portions_come_in_their_order_from_other_processes_and_few_from_this_one(
    own: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    portions = [[n] for n in range(12)]
    with read_ahead(own, whose, portions) as read:
        found = list(read)
    assert [portion for portion, _ in found] == [portion for _, (_pid, portion) in found] == portions
    assert 0 < len({pid for _, (pid, _) in found} - {os.getpid()}) <= 2
    assert multiprocessing.active_children() == []
    monkeypatch.setattr(readers, "FEW", 12)
    with read_ahead(own, whose, portions) as read:
        assert {pid for _, (pid, _) in read} == {os.getpid()}


def test_whoever_stops_half_way_leaves_no_process(own: Platform) -> None:
    with read_ahead(own, whose, [[n] for n in range(12)]) as read:
        next(read)
        assert multiprocessing.active_children()
    assert multiprocessing.active_children() == []


def test_a_refusal_comes_over_with_its_ruling(own: Platform) -> None:
    with pytest.raises(Refused, match="seal_missing") as refused, read_ahead(own, refuses, [1, 2, 3]) as read:
        list(read)
    assert (refused.value.ruling.clause, refused.value.facts) == ("DC-14", {"portion": 1})
    assert multiprocessing.active_children() == []


def test_a_sitting_and_a_correction_read_beside_are_to_the_bit_what_one_process_makes(own: Platform) -> None:
    sitting_id, ids = sat(own)
    with open_reading(own, SYSTEM) as work:
        alone = sitting.gather(own, ids).scores
    graded(own, sitting_id)
    one_by_one = [(each.section_id, each.theta, each.se, each.percent, each.percent_sd, each.probabilities)
                  for found in alone.values() if isinstance(found, list) for each in found]  # fmt: skip
    assert scores(own) == sorted(one_by_one)
    with open_work(own, SYSTEM) as work:
        version = work.db.scalars(select(Step.item_version_id).order_by(Step.section_id, Step.seq)).first()
        cause = Cause(kind="item_struck", item_version_id=version, reason="because", decided_by="order:1")
        run_id = service.propose(work, cause)
    assert work_off(own) is not None
    with open_reading(own, SYSTEM) as work:
        run = service._open(work, run_id)
        here = list(changes(work, ground_of(work, run)))
        effect = service.newest_effect(work, run_id)
        assert effect is not None
        assert here
        assert effect.digest == service.digest_of(run_id, effect.basis, effect.summary, here)


def test_a_reader_that_dies_fails_the_task_and_leaves_whole_portions(
    own: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting_id, ids = sat(own)
    monkeypatch.setattr(sitting, "gather", dies_at_the_third)
    task = graded(own, sitting_id)
    with open_reading(own, SYSTEM) as work:
        assert tasks.task_view(work, task).state == "failed"
        left = sitting.ungraded(work, sitting_id)
        assert ids[2] in left
        decided = [id_ for id_ in ids if id_ not in left]
        assert {*work.db.scalars(select(Score.session_id))} == {*decided}
    assert multiprocessing.active_children() == []
    monkeypatch.undo()
    graded(own, sitting_id)
    with open_reading(own, SYSTEM) as work:
        assert sitting.ungraded(work, sitting_id) == []


def test_readers_end_with_whoever_began_them(tmp_database: Database) -> None:
    code = f"from tests.service.test_readers import begun; begun({str(tmp_database.engine.url)!r})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        assert all(map(_is_there, pids))
        parent.kill()
        until = time.monotonic() + PATIENCE_S
        while any(map(_is_there, pids)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(map(_is_there, pids))


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
