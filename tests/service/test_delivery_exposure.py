"""How often items are seen: counted once for each section that is over, by whichever worker, from whichever sitting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from irt.exposure import Control, Counters
from server import delivery
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, Work, open_work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession, PoolExposure
from server.delivery.service import conduct, ending, exposing
from server.jobs.rehearse import __main__ as command
from tests.conftest import MASTER, SECRET
from tests.factories.delivery import (
    Planned,
    a_pool,
    a_running_session,
    a_sitting,
    finished_session,
    removed_session,
    stop_after,
)

CONTROL = Control("eligibility", 0.4)


def a_sitting_of(work: Work, plan: Mapping[str, Any], **pool: Any) -> Planned:
    """A sitting in history with a pool under this plan."""
    pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", plan=plan, **pool)
    return a_sitting(work, subjects=["history"], pools={"history": pool_id})


def at_once(calls: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_what_was_shown_is_counted_once_however_the_section_ended(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": CONTROL})
    made = [finished_session(work, sitting), finished_session(work, sitting, stop_after(2)),
            removed_session(work, sitting)]  # fmt: skip
    shown = [step.item_index for session_id in made for step in delivery.evidence(work, session_id)[0].steps
             if step.is_reached]  # fmt: skip
    assert len(shown) == 6 + 3 + 3
    counters = exposing.counters(work, delivery.evidence(work, made[0])[0].pool_id)
    assert counters.n_candidates == 3
    assert counters.n_administered.tolist() == np.bincount(shown, minlength=18).tolist()
    assert (counters.n_eligible >= counters.n_administered).all()


def test_a_pool_without_control_keeps_no_counters(work: Work) -> None:
    (section,) = delivery.evidence(work, finished_session(work, a_sitting(work, subjects=["history"])))
    assert section.open_items is None
    assert work.db.get(PoolExposure, section.pool_id) is None


def test_the_first_candidates_meet_the_counters_of_a_rehearsal(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": Control("restricted", 0.4)})
    row = work.db.query(PoolExposure).one()
    seen = np.zeros(18)
    seen[:9] = 50
    assert exposing.begin_counting(work, row.pool_id, Counters(np.array(100.0), seen, np.full(18, 100.0)))
    (section,) = delivery.evidence(work, finished_session(work, sitting))
    assert section.open_items is not None
    assert BENCHES.get(work, section.pool_id).unpacked(section.open_items).tolist() == [False] * 9 + [True] * 9
    assert not exposing.begin_counting(work, row.pool_id, Counters.none(18))
    assert exposing.counters(work, row.pool_id).n_candidates == 101


def test_two_workers_that_end_sections_at_once_lose_no_count(own_database: Database, clock: FrozenClock) -> None:
    platform = Platform(own_database, clock, Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting_of(work, {"exposure": CONTROL})
        ids = [a_running_session(work, sitting) for _ in range(6)]
        pool_id = work.db.query(PoolExposure.pool_id).scalar()
    start = threading.Barrier(len(ids))

    def end(session_id: int) -> None:
        start.wait(10)
        with open_work(platform, SYSTEM) as work:
            row = work.db.get_one(ExamSession, session_id, with_for_update=True)
            assert row.ends_at is not None
            ending.expire(replace(work, now=row.ends_at + timedelta(minutes=1)), row, 0)

    at_once([partial(end, session_id) for session_id in ids])
    with open_work(platform, SYSTEM) as work:
        counters = exposing.counters(work, pool_id)
    assert counters.n_candidates == len(ids)
    assert counters.n_administered.sum() == len(ids)  # the first item of each was shown


def test_an_item_shown_outside_the_mask_was_open_after_all(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": CONTROL})
    session_id = a_running_session(work, sitting)
    (section,) = work.db.get_one(ExamSession, session_id).sections
    shown = delivery.evidence(work, session_id)[0].steps[0].item_index
    row = work.db.get_one(PoolExposure, section.pool_id)
    row.n_candidates, row.eligible = 10, [10] * 18
    section.open_items = np.packbits(np.arange(18) != shown).tobytes()
    work.db.flush()
    exposing.count(work, section)
    assert row.eligible == [11] * 18


def test_counters_that_were_lost_begin_anew(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": CONTROL})
    work.db.query(PoolExposure).delete()
    work.db.expunge_all()
    finished_session(work, sitting)
    assert [(row.n_candidates, sum(row.administered)) for row in work.db.query(PoolExposure)] == [(1, 6)]


def test_a_rehearsal_of_another_pool_is_no_beginning(work: Work) -> None:
    a_sitting_of(work, {"exposure": CONTROL})
    with pytest.raises(ValueError, match="another pool"):
        exposing.begin_counting(work, work.db.query(PoolExposure).one().pool_id, Counters.none(17))


def test_a_second_sitting_on_a_pool_goes_on_counting(work: Work) -> None:
    edition = load_edition("kg-distinction", "2013")
    pools = {"history": a_pool(work, edition, "history", plan={"exposure": CONTROL})}
    for n in (1, 2):
        finished_session(work, a_sitting(work, subjects=["history"], pools=pools))
        assert exposing.counters(work, pools["history"]).n_candidates == n


def test_two_sittings_may_be_published_on_one_pool_at_once(own_database: Database, clock: FrozenClock) -> None:
    platform = Platform(own_database, clock, Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        edition = load_edition("kg-distinction", "2013")
        pool_id = a_pool(work, edition, "history", plan={"exposure": CONTROL})
        BENCHES.get(work, pool_id)
    faults: list[Exception] = []
    start = threading.Barrier(6)

    def publish() -> None:
        start.wait(10)
        try:
            with open_work(platform, SYSTEM) as work:
                exposing.ready(work, pool_id)
                time.sleep(0.05)  # both have looked before either has committed
        except Exception as error:
            faults.append(error)

    at_once([publish] * 6)
    assert faults == []


def test_workers_that_end_subjects_in_opposite_order_do_not_wait_in_a_ring(
    own_database: Database, clock: FrozenClock
) -> None:
    platform = Platform(own_database, clock, Vault(MASTER, SECRET))
    edition = load_edition("kg-distinction", "2013")
    subjects = ("mathematics", "history")  # in the order of the edition
    with open_work(platform, SYSTEM) as work:
        pools = {subject: a_pool(work, edition, subject, plan={"exposure": CONTROL}) for subject in subjects}
        sitting = a_sitting(work, subjects=subjects, pools=pools)
        ids = [a_running_session(work, sitting) for _ in range(8)]
    with open_work(platform, SYSTEM) as work:  # half of them are in their second subject already
        for session_id in ids[::2]:
            row = work.db.get_one(ExamSession, session_id)
            first, second = row.sections
            assert first.ends_at is not None
            ending.expire(replace(work, now=first.ends_at + timedelta(seconds=30)), row, 0)
            work.db.flush()
            candidate = replace(work, actor=Actor(frozenset({Role.CANDIDATE}), session_id))
            conduct.begin_next_section(candidate, second.id)
    faults: list[Exception] = []
    start = threading.Barrier(len(ids))

    def end(session_id: int) -> None:
        start.wait(10)
        try:
            with open_work(platform, SYSTEM) as work:
                row = work.db.get_one(ExamSession, session_id, with_for_update=True)
                assert row.ends_at is not None
                ending.expire(replace(work, now=row.ends_at + timedelta(minutes=1)), row, 0)
        except Exception as error:
            faults.append(error)

    at_once([partial(end, session_id) for session_id in ids])
    assert faults == []
    with open_work(platform, SYSTEM) as work:
        # A subject that was never begun was shown to nobody.
        assert [int(exposing.counters(work, pools[s]).n_candidates) for s in subjects] == [8, 4]


def test_a_rehearsal_may_come_before_the_first_sitting(work: Work) -> None:
    pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", plan={"exposure": CONTROL})
    seen = np.full(18, 30.0)
    assert exposing.begin_counting(work, pool_id, Counters(np.array(100.0), seen, np.full(18, 90.0)))
    sitting = a_sitting(work, subjects=["history"], pools={"history": pool_id})
    finished_session(work, sitting)
    assert exposing.counters(work, pool_id).n_candidates == 101


def test_the_rehearsal_command_begins_the_counters_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with open_work(platform, SYSTEM) as work:
        pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", plan={"exposure": CONTROL})
    config = SimpleNamespace(make_platform=lambda: platform)
    monkeypatch.setattr(command, "Config", SimpleNamespace(from_env=lambda: config))
    call = ["--pool", str(pool_id), "--begin-counting", "--candidates", "40", "--language", "en"]
    call += ["--out", str(tmp_path)]
    assert command.main(call) == 0
    with open_work(platform, SYSTEM) as work:
        counters = exposing.counters(work, pool_id)
    assert counters.n_candidates == 40
    assert counters.n_administered.sum() == 40 * 6
    assert command.main(call) == 2
    assert "counted in pool" in capsys.readouterr().err
