"""What a blueprint may ask beyond quotas, in delivery: passages together, time kept, exposure counted, an early end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from irt.exposure import Control
from irt.response_times import form_time
from itembank.blueprints.limits import EarlyEnd, PassageUse, TimeLimit
from server import delivery, grading
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import Refused
from server.core.regulation import load_edition
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import queries
from server.delivery.bench import BENCHES, Bench
from server.delivery.models import ExamSession
from server.delivery.queries import GivenSection
from server.jobs.migrate import migrate
from tests.conftest import MASTER, SECRET
from tests.factories.delivery import (
    Answers,
    Planned,
    a_pool,
    a_running_session,
    a_sitting,
    answer_all,
    every_second,
    finished_session,
    removed_session,
    right,
    stop_after,
    wrong,
)

CONTROL = Control("eligibility", 0.4)


def a_sitting_of(work: Work, plan: Mapping[str, Any], **pool: Any) -> Planned:
    """A sitting in history with a pool under this plan."""
    pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", plan=plan, **pool)
    return a_sitting(work, subjects=["history"], pools={"history": pool_id})


def given(work: Work, session_id: int) -> tuple[Bench, GivenSection]:
    """The one section of a session, graded and proved equal to its replay, with the bench of its pool."""
    grading.grade_session(work, session_id)
    work.db.flush()
    work.db.expire_all()
    assert grading.replay(work, session_id) == []
    (section,) = delivery.evidence(work, session_id)
    return BENCHES.get(work, section.pool_id), section


@pytest.mark.parametrize("answers", [right, wrong, every_second, stop_after(3)])
def test_items_of_a_passage_are_given_in_a_row(work: Work, answers: Answers) -> None:
    sitting = a_sitting_of(work, {"passages": PassageUse((2, 2))}, has_passages=True)
    bench, section = given(work, finished_session(work, sitting, answers))
    passages = [bench.pool.attributes.passages[step.item_index] for step in section.steps]
    assert [len(list(group)) for _, group in groupby(passages)] == [2, 2, 2]


def test_a_pool_is_refused_where_passages_cannot_be_filled(work: Work) -> None:
    with pytest.raises(Refused) as refused:
        a_sitting_of(work, {"passages": PassageUse((4, 4), (1, 6))}, has_passages=True)
    assert refused.value.ruling.code == "pool_infeasible"


@pytest.mark.parametrize("answers", [right, wrong])
def test_a_form_fits_the_time_of_the_slow_whatever_is_answered(work: Work, answers: Answers) -> None:
    limit = TimeLimit(320.0, slow=0.1, coverage=0.9)
    bench, section = given(work, finished_session(work, a_sitting_of(work, {"time": limit}, has_times=True), answers))
    times = bench.pool.attributes.times
    assert times is not None
    form = form_time(times.take([step.item_index for step in section.steps]), times.speed_at(0.1))
    assert form.quantile(0.9) <= 320.0


@pytest.mark.parametrize(("has_times", "limit_s", "code"),
                         [(False, 320.0, "pool_untimed"), (True, 100.0, "pool_too_slow"), (True, 1.0, "pool_too_slow")])
def test_a_pool_is_refused_where_time_is_unknown_or_short(
    work: Work, has_times: bool, limit_s: float, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        a_sitting_of(work, {"time": TimeLimit(limit_s, slow=0.1, coverage=0.9)}, has_times=has_times)
    assert (refused.value.ruling.clause, refused.value.ruling.code) == ("DC-8", code)


@pytest.mark.parametrize("method", ["shadow", "eligible"])
@pytest.mark.parametrize("control", ["restricted", "progressive_restricted", "eligibility"])
def test_items_seen_too_often_rest_and_the_replay_knows(work: Work, control: Any, method: str) -> None:
    sitting = a_sitting_of(work, {"exposure": Control(control, 0.4), "method": method})
    resting = []
    for _ in range(4):
        bench, section = given(work, finished_session(work, sitting))
        assert section.open_items is not None
        mask = bench.unpacked(section.open_items)
        resting.append(int((~mask).sum()))
        shown = [step for step in section.steps if not mask[step.item_index]]
        assert all(step.trace.get("is_mask_dropped") for step in shown)
    assert resting[0] == 0
    assert max(resting) > 0


def test_a_mask_that_is_changed_later_breaks_seal_and_replay(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": CONTROL})
    session_id = finished_session(work, sitting)
    grading.grade_session(work, session_id)
    (section,) = work.db.get_one(ExamSession, session_id).sections
    _, before = given(work, session_id)
    closed = np.ones(18, dtype=np.bool_)
    closed[before.steps[0].item_index] = False
    section.open_items = np.packbits(closed).tobytes()
    work.db.flush()
    assert delivery.verify_seal(work, session_id) is False
    assert "item" in {each.what for each in grading.replay(work, session_id)}


@pytest.mark.parametrize("method", ["shadow", "eligible"])
@pytest.mark.parametrize("answers", [right, wrong, stop_after(2)])
def test_a_test_ends_early_but_never_before_every_tier(work: Work, answers: Answers, method: str) -> None:
    tiers = {"basic": (1, 4), "medium": (1, 4), "raised": (1, 4)}
    plan = {"tiers": tiers, "method": method, "early_end": EarlyEnd(3, certainty=0.6, percents=(50.0,))}
    bench, section = given(work, finished_session(work, a_sitting_of(work, plan), answers))
    assert section.stop_reason == "classified"
    assert 3 <= len(section.steps) == section.length < 6
    assert {bench.pool.tiers[step.item_index] for step in section.steps} == set(tiers)


def test_a_test_of_full_length_says_so(work: Work) -> None:
    _, section = given(work, finished_session(work, a_sitting_of(work, {"early_end": EarlyEnd(3, se=0.01)})))
    assert (section.stop_reason, section.length) == ("length", 6)


def test_an_end_that_is_not_the_engines_is_found(work: Work) -> None:
    tiers = {"basic": (1, 4), "medium": (1, 4), "raised": (1, 4)}
    plan = {"tiers": tiers, "early_end": EarlyEnd(3, certainty=0.6, percents=(50.0,))}
    session_id = finished_session(work, a_sitting_of(work, plan), right)
    (section,) = work.db.get_one(ExamSession, session_id).sections
    section.stop_reason = "length"
    work.db.flush()
    assert [each.what for each in grading.replay(work, session_id)] == ["end"]


def test_an_end_without_a_reason_is_found_unless_the_proctor_cut_it_off(work: Work) -> None:
    sitting = a_sitting_of(work, {"exposure": CONTROL})
    assert grading.replay(work, removed_session(work, sitting)) == []
    session_id = finished_session(work, sitting)
    (section,) = work.db.get_one(ExamSession, session_id).sections
    section.stop_reason = None
    work.db.flush()
    assert [(each.what, each.found) for each in grading.replay(work, session_id)] == [("end", "length")]


def test_a_last_item_given_twice_is_found_and_the_replay_goes_on(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = finished_session(work, a_sitting_of(work, {}))
    (section,) = delivery.evidence(work, session_id)
    twice = replace(section.steps[-1], item_index=section.steps[0].item_index)
    forged = replace(section, steps=(*section.steps[:-1], twice))
    monkeypatch.setattr(delivery, "evidence", lambda *_: (forged,))
    assert "history" in {each.what for each in grading.replay(work, session_id)}


def test_a_section_that_is_over_has_no_open_item(work: Work) -> None:
    sitting = a_sitting(work, subjects=["history", "mathematics"])
    session_id = a_running_session(work, sitting)
    answer_all(work, session_id, lambda subject, seq: None if (subject, seq) == ("mathematics", 6) else True)
    over, *_ = work.db.get_one(ExamSession, session_id).sections
    assert (over.state, over.answered, over.length) == ("done", 5, 6)
    assert queries.open_step_view(work, over) is None


def test_each_database_has_its_own_benches(tmp_path: Path, clock: FrozenClock) -> None:
    """Ids begin at one in each: a pool of one database must never answer for another's."""
    seen = []
    for name in ("here", "there"):
        database = Database(f"sqlite:///{tmp_path / name}.db")
        migrate(database)
        platform = Platform(database, clock, Vault(MASTER, SECRET))
        with open_work(platform, SYSTEM) as work:
            pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history")
        with open_work(platform, SYSTEM) as work:
            bench = BENCHES.get(work, pool_id)
        with open_reading(platform, SYSTEM) as work:
            assert BENCHES.get(work, pool_id) is bench  # writers and readers share it
        seen.append((pool_id, bench))
        database.close()
    (first_id, first), (second_id, second) = seen
    assert first_id == second_id
    assert first is not second
