"""Attempts that may not be marked (DC-14), and replays that find what was changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from server import delivery, grading
from server.core.journal import JournalEntry
from server.core.regulation import load_edition
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery.models import Response
from server.grading.models import Eligibility, Grade, Hold
from server.reports.waiting import sessions_to_grade
from tests.factories.delivery import a_pool, a_sitting, every_second, finished_session, stop_after
from tests.factories.grading import (
    alter_order,
    alter_response,
    alter_seed,
    alter_step,
    seals_fit,
    take_seal_away,
)
from tests.factories.results import released


def held_for(work: Work, session_id: int) -> list[str]:
    query = select(Hold.reason).where(Hold.session_id == session_id).order_by(Hold.id)
    return list(work.db.execute(query).scalars())


def test_DC_14_an_unsealed_attempt_is_refused_and_listed_once(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work, subjects=["history"])
        session_id = finished_session(work, sitting)
        take_seal_away(work, session_id)
        for _ in range(2):
            assert grading.grade_session(work, session_id) == grading.Outcome("held", "seal_missing")
    with platform.database.reading() as db:
        assert db.execute(select(func.count()).select_from(Hold)).scalar_one() == 1
        assert db.execute(select(func.count()).select_from(Grade)).scalar_one() == 0
        assert db.execute(select(func.count()).select_from(Eligibility)).scalar_one() == 0
        lines = db.execute(select(JournalEntry).where(JournalEntry.act == "session:held")).scalars().all()
    (line,) = lines
    assert (line.subject, line.clause) == (f"session:{session_id}", "DC-14")
    assert json.loads(line.facts)["reason"] == "seal_missing"


def test_DC_14_an_edition_that_asks_for_no_seal_accepts_none_but_never_a_broken_one(work: Work) -> None:
    sitting = a_sitting(work, edition=load_edition("zz-trial", "2030"), subjects=["history"])
    unsealed, altered = (finished_session(work, sitting) for _ in range(2))
    take_seal_away(work, unsealed)
    alter_response(work, altered, spent_ms=1)
    assert grading.grade_session(work, unsealed).state == "graded"
    assert grading.grade_session(work, altered) == grading.Outcome("held", "seal_broken")


@pytest.mark.parametrize("change", [{"score": 1}, {"spent_ms": 7}, {"answer_sealed": b"x" * 40}], ids=str)
def test_DC_14_an_altered_answer_is_refused_by_name(work: Work, change: dict[str, Any]) -> None:
    sitting = a_sitting(work, subjects=["history"])
    session_id = finished_session(work, sitting, lambda _subject, _seq: False)
    alter_response(work, session_id, **change)
    assert grading.grade_session(work, session_id) == grading.Outcome("held", "seal_broken")
    assert held_for(work, session_id) == ["seal_broken"]
    assert grading.grades_of(work, [session_id]) == {}


def test_an_altered_step_is_refused(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    alter_order(work, session_id)
    alter_order(work, session_id, seq=4)
    assert grading.grade_session(work, session_id).reason == "seal_broken"


def test_a_step_that_points_elsewhere_in_the_pool_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    given = delivery.evidence(work, session_id)[0].steps[2].item_index
    alter_step(work, session_id, item_index=(given + 1) % 18)
    # Even if a seal fitted: the pool has another item there.
    seals_fit(monkeypatch)
    assert grading.grade_session(work, session_id).reason == "evidence_contradicts_pool"


def test_a_score_the_key_does_not_give_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]), lambda _s, _n: False)
    alter_response(work, session_id, score=1)
    seals_fit(monkeypatch)
    assert grading.grade_session(work, session_id).reason == "evidence_contradicts_key"


def test_an_answer_that_does_not_open_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    alter_response(work, session_id, answer_sealed=b"x" * 60)
    seals_fit(monkeypatch)
    assert grading.grade_session(work, session_id).reason == "content_changed"


def test_a_held_session_is_graded_once_nothing_stands_against_it(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    query = select(Response.spent_ms).where(Response.session_id == session_id, Response.seq == 3)
    before = work.db.execute(query).scalar_one()
    alter_response(work, session_id, spent_ms=before + 1)
    assert grading.grade_session(work, session_id).state == "held"
    work.db.flush()
    assert session_id not in sessions_to_grade(work.db)
    alter_response(work, session_id, spent_ms=before)
    assert grading.grade_session(work, session_id).state == "graded"


def test_a_held_session_does_not_stop_the_release_and_stays_without_result(work: Work) -> None:
    sitting = a_sitting(work, subjects=["history"])
    good, bad = (finished_session(work, sitting) for _ in range(2))
    take_seal_away(work, bad)
    for session_id in (good, bad):
        grading.grade_session(work, session_id)
    released(work, sitting.id)
    assert grading.result_of(work, good) is not None
    assert grading.result_of(work, bad) is None


@pytest.mark.parametrize("code", [("kg-distinction", "2013"), ("zz-trial", "2030")], ids=str)
@pytest.mark.parametrize("answers", [every_second, stop_after(2)], ids=["complete", "cut-off"])
def test_a_replay_gives_the_same_bit_for_bit(work: Work, code: tuple[str, str], answers: Any) -> None:
    session_id = finished_session(work, a_sitting(work, edition=load_edition(*code)), answers)
    grading.grade_session(work, session_id)
    work.db.flush()
    work.db.expire_all()
    assert grading.replay(work, session_id) == []


@pytest.mark.parametrize("method", ["shadow", "eligible"])
def test_a_replay_gives_the_same_however_items_are_chosen(work: Work, method: str) -> None:
    pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", plan={"method": method})
    session_id = finished_session(work, a_sitting(work, subjects=["history"], pools={"history": pool_id}))
    grading.grade_session(work, session_id)
    work.db.flush()
    work.db.expire_all()
    assert grading.replay(work, session_id) == []
    traces = [step.trace for step in delivery.evidence(work, session_id)[0].steps]
    assert {"theta", "se", "information", "n_eligible", "top"} <= set(traces[0])
    assert all(("shadow" in trace) == (method == "shadow") for trace in traces)


def test_a_replay_finds_another_seed(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    grading.grade_session(work, session_id)
    alter_seed(work, session_id)
    assert {each.what for each in grading.replay(work, session_id)} & {"item", "option_order"}


def test_a_replay_finds_another_answer_and_what_followed_from_it(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]), lambda _s, _n: False)
    grading.grade_session(work, session_id)
    alter_response(work, session_id, score=1)
    found = grading.replay(work, session_id)
    assert (3, "answer_score") in [(each.seq, each.what) for each in found]
    assert {each.seq for each in found if each.what == "trace"} == {4, 5, 6}
    assert any(each.seq is None for each in found)


def test_a_replay_finds_another_order_or_trace(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    grading.grade_session(work, session_id)
    alter_step(work, session_id, option_order="zz", trace={"theta": 0.0})
    assert [(each.seq, each.what) for each in grading.replay(work, session_id)] == [
        (3, "option_order"), (3, "trace"),
    ]  # fmt: skip


def test_a_replay_of_a_history_that_is_no_test_says_so(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    grading.grade_session(work, session_id)
    alter_step(work, session_id, item_index=999)
    whats = [each.what for each in grading.replay(work, session_id)]
    assert whats[0] == "item"
    assert "score" in whats
